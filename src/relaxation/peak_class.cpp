#include "relaxation/peak_class.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace heteroglass::relaxation {

std::string peak_class(const std::function<double(double)>& total, double at, double low, double high, double within, double step) {
  low = std::min(low, at - 3 * within), high = std::max(high, at + 3 * within);
  const auto n = static_cast<std::size_t>(std::ceil((high - low) / step)) + 1;
  std::vector<double> y;
  for (std::size_t i = 0; i < n; ++i) y.push_back(std::log(std::max(total(low + static_cast<double>(i) * step), 1e-300)));
  const auto place = [&](double x) {
    return static_cast<std::size_t>(std::clamp((x - low) / step + 0.5, 1.0, static_cast<double>(n - 2)));
  };
  const std::size_t centre = place(at), from = place(at - within), to = place(at + within);
  for (std::size_t i = from; i <= to; ++i)
    if (y[i] > y[i - 1] && y[i] >= y[i + 1]) return "resolved peak";
  std::size_t main = 1;
  for (std::size_t i = 1; i + 1 < n; ++i)
    if (y[i] > y[main]) main = i;
  const auto curvature = [&](std::size_t i) { return (y[i + 1] - 2 * y[i] + y[i - 1]) / (step * step); };
  bool concave = false, convex = false;
  for (std::size_t i = from; i <= to; ++i) concave = concave || curvature(i) < -1e-3;
  for (std::size_t i = std::min(main, centre) + 1; i < std::max(main, centre); ++i) convex = convex || curvature(i) > 1e-3;
  return concave && convex ? "shoulder" : "excess wing";
}

std::string peak_name(double t) { return t > 0.93 ? "alpha" : t > 0.6 ? "slow beta" : "fast beta'"; }

}  // namespace heteroglass::relaxation
