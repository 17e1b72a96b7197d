#include "numeric/covariance_factor.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

// A = [[4, 2], [2, 5]]: L = [[2, 0], [1, 2]], det 16, inverse [[5, -2], [-2, 4]] / 16.
TEST(CovarianceFactor, OfTwoByTwo) {
  Matrix a(2, 2);
  a.values = {4, 2, 2, 5};
  const CovarianceFactor c(a);
  EXPECT_NEAR(std::exp(c.log_determinant()), 16, 1e-12);
  const Matrix inverse = c.inverse();
  EXPECT_NEAR(inverse(0, 0), 5.0 / 16, 1e-15);
  EXPECT_NEAR(inverse(0, 1), -2.0 / 16, 1e-15);
  const std::vector<double> b = {2, 3}, x = c.solve(b), w = c.whiten(b), u = c.colour(b);
  EXPECT_NEAR(x[0], (5 * 2 - 2 * 3) / 16.0, 1e-15);
  EXPECT_NEAR(x[1], (-2 * 2 + 4 * 3) / 16.0, 1e-15);
  EXPECT_NEAR(w[0], 1, 1e-15);
  EXPECT_NEAR(w[1], 1, 1e-15);
  EXPECT_NEAR(u[1], 1.5, 1e-15);
  EXPECT_NEAR(u[0], (2 - 1.5) / 2, 1e-15);
}

TEST(CovarianceFactor, RefusesAnIndefiniteMatrix) {
  Matrix a(2, 2);
  a.values = {1, 2, 2, 1};
  EXPECT_THROW(CovarianceFactor{a}, NumericalError);
}

}  // namespace
}  // namespace heteroglass::numeric
