#include "calorimetry/transition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/error.hpp"

namespace heteroglass::calorimetry {
namespace {

constexpr int replicas = 200;
constexpr std::size_t fewest = 6;  // points of a line
constexpr double shortest = 3;     // [K] of a liquid line

numeric::StraightLine line_between(const Scan& s, const std::vector<double>& y, double low, double high) {
  std::size_t from = s.index(low), to = s.index(high) + 1;
  if (to - from < 3) from = from > 1 ? from - 1 : 0, to = std::min(s.size(), from + 3);
  return numeric::straight_line(std::span(s.temperature).subspan(from, to - from), std::span(y).subspan(from, to - from), {}, true);
}

/// Glass line: begins with the cold part, and goes up as long as the next stretch still lies on it; of a long one, the upper part.
Range found_glass(const Scan& s, double low, double high) {
  const double block = std::max(5.0, 8 * s.step);
  double end = low + 0.4 * (high - low);
  for (; end + block <= high; end += block) {
    const numeric::StraightLine l = line_between(s, s.y, low, end), next = line_between(s, s.y, end, end + block);
    const double off = next.mean_y - l.at(next.mean_x);
    if (off * off <= 9 * (l.variance(next.mean_x) + next.variance_mean) + 1e-12 * l.mean_y * l.mean_y) continue;
    // What begins there began unseen a little earlier.
    return {low, low + std::max(0.4 * (high - low) * 0.7, 0.8 * (end - low)), false, false};
  }
  if (end + block > high) end = high, low = std::max(low, high - std::max(30.0, 0.6 * (high - low)));
  return {low, end, false, false};
}

struct Read {
  double onset, midpoint, endset, step, fictive, excess, glass_slope, liquid_slope;
};

double crossing(const numeric::StraightLine& a, const numeric::StraightLine& b) {
  return a.mean_x + (b.at(a.mean_x) - a.mean_y) / (a.slope - b.slope);
}

Read read(const Scan& s, const std::vector<double>& y, const TransitionLines& l, const TransitionRanges& r, const Rise& rise) {
  Read v{};
  v.glass_slope = l.glass.slope, v.liquid_slope = l.liquid.slope;
  v.onset = crossing(l.tangent, l.glass), v.endset = crossing(l.tangent, l.liquid);
  // The half step, on means of three points, nearest to the steepest rise.
  double best = INFINITY;
  v.midpoint = NAN;
  const std::size_t from = s.index(rise.begin), to = s.index(rise.end);
  const auto height = [&](std::size_t i) {
    const double mean = i > 0 && i + 1 < s.size() ? (y[i - 1] + y[i] + y[i + 1]) / 3 : y[i];
    return (mean - l.glass.at(s.temperature[i])) / (l.liquid.at(s.temperature[i]) - l.glass.at(s.temperature[i])) - 0.5;
  };
  for (std::size_t i = from; i < to; ++i) {
    const double a = height(i), b = height(i + 1);
    if (!(a <= 0 && b > 0)) continue;
    const double t = s.temperature[i] + s.step * a / (a - b);
    if (std::abs(t - rise.steepest) < best) best = std::abs(t - rise.steepest), v.midpoint = t;
  }
  v.step = l.liquid.at(v.midpoint) - l.glass.at(v.midpoint);
  // T' where the glass range ends, T* in the middle of the liquid range.
  const std::size_t start = s.index(r.glass.high), stop = s.index((r.liquid.low + r.liquid.high) / 2);
  for (std::size_t i = start; i < stop; ++i)
    v.excess += s.step / 2 * (y[i] - l.glass.at(s.temperature[i]) + y[i + 1] - l.glass.at(s.temperature[i + 1]));
  // integral_Tf^T* (d + g (T - T*)) dT = excess, with d the difference of the lines at T* and g that of their slopes.
  const double top = s.temperature[stop], d = l.liquid.at(top) - l.glass.at(top), g = l.liquid.slope - l.glass.slope;
  const double root = d * d - 2 * g * v.excess;
  v.fictive = root < 0 ? NAN : top - 2 * v.excess / (d + std::sqrt(root));
  return v;
}

/// Of all lines through 2 `half` kelvin inside the rise, the steepest.
numeric::StraightLine steepest_line(const Scan& s, const Rise& rise, double half) {
  const auto points = std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(half / s.step)));
  const std::size_t from = s.index(rise.begin), to = std::max(from + 2 * points + 1, s.index(rise.end) + 1);
  const std::vector<double> part(s.y.begin() + static_cast<std::ptrdiff_t>(from),
                                 s.y.begin() + static_cast<std::ptrdiff_t>(std::min(to, s.size())));
  const std::vector<double> slope = smooth(part, s.step, points).slope;
  std::size_t best = std::min(points, slope.size() - 1);
  for (std::size_t i = points; i + points < slope.size(); ++i)
    if (slope[i] > slope[best]) best = i;
  const double centre = s.temperature[from + best];
  return line_between(s, s.y, centre - (static_cast<double>(points) + 0.1) * s.step, centre + (static_cast<double>(points) - 0.1) * s.step);
}

