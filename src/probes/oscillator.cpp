#include "probes/oscillator.hpp"

#include <algorithm>
#include <numbers>

#include "core/constants.hpp"

namespace heteroglass::probes {
namespace {

using std::numbers::pi;

constexpr double ev_per_nn_nm = 1e-18 / constants::elementary_charge;

// Dormand-Prince 5(4)
constexpr double a21 = 1.0 / 5, a31 = 3.0 / 40, a32 = 9.0 / 40, a41 = 44.0 / 45, a42 = -56.0 / 15, a43 = 32.0 / 9, a51 = 19372.0 / 6561,
                 a52 = -25360.0 / 2187, a53 = 64448.0 / 6561, a54 = -212.0 / 729, a61 = 9017.0 / 3168, a62 = -355.0 / 33,
                 a63 = 46732.0 / 5247, a64 = 49.0 / 176, a65 = -5103.0 / 18656, b1 = 35.0 / 384, b3 = 500.0 / 1113, b4 = 125.0 / 192,
                 b5 = -2187.0 / 6784, b6 = 11.0 / 84, e1 = 71.0 / 57600, e3 = -71.0 / 16695, e4 = 71.0 / 1920, e5 = -17253.0 / 339200,
                 e6 = 22.0 / 525, e7 = -1.0 / 40;

/// Which of its forms the force has. Kept apart from the position, so that a step just beyond a border has the form it began with.
struct Regime {
  bool contact = false, leaving = false;
};

/// Constants of the equation of motion; forces divided by k, in nm.
struct Motion {
  double rate = 0, drive = 0, ratio = 1, distance = 0, contact = 0;
  double come = 0, leave = 0, stick_come = 0, stick_leave = 0, hertz = 0, viscous = 0;
  double tolerance = 1e-11;

  Motion(const Cantilever& l, const TipSurface& s, double z_c) : ratio(l.frequency_ratio), distance(z_c), contact(s.contact) {
    rate = std::isfinite(l.quality) ? 1 / l.quality : 0;
    drive = l.free_amplitude * rate;
    const double scale = 1 / l.spring_constant, pull = s.radius / (6 * ev_per_nn_nm) * scale, a2 = s.contact * s.contact;
    come = pull * s.hamaker, leave = pull * (s.hamaker + s.long_range);
    stick_come = pull * s.hamaker / a2, stick_leave = pull * (s.hamaker + s.adhesion) / a2;
    hertz = 4.0 / 3 * s.modulus * std::sqrt(s.radius) * scale;
    viscous = s.viscosity * std::sqrt(s.radius) * 1e-9 * 2 * pi * l.frequency * 1e3 * scale;
    tolerance = l.tolerance;
  }

