#include "numeric/lomb_scargle.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace heteroglass::numeric {
namespace {

std::vector<double> uneven(std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> u;
  std::vector<double> x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(double(i) + 0.8 * u(random));
  return x;
}

// A sine with an offset at uneven points is all there is at its frequency.
TEST(LombScargle, FindsASineWithAnOffset) {
  const std::vector<double> x = uneven(120, 1);
  Matrix y(1, x.size());
  for (std::size_t i = 0; i < x.size(); ++i) y(0, i) = 50 + 2 * std::sin(2 * std::numbers::pi * 0.073 * x[i] + 0.4);
  const Matrix p = lomb_scargle(x, y, std::vector<double>{0.05, 0.073, 0.1});
  EXPECT_NEAR(p(0, 1), 1, 1e-12);
  EXPECT_LT(p(0, 0), 0.1);
  const Sine s = best_sine(x, y.values, 0.073);
  EXPECT_NEAR(s.mean, 50, 1e-10);
  EXPECT_NEAR(s.amplitude(), 2, 1e-10);
  EXPECT_NEAR(s.at(x[7], 0.073), y(0, 7), 1e-10);
}

// White noise: the share of series whose highest peak has FAP < 10 % is 10 % or, the bound being one, somewhat less.
TEST(LombScargle, FalseAlarmsOfWhiteNoise) {
  const std::vector<double> x = uneven(80, 2);
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  Matrix y(600, x.size());
  for (double& v : y.values) v = normal(random);
  std::vector<double> f;
  for (int k = 4; k <= 160; ++k) f.push_back(k * 0.25 / 80);
  const Matrix p = lomb_scargle(x, y, f);
  double alarms = 0;
  for (std::size_t k = 0; k < y.rows; ++k)
    alarms += false_alarm(
                  *std::max_element(p.values.begin() + std::ptrdiff_t(k * f.size()), p.values.begin() + std::ptrdiff_t((k + 1) * f.size())),
                  x, f.back()) < 0.1;
  EXPECT_LT(alarms / 600, 0.13);
  EXPECT_GT(alarms / 600, 0.04);
}

}  // namespace
}  // namespace heteroglass::numeric
