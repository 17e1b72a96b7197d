/// The law of sizes of clusters by maximum likelihood: a power with an exponential cut-off.
///
///     n(R) = R^(-a) exp(-R / R_c) / Z   for R >= R_min,   Z = R_c^(1-a) Gamma(1 - a, R_min / R_c)
///     N(R) = sum of n beyond R = R_c^(1-a) Gamma(1 - a, R / R_c) / Z,   for R_c -> infinity (R / R_min)^(-(a-1))
///
/// R is the radius of a disc with the area of the cluster, so that a cluster of n pixels has R between those of n - 1/2 and n + 1/2:
/// the likelihood is of these cells. a >= 0 (it may be below 1 with a cut-off), 1/R_c >= 0. Errors: curvature of the likelihood; clusters
/// of one map are not independent, so they are lower bounds. Goodness of fit: largest distance of the two cumulatives beside that of samples
/// drawn from the law and fitted again (p small: the law does not hold). `power_law_p`: likelihood ratio against R_c = infinity, on the
/// boundary, so half of chi^2 with one degree of freedom. A line through a log-log plot of N has neither.
/// Cost O(different sizes) an evaluation, some 100 evaluations a fit.
/// Source: Clauset, Shalizi, Newman, SIAM Rev. 51, 661 (2009), doi:10.1137/070710111.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct SizeLaw {
  Measured exponent;         ///< a
  Measured cutoff;           ///< R_c, in the unit of length; infinite: a power law
  double r_min = 0;          ///< lower edge of the smallest size
  std::size_t clusters = 0;  ///< of that size or larger
  double log_likelihood = 0, distance = 0;
  double p_value = NAN;      ///< of the fit; NaN: no samples drawn
  double power_law_p = NAN;  ///< that the cut-off is by chance
  /// Share of the clusters with a radius of r or more.
  double beyond(double r) const;
};

struct SizeLawSettings {
  std::size_t min_pixels = 3;
  int samples = 100;  ///< drawn for the p-value
  std::uint64_t seed = 1;
};

/// @param pixels of each cluster @param pixel_area in the square of the unit of length
/// Fewer than 10 clusters, or of fewer than 3 sizes: NaN with a note.
SizeLaw size_law(std::span<const std::size_t> pixels, double pixel_area, const SizeLawSettings& settings = {});

}  // namespace heteroglass::numeric
