#include "calorimetry/normalised_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "calorimetry/exotherm.hpp"
#include "calorimetry/transition.hpp"
#include "core/error.hpp"

namespace heteroglass::calorimetry {
namespace {

constexpr std::size_t most_points = 300;

/// Means of groups, so that the scan has at most `most_points`.
void thin(NormalisedScan& s) {
  const std::size_t group = (s.temperature.size() + most_points - 1) / most_points;
  if (group < 2) return;
  NormalisedScan out;
  for (std::size_t i = 0; i + group <= s.temperature.size(); i += group) {
    double t = 0, v = 0;
    for (std::size_t k = i; k < i + group; ++k)
      t += s.temperature[k] / static_cast<double>(group), v += s.value[k] / static_cast<double>(group);
    out.temperature.push_back(t), out.value.push_back(v);
  }
  s.temperature = std::move(out.temperature), s.value = std::move(out.value);
}

}  // namespace

NormalisedScan normalised_scan(const Curve& c, std::optional<double> rate, std::array<std::optional<double>, 4> ranges, Context& context) {
  NormalisedScan out;
  out.source = c.source;
  if (const CurveColumn* given = c.find("normalised")) {
    const std::vector<double>& t = c.at("temperature").values;
    for (std::size_t i = 0; i < t.size(); ++i)
      if (std::isfinite(t[i]) && std::isfinite(given->values[i])) out.temperature.push_back(t[i]), out.value.push_back(given->values[i]);
    if (out.temperature.size() < 20)
      throw InputError(fmt::format("{}: must have at least 20 points, got {}", c.source, out.temperature.size()));
    if (!std::is_sorted(out.temperature.begin(), out.temperature.end()))
      throw InputError(fmt::format("{}: the temperature of a normalised scan must rise, got rows that fall", c.source));
    out.first = out.temperature.front();
    const std::optional<double> stated = rate ? rate : c.property("rate", "K/min");
    out.rate = stated.value_or(NAN);
    return thin(out), out;
  }
  const Scan s = scan(c, rate, "heating", context);
  const char* names[] = {"--glass-low", "--glass-high", "--liquid-low", "--liquid-high"};
  for (std::size_t k = 0; k < 4; ++k) require_inside(s, ranges[k], names[k]);
  const Smooth f = smooth(s.y, s.step, std::max<std::size_t>(2, static_cast<std::size_t>(std::lround(1 / s.step))));
  const std::optional<Exotherm> e = find_exotherm(s, f);
  const double ceiling = e ? e->departure : s.temperature.back();
  const std::optional<Rise> rise = find_rise(s, f, ceiling);
  if (!rise) throw InputError(fmt::format("{}: must show a glass transition, got none below {:.5g} K", c.source, ceiling));
  const TransitionRanges r = find_ranges(s, f, *rise, ceiling, ranges, context);
  const TransitionLines l = transition_lines(s, r, *rise);
  for (std::size_t i = s.index(r.glass.low); i < s.size() && s.temperature[i] <= r.liquid.high; ++i) {
    const double t = s.temperature[i], step = l.liquid.at(t) - l.glass.at(t);
    if (!(step > 0))
      throw InputError(
          fmt::format("{}: the liquid line must lie above the glass line, got a step of {:.3g} at {:.5g} K", c.source, step, t));
    out.temperature.push_back(t), out.value.push_back((s.y[i] - l.glass.at(t)) / step);
  }
  out.rate = s.rate * 60, out.first = s.temperature.front();
  return thin(out), out;
}

}  // namespace heteroglass::calorimetry
