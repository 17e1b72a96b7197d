#include "relaxation/van_gurp_palmen.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace heteroglass::relaxation {
namespace {

struct Point {
  double ln_modulus, angle;
};

std::vector<Point> points_of(const Isotherm& i, double ln_b) {
  std::vector<Point> out;
  for (std::size_t k = 0; k < i.x.size(); ++k) {
    const double storage = std::exp(i.y[0][k]), loss = std::exp(i.y[1][k]);
    out.push_back({std::log(std::hypot(storage, loss)) - ln_b, std::atan2(loss, storage)});
  }
  return out;
}

/// Angle of the segment of `curve` that holds the modulus and lies nearest in angle; NaN when none does.
double angle_at(const std::vector<Point>& curve, const Point& p, double& weight) {
  double best = NAN;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const auto &a = curve[i - 1], &b = curve[i];
    if (std::min(a.ln_modulus, b.ln_modulus) > p.ln_modulus || std::max(a.ln_modulus, b.ln_modulus) < p.ln_modulus) continue;
    if (a.ln_modulus == b.ln_modulus) continue;
    const double f = (p.ln_modulus - a.ln_modulus) / (b.ln_modulus - a.ln_modulus), angle = a.angle + f * (b.angle - a.angle);
    if (std::isnan(best) || std::abs(angle - p.angle) < std::abs(best - p.angle)) best = angle, weight = (1 - f) * (1 - f) + f * f;
  }
  return best;
}

}  // namespace

VanGurpPalmen van_gurp_palmen(const Isotherms& data, const std::vector<double>& ln_b, const std::vector<double>& noise) {
  VanGurpPalmen out;
  double square = 0, expected = 0;
  std::vector<Point> before;
  for (std::size_t k = 0; k < data.list.size(); ++k) {
    const std::vector<Point> here = points_of(data.list[k], ln_b[k]);
    for (const Point& p : here) {
      out.modulus.push_back(std::exp(p.ln_modulus)), out.angle.push_back(p.angle * 180 / std::numbers::pi);
      if (k == 0) continue;
      double weight = 0;
      const double other = angle_at(before, p, weight);
      if (std::isnan(other)) continue;
      const double e = std::sin(2 * p.angle) / 2 * std::hypot(noise[0], noise[1]);  // d angle / d ln tan
      square += std::pow(other - p.angle, 2), expected += e * e * (1 + weight), ++out.points;
    }
    before = here;
  }
  if (out.points > 0) {
    out.residual = std::sqrt(square / static_cast<double>(out.points));
    out.noise = std::sqrt(expected / static_cast<double>(out.points));
  }
  return out;
}

}  // namespace heteroglass::relaxation
