#include "calorimetry/thermal_history.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/units.hpp"

namespace heteroglass::calorimetry {
namespace {

std::string_view trimmed(std::string_view t) {
  while (!t.empty() && t.front() == ' ') t.remove_prefix(1);
  while (!t.empty() && t.back() == ' ') t.remove_suffix(1);
  return t;
}

double positive(std::string_view text, const char* unit, std::string_view entry) {
  const double v = parse_quantity(text, unit, fmt::format("--history '{}'", entry));
  if (!(v > 0)) throw InputError(fmt::format("--history '{}': must be positive, got {} {}", entry, v, unit));
  return v;
}

/// A time, unless it can only be a temperature.
bool is_time(std::string_view entry) {
  try {
    parse_quantity(entry, "s", "");
    return entry.find_first_not_of("0123456789.eE+- ") != std::string_view::npos;
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace

double last_temperature(const ThermalHistory& h) { return h.segments.empty() ? h.start : h.segments.back().to; }

void ramp(ThermalHistory& h, double to, double rate) { h.segments.push_back({to, std::abs(to - last_temperature(h)) / (rate / 60)}); }

ThermalHistory thermal_history(std::string_view text) {
  ThermalHistory h;
  bool first = true;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view entry = trimmed(text.substr(0, comma));
    if (entry.empty()) throw InputError("--history: must have an entry between commas, got nothing");
    const std::size_t at = entry.find('@');
    if (first) {
      h.start = positive(entry, "K", entry), first = false;
    } else if (at != std::string_view::npos) {
      ramp(h, positive(trimmed(entry.substr(0, at)), "K", entry), positive(trimmed(entry.substr(at + 1)), "K/min", entry));
    } else if (is_time(entry)) {
      h.segments.push_back({last_temperature(h), positive(entry, "s", entry)});
    } else {
      h.segments.push_back({positive(entry, "K", entry), 0});
    }
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return h;
}

}  // namespace heteroglass::calorimetry
