/// The equation of motion of a driven tip over a surface, and its integration from event to event. For oscillator.cpp only.
///
/// Forces have one form out of contact and one in it, coming and going (`Regime`): a step keeps the form it began with, and ends where
/// the regime changes, found by regula falsi on the step itself. Between, Dormand-Prince 5(4) with steps by its error estimate.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

#include "core/constants.hpp"
#include "probes/afm/oscillator.hpp"

namespace heteroglass::probes {

inline constexpr double ev_per_nn_nm = 1e-18 / constants::elementary_charge;

// Dormand-Prince 5(4)
inline constexpr double a21 = 1.0 / 5, a31 = 3.0 / 40, a32 = 9.0 / 40, a41 = 44.0 / 45, a42 = -56.0 / 15, a43 = 32.0 / 9,
                        a51 = 19372.0 / 6561, a52 = -25360.0 / 2187, a53 = 64448.0 / 6561, a54 = -212.0 / 729, a61 = 9017.0 / 3168,
                        a62 = -355.0 / 33, a63 = 46732.0 / 5247, a64 = 49.0 / 176, a65 = -5103.0 / 18656, b1 = 35.0 / 384,
                        b3 = 500.0 / 1113, b4 = 125.0 / 192, b5 = -2187.0 / 6784, b6 = 11.0 / 84, e1 = 71.0 / 57600, e3 = -71.0 / 16695,
                        e4 = 71.0 / 1920, e5 = -17253.0 / 339200, e6 = 22.0 / 525, e7 = -1.0 / 40;

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
    viscous = s.viscosity * std::sqrt(s.radius) * 1e-9 * 2 * std::numbers::pi * l.frequency * 1e3 * scale;
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

inline constexpr double border = 1e-12;  ///< [nm] how far beyond a border a state may be and still be on it

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

}  // namespace heteroglass::probes
