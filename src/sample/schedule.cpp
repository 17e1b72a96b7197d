#include "sample/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"

namespace heteroglass::sample {

std::vector<Ramp> parse_schedule(const std::vector<std::string>& texts) {
  std::vector<Ramp> out;
  for (const std::string& text : texts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos)
      throw InputError(fmt::format("schedule: each part must be TEMPERATURE:RATE, e.g. 600K:1e13K/s, got '{}'", text));
    const Ramp r{parse_quantity(text.substr(0, colon), "K", "schedule"), parse_quantity(text.substr(colon + 1), "K/s", "schedule")};
    if (!(r.target > 0) || !(r.target < 1e5))
      throw InputError(fmt::format("schedule: temperatures must be above 0 K and below 1e5 K, got {} K in '{}'", r.target, text));
    if (!(r.rate > 0) || !std::isfinite(r.rate))
      throw InputError(fmt::format("schedule: rates must be positive, got {} K/s in '{}'", r.rate, text));
    out.push_back(r);
  }
  if (out.empty()) throw InputError("schedule: must hold at least one part TEMPERATURE:RATE, got none");
  return out;
}

long ramp_steps(double from, const Ramp& ramp, double timestep) {
  const double ps = std::abs(ramp.target - from) / ramp.rate * 1e12;
  return std::max(1L, std::lround(ps / timestep));
}

}  // namespace heteroglass::sample
