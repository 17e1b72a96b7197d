#include "theory/spaepen.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace heteroglass::theory {

using constants::ev_per_cubic_angstrom_in_gpa;

double Spaepen::defects(double vf) const { return std::exp(-overlap * critical_volume / vf); }

double Spaepen::strain_rate(double stress, double vf) const {
  return 2 * defects(vf) * jump_rate * std::sinh(stress / ev_per_cubic_angstrom_in_gpa * activation_volume / (2 * kt));
}

double Spaepen::creation(double stress, double vf) const {
  const double s = 2.0 / 3 * shear_modulus / ev_per_cubic_angstrom_in_gpa * (1 + poisson) / (1 - poisson);
  const double half = std::sinh(stress / ev_per_cubic_angstrom_in_gpa * activation_volume / (4 * kt));  // cosh(2y) - 1 = 2 sinh^2 y
  return critical_volume * jump_rate * defects(vf) * 2 * overlap * kt / (vf * s) * 2 * half * half;
}

double Spaepen::annihilation(double vf) const { return critical_volume * jump_rate * defects(vf) / annihilation_jumps; }

double Spaepen::steady_free_volume(double stress) const {
  return creation(stress, 1) / annihilation(1);  // creation goes as 1/v_f beside the common factor
}

double Spaepen::newtonian_viscosity(double vf) const {
  return kt / (defects(vf) * jump_rate * activation_volume) * ev_per_cubic_angstrom_in_gpa * 1e9;
}

SpaepenTest constant_rate_test(const Spaepen& law, double vf, double rate, double strain_max) {
  using State = std::array<double, 2>;  // stress, ln v_f
  const auto slope = [&](const State& y) {
    const double v = std::exp(y[1]);
    return State{law.shear_modulus * (1 - law.strain_rate(y[0], v) / rate), (law.creation(y[0], v) - law.annihilation(v)) / (v * rate)};
  };
  const auto moved = [](const State& y, double h, const State& k) { return State{y[0] + h * k[0], y[1] + h * k[1]}; };
  SpaepenTest out;
  State y{0, std::log(vf)};
  double strain = 0, h = 1e-5 * strain_max, next = 0;
  State k1 = slope(y);
  constexpr int shown = 400;
  for (long steps = 0; strain < strain_max; ++steps) {
    if (steps > 1000000)
      throw NumericalError(
          "theory/free_volume: the test at constant rate must end in a million steps, got stuck; lower the rate or the strain");
    if (strain >= next)
      out.strain.push_back(strain), out.stress.push_back(y[0]), out.free_volume.push_back(std::exp(y[1])), next += strain_max / shown;
    h = std::min({h, strain_max - strain, strain_max / shown});
    const State k2 = slope(moved(y, h / 2, k1)), k3 = slope(moved(y, 0.75 * h, k2));
    const State end{y[0] + h * (2 * k1[0] + 3 * k2[0] + 4 * k3[0]) / 9, y[1] + h * (2 * k1[1] + 3 * k2[1] + 4 * k3[1]) / 9};
    const State k4 = slope(end);
    double error = 0;
    for (std::size_t i = 0; i < 2; ++i) {
      const double e = h * std::abs(-5.0 / 72 * k1[i] + k2[i] / 12 + k3[i] / 9 - k4[i] / 8);
      error = std::max(error, e / (1e-7 * std::abs(end[i]) + 1e-9));
    }
    if (!std::isfinite(error)) error = 1e6;
    if (error <= 1) strain += h, y = end, k1 = k4;
    h *= std::clamp(0.9 / std::cbrt(error), 0.2, 5.0);
    if (h < 1e-14 * strain_max) break;
  }
  out.strain.push_back(strain), out.stress.push_back(y[0]), out.free_volume.push_back(std::exp(y[1]));
  return out;
}

}  // namespace heteroglass::theory
