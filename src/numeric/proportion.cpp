#include "numeric/proportion.hpp"

#include <cmath>
#include <limits>

namespace heteroglass::numeric {

double proportion_error(std::size_t k, std::size_t n) {
  if (n == 0) return std::numeric_limits<double>::quiet_NaN();
  const double a = double(k) + 0.5, b = double(n - k) + 0.5;
  return std::sqrt(a * b / (a + b + 1)) / (a + b);
}

Measured mean(std::span<const double> values) {
  double sum = 0, squares = 0;
  std::size_t n = 0;
  for (double v : values)
    if (!std::isnan(v)) sum += v, ++n;
  Measured m;
  m.note = "standard error of the mean, atoms taken as independent";
  if (n == 0) return m;
  m.value = sum / double(n);
  for (double v : values)
    if (!std::isnan(v)) squares += (v - m.value) * (v - m.value);
  if (n > 1) m.error = std::sqrt(squares / double(n - 1) / double(n));
  return m;
}

}  // namespace heteroglass::numeric
