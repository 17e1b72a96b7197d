/// The fewest discrete relaxation times that describe a curve.
///
///     y_i = sum_l g_l K(x_i, tau_l) + extra columns
///
/// Non-negative least squares on a fine grid gives a few pairs of neighbouring times; each pair is one line at its centre. Times and
/// strengths are then refined by least squares, and the weakest lines dropped as long as the Bayesian information criterion falls.
/// Reference: Schwarz, Ann. Stat. 6, 461 (1978), doi:10.1214/aos/1176344136.
#pragma once

#include <span>
#include <vector>

#include "relaxation/spectrum_kernels.hpp"

namespace heteroglass::relaxation {

struct DiscreteLines {
  std::vector<double> tau, tau_error, strength, strength_error;  ///< tau: times, or energies
  std::vector<double> extra, extra_error;
  std::vector<double> fit;  ///< weighted model, row by row
  double noise = 0;         ///< root mean square of the weighted residuals
};

/// Strengths in units of `scale`. Times between the ends of `grid`.
DiscreteLines discrete_lines(std::span<const Measurement> data, std::span<const double> grid, const ExtraColumns& extra,
                             const Heating& heating, double scale);

}  // namespace heteroglass::relaxation
