#include "relaxation/loss_peak.hpp"

#include <cmath>
#include <numbers>
#include <vector>

namespace heteroglass::relaxation {

std::optional<LossPeak> loss_peak(const std::function<double(double)>& loss, double low, double high) {
  const int n = 400;
  const double step = (high - low) / n;
  std::vector<double> y;
  int top = 0;
  for (int i = 0; i <= n; ++i) {
    y.push_back(loss(low + i * step));
    if (y.back() > y[static_cast<std::size_t>(top)]) top = i;
  }
  if (top == 0 || top == n) return std::nullopt;
  double a = low + (top - 1) * step, b = low + (top + 1) * step;
  for (int i = 0; i < 60; ++i) {  // golden section
    const double c = b - (b - a) / std::numbers::phi, d = a + (b - a) / std::numbers::phi;
    if (loss(c) > loss(d))
      b = d;
    else
      a = c;
  }
  LossPeak p;
  p.log_omega = (a + b) / 2;
  p.height = loss(p.log_omega);
  const auto half = [&](int direction) {
    int i = top;
    while (i + direction >= 0 && i + direction <= n && y[static_cast<std::size_t>(i)] > p.height / 2) i += direction;
    if (y[static_cast<std::size_t>(i)] > p.height / 2) return double(NAN);
    double in = low + (i - direction) * step, out = low + i * step;
    for (int k = 0; k < 60; ++k) (loss((in + out) / 2) > p.height / 2 ? in : out) = (in + out) / 2;
    return std::abs(out - p.log_omega) / std::numbers::ln10;
  };
  const double left = half(-1), right = half(1);
  p.width = left + right;
  p.skewness = right / left;
  return p;
}

}  // namespace heteroglass::relaxation
