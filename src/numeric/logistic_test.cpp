#include "numeric/logistic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

Matrix ones(std::size_t n) { return {n, 1, 1.0}; }

// With an intercept alone Firth's estimate is known: p = (yes + 1/2)/(n + 1).
TEST(Logistic, InterceptAloneHasAClosedForm) {
  const Logistic r = logistic(ones(10), {true, true, true, false, false, false, false, false, false, false});
  ASSERT_TRUE(r.converged);
  EXPECT_NEAR(r.coefficient[0], std::log(3.5 / 7.5), 1e-9);
  EXPECT_EQ(r.misclassified, 3);
}

TEST(Logistic, SeparableDataStayFinite) {
  Matrix x(6, 2, 1.0);
  for (std::size_t i = 0; i < 6; ++i) x(i, 1) = double(i) - 2.5;
  const Logistic r = logistic(x, {false, false, false, true, true, true});
  ASSERT_TRUE(r.converged);
  EXPECT_NEAR(r.coefficient[0], 0, 1e-8);  // by symmetry the boundary is at 0
  EXPECT_GT(r.coefficient[1], 0.5);
  EXPECT_LT(r.coefficient[1], 5);
  EXPECT_EQ(r.misclassified, 0);
}

TEST(Logistic, RecoversCoefficientsOfASample) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> u(0, 1);
  const std::size_t n = 4000;
  Matrix x(n, 2, 1.0);
  std::vector<bool> yes;
  for (std::size_t i = 0; i < n; ++i) {
    x(i, 1) = 6 * u(random) - 3;
    yes.push_back(u(random) < 1 / (1 + std::exp(-(0.5 - 1.2 * x(i, 1)))));
  }
  const Logistic r = logistic(x, yes);
  EXPECT_NEAR(r.coefficient[0], 0.5, 4 * r.error[0]);
  EXPECT_NEAR(r.coefficient[1], -1.2, 4 * r.error[1]);
  EXPECT_LT(r.error[1], 0.1);
}

TEST(Logistic, RefusesDependentPredictors) { EXPECT_THROW(logistic(Matrix(5, 2, 1.0), {true, false, true, false, true}), NumericalError); }

}  // namespace
}  // namespace heteroglass::numeric
