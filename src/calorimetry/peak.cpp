#include "calorimetry/peak.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/straight_line.hpp"

namespace heteroglass::calorimetry {
namespace {

using numeric::StraightLine;

StraightLine line_between(const Scan& s, std::size_t from, std::size_t to) {
  return numeric::straight_line(std::span(s.temperature).subspan(from, to - from), std::span(s.y).subspan(from, to - from), {}, true);
}

double crossing(const StraightLine& a, const StraightLine& b) { return a.mean_x + (b.at(a.mean_x) - a.mean_y) / (a.slope - b.slope); }

/// From the top in steps of `way` until the curve is flat for 2 K; nothing when it never is between `first` and `last`.
std::optional<std::size_t> foot(const Scan& s, const Smooth& f, std::size_t top, int way, std::size_t first, std::size_t last) {
  const std::size_t need = std::max<std::size_t>(5, static_cast<std::size_t>(2 / s.step));
  double most = 0;
  std::size_t flat = 0;
  for (std::size_t i = top; i > first && i<last; i = way> 0 ? i + 1 : i - 1) {
    const double slope = std::abs(f.slope[i]);
    most = std::max(most, slope);
    flat = slope < std::max(0.01 * most, 3 * f.slope_noise) && (way > 0 ? i > top + 2 : i + 2 < top) ? flat + 1 : 0;
    if (flat == need) return way > 0 ? i + 1 - need : i + need - 1;
  }
  return {};
}

/// Tangent of the flank met first from `from` towards the top, met with `level`.
double tangent_onset(const Scan& s, const Smooth& f, std::size_t from, std::size_t top, const StraightLine& level, double height) {
  double most = 0;
  std::size_t at = top;
  for (std::size_t i = from; i != top; i = from < top ? i + 1 : i - 1) {
    if (f.value[i] - level.at(s.temperature[i]) < 0.04 * height) continue;
    const double slope = from < top ? f.slope[i] : -f.slope[i];
    if (slope > most) most = slope, at = i;
    if (most > 0 && slope < 0.5 * most) break;
  }
  StraightLine tangent = level;
  tangent.mean_x = s.temperature[at], tangent.mean_y = f.value[at], tangent.slope = f.slope[at];
  return crossing(tangent, level);
}

double mean(const std::vector<double>& v, std::size_t from, std::size_t to) {
  double sum = 0;
  for (std::size_t i = from; i < to; ++i) sum += v[i];
  return sum / static_cast<double>(to - from);
}

/// Heat between two temperatures, in the order of time.
double heat_between(const Scan& s, double low, double high) {
  const std::vector<double>&c = s.clock, &q = s.flow;
  const auto entered = [&](double t) { return s.cooling ? t <= high : t >= low; };
  const auto inside = [&](double t) { return s.cooling ? t >= low : t <= high; };
  std::size_t a = 0, b = c.size() - 1;
  while (a < b && !entered(s.recorded[a])) ++a;
  while (b > a && !inside(s.recorded[b])) --b;
  const std::size_t few = std::max<std::size_t>(1, (b - a) / 100);
  if (b < a + 4) return NAN;
  const double left = mean(q, a, a + few), right = mean(q, b + 1 - few, b + 1);
  const auto excess = [&](std::size_t i) { return q[i] - left - (right - left) * (c[i] - c[a]) / (c[b] - c[a]); };
  double sum = 0;
  for (std::size_t i = a; i < b; ++i) sum += (c[i + 1] - c[i]) / 2 * (excess(i) + excess(i + 1));
  return s.cooling ? -sum : sum;
}

Measured enthalpy(const Scan& s, double low, double high) {
  if (!s.calibrated) return {NAN, NAN, "needs the heating rate: give --rate, or a file with a time column"};
  const double best = heat_between(s, low, high), by = 0.1 * (high - low);
  double squares = 0;
  for (const double a : {-by, by})
    for (const double b : {-by, by}) squares += std::pow(heat_between(s, low + std::min(a, 0.0), high + std::max(b, 0.0)) - best, 2) / 4;
  return {best, std::max(std::sqrt(squares), 0.01 * std::abs(best)), "feet moved out by a tenth of the width; at least 1 %"};
}

}  // namespace

std::optional<Peak> find_peak(const Scan& s, double low, double high, double least_height) {
  const Smooth f = smooth(s.y, s.step, std::max<std::size_t>(2, static_cast<std::size_t>(0.15 / s.step)));
  const std::size_t skip = std::max<std::size_t>(3, s.size() / 20), first = std::max(skip, s.index(low));
  const std::size_t last = std::min(s.size() - 3, s.index(high));
  if (first + 20 > last) return {};
  const auto top = static_cast<std::size_t>(
      std::max_element(f.value.begin() + static_cast<std::ptrdiff_t>(first), f.value.begin() + static_cast<std::ptrdiff_t>(last)) -
      f.value.begin());
  const auto a = foot(s, f, top, -1, first, last), b = foot(s, f, top, 1, first, last);
  if (!a || !b) return {};
  const double height = f.value[top] - std::max(f.value[*a], f.value[*b]);
  if (!(height > std::max(least_height, 20 * f.noise)) || std::abs(f.value[*b] - f.value[*a]) > 0.1 * height) return {};
  const std::size_t reach = std::max<std::size_t>(5, static_cast<std::size_t>(3 / s.step));
  const StraightLine below = line_between(s, *a > reach ? *a - reach : 0, *a + 1);
  const StraightLine above = line_between(s, *b, std::min(s.size(), *b + reach));
  const double width = s.temperature[*b] - s.temperature[*a], error = std::max(s.step, 0.02 * width);
  const std::string note = "a point, or 2 % of the width";
  Peak p;
  p.low = s.temperature[*a], p.high = s.temperature[*b], p.top = {s.temperature[top], error, note};
  const Measured cold{tangent_onset(s, f, *a, top, below, height), error, note},
      hot{tangent_onset(s, f, *b, top, above, height), error, note};
  p.onset = s.cooling ? hot : cold, p.end = s.cooling ? cold : hot;
  p.enthalpy = enthalpy(s, p.low, p.high);
  p.baseline.assign(s.size(), NAN);
  for (std::size_t i = *a; i <= *b; ++i) p.baseline[i] = f.value[*a] + (f.value[*b] - f.value[*a]) * (s.temperature[i] - p.low) / width;
  return p;
}

}  // namespace heteroglass::calorimetry
