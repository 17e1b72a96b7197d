#include "numeric/sign_runs.hpp"

#include <cmath>

namespace heteroglass::numeric {

double sign_runs(std::span<const double> residual) {
  double up = 0, down = 0, runs = 0;
  int last = 0;
  for (const double r : residual) {
    const int sign = r > 0 ? 1 : r < 0 ? -1 : last;
    if (sign == 0) continue;
    (sign > 0 ? up : down) += 1;
    if (sign != last) runs += 1;
    last = sign;
  }
  const double n = up + down;
  if (n < 8) return NAN;
  if (up == 0 || down == 0) return -std::sqrt(n);
  const double mean = 1 + 2 * up * down / n, variance = (mean - 1) * (mean - 2) / (n - 1);
  return variance > 0 ? (runs - mean) / std::sqrt(variance) : 0;
}

}  // namespace heteroglass::numeric
