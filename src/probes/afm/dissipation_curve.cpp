#include "probes/afm/dissipation_curve.hpp"

#include <algorithm>
#include <cmath>

namespace heteroglass::probes {

using Point = DissipationCurve::Point;

TipSurface bare(TipSurface s) {
  s.long_range = s.adhesion = s.viscosity = 0;
  return s;
}

DissipationCurve::DissipationCurve(const Cantilever& lever, const TipSurface& surface, bool attractive, int points, double low, double high)
    : lever_(lever), attractive_(attractive), points_(points), low_(std::max(0.03, low - 0.02)), high_(std::min(1.0, high)) {
  lever_.tolerance = 1e-9;
  middle_ = 0.5 * (low_ + std::min(high_, 0.95)) * lever_.free_amplitude;
  TipSurface repulsion = bare(surface);
  repulsion.hamaker = 0;
  inside_ = steady_orbit(lever_, repulsion, middle_, free_orbit(lever_));
}

std::vector<Point> DissipationCurve::points(const TipSurface& s) const {
  std::vector<Point> first = attractive_ ? outer(s) : inner(s);
  if (first.empty()) return {};
  const bool enough = attractive_ ? first.front().ratio <= low_ : first.back().ratio >= high_;
  if (!enough) {
    const std::vector<Point> other = attractive_ ? inner(s) : outer(s);
    const double from = first.front().ratio, to = first.back().ratio;
    for (const Point& p : other)
      if (p.ratio < from - 1e-3 || p.ratio > to + 1e-3) first.push_back(p);
  }
  std::sort(first.begin(), first.end(), [](const Point& a, const Point& b) { return a.ratio < b.ratio; });
  return first;
}

std::vector<Point> DissipationCurve::rising(const std::vector<Orbit>& orbits) const {
  std::vector<Point> points;
  for (const Orbit& a : orbits)
    if (const double x = a.amplitude / lever_.free_amplitude; points.empty() || x > points.back().ratio + 1e-6)
      points.push_back({x, a.dissipation});
  return points;
}

/// The repulsive state in the middle of the range, followed from that without attraction and losses. Not converged: there is none.
Orbit DissipationCurve::grown(const TipSurface& s) const {
  constexpr int steps = 6;
  Orbit o = inside_;
  for (int i = 1; i <= steps; ++i) {
    const double part = double(i) / steps;
    TipSurface now = s;
    now.hamaker *= part, now.long_range *= part, now.adhesion *= part, now.viscosity *= part;
    const std::vector<Orbit> next = branch(lever_, now, std::vector<double>{middle_}, o);
    if (next.empty()) return {};
    o = next.back();
  }
  return o;
}

/// From the middle of the range inwards and outwards, as long as the state lasts.
std::vector<Point> DissipationCurve::inner(const TipSurface& s) const {
  const Orbit start = grown(s);
  if (!start.converged) return {};
  const double a0 = lever_.free_amplitude, from = (low_ - 0.02) * a0, to = high_ * a0 + 1;
  const int n = points_ / 2;
  std::vector<double> in, out;
  for (int i = 1; i <= n; ++i) in.push_back(middle_ + (from - middle_) * i / n);
  for (int i = 1; i <= n; ++i) out.push_back(middle_ + (to - middle_) * (1 - std::pow(1 - double(i) / n, 1.5)));
  std::vector<Orbit> orbits = branch(lever_, s, in, start);
  std::reverse(orbits.begin(), orbits.end());
  orbits.push_back(start);
  for (const Orbit& a : branch(lever_, s, out, start)) orbits.push_back(a);
  return rising(orbits);
}

/// From far away inwards.
std::vector<Point> DissipationCurve::outer(const TipSurface& s) const {
  const double a0 = lever_.free_amplitude, from = 1.07 * a0 + 2, to = std::max(0.05, low_ - 0.02) * a0;
  std::vector<double> d;
  for (int i = 0; i < points_; ++i) d.push_back(from + (to - from) * std::pow(double(i) / (points_ - 1), 1.3));
  Orbit far = steady_orbit(lever_, s, from, free_orbit(lever_));
  std::vector<Orbit> orbits = branch(lever_, s, d, far);
  std::reverse(orbits.begin(), orbits.end());
  return rising(orbits);
}

/// Cubic through neighbouring points with slopes by differences; constant beyond the ends.
double interpolated(const std::vector<Point>& p, double x) {
  if (x <= p.front().ratio) return p.front().energy;
  if (x >= p.back().ratio) return p.back().energy;
  const std::size_t i =
      std::size_t(std::upper_bound(p.begin(), p.end(), x, [](double v, const Point& q) { return v < q.ratio; }) - p.begin()) - 1;
  const auto slope = [&](std::size_t k) {
    const std::size_t a = k > 0 ? k - 1 : 0, b = std::min(k + 1, p.size() - 1);
    return (p[b].energy - p[a].energy) / (p[b].ratio - p[a].ratio);
  };
  const double h = p[i + 1].ratio - p[i].ratio, t = (x - p[i].ratio) / h, u = 1 - t;
  return p[i].energy * (1 + 2 * t) * u * u + p[i + 1].energy * t * t * (3 - 2 * t) + h * t * u * (slope(i) * u - slope(i + 1) * t);
}

}  // namespace heteroglass::probes
