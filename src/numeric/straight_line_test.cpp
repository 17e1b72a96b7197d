#include "numeric/straight_line.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

// y = 1, 3, 2 at x = 0, 1, 2: slope 1/2, intercept 3/2, residuals -1/2, 1, -1/2, variance 3/2, so var(slope) = 1.5 / 2.
TEST(StraightLine, ThreePointsByHand) {
  const std::vector<double> x = {0, 1, 2}, y = {1, 3, 2};
  const StraightLine l = straight_line(x, y);
  EXPECT_DOUBLE_EQ(l.slope, 0.5);
  EXPECT_DOUBLE_EQ(l.intercept(), 1.5);
  EXPECT_DOUBLE_EQ(l.slope_measured().error, std::sqrt(0.75));
  EXPECT_DOUBLE_EQ(l.residual_sd, std::sqrt(1.5));
}

TEST(StraightLine, GivenErrorsAreNotScaledByTheScatter) {
  const std::vector<double> x = {0, 1, 2}, y = {1, 3, 2}, error = {0.1, 0.1, 0.1};
  EXPECT_NEAR(straight_line(x, y, error).slope_measured().error, 0.1 / std::sqrt(2.0), 1e-15);
}

TEST(StraightLine, TwoPointsHaveNoError) {
  const std::vector<double> x = {0, 1}, y = {1, 3};
  EXPECT_TRUE(std::isnan(straight_line(x, y).slope_measured().error));
  EXPECT_THROW(straight_line(std::vector<double>{1, 1}, y), NumericalError);
}

// Noise that remembers 0.9 of the point before has (1 + 0.9) / (1 - 0.9) = 19 times the variance of the mean.
TEST(StraightLine, CorrelatedResidualsWidenTheError) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  double slopes = 0, errors = 0;
  const int trials = 200;
  for (int t = 0; t < trials; ++t) {
    std::vector<double> x, y;
    double r = 0;
    for (int i = 0; i < 400; ++i) x.push_back(i), y.push_back(r = 0.8 * r + normal(random));
    const StraightLine l = straight_line(x, y, {}, true);
    slopes += l.slope * l.slope / trials, errors += l.variance_slope / trials;
  }
  EXPECT_NEAR(std::sqrt(slopes / errors), 1, 0.2);
}

// Quantiles of Student's t, as tables of statistics print them.
TEST(StraightLine, StudentQuantiles) {
  EXPECT_NEAR(student_95(1), 12.7062, 1e-4);
  EXPECT_NEAR(student_95(6), 2.44691, 1e-5);
  EXPECT_NEAR(student_95(10), 2.22814, 1e-5);
  EXPECT_NEAR(student_95(11), 2.20099, 3e-4);
  EXPECT_NEAR(student_95(100), 1.98397, 2e-5);
}

}  // namespace
}  // namespace heteroglass::numeric
