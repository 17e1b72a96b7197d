#include "numeric/incomplete_gamma.hpp"

#include <cmath>

namespace heteroglass::numeric {

double incomplete_gamma_upper(double a, double x) {
  if (x <= 0) return 1;
  const double front = std::exp(a * std::log(x) - x - std::lgamma(a));
  if (x < a + 1) {
    double term = 1 / a, sum = term;
    for (int n = 1; n < 1000 && std::abs(term) > 1e-17 * std::abs(sum); ++n) term *= x / (a + n), sum += term;
    return 1 - front * sum;
  }
  double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
  for (int n = 1; n < 1000; ++n) {
    const double k = -n * (n - a);
    b += 2;
    d = 1 / (k * d + b), c = b + k / c;
    h *= d * c;
    if (std::abs(d * c - 1) < 1e-16) break;
  }
  return front * h;
}

double incomplete_gamma_tail(double s, double x) {
  if (x == 0) return s < 0 ? -1 / s : INFINITY;
  if (x >= 1) {
    double b = x + 1 - s, c = 1e300, d = 1 / b, h = d;
    for (int n = 1; n < 2000; ++n) {
      const double k = -n * (n - s);
      b += 2;
      d = 1 / (k * d + b), c = b + k / c;
      h *= d * c;
      if (std::abs(d * c - 1) < 1e-16) break;
    }
    return h;
  }
  // Gauss-Legendre, 8 points a panel
  constexpr double node[] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363};
  constexpr double weight[] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763};
  const double end = std::log1p(40 / x), panels = std::ceil(2 * end), half = end / panels / 2;
  const auto integrand = [&](double v) { return std::exp(s * v - x * std::expm1(v)); };
  double sum = 0;
  for (double p = 0; p < panels; ++p) {
    const double middle = (2 * p + 1) * half;
    for (int i = 0; i < 4; ++i) sum += weight[i] * (integrand(middle - half * node[i]) + integrand(middle + half * node[i]));
  }
  return sum * half;
}

}  // namespace heteroglass::numeric
