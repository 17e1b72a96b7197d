#include "sample/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/error.hpp"
#include "core/units.hpp"

namespace heteroglass::sample {
namespace {

/// "50ps", but not "1e13K/s" or a bare number, which is a rate.
bool is_time(const std::string& text) {
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  const std::size_t unit = text.find_first_not_of(' ', static_cast<std::size_t>(end - text.c_str()));
  if (unit == std::string::npos) return false;
  try {
    return parse_unit(text.substr(unit)).dimension == parse_unit("ps").dimension;
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace

std::vector<Ramp> parse_schedule(const std::vector<std::string>& texts, double start) {
  std::vector<Ramp> out;
  for (const std::string& text : texts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos)
      throw InputError(
          fmt::format("schedule: each part must be TEMPERATURE:RATE or TEMPERATURE:TIME, e.g. 600K:1e13K/s or 1000K:50ps, got '{}'", text));
    const std::string pace = text.substr(colon + 1);
    Ramp r{.target = parse_quantity(text.substr(0, colon), "K", "schedule")};
    if (!(r.target > 0) || !(r.target < 1e5))
      throw InputError(fmt::format("schedule: temperatures must be above 0 K and below 1e5 K, got {} K in '{}'", r.target, text));
    const double value = parse_quantity(pace, is_time(pace) ? "ps" : "K/s", "schedule");
    if (!(value > 0) || !std::isfinite(value)) throw InputError(fmt::format("schedule: rates and times must be positive, got '{}'", text));
    const double change = std::abs(r.target - start);
    if (!is_time(pace))
      r.rate = value;
    else if (change > 0)
      r.rate = change / value * 1e12;
    else
      r.time = value;
    start = r.target;
    out.push_back(r);
  }
  if (out.empty()) throw InputError("schedule: must hold at least one part TEMPERATURE:RATE, got none");
  return out;
}

long ramp_steps(double from, const Ramp& ramp, double timestep) {
  const double ps = ramp.time > 0 ? ramp.time : std::abs(ramp.target - from) / ramp.rate * 1e12;
  return std::max(1L, std::lround(ps / timestep));
}

}  // namespace heteroglass::sample
