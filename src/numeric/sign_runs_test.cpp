#include "numeric/sign_runs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace heteroglass::numeric {
namespace {

// + + - - + + - -: 4 runs, n+ = n- = 4: mu = 5, sigma^2 = 4*3/7.
TEST(SignRuns, HandCountedSequence) {
  EXPECT_NEAR(sign_runs(std::vector<double>{1, 2, -1, -3, 0.5, 1, -1, -1}), (4 - 5) / std::sqrt(12.0 / 7), 1e-14);
}

TEST(SignRuns, IsStandardNormalForNoise) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal;
  double sum = 0, squares = 0;
  for (int trial = 0; trial < 400; ++trial) {
    std::vector<double> r(100);
    for (double& v : r) v = normal(random);
    const double z = sign_runs(r);
    sum += z / 400, squares += z * z / 400;
  }
  EXPECT_NEAR(sum, 0, 0.15);
  EXPECT_NEAR(squares, 1, 0.2);
}

TEST(SignRuns, SeesAWave) {
  std::vector<double> r;
  for (int i = 0; i < 60; ++i) r.push_back(std::sin(i * 0.2));
  EXPECT_LT(sign_runs(r), -4);
  EXPECT_TRUE(std::isnan(sign_runs(std::vector<double>{1, -1})));
}

}  // namespace
}  // namespace heteroglass::numeric
