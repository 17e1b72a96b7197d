/// Value and slope of scattered data at a place, from a line through the points around it.
#pragma once

#include <span>

#include "numeric/straight_line.hpp"

namespace heteroglass::numeric {

/// x ascending. The line through the points within `half` of `at`, or the nearest four; its errors count the correlation of residuals.
StraightLine local_line(std::span<const double> x, std::span<const double> y, double at, double half);

}  // namespace heteroglass::numeric