struct Run {
  std::size_t from = 0, to = 0;
};

/// The longest stretch of [from, to] where the slope stays within `level`.
template <class F> Run longest_level(std::size_t from, std::size_t to, double level, const F& slope) {
  Run best{from, from};
  for (std::size_t i = from; i < to; ++i) {
    std::size_t k = i;
    while (k < to && std::abs(slope(k)) < level) ++k;
    if (k - i > best.to - best.from) best = {i, k};
    i = k;
  }
  return best;
}

/// Where the liquid comes closest to level when crystallisation overlaps the transition: between the fall of an overshoot and that of
/// crystallisation, else on the top before the fall.
template <class F> std::size_t most_level(std::size_t from, std::size_t to, double clear, const F& slope) {
  std::size_t lowest = from, inflection = from, level = from;
  bool fell = false;
  for (std::size_t i = from; i < to; ++i) {
    if (slope(i) < slope(lowest)) lowest = inflection = i;
    if (slope(i) > slope(inflection)) inflection = i;
    if (slope(inflection) - slope(lowest) > clear) fell = true, level = inflection;
    if (fell && slope(i) < slope(inflection) - clear) lowest = inflection = i;
  }
  if (fell) return level;
  for (std::size_t i = from; i < to; ++i)
    if (std::abs(slope(i)) < std::abs(slope(level))) level = i;
  return level;
}

double moved(double end, double width, bool given, double u) { return given ? end : end + 0.25 * width * u; }

}  // namespace

std::optional<Rise> find_rise(const Scan& s, const Smooth& f, double ceiling) {
  const double range = s.temperature.back() - s.temperature.front();
  const std::size_t skip = s.index(s.temperature.front() + std::max(0.03 * range, 5 * s.step)), stop = s.index(ceiling);
  if (stop < skip + 10) return {};
  const auto top = static_cast<std::size_t>(
      std::max_element(f.slope.begin() + static_cast<std::ptrdiff_t>(skip), f.slope.begin() + static_cast<std::ptrdiff_t>(stop)) -
      f.slope.begin());
  // Slopes count from that of the glass, so that a drifting baseline does not hide the liquid.
  std::vector<double> cold(f.slope.begin() + static_cast<std::ptrdiff_t>(skip),
                           f.slope.begin() + static_cast<std::ptrdiff_t>(std::max(skip + 5, top - (top - skip) / 4)));
  std::nth_element(cold.begin(), cold.begin() + static_cast<std::ptrdiff_t>(cold.size() / 2), cold.end());
  const double drift = cold[cold.size() / 2];
  const auto slope = [&](std::size_t i) { return f.slope[i] - drift; };
  Rise r;
  r.steepest = s.temperature[top], r.slope = slope(top);
  std::size_t a = top, b = top;
  const double flat = std::max(0.1 * r.slope, 2 * f.slope_noise);
  while (a > skip && slope(a) > flat) --a;
  while (b + 1 < stop && slope(b) > flat) ++b;
  r.begin = s.temperature[a], r.end = r.overshoot_end = s.temperature[b];
  if (!(f.value[b] - f.value[a] - drift * (s.temperature[b] - s.temperature[a]) > 5 * f.noise)) return {};
  const Run liquid = longest_level(b, stop, std::max(0.04 * r.slope, 4 * f.slope_noise), slope);
  // An overshoot lies before it, the foot of crystallisation behind.
  r.overshoot_end = s.temperature[liquid.from], r.top = s.temperature[liquid.to];
  if (r.top - r.overshoot_end < shortest) {
    const double best = s.temperature[most_level(b, stop, 3 * f.slope_noise, slope)];
    r.overshoot_end = std::max(r.end, best - shortest / 2), r.top = std::min(s.temperature[stop], best + shortest / 2);
  }
  return r;
}

