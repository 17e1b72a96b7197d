/// Quadratic problems and least squares with unknowns that must not be negative.
///
///     minimise  x^T H x / 2 - g^T x,  x >= 0          H positive definite
///     minimise  |A x - b|^2,          x >= 0
///
/// The first by block principal pivoting, which moves many unknowns between zero and free at a time and ends at the exact solution;
/// started from the pattern of a neighbouring problem it takes a few Cholesky factors. The second by the active-set method of Lawson and
/// Hanson with QR factors, for A whose normal matrix would be singular to rounding; its solutions have few entries.
/// References: Kim, Park, SIAM J. Sci. Comput. 33, 3261 (2011), doi:10.1137/110821172; Lawson, Hanson, Solving Least Squares
/// Problems, doi:10.1137/1.9781611971217.
#pragma once

#include <span>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct NonNegative {
  std::vector<double> x;
  std::vector<bool> free;  ///< which entries are not held at zero
};

/// `start`: a pattern to begin with, or empty. @throws NumericalError when H is not positive definite
NonNegative nonnegative_quadratic(const Matrix& h, std::span<const double> g, const std::vector<bool>& start = {});

std::vector<double> nonnegative_least_squares(const Matrix& a, std::span<const double> b);

}  // namespace heteroglass::numeric
