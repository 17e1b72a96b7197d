#include "numeric/orientation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace heteroglass::numeric {
namespace {

TEST(Orientation, PIsUniformForUniformAxes) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> angle(0, 180);
  constexpr int rounds = 4000;
  int rayleigh = 0, kuiper = 0, rayleigh_half = 0, kuiper_half = 0;
  for (int k = 0; k < rounds; ++k) {
    std::vector<double> a(25);
    for (double& x : a) x = angle(random);
    const OrientationTest t = orientation_test(a);
    rayleigh += t.rayleigh_p < 0.05, kuiper += t.kuiper_p < 0.05;
    rayleigh_half += t.rayleigh_p < 0.5, kuiper_half += t.kuiper_p < 0.5;
  }
  EXPECT_NEAR(rayleigh, 0.05 * rounds, 4 * std::sqrt(0.05 * rounds));
  EXPECT_NEAR(kuiper, 0.05 * rounds, 4 * std::sqrt(0.05 * rounds));
  EXPECT_NEAR(rayleigh_half, 0.5 * rounds, 4 * std::sqrt(0.25 * rounds));
  EXPECT_NEAR(kuiper_half, 0.5 * rounds, 0.03 * rounds);
}

TEST(Orientation, FindsOneDirectionAcrossTheEnd) {
  std::vector<double> a;
  for (int k = -10; k <= 10; ++k) a.push_back(std::fmod(178 + 2.0 * k + 180, 180));  // about 178 deg
  const OrientationTest t = orientation_test(a);
  EXPECT_LT(t.rayleigh_p, 1e-6);
  EXPECT_LT(t.kuiper_p, 1e-6);
  EXPECT_NEAR(t.mean_direction.value, 178, 1e-9);
  EXPECT_NEAR(t.mean_direction.error, std::sqrt(4.0 * 36.7 / 21), 0.5);  // sd of the angles over sqrt(n)
}

// Two crossed directions cancel in the resultant; only Kuiper sees them.
TEST(Orientation, CrossedDirections) {
  std::vector<double> a;
  for (int k = 0; k < 40; ++k) a.push_back((k % 2 ? 20 : 110) + 0.1 * k);
  const OrientationTest t = orientation_test(a);
  EXPECT_GT(t.rayleigh_p, 0.5);
  EXPECT_LT(t.kuiper_p, 1e-6);
  EXPECT_TRUE(std::isnan(orientation_test(std::vector<double>{1, 2}).rayleigh_p));
}

}  // namespace
}  // namespace heteroglass::numeric
