#include "numeric/straight_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

const char* note_of(double variance) { return std::isfinite(variance) ? "covariance of a line" : "two points leave no scatter"; }

}  // namespace

Measured StraightLine::slope_measured() const { return {slope, std::sqrt(variance_slope), note_of(variance_slope)}; }
Measured StraightLine::intercept_measured() const { return {intercept(), std::sqrt(variance(0)), note_of(variance_slope)}; }

StraightLine straight_line(std::span<const double> x, std::span<const double> y, std::span<const double> error, bool correlated) {
  if (x.size() < 2) throw NumericalError(fmt::format("straight line: must have at least 2 points, got {}", x.size()));
  StraightLine l;
  l.points = x.size();
  const auto weight = [&](std::size_t i) { return error.empty() ? 1.0 : 1 / (error[i] * error[i]); };
  double sum = 0, sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += weight(i), l.mean_x += weight(i) * x[i], l.mean_y += weight(i) * y[i];
  l.mean_x /= sum, l.mean_y /= sum;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - l.mean_x;
    sxx += weight(i) * dx * dx, sxy += weight(i) * dx * (y[i] - l.mean_y);
  }
  if (!(sxx > 0)) throw NumericalError(fmt::format("straight line: x must differ between points, got {} everywhere", x[0]));
  l.slope = sxy / sxx;
  double chi2 = 0, squares = 0, lagged = 0, before = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double r = y[i] - l.at(x[i]);
    chi2 += weight(i) * r * r, squares += r * r, lagged += r * before, before = r;
  }
  const double degrees = static_cast<double>(x.size()) - 2;
  l.residual_sd = degrees > 0 ? std::sqrt(squares / degrees) : NAN;
  l.correlation = squares > 0 ? std::clamp(lagged / squares, 0.0, 0.98) : 0;
  double scale = error.empty() ? (degrees > 0 ? chi2 / degrees : NAN) : 1;
  if (correlated) scale *= (1 + l.correlation) / (1 - l.correlation);
  l.variance_mean = scale / sum, l.variance_slope = scale / sxx;
  return l;
}

double student_95(std::size_t degrees_of_freedom) {
  if (degrees_of_freedom == 0) return NAN;
  constexpr double few[] = {12.7062047364, 4.30265272991, 3.18244630528, 2.77644510520, 2.57058183661,
                            2.44691185114, 2.36462425159, 2.30600413520, 2.26215716280, 2.22813885196};
  if (degrees_of_freedom <= std::size(few)) return few[degrees_of_freedom - 1];
  // Cornish-Fisher expansion about the normal quantile; 1e-4 relative from 11 degrees on.
  const double z = 1.959963984540054, n = static_cast<double>(degrees_of_freedom), z2 = z * z;
  return z * (1 + (z2 + 1) / (4 * n) + (5 * z2 * z2 + 16 * z2 + 3) / (96 * n * n) +
              (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / (384 * n * n * n));
}

}  // namespace heteroglass::numeric
