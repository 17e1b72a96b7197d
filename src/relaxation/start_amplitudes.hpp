/// Least squares with non-negative coefficients for a handful of columns, by coordinate descent on the normal equations.
///
///     minimise |y - sum_k x_k a_k|^2,  x_k >= 0
///
/// For start values, where thousands of such problems are tried; numeric/nonnegative.hpp is exact and for many unknowns.
#pragma once

#include <span>
#include <vector>

namespace heteroglass::relaxation {

/// Coefficients into `x`; returns the sum of squares left. `columns` all have the length of `y`.
double start_amplitudes(const std::vector<std::span<const double>>& columns, std::span<const double> y, std::vector<double>& x);

}  // namespace heteroglass::relaxation
