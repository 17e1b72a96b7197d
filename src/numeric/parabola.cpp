#include "numeric/parabola.hpp"

#include <cmath>

#include "core/vec3.hpp"

namespace heteroglass::numeric {

Vertex parabola(std::span<const double> x, std::span<const double> y, std::span<const double> error) {
  // Centred and scaled, so that the normal equations are well conditioned.
  const double middle = 0.5 * (x.front() + x.back()), half = 0.5 * (x.back() - x.front());
  Mat3 normal;
  Vec3 right;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double t = (x[k] - middle) / half, w = 1 / (error[k] * error[k]);
    const Vec3 f{1, t, t * t};
    for (std::size_t i = 0; i < 3; ++i) {
      right[i] += w * f[i] * y[k];
      for (std::size_t j = 0; j < 3; ++j) normal[i][j] += w * f[i] * f[j];
    }
  }
  const Mat3 covariance = inverse(normal);
  const Vec3 c = covariance * right;
  const double t0 = -c[1] / (2 * c[2]);
  const Vec3 by_position{0, -1 / (2 * c[2]), c[1] / (2 * c[2] * c[2])}, by_value{1, t0, t0 * t0};
  Vertex v;
  v.position = {middle + half * t0, half * std::sqrt(dot(by_position, covariance * by_position)), "parabola"};
  v.value = {c[0] + 0.5 * c[1] * t0, std::sqrt(dot(by_value, covariance * by_value)), "parabola"};
  v.curvature = c[2] / (half * half);
  v.inside = std::abs(t0) <= 1;
  return v;
}

}  // namespace heteroglass::numeric
