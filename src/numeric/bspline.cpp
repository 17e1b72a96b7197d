#include "numeric/bspline.hpp"

#include <algorithm>
#include <cmath>

namespace heteroglass::numeric {

BSpline::BSpline(double low, double high, std::size_t intervals)
    : low_(low), step_((high - low) / static_cast<double>(intervals)), intervals_(intervals) {}

SplineWeights BSpline::weights(double x) const {
  const double place = (x - low_) / step_;
  const double interval = std::clamp(std::floor(place), 0.0, static_cast<double>(intervals_ - 1));
  const double t = place - interval, u = 1 - t, h = 2 * step_;
  SplineWeights w;
  w.first = static_cast<std::size_t>(interval);
  w.value = {u * u * u / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * u * u * u - 6 * u * u + 4) / 6, t * t * t / 6};
  w.slope = {-u * u / h, (3 * t * t - 4 * t) / h, (4 * u - 3 * u * u) / h, t * t / h};
  return w;
}

double BSpline::value(std::span<const double> c, double x) const {
  const SplineWeights w = weights(x);
  double sum = 0;
  for (std::size_t j = 0; j < 4; ++j) sum += w.value[j] * c[w.first + j];
  return sum;
}

double BSpline::slope(std::span<const double> c, double x) const {
  const SplineWeights w = weights(x);
  double sum = 0;
  for (std::size_t j = 0; j < 4; ++j) sum += w.slope[j] * c[w.first + j];
  return sum;
}

Matrix second_difference_penalty(std::size_t n) {
  Matrix p(n, n);
  constexpr double d[3] = {1, -2, 1};
  for (std::size_t i = 0; i + 2 < n; ++i)
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < 3; ++b) p(i + a, i + b) += d[a] * d[b];
  return p;
}

}  // namespace heteroglass::numeric
