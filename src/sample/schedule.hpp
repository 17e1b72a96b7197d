/// Cooling programs in text: "1100K:1e14K/s,600K:1e13K/s,300K:5e13K/s" goes to each temperature at its rate, one after the other.
#pragma once

#include <string>
#include <vector>

namespace heteroglass::sample {

struct Ramp {
  double target = 0;  ///< [K]
  double rate = 0;    ///< [K/s] positive; the direction is that of the target
};

/// @throws InputError naming the part that is not TEMPERATURE:RATE
std::vector<Ramp> parse_schedule(const std::vector<std::string>& texts);
/// [1] time steps of `timestep` ps from one temperature to the ramp's target, at least 1.
long ramp_steps(double from, const Ramp& ramp, double timestep);

}  // namespace heteroglass::sample
