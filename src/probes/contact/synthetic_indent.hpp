/// Load-depth curves of a viscoelastic half-space under a sphere, with known truth, for tests and benchmarks.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include "core/curve.hpp"
#include "probes/contact/viscoelastic_contact.hpp"

namespace heteroglass::probes::synthetic {

struct Indent {
  double modulus = 30, relaxation_time = 2e-4, fraction = 1;  ///< [GPa], [s], f
  double poisson = 0.363, radius = 2, load = 0.8;             ///< [um], [mN]
  double ramp = 1e-3, hold = 2e-3, unload = 0, approach = 0;  ///< [s]
  double contact_depth = 5;                                   ///< [nm]
  double depth_noise = 0.05, load_noise = 0;                  ///< [nm], [mN]
  double pop_in_load = 0, pop_in_size = 0;                    ///< [mN], [nm]
  double drift = 0, frame_compliance = 0;                     ///< [nm/s], [nm/mN]
  std::size_t points = 1000;                                  ///< of loading and hold
  std::uint64_t seed = 1;
};

inline Curve curve(const Indent& s) {
  std::mt19937_64 random(s.seed);
  std::normal_distribution<double> normal;
  const double step = (s.ramp + s.hold) / static_cast<double>(s.points);
  std::vector<double> time, load;
  for (std::size_t i = 1; i <= s.points; ++i) {
    const double t = static_cast<double>(i) * step;
    time.push_back(t), load.push_back(s.load * std::min(1.0, t / s.ramp));
  }
  LoadHistory history;
  history.time = time, history.load = load;
  const double k = hertz_factor(s.poisson, s.radius) / s.modulus;
  std::vector<double> depth = contact_depth(history, k, s.relaxation_time, s.fraction);
  for (std::size_t i = 0; i < depth.size(); ++i) depth[i] += load[i] > s.pop_in_load && s.pop_in_load > 0 ? s.pop_in_size : 0;
  // elastic unloading, with the stiffness of the whole contact at its end
  const double last = depth.back();
  for (double t = step; t <= s.unload; t += step) {
    const double p = s.load * (1 - 0.98 * t / s.unload);
    time.push_back(s.ramp + s.hold + t), load.push_back(p);
    depth.push_back(last * (1 - 0.6) + 0.6 * last * std::pow(p / s.load, 2.0 / 3));
  }
  Curve c;
  c.source = "synthetic";
  c.columns = {{"time", "s", {}}, {"load", "mN", {}}, {"depth", "nm", {}}};
  const auto add = [&](double t, double p, double h) {
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(p + s.load_noise * normal(random));
    c.columns[2].values.push_back(h + s.contact_depth + s.drift * t + s.frame_compliance * p + s.depth_noise * normal(random));
  };
  for (double t = -s.approach; t < -step / 2; t += step) add(t, 0, 2000 * t);
  if (s.approach > 0) add(0, 0, 0);
  for (std::size_t i = 0; i < time.size(); ++i) add(time[i], load[i], depth[i]);
  return c;
}

}  // namespace heteroglass::probes::synthetic