TransitionRanges find_ranges(const Scan& s, const Smooth&, const Rise& rise, double ceiling, std::array<std::optional<double>, 4> given,
                             Context& context) {
  const double first = s.temperature.front(), width = std::max(rise.end - rise.begin, 4 * s.step);
  TransitionRanges r;
  const double start = first + std::max(0.03 * (s.temperature.back() - first), 5 * s.step);
  const double glass_top = given[1].value_or(rise.begin - 0.25 * width), glass_bottom = given[0].value_or(std::min(start, glass_top));
  if (!given[0] && !given[1] && glass_top - glass_bottom < std::max(static_cast<double>(fewest) * s.step, 5.0))
    throw InputError(fmt::format("{}: no glass line: the scan must begin at least 5 K below the transition ({:.5g} K), got {:.5g} K",
                                 s.source, rise.begin, first));
  r.glass = given[0] || given[1] ? Range{glass_bottom, glass_top, false, false} : found_glass(s, glass_bottom, glass_top);
  r.glass.low_given = given[0].has_value(), r.glass.high_given = given[1].has_value();

  const bool overshoot = rise.overshoot_end > rise.end;
  const double last = std::min({ceiling, rise.top, s.temperature.back()});
  double low = rise.overshoot_end + (overshoot ? 0.1 : 0.3) * width, high = last - std::max(0.02 * (last - rise.steepest), 2 * s.step);
  const double narrow = std::max(static_cast<double>(fewest) * s.step, shortest);
  if (!given[2] && high - low < narrow && rise.overshoot_end + narrow < high + 0.5 * narrow) low = high - narrow;
  if (!given[3] && !given[2]) high = std::min(high, low + std::max(40.0, 2 * width));
  r.liquid = {given[2].value_or(low), given[3].value_or(high), given[2].has_value(), given[3].has_value()};
  if (!(r.liquid.high - r.liquid.low > 3 * s.step) || r.liquid.low < rise.steepest)
    throw InputError(
        fmt::format("{}: no liquid line: a flat stretch above the transition must exist, got {:.5g} K to {:.5g} K before "
                    "crystallisation or the end of the scan; give --liquid-low and --liquid-high",
                    s.source, rise.overshoot_end, last));
  if (!(r.glass.high - r.glass.low > 3 * s.step))
    throw InputError(
        fmt::format("{}: the glass line must span several points, got {:.5g} K to {:.5g} K", s.source, r.glass.low, r.glass.high));
  if (r.liquid.high - r.liquid.low < 8 && !(r.liquid.low_given && r.liquid.high_given))
    context.warn(fmt::format(
        "{}: the liquid line rests on {:.2g} K only ({:.5g} K to {:.5g} K): crystallisation or the end of the scan overlaps the "
        "transition, and cp_step and the fictive temperature are uncertain",
        s.source, r.liquid.high - r.liquid.low, r.liquid.low, r.liquid.high));
  return r;
}

