/// A peak of the apparent heat capacity: melting on heating, freezing on cooling.
///
///     H = integral (Phi - baseline) dt,   baseline linear in time between the feet
///
/// The feet lie where the curve has become flat for 2 K, so overlapping peaks count as one. A peak is told from the overshoot of a glass
/// transition by the level after it: it must come back to within a tenth of its height. Onset: tangent of the flank that comes first in
/// time, met with the line before. The heat is integrated over time when there is a time column, because the sample does not follow the
/// program while it melts, and goes back in temperature when it freezes from an undercooled melt (recalescence); otherwise over T / rate.
/// Errors: feet moved by a tenth of the width; temperatures 2 % of the width. Cost O(points).
/// Reference: Hoehne, Hemminger, Flammersheim, Differential Scanning Calorimetry (2003), doi:10.1007/978-3-662-06710-9.
#pragma once

#include <optional>
#include <vector>

#include "calorimetry/scan.hpp"
#include "core/value.hpp"

namespace heteroglass::calorimetry {

struct Peak {
  Measured onset, top, end;      ///< [K] in the order of time: on cooling the onset is the hottest
  Measured enthalpy;             ///< [J/g] positive: melting takes it up, freezing releases it
  double low = 0, high = 0;      ///< [K] feet
  std::vector<double> baseline;  ///< of y, NaN outside
};

/// The tallest peak between `low` and `high` that is taller than `least_height` and stands out of the noise.
std::optional<Peak> find_peak(const Scan& scan, double low, double high, double least_height);

}  // namespace heteroglass::calorimetry
