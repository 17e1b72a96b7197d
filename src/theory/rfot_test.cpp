#include "theory/rfot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace heteroglass::theory {
namespace {

TEST(Rfot, BarrierIs32OverTheEntropy) {
  const Rfot r = rfot({}, {.entropy = 0.9});
  EXPECT_NEAR(r.barrier.value, 32 / 0.9, 1e-12);
  EXPECT_NEAR(r.prefactor.value, 32, 1e-12);
  EXPECT_NEAR(r.surface_tension.value, std::sqrt(32 / (3 * std::numbers::pi)), 1e-12);
}

// The barrier is the maximum of the drawn F(r), and F vanishes at xi; xi/r* = 2^{2/3} at th = 3/2.
TEST(Rfot, DropletHasItsTopAndItsZeroThere) {
  const Rfot r = rfot({}, {.entropy = 0.9});
  EXPECT_NEAR(*std::max_element(r.free_energy.begin(), r.free_energy.end()), r.barrier.value, 0.01);
  EXPECT_NEAR(r.correlation_length.value / r.critical_radius.value, std::pow(2, 2.0 / 3), 1e-12);
  EXPECT_GT(r.region_beads.value, 80);
  EXPECT_LT(r.region_beads.value, 200);
}

// 100 s with 1 ps: s_c = 32 / ln(1e14) = 0.9927.
TEST(Rfot, EntropyAtTheGlassTransition) {
  const Rfot r = rfot({}, {.entropy = 0.9});
  EXPECT_NEAR(r.entropy_glass.value, 32 / std::log(1e14), 1e-12);
  EXPECT_NEAR(rfot({}, {.entropy = r.entropy_glass.value}).log10_relaxation_time.value, 2, 1e-12);
  EXPECT_NEAR(rfot({}, {.entropy = 0.8, .theta = 2}).entropy_glass.value, rfot({}, {.entropy = 1.1, .theta = 2}).entropy_glass.value, 1e-9);
}

// Fragility by a difference of log10 tau(T), at constant heat capacity: slope 14.0 Dc_p at s_c(T_g).
TEST(Rfot, FragilityIsTheSlope) {
  RfotOptions o{.cp_step = 2.5, .glass_transition = 600, .kauzmann_temperature = 420};
  o.heat_capacity = "constant";
  const Rfot r = rfot({}, o);
  RfotOptions up = o, down = o;
  up.temperature = 600.1, down.temperature = 599.9;
  const double slope =
      (rfot({}, up).log10_relaxation_time.value - rfot({}, down).log10_relaxation_time.value) / (600 / 600.1 - 600 / 599.9);
  EXPECT_NEAR(r.fragility.value, slope, 1e-4 * slope);
}

// (5.9): the length of the glass goes as (T_g - T_K)^{-2/3} near T_K.
TEST(Rfot, LengthOfTheGlassDivergesAtTheKauzmannTemperature) {
  const auto length = [](double tg) {
    return rfot({}, {.cp_step = 2, .glass_transition = tg, .kauzmann_temperature = 500}).correlation_length.value;
  };
  EXPECT_NEAR(std::log(length(500.2) / length(500.1)) / std::log(2.0), -2.0 / 3, 1e-3);
}

TEST(Rfot, FitFindsThePrefactor) {
  Curve c;
  c.columns = {{"temperature", "K", {}}, {"relaxation_time", "s", {}}};
  for (double t = 600; t < 760; t += 10) {
    const double s = 2.0 * 600 * (1 / 430.0 - 1 / t);
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(1e-12 * std::exp(25 / s));
  }
  const Rfot r = rfot(std::span(&c, 1), {.cp_step = 2, .glass_transition = 600});
  EXPECT_NEAR(r.prefactor.value, 25, 0.01);
  EXPECT_NEAR(r.kauzmann_temperature.value, 430, 0.1);
  EXPECT_NEAR(r.log10_tau0.value, -12, 0.01);
}

TEST(Rfot, ErrorsAndBadInput) {
  EXPECT_NEAR(rfot({}, {.entropy = 0.9, .errors = {{"entropy", 0.09}}}).barrier.error, 3.59, 0.05);
  EXPECT_THROW(rfot({}, {}), InputError);
  EXPECT_THROW(rfot({}, {.temperature = 400, .cp_step = 2, .glass_transition = 600, .kauzmann_temperature = 430}), InputError);
}

}  // namespace
}  // namespace heteroglass::theory
