#include "numeric/nonnegative.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace heteroglass::numeric {
namespace {

Matrix random_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Matrix a(rows, columns);
  for (double& v : a.values) v = normal(random);
  return a;
}

/// Gradient of |A x - b|^2 / 2.
std::vector<double> gradient(const Matrix& a, const std::vector<double>& b, const std::vector<double>& x) {
  std::vector<double> g(a.columns, 0);
  for (std::size_t i = 0; i < a.rows; ++i) {
    double r = -b[i];
    for (std::size_t j = 0; j < a.columns; ++j) r += a(i, j) * x[j];
    for (std::size_t j = 0; j < a.columns; ++j) g[j] += a(i, j) * r;
  }
  return g;
}

// Karush-Kuhn-Tucker: x >= 0, gradient >= 0, and one of the two is zero; both methods agree.
TEST(NonNegative, SolutionsMeetTheConditionsOfTheOptimum) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Matrix a = random_matrix(30, 20, seed);
    const std::vector<double> b = random_matrix(30, 1, seed + 100).values;
    Matrix h(20, 20);
    for (std::size_t i = 0; i < 20; ++i)
      for (std::size_t j = 0; j < 20; ++j)
        for (std::size_t k = 0; k < 30; ++k) h(i, j) += a(k, i) * a(k, j);
    std::vector<double> right = gradient(a, b, std::vector<double>(20, 0));
    for (double& v : right) v = -v;
    const std::vector<double> x = nonnegative_least_squares(a, b);
    const NonNegative q = nonnegative_quadratic(h, right);
    const std::vector<double> g = gradient(a, b, x);
    for (std::size_t j = 0; j < 20; ++j) {
      EXPECT_GE(x[j], 0);
      EXPECT_GE(g[j], -1e-9);
      EXPECT_NEAR(x[j] * g[j], 0, 1e-9);
      EXPECT_NEAR(q.x[j], x[j], 1e-8);
    }
    const NonNegative again = nonnegative_quadratic(h, right, q.free);
    EXPECT_EQ(again.free, q.free);
  }
}

// [[2, 0], [0, 1]], g = (2, -1): x = (1, 0).
TEST(NonNegative, HoldsAnUnknownAtZero) {
  Matrix h(2, 2);
  h.values = {2, 0, 0, 1};
  const std::vector<double> g = {2, -1};
  const NonNegative q = nonnegative_quadratic(h, g);
  EXPECT_NEAR(q.x[0], 1, 1e-15);
  EXPECT_EQ(q.x[1], 0);
  EXPECT_FALSE(q.free[1]);
}

}  // namespace
}  // namespace heteroglass::numeric
