/// On what length a map varies: height-height correlation and autocorrelation of a map that does not repeat, with masked pixels.
///
///     P(r) = < [p(x + r) - p(x)]^2 >          structure function, over all pairs of pixels that both are there
///     C(r) = < [p(x + r) - m][p(x) - m] >     m the mean; C(0) the variance
///     fit  P(r) = 2 s^2 { 1 - exp[-(r / xi)^(2 a)] }
///
/// Sums over pairs by zero-padded Fourier transforms, then mean over directions in rings one pixel wide (the smaller side of oblong
/// ones) with the number of pairs as weight. P does not depend on the mean; C falls too early when xi is not small against the map.
/// `decay_length` is where C has fallen to 1/e; for a = 1/2 it equals xi. Say which one is meant.
/// Errors: the map is cut into 4 x 4 blocks (3 x 3 above 512 pixels), all is done again without each of them, and the spread of the results gives
/// the error (jackknife); so errors of xi hold the correlation of P at different r. They are too small when xi exceeds a
/// third of a block, which is said. The fit runs to r = 5 xi at most. Sixteen blocks often scatter too little: errors of lengths are not below
///
///     0.85 xi^2/(a^2 L),  d^2/(a^(3/2) L)        xi and decay length d in a map of area L^2
///
/// which is how Gaussian random maps scatter (simulated, 128 x 128, xi 4 to 10 pixels, a 0.4 to 1; within a fifth).
/// Line noise: jumps from scan line to scan line beyond those between neighbours along a line, sqrt([P_y - P_x] / 2) at equal distance.
/// A length under 3 pixels, or under the tip's radius, is not resolved.
/// Cost: 18 transforms of the padded map (2 without errors). Sources: Sinha, Sirota, Garoff, Stanley, Phys. Rev. B 38, 2297
/// (1988), doi:10.1103/PhysRevB.38.2297 (the form); Kuensch, Ann. Stat. 17, 1217 (1989), doi:10.1214/aos/1176347265 (block jackknife).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/value.hpp"
#include "numeric/map_view.hpp"

namespace heteroglass::numeric {

/// Sums over pairs of pixels apart by (dx, dy), dx from -lag_x to lag_x fastest, dy from 0 to lag_y.
struct LagSums {
  std::size_t lag_x = 0, lag_y = 0;
  std::vector<double> pairs, products, squares;  ///< squares: of differences
};
/// @param mean subtracted first
LagSums lag_sums(const MapView& map, std::size_t lag_x, std::size_t lag_y, double mean);

struct RadialCorrelation {
  std::vector<double> distance, pairs;             ///< mean distance of the pairs in a ring; the first ring is distance 0
  std::vector<double> autocorrelation, structure;  ///< C(r), P(r)
};
RadialCorrelation radial(const LagSums& sums, double pixel_width, double pixel_height);

struct MapCorrelationSettings {
  std::optional<double> r_max = {};       ///< largest distance; unset: a quarter of the smaller side (at least 12 pixels where there are)
  std::optional<double> tip_radius = {};  ///< in the unit of the pixels
  bool errors = true;
};

struct MapCorrelation {
  std::vector<double> distance, autocorrelation, autocorrelation_error, structure, structure_error;
  std::vector<double> fitted;        ///< P(r) of the fit where it was made, NaN beyond
  Measured roughness, xi, exponent;  ///< s, xi, a
  Measured decay_length;             ///< C(r) = C(0) / e
  Measured line_noise;               ///< standard deviation of a scan line's level
  double fit_to = 0;                 ///< largest distance of the fit
  double misfit = NAN;               ///< root mean square of (P - fit) over its error, within the fit
  std::vector<double> weight;        ///< relative errors of P that weigh the fit
  bool converged = false, resolved = false;
  std::vector<std::string> notes;  ///< what a user must know
};

/// @throws InputError for maps of fewer than 6 x 6 pixels or of one value
MapCorrelation map_correlation(const MapView& map, const MapCorrelationSettings& settings = {});

/// The xi of the fit and the decay length alone, as noise controls need them; NaN where there is none.
/// `like`: a correlation of a map of that size, whose weights of the fit and distances are taken.
struct CorrelationLengths {
  double xi = NAN, decay_length = NAN;
};
CorrelationLengths correlation_lengths(const MapView& map, std::optional<double> r_max = {});
CorrelationLengths correlation_lengths(const MapView& map, const MapCorrelation& like);

}  // namespace heteroglass::numeric
