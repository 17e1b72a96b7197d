/// A measured scan as the models compute it: 0 in the glass, 1 in the liquid.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/curve.hpp"

namespace heteroglass::calorimetry {

struct NormalisedScan {
  std::string source;
  std::vector<double> temperature, value;  ///< [K], [1] at most 300 points, between glass_low and liquid_high
  double rate = 0;                         ///< [K/min]; NaN: unknown
  double first = 0;                        ///< [K] lowest temperature of the scan
};

/// (c_p - c_p,glass) / (c_p,liquid - c_p,glass) by the lines found or given, or the column `normalised` as it is. @throws InputError
NormalisedScan normalised_scan(const Curve& curve, std::optional<double> rate, std::array<std::optional<double>, 4> ranges,
                               Context& context);

}  // namespace heteroglass::calorimetry
