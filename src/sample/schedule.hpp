/// Cooling programs in text: "1100K:1e14K/s,600K:1e13K/s,300K:5e13K/s" goes to each temperature at its rate, one after the other.
/// A time in place of a rate is how long the way takes: "1000K:1e14K/s,1000K:50ps,300K:1e12K/s" anneals at 1000 K for 50 ps.
#pragma once

#include <string>
#include <vector>

namespace heteroglass::sample {

struct Ramp {
  double target = 0;  ///< [K]
  double rate = 0;    ///< [K/s] positive, the direction is that of the target; 0: the temperature is held
  double time = 0;    ///< [ps] of a hold
};

/// @throws InputError naming the part that is neither TEMPERATURE:RATE nor TEMPERATURE:TIME
/// @param start [K] the temperature before the first part
std::vector<Ramp> parse_schedule(const std::vector<std::string>& texts, double start);
/// [1] time steps of `timestep` ps from one temperature to the ramp's target, at least 1.
long ramp_steps(double from, const Ramp& ramp, double timestep);

}  // namespace heteroglass::sample
