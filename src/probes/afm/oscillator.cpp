#include "probes/afm/oscillator.hpp"

#include <algorithm>
#include <numbers>

#include "core/constants.hpp"
#include "probes/afm/tip_motion.hpp"

namespace heteroglass::probes {
namespace {

using std::numbers::pi;

constexpr auto unseen = [](double, const auto&, double) {};
using Point = std::array<double, 2>;

double period(const Motion& m) { return 2 * pi / m.ratio; }

/// The state a period later; not finite when the motion is lost.
Point after_period(const Motion& m, double scale, const Point& p) {
  State<2> y = {p[0], p[1]};
  Integrator<2> integrator(m, scale);
  return integrator.advance(y, 0, period(m), unseen) ? Point{y[0], y[1]} : Point{NAN, NAN};
}

double norm(const Point& p) { return std::hypot(p[0], p[1]); }

struct FixedPoint {
  Point at;
  bool found = false, stable = false;
};

/// What a period does to a state, less the state.
Point gain(const Motion& m, double scale, const Point& p) {
  const Point q = after_period(m, scale, p);
  return {q[0] - p[0], q[1] - p[1]};
}

/// Derivative of the gain, by columns.
struct Derivative {
  Point x, v;
  Derivative(const Motion& m, double scale, const Point& p, const Point& g) {
    const double eps = 1e-5 * scale;
    x = gain(m, scale, {p[0] + eps, p[1]}), v = gain(m, scale, {p[0], p[1] + eps});
    for (std::size_t i = 0; i < 2; ++i) x[i] = (x[i] - g[i]) / eps, v[i] = (v[i] - g[i]) / eps;
  }
  Point newton(const Point& g) const {
    const double det = x[0] * v[1] - v[0] * x[1];
    return {-(v[1] * g[0] - v[0] * g[1]) / det, -(x[0] * g[1] - x[1] * g[0]) / det};
  }
  /// Whether the eigenvalues of the map lie inside the unit circle.
  bool stable() const {
    const double trace = x[0] + v[1] + 2, product = (x[0] + 1) * (v[1] + 1) - v[0] * x[1], root = trace * trace / 4 - product;
    return (root < 0 ? std::sqrt(product) : std::abs(trace / 2) + std::sqrt(root)) < 1;
  }
};

/// Newton's method on the map of one period; a derivative is kept as long as it serves.
FixedPoint fixed_point(const Motion& m, double scale, Point p) {
  FixedPoint f{p, false, false};
  Point g = gain(m, scale, p);
  for (int n = 0; n < 10 && std::isfinite(norm(g)); ++n) {
    const Derivative derivative(m, scale, p, g);
    if (norm(g) < 100 * m.tolerance * scale) return {p, true, derivative.stable()};
    bool better = false;
    for (int chord = 0; chord < 6; ++chord) {
      Point move = derivative.newton(g);
      const double most = 0.2 * scale, before = norm(g);
      if (norm(move) > most) move = {move[0] * most / norm(move), move[1] * most / norm(move)};
      const auto moved = [&](double factor) { return Point{p[0] + factor * move[0], p[1] + factor * move[1]}; };
      Point next = moved(1), h = gain(m, scale, next);
      for (double factor = 0.5; chord == 0 && factor > 0.05 && !(norm(h) < before); factor /= 2)
        next = moved(factor), h = gain(m, scale, next);
      if (!(norm(h) < before)) break;
      p = next, g = h, better = true;
      if (norm(g) < 100 * m.tolerance * scale || norm(g) > 0.2 * before) break;
    }
    if (!better) break;
  }
  f.at = p;
  return f;
}

/// One period measured from its start.
Orbit measured(const Cantilever& lever, const Motion& m, double scale, const Point& start) {
  Orbit o;
  o.distance = m.distance, o.start = start;
  State<9> y{};
  y[0] = start[0], y[1] = start[1];
  o.closest = m.distance + y[0], o.peak_force = -INFINITY;
  Integrator<9> integrator(m, scale);
  const bool whole = integrator.advance(y, 0, period(m), [&](double, const State<9>& s, double f) {
    o.closest = std::min(o.closest, m.distance + s[0]);
    o.peak_force = std::max(o.peak_force, f * lever.spring_constant);
  });
  if (!whole) return o;
  const double t = period(m), k = lever.spring_constant;
  o.amplitude = 2 / t * std::hypot(y[2], y[3]), o.phase = std::atan2(y[3], y[2]) * 180 / pi;
  o.dissipation = -y[4] * k * ev_per_nn_nm, o.damping = m.rate * y[7] * k * ev_per_nn_nm;
  o.input = pi * m.drive * o.amplitude * std::sin(o.phase * pi / 180) * k * ev_per_nn_nm;
  o.mean_force = y[6] / t * k, o.virial = y[5] / t * k, o.contact_time = y[8] / t;
  return o;
}

/// The motion followed from `start` until it is steady, as long as 20 Q periods.
Orbit followed(const Cantilever& lever, const Motion& m, double scale, Point start) {
  const int stretch = int(std::clamp(lever.quality / 2, 20.0, 2000.0));
  State<2> y = {start[0], start[1]};
  Integrator<2> integrator(m, scale);
  for (int n = 0; n < 40; ++n) {
    for (int i = 0; i < stretch; ++i)
      if (!integrator.advance(y, 0, period(m), unseen)) return measured(lever, m, scale, start);
    const FixedPoint f = fixed_point(m, scale, {y[0], y[1]});
    if (!f.found || !f.stable || norm({f.at[0] - y[0], f.at[1] - y[1]}) > 0.1 * scale) continue;
    Orbit o = measured(lever, m, scale, f.at);
    o.converged = o.stable = true;
    return o;
  }
  return measured(lever, m, scale, {y[0], y[1]});
}

}  // namespace

double tip_force(const TipSurface& surface, double distance, double velocity) {
  const Cantilever unit{.spring_constant = 1, .frequency = 1e-3 / (2 * pi)};  // velocity in nm/s
  const Motion m(unit, surface, 0);
  return m.force(distance, velocity * 1e9, {distance<surface.contact, velocity> 0});
}

double tip_potential(const TipSurface& s, double d) {
  const double pull = s.hamaker * s.radius / (6 * ev_per_nn_nm), a = s.contact;
  if (d > a) return -pull / d;
  return -pull / a + pull / (a * a) * (d - a) + 8.0 / 15 * s.modulus * std::sqrt(s.radius) * std::pow(a - d, 2.5);
}

Orbit free_orbit(const Cantilever& l) {
  Orbit o;
  const double r = l.frequency_ratio, stiff = 1 - r * r, loss = r / l.quality;
  o.amplitude = l.free_amplitude / l.quality / std::hypot(stiff, loss), o.phase = std::atan2(loss, stiff) * 180 / pi;
  const double lag = o.phase * pi / 180;
  o.start = {o.amplitude * std::cos(lag), r * o.amplitude * std::sin(lag)};
  o.distance = INFINITY, o.dissipation = 0, o.mean_force = 0, o.virial = 0, o.contact_time = 0;
  o.damping = pi * l.spring_constant * o.amplitude * o.amplitude * r / l.quality * ev_per_nn_nm, o.input = o.damping;
  o.converged = o.stable = true;
  return o;
}

namespace {

/// Where a state will be at another distance: a tip that taps keeps its depth and so changes its amplitude by as much; a free one does not.
Point nearby(const Orbit& from, double distance) {
  const double change = distance - from.distance;
  if (!std::isfinite(change) || !(from.closest < 1) || !(from.amplitude + change > 0)) return from.start;
  const double factor = 1 + change / from.amplitude;
  return {from.start[0] * factor, from.start[1] * factor};
}

/// A straight line through two states, to the next distance.
Point predicted(const Orbit& before, const Orbit& from, double distance) {
  const double gap = from.distance - before.distance, part = (distance - from.distance) / gap;
  if (!before.converged || !std::isfinite(gap) || gap == 0 || std::abs(part) > 2) return nearby(from, distance);
  return {from.start[0] + part * (from.start[0] - before.start[0]), from.start[1] + part * (from.start[1] - before.start[1])};
}

/// From a state to that at another distance, in halves as long as the state moves far. Not converged: it leaps over the last of them.
/// `guess`: where it is looked for first.
Orbit continued(const Cantilever& lever, const TipSurface& surface, double distance, const Orbit& from, int halves, Point guess) {
  const Motion m(lever, surface, distance);
  const double scale = lever.free_amplitude;
  const FixedPoint f = fixed_point(m, scale, guess);
  const double usual = 0.05 * scale + (std::isfinite(from.distance) ? 3 * std::abs(distance - from.distance) : 0);
  if (f.found && f.stable && norm({f.at[0] - from.start[0], f.at[1] - from.start[1]}) < usual) {
    Orbit o = measured(lever, m, scale, f.at);
    o.converged = o.stable = true;
    return o;
  }
  if (halves == 0 || !std::isfinite(from.distance) || distance == from.distance) return {};
  const double middle = (distance + from.distance) / 2;
  const Orbit half = continued(lever, surface, middle, from, halves - 1, nearby(from, middle));
  return half.converged ? continued(lever, surface, distance, half, halves - 1, predicted(from, half, distance)) : half;
}

}  // namespace

Orbit steady_orbit(const Cantilever& lever, const TipSurface& surface, double distance, const Orbit& from) {
  const Orbit o = continued(lever, surface, distance, from, 7, nearby(from, distance));
  return o.converged ? o : followed(lever, Motion(lever, surface, distance), lever.free_amplitude, from.start);
}

std::vector<Orbit> branch(const Cantilever& lever, const TipSurface& surface, std::span<const double> distances, Orbit from) {
  std::vector<Orbit> all;
  Orbit before;
  for (const double d : distances) {
    Orbit next = continued(lever, surface, d, from, 4, predicted(before, from, d));
    if (!next.converged) break;
    all.push_back(next);
    before = from, from = next;
  }
  return all;
}

std::vector<Orbit> approach(const Cantilever& lever, const TipSurface& surface, std::span<const double> distances, Orbit from) {
  std::vector<Orbit> all;
  for (const double d : distances) {
    all.push_back(steady_orbit(lever, surface, d, from));
    if (std::isfinite(all.back().amplitude)) from = all.back();
  }
  return all;
}

std::vector<Orbit> approach(const Cantilever& lever, const TipSurface& surface, std::span<const double> distances) {
  return approach(lever, surface, distances, free_orbit(lever));
}

double energy_drift(const Cantilever& lever, const TipSurface& surface, double distance, double height, int periods) {
  Cantilever l = lever;
  l.quality = INFINITY, l.free_amplitude = 0;
  TipSurface s = surface;
  s.long_range = s.adhesion = s.viscosity = 0;
  const Motion m(l, s, distance);
  const auto energy = [&](const State<2>& y) {
    return l.spring_constant * (y[0] * y[0] + y[1] * y[1]) / 2 + tip_potential(s, distance + y[0]);
  };
  State<2> y = {height, 0};
  const double first = energy(y);
  double worst = 0;
  Integrator<2> integrator(m, height);
  const auto watch = [&](double, const State<2>& now, double) { worst = std::max(worst, std::abs(energy(now) / first - 1)); };
  for (int n = 0; n < periods; ++n)
    if (!integrator.advance(y, 0, 2 * pi, watch)) return NAN;
  return worst;
}

Loop force_loop(const Cantilever& lever, const TipSurface& surface, const Orbit& orbit) {
  const Motion m(lever, surface, orbit.distance);
  Loop loop;
  State<2> y = {orbit.start[0], orbit.start[1]};
  Integrator<2> integrator(m, lever.free_amplitude);
  integrator.advance(y, 0, period(m), [&](double t, const State<2>& s, double f) {
    loop.time.push_back(t / period(m)), loop.distance.push_back(m.distance + s[0]), loop.force.push_back(f * lever.spring_constant);
  });
  return loop;
}

}  // namespace heteroglass::probes
