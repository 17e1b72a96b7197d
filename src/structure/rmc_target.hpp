/// What a reverse Monte Carlo configuration must agree with: numbers that are linear in the histogram of its pair distances.
///
///     m_k = base_k + sum_p c_pk sum_b A_bk n_p(b)
///
/// n_p(b): unordered pairs of the species pair p with a distance in bin b, out to r_max. A structure factor, a pair distribution
/// function and a mean coordination number are all of this kind, so that one atom's move changes them by a sum over its
/// neighbours within r_max only, at a cost that does not grow with the number of atoms.
///   S(Q) (Faber-Ziman): A = W(r) sin(Qr)/(Qr), c = 2 f_a f_b / (N <f>^2), base = 1 - 4 pi rho int r^2 A dr, W(r) = sin(pi r/r_max)/(pi r/r_max).
///     The window makes up for the finite r_max; the data are smoothed by it too (`windowed`), so that both mean the same.
///   g(r): A = the share of the bin in the interval of a point over its shell, c = 2 f_a f_b / (N rho <f>^2), base = 0; with a Q_max, pairs
///     are spread as the truncated transform spreads them.
///   coordination of b around a: A = 1 below r_cut, c = 1/N_a (2/N_a for like species).
/// f: 1 (`number`), the X-ray form factor at Q (for g(r) the atomic number) or the coherent neutron length.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/frame.hpp"
#include "core/value.hpp"
#include "structure/pair_histogram.hpp"

namespace heteroglass::structure {

/// Bins of distances common to all targets.
struct DistanceBins {
  double r_max = 0;  ///< [angstrom]
  std::size_t count = 0;
  double width() const { return r_max / static_cast<double>(count); }
  double middle(std::size_t b) const { return (static_cast<double>(b) + 0.5) * width(); }
};

struct RmcTarget {
  std::string name, kind, weights;
  std::vector<double> x, wanted, sigma, base;
  std::vector<float> kernel;  ///< (bins, points)
  Matrix coefficient;         ///< (pairs, points)
  std::size_t points() const { return x.size(); }
  /// m of a whole histogram, counts by pair and bin.
  std::vector<double> model(const std::vector<std::vector<std::int32_t>>& counts) const;
};

/// Data points of a curve: abscissa, values, standard errors.
struct RmcData {
  std::string name;
  std::vector<double> x, y, sigma;
};

/// S(Q) smoothed by the window's transform, from Q_min (below, S is held) on; the last points, which the cut at Q_max touches, go.
/// @throws InputError when nothing is left, or S does not tend to 1
RmcData windowed(const RmcData& data, double r_max);

RmcTarget structure_factor_target(const RmcData& windowed_data, const Frame& frame, const SpeciesPairs& pairs, const DistanceBins& bins,
                                  const std::string& weights);
/// @param q_max [1/angstrom] at which the transform behind the data ended; unset: g(r) as it is
RmcTarget pair_distribution_target(const RmcData& data, const Frame& frame, const SpeciesPairs& pairs, const DistanceBins& bins,
                                   const std::string& weights, std::optional<double> q_max);
RmcTarget coordination_target(double wanted, double sigma, double r_cut, std::size_t centre, std::size_t neighbour, const Frame& frame,
                              const SpeciesPairs& pairs, const DistanceBins& bins);

}  // namespace heteroglass::structure