  double force(double z, double v, Regime r) const {
    const double d = distance + z;
    if (!r.contact) return -(r.leaving ? leave : come) / (d * d);
    const double depth = std::max(contact - d, 0.0), root = std::sqrt(depth);
    return (hertz * depth - viscous * v) * root - (r.leaving ? stick_leave : stick_come);
  }
};

/// z, v, and in a measured period the integrals of z cos, z sin, F v, F z, F, v^2, contact.
template <std::size_t N> using State = std::array<double, N>;

/// cos and sin of the drive's angle at the start of a step; within it by their series, exact to 1e-16 for angles below 0.4.
struct Drive {
  double cosine, sine;
  Drive(const Motion& m, double t) : cosine(std::cos(m.ratio * t)), sine(std::sin(m.ratio * t)) {}
  std::pair<double, double> after(double angle) const {
    const double x = angle * angle;
    const double c = 1 - x / 2 * (1 - x / 12 * (1 - x / 30 * (1 - x / 56 * (1 - x / 90 * (1 - x / 132)))));
    const double s = angle * (1 - x / 6 * (1 - x / 20 * (1 - x / 42 * (1 - x / 72 * (1 - x / 110)))));
    return {cosine * c - sine * s, sine * c + cosine * s};
  }
};

template <std::size_t N> State<N> slope(const Motion& m, const State<N>& y, const Drive& drive, double after, Regime r) {
  const auto [c, s] = drive.after(m.ratio * after);
  const double f = m.force(y[0], y[1], r);
  State<N> d{};
  d[0] = y[1], d[1] = -y[0] - m.rate * y[1] + m.drive * c + f;
  if constexpr (N > 2) {
    d[2] = y[0] * c, d[3] = y[0] * s, d[4] = f * y[1], d[5] = f * y[0], d[6] = f, d[7] = y[1] * y[1];
    d[8] = r.contact ? 1 : 0;
  }
  return d;
}

template <std::size_t N> struct Step {
  State<N> end, last;  ///< and slope there
  double error;
};

template <std::size_t N> Step<N> step(const Motion& m, const State<N>& y, const State<N>& k1, const Drive& drive, double h, Regime r) {
  State<N> w;
  const auto combined = [&](auto&& f) {
    for (std::size_t i = 0; i < N; ++i) w[i] = y[i] + h * f(i);
  };
  combined([&](std::size_t i) { return a21 * k1[i]; });
  const State<N> k2 = slope(m, w, drive, h / 5, r);
  combined([&](std::size_t i) { return a31 * k1[i] + a32 * k2[i]; });
  const State<N> k3 = slope(m, w, drive, 0.3 * h, r);
  combined([&](std::size_t i) { return a41 * k1[i] + a42 * k2[i] + a43 * k3[i]; });
  const State<N> k4 = slope(m, w, drive, 0.8 * h, r);
  combined([&](std::size_t i) { return a51 * k1[i] + a52 * k2[i] + a53 * k3[i] + a54 * k4[i]; });
  const State<N> k5 = slope(m, w, drive, h * 8 / 9, r);
  combined([&](std::size_t i) { return a61 * k1[i] + a62 * k2[i] + a63 * k3[i] + a64 * k4[i] + a65 * k5[i]; });
  const State<N> k6 = slope(m, w, drive, h, r);
  combined([&](std::size_t i) { return b1 * k1[i] + b3 * k3[i] + b4 * k4[i] + b5 * k5[i] + b6 * k6[i]; });
  Step<N> s{w, slope(m, w, drive, h, r), 0};
  for (std::size_t i = 0; i < 2; ++i)
    s.error = std::max(s.error, std::abs(h * (e1 * k1[i] + e3 * k3[i] + e4 * k4[i] + e5 * k5[i] + e6 * k6[i] + e7 * s.last[i])));
  return s;
}

constexpr double border = 1e-12;  ///< [nm] how far beyond a border a state may be and still be on it

/// Carries a state through time, from event to event.
template <std::size_t N> class Integrator {
 public:
  Integrator(const Motion& m, double scale) : m_(m), tolerance_(m.tolerance * scale) {}

  /// `seen(t, y, f)` after every step; false: the motion left the range of numbers.
  template <class Seen> bool advance(State<N>& y, double t, double end, const Seen& seen) {
    Regime r{gap(y) < 0, y[1] > 0};
    State<N> k = slope(m_, y, Drive(m_, t), 0, r);
    double h = h_;
    for (int n = 0; n < most_steps; ++n) {
      if (t >= end - 1e-13) return true;
      const double tried = std::min(h, end - t);
      const Drive drive(m_, t);
      Step<N> s = step(m_, y, k, drive, tried, r);
      if (!std::isfinite(s.error)) return false;
      const double change = std::clamp(0.9 * double(std::pow(float(tolerance_ / std::max(s.error, 1e-30)), 0.2f)), 0.2, 5.0);
      if (s.error > tolerance_ && tried > 1e-9) {
        h = tried * change;
        continue;
      }
      double taken = tried;
      const Regime before = r;
      if (crosses(s.end, r))
        r.contact = !r.contact, s = located(s, y, k, drive, before, taken, [this](const State<N>& x) { return gap(x); });
      if (turns(s.end, before)) {  // the turn comes first
        r = {before.contact, !before.leaving};
        s = located(s, y, k, drive, before, taken, [](const State<N>& x) { return x[1]; });
      }
      y = s.end, t += taken;
      const bool event = r.contact != before.contact || r.leaving != before.leaving;
      k = event ? slope(m_, y, drive, taken, r) : s.last;
      seen(t, y, m_.force(y[0], y[1], r));
      if (!event) h = std::min(longest, tried * change);
      if (tried == h_ || tried < end - t) h_ = h;
    }
    return false;
  }

 private:
  static constexpr double longest = 0.25;
  static constexpr int most_steps = 5000;  // an ordinary period takes some 300; a tip that sticks would take them without end

  double gap(const State<N>& y) const { return m_.distance + y[0] - m_.contact; }
  bool crosses(const State<N>& y, Regime r) const { return r.contact ? gap(y) > border : gap(y) < -border; }
  bool turns(const State<N>& y, Regime r) const { return r.leaving ? y[1] < -border : y[1] > border; }

  /// The step shortened so that it ends where g = 0 (Illinois).
  template <class G>
  Step<N> located(Step<N> s, const State<N>& y, const State<N>& k, const Drive& drive, Regime r, double& h, const G& g) const {
    double low = 0, high = h, g_low = g(y), g_high = g(s.end);
    if (g_low * g_high >= 0) return s;  // it began on the border
    int side = 0;
    for (int n = 0; n < 60; ++n) {
      const double x = (low * g_high - high * g_low) / (g_high - g_low);
      s = step(m_, y, k, drive, x, r);
      h = x;
      const double value = g(s.end);
      if (std::abs(value) < 0.5 * border || high - low < 1e-15) break;
      if (value * g_high > 0) {
        high = x, g_high = value;
        if (side == 1) g_low /= 2;
        side = 1;
      } else {
        low = x, g_low = value;
        if (side == -1) g_high /= 2;
        side = -1;
      }
    }
    return s;
  }

  const Motion& m_;
  double tolerance_, h_ = 0.02;
};

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

const Fields& Cantilever::fields() {
  using O = Cantilever;
  static const Fields table = {
      field<&O::spring_constant>("spring_constant", "N/m", "static spring constant k of the cantilever").positive(),
      field<&O::quality>("quality", "1", "quality factor Q of the free resonance").range(2, 1e6),
      field<&O::frequency>("resonance_frequency", "kHz", "free resonance").positive(),
      field<&O::free_amplitude>("free_amplitude", "nm", "free amplitude at resonance A0 = Q F0/k").positive(),
      field<&O::frequency_ratio>("frequency_ratio", "1", "drive over resonance frequency").range(0.5, 1.5),
  };
  return table;
}

const Fields& TipSurface::fields() {
  using O = TipSurface;
  static const Fields table = {
      field<&O::radius>("tip_radius", "nm", "radius of the tip's end").positive(),
      field<&O::modulus>("modulus", "GPa", "modulus of the contact E*").positive(),
      field<&O::hamaker>("hamaker", "eV", "Hamaker constant while the tip comes; 1e-19 J is 0.62 eV").non_negative(),
      field<&O::contact>("contact_distance", "nm", "distance at which contact begins").positive(),
      field<&O::long_range>("long_range", "eV", "Hamaker constant larger by that much while the tip goes, out of contact").non_negative(),
      field<&O::adhesion>("adhesion", "eV", "Hamaker constant larger by that much while the tip goes, in contact").non_negative(),
      field<&O::viscosity>("viscosity", "Pa*s", "viscosity of the contact").non_negative(),
  };
  return table;
}

PressLoop press_loop(const TipSurface& s, double load, double time) {
  const double hertz = 4.0 / 3 * s.modulus * std::sqrt(s.radius), half = time * 1e-3;
  const int n = 400;
  PressLoop p;
  double depth = 0;
  for (int i = 0; i <= 2 * n; ++i) {
    const double f = load * (i <= n ? double(i) / n : 2 - double(i) / n);
    if (s.viscosity == 0) {
      depth = std::pow(f / hertz, 2.0 / 3);
    } else if (i > 0) {
      // With u = h^(3/2): (2/3) eta' u' + hertz u = load, linear, load linear in time.
      const double tau = 2.0 / 3 * s.viscosity * 1e-9 * std::sqrt(s.radius) / hertz, dt = half / n, u0 = std::pow(depth, 1.5);
      const double f0 = p.load.back() / hertz, slope_f = (f / hertz - f0) / dt, decay = std::exp(-dt / tau);
      const double u = f / hertz - slope_f * tau + (u0 - f0 + slope_f * tau) * decay;
      depth = std::pow(std::max(u, 0.0), 2.0 / 3);
    }
    if (i > 0) p.dissipation += (f + p.load.back()) / 2 * (depth - p.depth.back()) * ev_per_nn_nm;
    p.load.push_back(f), p.depth.push_back(depth);
    if (i == n) p.depth_at_peak = depth;
  }
  return p;
}

}  // namespace heteroglass::probes
