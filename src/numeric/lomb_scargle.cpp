#include "numeric/lomb_scargle.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace heteroglass::numeric {
namespace {

constexpr double two_pi = 2 * std::numbers::pi;

/// Cosine and sine at each point, their means taken off, and their second moments.
struct Waves {
  std::vector<double> c, s;
  double cc = 0, ss = 0, cs = 0, mean_c = 0, mean_s = 0;

  Waves(std::span<const double> x, double f) {
    const double n = double(x.size());
    for (const double v : x) c.push_back(std::cos(two_pi * f * v)), s.push_back(std::sin(two_pi * f * v));
    for (std::size_t i = 0; i < c.size(); ++i) mean_c += c[i] / n, mean_s += s[i] / n;
    for (std::size_t i = 0; i < c.size(); ++i) {
      c[i] -= mean_c, s[i] -= mean_s;
      cc += c[i] * c[i], ss += s[i] * s[i], cs += c[i] * s[i];
    }
  }
  double determinant() const { return cc * ss - cs * cs; }
};

}  // namespace

Matrix lomb_scargle(std::span<const double> x, const Matrix& series, std::span<const double> frequency) {
  const std::size_t n = x.size();
  std::vector<double> square(series.rows, 0), mean(series.rows, 0);
  for (std::size_t k = 0; k < series.rows; ++k) {
    for (std::size_t i = 0; i < n; ++i) mean[k] += series(k, i) / double(n);
    for (std::size_t i = 0; i < n; ++i) square[k] += (series(k, i) - mean[k]) * (series(k, i) - mean[k]);
  }
  Matrix power(series.rows, frequency.size());
#pragma omp parallel for schedule(static)
  for (std::int64_t f = 0; f < std::int64_t(frequency.size()); ++f) {
    const Waves w(x, frequency[std::size_t(f)]);
    const double d = w.determinant();
    for (std::size_t k = 0; k < series.rows; ++k) {
      const double* y = series.values.data() + k * n;
      double yc = 0, ys = 0;  // waves have no mean, so that of y does not matter
      for (std::size_t i = 0; i < n; ++i) yc += y[i] * w.c[i], ys += y[i] * w.s[i];
      const double p = d > 0 && square[k] > 0 ? (w.ss * yc * yc + w.cc * ys * ys - 2 * w.cs * yc * ys) / (d * square[k]) : 0;
      power(k, std::size_t(f)) = std::clamp(p, 0.0, 1.0);
    }
  }
  return power;
}

double false_alarm(double p, std::span<const double> x, double f_max) {
  const double n = double(x.size());
  double mean = 0, variance = 0;
  for (const double v : x) mean += v / n;
  for (const double v : x) variance += (v - mean) * (v - mean) / n;
  if (n < 5) return NAN;
  const double gamma = std::sqrt(2 / (n - 1)) * std::exp(std::lgamma((n - 1) / 2) - std::lgamma((n - 2) / 2));
  const double single = std::pow(1 - p, (n - 3) / 2), width = f_max * std::sqrt(4 * std::numbers::pi * variance);
  const double tau = gamma * width * std::pow(1 - p, (n - 4) / 2) * std::sqrt((n - 1) * p / 2);
  return single + (1 - single) * -std::expm1(-tau);
}

double Sine::at(double x, double f) const { return mean + a * std::cos(two_pi * f * x) + b * std::sin(two_pi * f * x); }
double Sine::amplitude() const { return std::hypot(a, b); }

Sine best_sine(std::span<const double> x, std::span<const double> y, double f) {
  const Waves w(x, f);
  double yc = 0, ys = 0, mean = 0;
  for (std::size_t i = 0; i < x.size(); ++i) yc += y[i] * w.c[i], ys += y[i] * w.s[i], mean += y[i] / double(x.size());
  const double d = w.determinant();
  Sine s;
  if (d > 0) s.a = (w.ss * yc - w.cs * ys) / d, s.b = (w.cc * ys - w.cs * yc) / d;
  s.mean = mean - s.a * w.mean_c - s.b * w.mean_s;
  return s;
}

}  // namespace heteroglass::numeric
