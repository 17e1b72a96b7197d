#include "numeric/orientation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace heteroglass::numeric {
namespace {

/// Mardia, Jupp, eq. 6.3.5: to order 1/n^2.
double rayleigh(double resultant, double n) {
  const double z = n * resultant * resultant;
  const double p =
      std::exp(-z) * (1 + (2 * z - z * z) / (4 * n) - (24 * z - 132 * z * z + 76 * z * z * z - 9 * z * z * z * z) / (288 * n * n));
  return std::clamp(p, 0.0, 1.0);
}

double kuiper_probability(double v, double n) {
  const double root = std::sqrt(n), x = (root + 0.155 + 0.24 / root) * v;
  if (x < 0.4) return 1;
  double p = 0;
  for (int j = 1; j <= 100; ++j) {
    const double s = j * j * x * x, term = 2 * (4 * s - 1) * std::exp(-2 * s);
    p += term;
    if (std::abs(term) < 1e-12 * std::abs(p)) break;
  }
  return std::clamp(p, 0.0, 1.0);
}

}  // namespace

OrientationTest orientation_test(std::span<const double> degrees) {
  OrientationTest t;
  const auto n = static_cast<double>(degrees.size());
  double c = 0, s = 0;
  std::vector<double> u;
  for (const double d : degrees) {
    const double a = d * std::numbers::pi / 90;
    c += std::cos(a), s += std::sin(a);
    u.push_back(d / 180 - std::floor(d / 180));
  }
  if (degrees.size() < 4) {
    t.rayleigh_p = t.kuiper_p = NAN;
    t.mean_direction.note = "needs four axes";
    return t;
  }
  t.resultant = std::hypot(c, s) / n;
  t.rayleigh_p = rayleigh(t.resultant, n);
  double direction = std::atan2(s, c) * 90 / std::numbers::pi;
  if (direction < 0) direction += 180;
  // circular dispersion (1 - rho_2) / (2 R^2) of the doubled angle, half of it for the axis
  double second = 0;
  for (const double d : degrees) second += std::cos(2 * (d - direction) * std::numbers::pi / 90);
  const double dispersion = (1 - second / n) / (2 * t.resultant * t.resultant), error = std::sqrt(dispersion / n);
  t.mean_direction = error < 0.5 ? Measured{direction, error * 90 / std::numbers::pi, "circular dispersion"}
                                 : Measured{direction, NAN, "no direction is preferred enough to have an error"};
  std::sort(u.begin(), u.end());
  double above = 0, below = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    above = std::max(above, static_cast<double>(i + 1) / n - u[i]);
    below = std::max(below, u[i] - static_cast<double>(i) / n);
  }
  t.kuiper = above + below;
  t.kuiper_p = kuiper_probability(t.kuiper, n);
  return t;
}

}  // namespace heteroglass::numeric
