/// How far a per-atom quantity is correlated in space.
///
///     C(r) = < d_i d_j >_{r_ij = r} / < d^2 >,   d_i = q_i - mean of q over atoms of i's species
///
/// Means of species are taken off, so that the chemical order does not show as correlation. Errors by jackknife over the eight octants of
/// the box (each pair belongs to the octant of its first atom). The length is that of A exp(-r / xi), fitted from the first peak of g(r) on.
/// Reference: Efron, Stein, Ann. Stat. 9, 586 (1981), doi:10.1214/aos/1176345462.
#pragma once

#include <span>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"
#include "core/value.hpp"

namespace heteroglass::landscape {

struct SpatialCorrelation {
  std::vector<double> distance;            ///< [angstrom] middle of the bins
  std::vector<double> correlation, error;  ///< [1] NaN where no pair is
  Measured length;                         ///< [angstrom] xi; NaN: none, the note says why
};

/// @param from [angstrom] where the fit begins
SpatialCorrelation spatial_correlation(const Frame& frame, std::span<const double> quantity, double r_max, double width, double from,
                                       Context& context);

}  // namespace heteroglass::landscape
