#include "sample/glass_transition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

namespace heteroglass::sample {
namespace {

struct Point {
  double t, y;
};

/// A least-squares line in centred form: y = mean_y + slope (t - mean_t).
struct Line {
  double mean_t = 0, mean_y = 0, slope = 0;
  double squares = 0;  ///< sum of squared residuals
  double var_mean = 0, var_slope = 0;
  double low = 0, high = 0;  ///< [K] range fitted
  double offset() const { return mean_y - slope * mean_t; }
  double at(double t) const { return mean_y + slope * (t - mean_t); }
  double variance(double t) const { return var_mean + var_slope * (t - mean_t) * (t - mean_t); }
};

constexpr std::size_t fewest = 4;

std::optional<Line> fit_line(std::span<const Point> p) {
  if (p.size() < fewest) return {};
  const double n = static_cast<double>(p.size());
  Line l;
  for (const Point& q : p) l.mean_t += q.t / n, l.mean_y += q.y / n;
  double stt = 0, sty = 0;
  for (const Point& q : p) stt += (q.t - l.mean_t) * (q.t - l.mean_t), sty += (q.t - l.mean_t) * (q.y - l.mean_y);
  if (!(stt > 0)) return {};
  l.slope = sty / stt;
  double lagged = 0, before = 0;
  for (const Point& q : p) {
    const double r = q.y - l.at(q.t);
    l.squares += r * r;
    lagged += r * before, before = r;
  }
  const double rho = l.squares > 0 ? std::clamp(lagged / l.squares, 0.0, 0.9) : 0;
  const double variance = l.squares / (n - 2) * (1 + rho) / (1 - rho);
  l.var_mean = variance / n, l.var_slope = variance / stt;
  l.low = p.front().t, l.high = p.back().t;
  return l;
}

std::span<const Point> between(std::span<const Point> p, double low, double high) {
  const auto less = [](const Point& a, double t) { return a.t < t; };
  const auto from = std::lower_bound(p.begin(), p.end(), low, less),
             to = std::lower_bound(from, p.end(), std::nextafter(high, 1e300), less);
  return p.subspan(static_cast<std::size_t>(from - p.begin()), static_cast<std::size_t>(to - from));
}

/// How the ranges are taken once a crossing is guessed.
struct Ranges {
  double margin, liquid_width, glass_skip;  ///< [K]
};

struct Pair {
  Line glass, liquid;
  double crossing = 0;
};

std::optional<Pair> cross(const std::optional<Line>& glass, const std::optional<Line>& liquid) {
  if (!glass || !liquid || !(liquid->slope > glass->slope)) return {};
  const double t = (glass->offset() - liquid->offset()) / (liquid->slope - glass->slope);
  if (!(t > glass->low && t < liquid->high)) return {};
  return Pair{*glass, *liquid, t};
}

/// Best split into two free lines whose crossing lies inside: the start of the iteration.
std::optional<Pair> broken_stick(std::span<const Point> p) {
  std::optional<Pair> best;
  for (std::size_t k = fewest; k + fewest <= p.size(); ++k) {
    const std::optional<Pair> pair = cross(fit_line(p.first(k)), fit_line(p.subspan(k)));
    if (pair && (!best || pair->glass.squares + pair->liquid.squares < best->glass.squares + best->liquid.squares)) best = pair;
  }
  return best;
}

std::optional<Pair> settle(std::span<const Point> p, double crossing, const Ranges& r) {
  std::optional<Pair> pair;
  for (int round = 0; round < 30; ++round) {
    pair = cross(fit_line(between(p, p.front().t + r.glass_skip, crossing - r.margin)),
                 fit_line(between(p, crossing + r.margin, crossing + r.margin + r.liquid_width)));
    if (!pair) return {};
    const double step = pair->crossing - crossing;
    crossing += step / (1 + round / 5);  // damped, should it go back and forth between two points
    if (std::abs(step) < 0.1) break;
  }
  return pair;
}

double deviation(const std::vector<double>& x) {
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
  double s = 0;
  for (const double v : x) s += (v - mean) * (v - mean);
  return std::sqrt(s / static_cast<double>(x.size() - 1));
}

}  // namespace

GlassTransition glass_transition(std::span<const double> temperature, std::span<const double> y) {
  std::vector<Point> p;
  for (std::size_t i = 0; i < temperature.size(); ++i)
    if (std::isfinite(temperature[i]) && std::isfinite(y[i])) p.push_back({temperature[i], y[i]});
  std::sort(p.begin(), p.end(), [](const Point& a, const Point& b) { return a.t < b.t; });
  GlassTransition g;
  g.temperature.note = "no two lines with a kink between them: cool over a wider range or more slowly";
  const std::optional<Pair> start = broken_stick(p);
  if (!start) return g;
  const std::optional<Pair> settled = settle(p, start->crossing, {75, 400, 0});
  const Pair best = settled ? *settled : *start;
  std::vector<double> others;
  for (const double margin : {25.0, 75.0, 125.0})
    for (const double width : {250.0, 400.0, 600.0})
      for (const double skip : {0.0, 100.0})
        if (const auto other = settle(p, best.crossing, {margin, width, skip})) others.push_back(other->crossing);
  const std::size_t repeated = settled ? 1 : 0;  // the choice of `best` is among them
  const bool spread_known = others.size() >= 2 + repeated;
  const double slopes = best.liquid.slope - best.glass.slope;
  g.error_covariance = std::sqrt(best.glass.variance(best.crossing) + best.liquid.variance(best.crossing)) / slopes;
  g.error_ranges = spread_known ? deviation(others) : std::nan("");
  g.temperature = {best.crossing, std::hypot(g.error_covariance, g.error_ranges),
                   "covariance of the two lines and spread over their ranges"};
  if (!spread_known)
    g.temperature.note = fmt::format("fewer than two other ranges of the lines gave a crossing (covariance of these lines alone {:.2g} K)",
                                     g.error_covariance);
  if (!settled) g.temperature.note += "; ranges did not settle, best pair of lines over everything";
  g.glass_low = best.glass.low, g.glass_high = best.glass.high, g.liquid_low = best.liquid.low, g.liquid_high = best.liquid.high;
  g.glass_slope = best.glass.slope, g.glass_offset = best.glass.offset();
  g.liquid_slope = best.liquid.slope, g.liquid_offset = best.liquid.offset();
  return g;
}

}  // namespace heteroglass::sample
