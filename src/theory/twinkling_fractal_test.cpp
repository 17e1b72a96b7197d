#include "theory/twinkling_fractal.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace heteroglass::theory {
namespace {

constexpr double r = 8.31446261815324e-3;

// Cold: p_s -> 1. Hot: the density of states alone, (1 - sqrt(3/4)) / 1 = 0.13397.
TEST(TwinklingFractal, LimitsOfTheSolidFraction) {
  EXPECT_NEAR(twinkling_fractal({.temperature = 50}).solid_fraction.value, 1, 1e-6);
  EXPECT_NEAR(twinkling_fractal({.temperature = 1e7}).solid_fraction.value, 1 - std::sqrt(0.75), 1e-3);
}

// Independent quadrature by midpoints in E with the inverse square root at its end.
TEST(TwinklingFractal, SolidFractionByAnotherQuadrature) {
  const double t = 0.25;
  double inside = 0, all = 0;
  const int n = 400000;
  for (int k = 0; k < n; ++k) {
    const double e = (k + 0.5) / n, g = std::exp(-e / t) / std::sqrt(1 - e);
    all += g, inside += e < 0.25 ? g : 0;
  }
  EXPECT_NEAR(twinkling_fractal({.bond_energy = 20, .temperature = t * 20 / r}).solid_fraction.value, inside / all, 1e-4);
}

TEST(TwinklingFractal, ThresholdSetsTheGlassTransition) {
  const TwinklingFractal t = twinkling_fractal({.bond_energy = 25});
  EXPECT_NEAR(twinkling_fractal({.bond_energy = 25, .temperature = t.glass_transition.value}).solid_fraction.value, 0.5, 1e-9);
  EXPECT_NEAR(t.glass_transition_rule.value, 2.0 / 9 * 25 / r, 1e-9);
  EXPECT_NEAR(t.rule_difference.value, t.glass_transition.value - t.glass_transition_rule.value, 1e-9);
  EXPECT_NEAR(twinkling_fractal({.bond_energy = 50}).glass_transition.value, 2 * t.glass_transition.value, 1e-6);
}

// Slope d_f - 1 = 1/3 in log-log; without activation the integral up to the Debye frequency is 1.
TEST(TwinklingFractal, SpectrumOfFractons) {
  const TwinklingFractal t = twinkling_fractal({.activation_coefficient = 0});
  EXPECT_NEAR(std::log(t.spectrum[60] / t.spectrum[10]) / std::log(t.frequency[60] / t.frequency[10]), 1.0 / 3, 1e-12);
  double sum = 0;
  for (std::size_t i = 1; i < t.frequency.size(); ++i)
    sum += (t.spectrum[i] + t.spectrum[i - 1]) / 2 * (t.frequency[i] - t.frequency[i - 1]);
  EXPECT_NEAR(sum, 1, 0.01);
  EXPECT_NEAR(t.mean_frequency.value, 4.0 / 7 * 3e13, 1e3);
}

TEST(TwinklingFractal, ErrorsAndActivation) {
  const TwinklingFractal t = twinkling_fractal({.bond_energy = 25, .errors = {{"bond_energy", 2.5}}});
  EXPECT_NEAR(t.glass_transition.error / t.glass_transition.value, 0.1, 1e-6);
  const double tg = t.glass_transition.value;
  EXPECT_NEAR(t.activation_energy.value, 1.26e-3 * 0.44 * tg * tg, 1e-6);
}

}  // namespace
}  // namespace heteroglass::theory
