#include "numeric/size_law.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace heteroglass::numeric {
namespace {

/// Sizes of the law by rejection from a power law, as whole pixels of area 1.
std::vector<std::size_t> sample(double a, double r_c, std::size_t smallest, int n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform;
  const double r_min = std::sqrt((double(smallest) - 0.5) / std::numbers::pi);
  std::vector<std::size_t> out;
  while (out.size() < std::size_t(n)) {
    const double r = r_min * std::pow(1 - uniform(random), -1 / (a - 1));
    if (uniform(random) < std::exp(-(r - r_min) / r_c)) out.push_back(std::size_t(std::numbers::pi * r * r + 0.5));
  }
  return out;
}

TEST(SizeLaw, FindsExponentAndCutOff) {
  const SizeLaw law = size_law(sample(1.7, 10, 3, 4000, 11), 1, {.samples = 40});
  EXPECT_EQ(law.clusters, 4000u);
  EXPECT_NEAR(law.exponent.value, 1.7, 3 * law.exponent.error);
  EXPECT_LT(law.exponent.error, 0.1);
  EXPECT_NEAR(law.cutoff.value, 10, 3 * law.cutoff.error);
  EXPECT_GT(law.p_value, 0.05);
  EXPECT_LT(law.power_law_p, 1e-3);
}

// Without a cut-off: maximum likelihood of a pure power law of continuous sizes is 1 + n / sum ln(R/R_min) (Clauset 2009, eq. 3.1).
TEST(SizeLaw, PowerLawHasNoCutOff) {
  const std::vector<std::size_t> sizes = sample(2.5, INFINITY, 20, 3000, 2);
  const SizeLaw law = size_law(sizes, 4, {.min_pixels = 20, .samples = 0});
  EXPECT_NEAR(law.exponent.value, 2.5, 3 * law.exponent.error + 0.05);
  EXPECT_GT(law.power_law_p, 0.01);
  EXPECT_NEAR(law.r_min, std::sqrt(19.5 * 4 / std::numbers::pi), 1e-12);
}

// Lengths scale, the exponent does not; the cumulative is 1 at the smallest radius and falls as the closed form of a power law.
TEST(SizeLaw, ScalesWithThePixel) {
  const std::vector<std::size_t> sizes = sample(1.7, 10, 3, 500, 3);
  const SizeLaw one = size_law(sizes, 1, {.samples = 0}), nine = size_law(sizes, 9, {.samples = 0});
  EXPECT_NEAR(nine.exponent.value, one.exponent.value, 1e-9);
  EXPECT_NEAR(nine.cutoff.value, 3 * one.cutoff.value, 1e-6 * nine.cutoff.value);
  EXPECT_NEAR(one.beyond(one.r_min), 1, 1e-12);
  EXPECT_NEAR(one.beyond(4), nine.beyond(12), 1e-9);
  SizeLaw power;
  power.exponent.value = 1.7, power.cutoff.value = INFINITY, power.r_min = 2, power.clusters = 10;
  EXPECT_NEAR(power.beyond(20), std::pow(10, -0.7), 1e-9);
}

TEST(SizeLaw, RefusesAnotherLaw) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal(40, 4);
  std::vector<std::size_t> sizes;
  for (int i = 0; i < 500; ++i) sizes.push_back(std::size_t(std::max(3.0, normal(random))));
  EXPECT_LT(size_law(sizes, 1, {.samples = 40}).p_value, 0.05);
}

// One standard error covers the true exponent in two of three samples.
TEST(SizeLaw, ErrorsAreHonest) {
  int inside = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    const SizeLaw law = size_law(sample(1.7, 8, 3, 400, 100 + seed), 1, {.samples = 0});
    inside += std::abs(law.exponent.value - 1.7) < law.exponent.error;
  }
  EXPECT_GT(inside, 30);
  EXPECT_LT(inside, 52);
}

TEST(SizeLaw, SaysWhenThereIsTooLittle) {
  const std::vector<std::size_t> few = {3, 4, 5, 6};
  EXPECT_TRUE(std::isnan(size_law(few, 1).exponent.value));
  EXPECT_FALSE(size_law(few, 1).exponent.note.empty());
}

}  // namespace
}  // namespace heteroglass::numeric
