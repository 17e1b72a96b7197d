/// Which rows of a foreign log are the cooling.
///
/// The steepest descent as a whole: the pair of rows with the largest fall of the smoothed temperature between them. From the last row that
/// is within 4 % of the fall below its top to the first that is within 4 % above its bottom; holds before and after, heating and
/// reheating stay outside. Minimisations are left out before: rows at 0 K, and rows whose temperature repeats (a minimiser does
/// not touch velocities, dynamics never gives the same number twice).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace heteroglass::sample {

struct CoolingRows {
  std::vector<std::size_t> place;  ///< in the log, ascending
  std::vector<double> smoothed;    ///< [K] running mean of the temperature at each
};

/// Empty when the temperature never falls by 100 K. @param temperature [K] in the order logged
CoolingRows cooling_rows(std::span<const double> temperature);

}  // namespace heteroglass::sample
