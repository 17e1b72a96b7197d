#include "probes/red_noise.hpp"

#include <cmath>
#include <cstddef>

namespace heteroglass::probes {
namespace {

/// -2 log-likelihood up to a constant, and the variance at its best.
double deviance(std::span<const double> x, std::span<const double> y, double length, double& variance) {
  double sum = y[0] * y[0], logs = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const double keep = std::exp(-(x[i] - x[i - 1]) / length), fresh = -std::expm1(-2 * (x[i] - x[i - 1]) / length);
    sum += (y[i] - keep * y[i - 1]) * (y[i] - keep * y[i - 1]) / fresh, logs += std::log(fresh);
  }
  variance = sum / double(x.size());
  return double(x.size()) * std::log(variance) + logs;
}

}  // namespace

RedNoise red_noise(std::span<const double> x, std::span<const double> y) {
  const double whole = x.back() - x.front(), step = whole / double(x.size() - 1);
  // A scan for the best length, then golden section around it.
  double best = INFINITY, at = 0, variance = 0;
  constexpr double ratio = 1.3;
  for (double l = 0.05 * step; l < whole; l *= ratio)
    if (const double d = deviance(x, y, l, variance); d < best) best = d, at = l;
  double a = std::log(at / ratio), b = std::log(at * ratio);
  for (int k = 0; k < 40; ++k) {
    const double u = a + 0.381966 * (b - a), v = b - 0.381966 * (b - a);
    (deviance(x, y, std::exp(u), variance) < deviance(x, y, std::exp(v), variance) ? b : a) =
        deviance(x, y, std::exp(u), variance) < deviance(x, y, std::exp(v), variance) ? v : u;
  }
  RedNoise r;
  r.length = std::exp(0.5 * (a + b));
  deviance(x, y, r.length, variance);
  r.deviation = std::sqrt(variance);
  return r;
}

std::vector<double> RedNoise::sample(std::span<const double> x, std::mt19937_64& random) const {
  std::normal_distribution<double> normal;
  std::vector<double> y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double apart = i == 0 ? INFINITY : x[i] - x[i - 1], keep = std::exp(-apart / length);
    y.push_back((i == 0 ? 0 : keep * y[i - 1]) + deviation * std::sqrt(-std::expm1(-2 * apart / length)) * normal(random));
  }
  return y;
}

}  // namespace heteroglass::probes
