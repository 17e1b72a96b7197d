/// Structure factor of hard spheres in the Percus-Yevick approximation, for tests: the one S(Q) of a dense liquid in closed form.
///
///     1/S = 1 + (24 phi / x^6) { a x^3 (sin x - x cos x) + b x^2 [2 x sin x - (x^2 - 2) cos x - 2]
///                               + (phi a / 2) [(4 x^3 - 24 x) sin x - (x^4 - 12 x^2 + 24) cos x + 24] },   x = Q sigma
///     a = (1 + 2 phi)^2 / (1 - phi)^4,   b = -6 phi (1 + phi/2)^2 / (1 - phi)^4,   g(sigma+) = (1 + phi/2) / (1 - phi)^2
///
/// Reference: Wertheim, Phys. Rev. Lett. 10, 321 (1963), doi:10.1103/PhysRevLett.10.321.
#pragma once

#include <cmath>
#include <numbers>

namespace heteroglass::probes {

struct HardSpheres {
  double diameter = 3, fraction = 0.4;

  double density() const { return 6 * fraction / (std::numbers::pi * std::pow(diameter, 3)); }
  double contact() const { return (1 + fraction / 2) / std::pow(1 - fraction, 2); }
  double structure_factor(double q) const {
    const double f = fraction, fourth = std::pow(1 - f, 4), a = std::pow(1 + 2 * f, 2) / fourth;
    const double b = -6 * f * std::pow(1 + f / 2, 2) / fourth, x = q * diameter;
    if (x < 0.05) return 1 / a;
    const double s = std::sin(x), c = std::cos(x), x2 = x * x;
    const double bracket = a * x2 * x * (s - x * c) + b * x2 * (2 * x * s - (x2 - 2) * c - 2) +
                           f * a / 2 * ((4 * x2 * x - 24 * x) * s - (x2 * x2 - 12 * x2 + 24) * c + 24);
    return 1 / (1 + 24 * f / (x2 * x2 * x2) * bracket);
  }
};

}  // namespace heteroglass::probes
