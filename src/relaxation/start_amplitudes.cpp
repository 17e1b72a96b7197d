#include "relaxation/start_amplitudes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace heteroglass::relaxation {

double start_amplitudes(const std::vector<std::span<const double>>& columns, std::span<const double> y, std::vector<double>& x) {
  const std::size_t m = columns.size();
  const double total = std::inner_product(y.begin(), y.end(), y.begin(), 0.0);
  std::vector<double> normal(m * m), right(m);
  for (std::size_t a = 0; a < m; ++a) {
    right[a] = std::inner_product(y.begin(), y.end(), columns[a].begin(), 0.0);
    for (std::size_t b = 0; b <= a; ++b)
      normal[a * m + b] = normal[b * m + a] = std::inner_product(columns[a].begin(), columns[a].end(), columns[b].begin(), 0.0);
  }
  x.assign(m, 0);
  for (int pass = 0; pass < 200; ++pass) {
    double change = 0;
    for (std::size_t a = 0; a < m; ++a) {
      if (normal[a * m + a] <= 0) continue;
      double gradient = right[a];
      for (std::size_t b = 0; b < m; ++b) gradient -= normal[a * m + b] * x[b];
      const double next = std::max(0.0, x[a] + gradient / normal[a * m + a]);
      change = std::max(change, std::abs(next - x[a]) * std::sqrt(normal[a * m + a]));
      x[a] = next;
    }
    if (change < 1e-6 * std::sqrt(total)) break;
  }
  double squares = total;
  for (std::size_t a = 0; a < m; ++a) {
    squares -= 2 * x[a] * right[a];
    for (std::size_t b = 0; b < m; ++b) squares += x[a] * x[b] * normal[a * m + b];
  }
  return squares;
}

}  // namespace heteroglass::relaxation
