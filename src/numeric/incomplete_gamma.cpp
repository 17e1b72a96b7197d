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

}  // namespace heteroglass::numeric
