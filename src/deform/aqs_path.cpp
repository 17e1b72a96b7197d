#include "deform/aqs_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/vec3.hpp"

namespace heteroglass::deform {
namespace {

struct Slope {
  double value = NAN, error = NAN;
};

/// Least squares y = a + b x + c x^2: slope b at x = 0.
Slope parabola_slope(std::span<const double> x, std::span<const double> y) {
  const double scale = std::abs(x.back());
  Mat3 m;
  Vec3 v;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double t = x[k] / scale, p[3] = {1, t, t * t};
    for (std::size_t i = 0; i < 3; ++i) {
      v[i] += p[i] * y[k];
      for (std::size_t j = 0; j < 3; ++j) m[i][j] += p[i] * p[j];
    }
  }
  const Mat3 back = inverse(m);
  const Vec3 c = back * v;
  double squares = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double t = x[k] / scale;
    squares += std::pow(y[k] - c.x - c.y * t - c.z * t * t, 2);
  }
  const double variance = x.size() > 3 ? squares / double(x.size() - 3) * back[1][1] : 0;
  return {c.y / scale, std::sqrt(std::max(0.0, variance)) / scale};
}

}  // namespace

std::vector<double> straight_path(double end, double step) {
  const auto n = std::max(1L, std::lround(std::ceil(std::abs(end) / step - 1e-9)));
  std::vector<double> path;
  for (long k = 0; k < n; ++k) path.push_back(std::copysign(double(k) * step, end));
  path.push_back(end);
  path.front() = 0;
  return path;
}

std::vector<double> cyclic_path(double amplitude, double step, int cycles) {
  const auto n = std::max(1L, std::lround(std::ceil(amplitude / step - 1e-9)));
  std::vector<double> path = {0};
  const auto leg = [&](long from, long to) {
    for (long k = from; k != to;) k += to > from ? 1 : -1, path.push_back(amplitude * double(k) / double(n));
  };
  for (int c = 0; c < cycles; ++c) leg(0, n), leg(n, -n), leg(-n, 0);
  return path;
}

std::size_t nearest(const std::vector<double>& path, double strain) {
  const auto at =
      std::min_element(path.begin(), path.end(), [&](double a, double b) { return std::abs(a - strain) < std::abs(b - strain); });
  return static_cast<std::size_t>(at - path.begin());
}

Measured initial_slope(std::span<const double> strain, std::span<const double> stress, std::size_t end) {
  std::size_t n = 0;
  while (n < std::min(end, strain.size()) && (n < 5 || std::abs(strain[n]) <= 1e-3 * (1 + 1e-9))) {
    if (n > 0 && std::abs(strain[n]) < std::abs(strain[n - 1])) break;  // turned round
    ++n;
  }
  if (n < 4) return {NAN, NAN, fmt::format("a parabola needs 4 points before the first drop, got {}", n)};
  const Slope all = parabola_slope(strain.first(n), stress.first(n));
  double error = all.error;
  if (n >= 8) error = std::max(error, 0.5 * std::abs(all.value - parabola_slope(strain.first(n / 2), stress.first(n / 2)).value));
  return {all.value, error, fmt::format("parabola through {} points up to a strain of {:.2g}", n, strain[n - 1])};
}

}  // namespace heteroglass::deform
