#include "numeric/student_t.hpp"

#include <cmath>
#include <numbers>

namespace heteroglass::numeric {
namespace {

/// Continued fraction of the incomplete beta function, good for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  const double tiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  d = 1 / (std::abs(d) < tiny ? tiny : d);
  double h = d;
  for (int m = 1; m < 500; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d, c = 1 + even / c;
    d = 1 / (std::abs(d) < tiny ? tiny : d);
    h *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d, c = 1 + odd / c;
    d = 1 / (std::abs(d) < tiny ? tiny : d);
    h *= d * c;
    if (std::abs(d * c - 1) < 1e-15) break;
  }
  return h;
}

/// I_x(a, b); y = 1 - x is given so that it does not cancel.
double incomplete_beta(double a, double b, double x, double y) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log(y));
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, y) / b;
}

double density(double t, double n) {
  if (!std::isfinite(n)) return std::exp(-t * t / 2) / std::sqrt(2 * std::numbers::pi);
  return std::exp(std::lgamma((n + 1) / 2) - std::lgamma(n / 2) - (n + 1) / 2 * std::log1p(t * t / n)) / std::sqrt(n * std::numbers::pi);
}

}  // namespace

double student_t_probability(double t, double n) {
  if (!std::isfinite(n) || n > 1e8) return 0.5 * std::erfc(-t / std::numbers::sqrt2);
  const double tail = 0.5 * incomplete_beta(n / 2, 0.5, n / (n + t * t), t * t / (n + t * t));
  return t > 0 ? 1 - tail : tail;
}

double student_t_quantile(double p, double n) {
  if (p > 0.5) return -student_t_quantile(1 - p, n);  // the lower tail does not cancel
  double low = -1, high = 0;
  while (student_t_probability(low, n) > p) low *= 2;
  double t = low / 2;
  for (int i = 0; i < 200 && high - low > 1e-15 * std::abs(low); ++i) {
    const double miss = student_t_probability(t, n) - p;
    (miss > 0 ? high : low) = t;
    const double next = t - miss / density(t, n);
    if (std::abs(next - t) < 1e-14 * std::abs(t)) return next;
    t = next > low && next < high ? next : (low + high) / 2;
  }
  return t;
}

}  // namespace heteroglass::numeric
