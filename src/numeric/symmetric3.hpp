/// Eigenvalues of a symmetric 3x3 matrix, ascending, by the trigonometric solution of its cubic; xx, yy, zz, yz, xz, xy.
/// Accurate to about 1e-8 of the largest. Source: Smith, Commun. ACM 4, 168 (1961), doi:10.1145/355578.366316.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace heteroglass::numeric {

inline std::array<double, 3> eigenvalues_symmetric3(const std::array<double, 6>& m) {
  const double mean = (m[0] + m[1] + m[2]) / 3, off = m[3] * m[3] + m[4] * m[4] + m[5] * m[5];
  const double a = m[0] - mean, b = m[1] - mean, c = m[2] - mean, p = std::sqrt((a * a + b * b + c * c + 2 * off) / 6);
  if (p == 0) return {mean, mean, mean};
  const double det = (a * b * c + 2 * m[3] * m[4] * m[5] - a * m[3] * m[3] - b * m[4] * m[4] - c * m[5] * m[5]) / (p * p * p);
  const double angle = std::acos(std::clamp(det / 2, -1.0, 1.0)) / 3;
  const double top = mean + 2 * p * std::cos(angle), bottom = mean + 2 * p * std::cos(angle + 2 * std::numbers::pi / 3);
  return {bottom, 3 * mean - top - bottom, top};
}

}  // namespace heteroglass::numeric
