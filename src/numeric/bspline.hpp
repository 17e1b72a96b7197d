/// Cubic B-splines on equidistant knots: a smooth curve whose values are linear in its coefficients.
///
///     f(x) = sum_j c_j B_j(x),   four B_j differ from zero at any x and sum to 1
///
/// With a penalty on second differences of neighbouring c_j (P-splines) the number of knots does not matter once it is large
/// enough: the penalty decides how smooth f is; its null space are straight lines. Beyond the ends f goes on as the cubic of the
/// outermost interval. Cost O(1) a value. Source: Eilers, Marx, Stat. Sci. 11, 89 (1996), doi:10.1214/ss/1038425655.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "core/value.hpp"

namespace heteroglass::numeric {

/// The four weights of a value (or of a derivative), for coefficients first ... first + 3.
struct SplineWeights {
  std::size_t first = 0;
  std::array<double, 4> value{}, slope{};
};

class BSpline {
 public:
  /// `intervals` >= 1 between low < high.
  BSpline(double low, double high, std::size_t intervals);

  std::size_t size() const { return intervals_ + 3; }
  double low() const { return low_; }
  double high() const { return low_ + step_ * static_cast<double>(intervals_); }
  double step() const { return step_; }

  SplineWeights weights(double x) const;
  double value(std::span<const double> coefficients, double x) const;
  double slope(std::span<const double> coefficients, double x) const;

 private:
  double low_, step_;
  std::size_t intervals_;
};

/// D^T D of the second differences of n coefficients.
Matrix second_difference_penalty(std::size_t n);

}  // namespace heteroglass::numeric
