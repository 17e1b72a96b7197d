/// A thermal history in text: "380K, 270K@10K/min, 1e5s, 400K@10K/min".
///
/// The first entry is the temperature of equilibrium it starts from. TEMPERATURE@RATE is a ramp, a time a hold, a temperature alone an
/// instantaneous step. Temperatures take degC, rates any unit of K over time.
#pragma once

#include <string_view>
#include <vector>

namespace heteroglass::calorimetry {

struct Segment {
  double to = 0;        ///< [K]
  double duration = 0;  ///< [s]
};

struct ThermalHistory {
  double start = 0;               ///< [K] in equilibrium
  std::vector<Segment> segments;  ///< one after the other
};

/// @throws InputError naming the entry that is neither a ramp, a hold nor a step
ThermalHistory thermal_history(std::string_view text);

/// Adds a ramp. @param rate [K/min]
void ramp(ThermalHistory& history, double to, double rate);
/// [K] where the history has got to.
double last_temperature(const ThermalHistory& history);

}  // namespace heteroglass::calorimetry
