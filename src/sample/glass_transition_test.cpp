#include "sample/glass_transition.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace heteroglass::sample {
namespace {

/// Volume per atom that kinks at t_g over a rounded width, with noise and a liquid that curves.
std::vector<double> kinked(const std::vector<double>& t, double t_g, double width, double noise, double curvature, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> gauss;
  std::vector<double> y;
  for (const double x : t) {
    const double rounded = width > 0 ? width * std::log1p(std::exp((x - t_g) / width)) : std::max(0.0, x - t_g);
    y.push_back(15.4 + 6e-4 * (x - 300) + 6e-4 * rounded + curvature * rounded * rounded + noise * gauss(random));
  }
  return y;
}

std::vector<double> grid(double from, double to, double step) {
  std::vector<double> t;
  for (double x = to; x >= from; x -= step) t.push_back(x);
  return t;
}

// Two exact lines: the crossing is exact, and so no error is left.
TEST(GlassTransition, ExactLinesCrossExactly) {
  const std::vector<double> t = grid(300, 2000, 20);
  const GlassTransition g = glass_transition(t, kinked(t, 750, 0, 0, 0, 1));
  EXPECT_NEAR(g.temperature.value, 750, 1e-6);
  EXPECT_LT(g.temperature.error, 1e-3);
  EXPECT_NEAR(g.liquid_slope, 12e-4, 1e-12);
  EXPECT_LE(g.glass_high, 750 - 75);
  EXPECT_GE(g.liquid_low, 750 + 75);
}

// With the noise of 2,000 atoms over 20 K, rounding and a curved liquid: within two and a half of its own errors, nine times in ten
// within two, and the error is neither nothing nor everything.
TEST(GlassTransition, RecoversAKinkInNoiseWithinItsError) {
  const std::vector<double> t = grid(300, 2000, 20);
  int within = 0, trials = 0;
  for (const double t_g : {650.0, 750.0, 900.0})
    for (unsigned seed = 0; seed < 10; ++seed, ++trials) {
      const GlassTransition g = glass_transition(t, kinked(t, t_g, 25, 0.01, 2e-8, seed));
      EXPECT_GT(g.temperature.error, 2);
      EXPECT_LT(g.temperature.error, 80);
      EXPECT_NEAR(g.temperature.value, t_g, 80) << g.temperature.error;
      within += std::abs(g.temperature.value - t_g) < 2 * g.temperature.error;
    }
  EXPECT_GE(within, trials * 8 / 10);
}

// Too short for other ranges: the spread over them is unknown, and a total error would pretend that it is nothing.
TEST(GlassTransition, WithoutOtherRangesThereIsNoError) {
  const std::vector<double> t = grid(700, 860, 20);
  const GlassTransition g = glass_transition(t, kinked(t, 780, 0, 1e-4, 0, 1));
  EXPECT_NEAR(g.temperature.value, 780, 10);
  EXPECT_TRUE(std::isnan(g.error_ranges));
  EXPECT_TRUE(std::isnan(g.temperature.error));
  EXPECT_EQ(g.temperature.note.find("fewer than two"), 0u) << g.temperature.note;
  EXPECT_GT(g.error_covariance, 0);
}

TEST(GlassTransition, OneLineHasNoKink) {
  const std::vector<double> t = grid(300, 2000, 20), few = {300, 400};
  std::vector<double> y;
  for (const double x : t) y.push_back(3 - 1e-9 * x * x);  // bends the wrong way
  EXPECT_TRUE(std::isnan(glass_transition(t, y).temperature.value));
  EXPECT_FALSE(glass_transition(t, y).temperature.note.empty());
  EXPECT_TRUE(std::isnan(glass_transition(few, few).temperature.value));
}

}  // namespace
}  // namespace heteroglass::sample
