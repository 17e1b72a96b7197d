/// A straight line through points, with the errors of what is read off it.
///
///     y = mean_y + slope (x - mean_x)
///
/// Without errors of the points the covariance is scaled by the scatter, chi^2 / (n - 2); `correlated` multiplies it by
/// (1 + rho) / (1 - rho), rho the correlation of successive residuals, for points of a recorded curve that follow each other closely.
/// Two points leave no scatter: the errors are NaN then, unless errors of the points are given. Cost O(points).
/// Source: Bevington, Robinson, Data Reduction and Error Analysis (2003), chapter 6.
#pragma once

#include <cstddef>
#include <span>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct StraightLine {
  double mean_x = 0, mean_y = 0, slope = 0;
  double variance_mean = 0, variance_slope = 0;  ///< mean_y and slope are not correlated
  double residual_sd = 0;                        ///< scatter about the line
  double correlation = 0;                        ///< of successive residuals, as found
  std::size_t points = 0;

  double at(double x) const { return mean_y + slope * (x - mean_x); }
  double intercept() const { return at(0); }
  double variance(double x) const { return variance_mean + variance_slope * (x - mean_x) * (x - mean_x); }
  Measured slope_measured() const;
  Measured intercept_measured() const;
};

/// @param error standard errors of y; empty: all alike and unknown.
/// @throws NumericalError when there are fewer than two points or all x are the same
StraightLine straight_line(std::span<const double> x, std::span<const double> y, std::span<const double> error = {},
                           bool correlated = false);

/// The quantile of Student's t for a two-sided 95 % interval; NaN without degrees of freedom.
double student_95(std::size_t degrees_of_freedom);

}  // namespace heteroglass::numeric
