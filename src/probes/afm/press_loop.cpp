#include "probes/afm/press_loop.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"

namespace heteroglass::probes {

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
    if (i > 0) p.dissipation += (f + p.load.back()) / 2 * (depth - p.depth.back()) * 1e-18 / constants::elementary_charge;
    p.load.push_back(f), p.depth.push_back(depth);
    if (i == n) p.depth_at_peak = depth;
  }
  return p;
}

}  // namespace heteroglass::probes
