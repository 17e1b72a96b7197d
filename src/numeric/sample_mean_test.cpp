#include "numeric/sample_mean.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace heteroglass::numeric {
namespace {

TEST(SampleMean, IsTheStandardErrorOfTheMean) {
  const std::vector<double> x = {16, 18};
  EXPECT_DOUBLE_EQ(sample_mean(x, "").value, 17);
  EXPECT_DOUBLE_EQ(sample_mean(x, "").error, 1);
  const Measured one = sample_mean(std::vector<double>{4}, "why");
  EXPECT_EQ(one.note, "why");
  EXPECT_TRUE(std::isnan(one.error));
}

// A first-order autoregressive series of correlation 0.9 has an error (1 + 0.9) / (1 - 0.9) = 19 times larger in variance than
// independent rows would have; blocks see it.
TEST(BlockMean, SeesTheCorrelation) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> gauss;
  const double rho = 0.9;
  double ratio = 0;
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<double> x(10000);
    double v = 0;
    for (double& y : x) y = v = rho * v + std::sqrt(1 - rho * rho) * gauss(random);
    ratio += std::pow(block_mean(x, 10).error, 2) / (19.0 / 10000) / 50;
  }
  EXPECT_NEAR(ratio, 1, 0.25);
}

}  // namespace
}  // namespace heteroglass::numeric