TransitionLines transition_lines(const Scan& s, const TransitionRanges& r, const Rise& rise, double tangent_width) {
  TransitionLines l;
  l.glass = line_between(s, s.y, r.glass.low, r.glass.high);
  l.liquid = line_between(s, s.y, r.liquid.low, r.liquid.high);
  l.tangent = steepest_line(s, rise, tangent_width * std::max(0.12 * (rise.end - rise.begin), 1.5 * s.step));
  return l;
}

Noise noise_of(const TransitionLines& l) {
  const bool glass = l.glass.residual_sd > l.liquid.residual_sd || !std::isfinite(l.liquid.residual_sd);
  const numeric::StraightLine& worse = glass ? l.glass : l.liquid;
  return {worse.residual_sd, std::min(worse.correlation, 0.95)};
}

void add_noise(std::vector<double>& y, const Noise& noise, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  const double fresh = noise.sd * std::sqrt(1 - noise.correlation * noise.correlation);
  double r = noise.sd * normal(random);
  for (double& v : y) v += r, r = noise.correlation * r + fresh * normal(random);
}

TransitionValues transition(const Scan& s, const TransitionRanges& r, const Rise& rise, double ceiling, int seed) {
  const TransitionLines lines = transition_lines(s, r, rise);
  const Read best = read(s, s.y, lines, r, rise);
  const Noise noise = noise_of(lines);
  std::array<std::vector<double>, 8> spread;
  std::mt19937_64 random(static_cast<unsigned>(seed));
  std::uniform_real_distribution<double> uniform(-1, 1);
  const double lowest = s.temperature.front(), glass_top = rise.begin, highest = std::min({ceiling, rise.top, s.temperature.back()});
  Scan other = s;
  for (int k = 0; k < replicas; ++k) {
    other.y = s.y;
    add_noise(other.y, noise, static_cast<unsigned>(seed) * 1000003u + static_cast<unsigned>(k));
    TransitionRanges q = r;
    const double wg = r.glass.high - r.glass.low, wl = r.liquid.high - r.liquid.low;
    q.glass.low = std::max(lowest, moved(r.glass.low, wg, r.glass.low_given, uniform(random)));
    q.glass.high = std::min(std::max(glass_top, r.glass.high), moved(r.glass.high, wg, r.glass.high_given, uniform(random)));
    q.liquid.low = std::max(std::min(rise.overshoot_end, r.liquid.low), moved(r.liquid.low, wl, r.liquid.low_given, uniform(random)));
    q.liquid.high = std::min(std::max(highest, r.liquid.high), moved(r.liquid.high, wl, r.liquid.high_given, uniform(random)));
    const Read v = read(other, other.y, transition_lines(other, q, rise, 1 + 0.3 * uniform(random)), q, rise);
    const double all[] = {v.onset, v.midpoint, v.endset, v.step, v.fictive, v.excess, v.glass_slope, v.liquid_slope};
    for (std::size_t i = 0; i < spread.size(); ++i)
      if (std::isfinite(all[i])) spread[i].push_back(all[i]);
  }
  const auto measured = [&](double value, std::size_t i) {
    Measured m{value, NAN, "noise, and ends of the line ranges moved by up to a quarter of their width"};
    if (spread[i].size() < replicas / 2) return m.note = "most replicas gave no value", m;
    double squares = 0;
    for (const double x : spread[i]) squares += (x - value) * (x - value);
    m.error = std::sqrt(squares / static_cast<double>(spread[i].size()));
    return m;
  };
  TransitionValues out;
  out.onset = measured(best.onset, 0), out.midpoint = measured(best.midpoint, 1), out.endset = measured(best.endset, 2);
  out.step = measured(best.step, 3), out.fictive = measured(best.fictive, 4), out.excess = measured(best.excess, 5);
  out.glass_slope = measured(best.glass_slope, 6), out.liquid_slope = measured(best.liquid_slope, 7);
  out.inflection = {lines.tangent.mean_x, 0.12 * (rise.end - rise.begin), "half the width of the tangent"};
  return out;
}

}  // namespace heteroglass::calorimetry
