#include "theory/two_order_parameter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace heteroglass::theory {
namespace {

constexpr double r = 8.31446261815324e-3;  // kJ/(mol K)

TEST(TwoOrderParameter, OrderIsABoltzmannFactor) {
  const TwoOrderParameter t = two_order_parameter({}, {.energy_gain = 25, .degeneracy_ratio = 0.01, .temperature = 600});
  const double odds = 0.01 * std::exp(25 / (r * 600));
  EXPECT_NEAR(t.order.value, odds / (1 + odds), 1e-12);
  EXPECT_NEAR(t.half_temperature.value, 25 / (r * std::log(100)), 1e-9);
}

// Pressure works against structures that take more room: P DV of 1 GPa 10 A^3 is 6.022 kJ/mol.
TEST(TwoOrderParameter, PressureShiftsTheBalance) {
  const TwoOrderParameter a = two_order_parameter({}, {.energy_gain = 25, .pressure = 1, .volume_gain = 10, .temperature = 600}),
                          b = two_order_parameter({}, {.energy_gain = 25 - 6.02214076, .temperature = 600});
  EXPECT_NEAR(a.order.value, b.order.value, 1e-12);
}

// xi/xi_0 = (T/T_0 - 1)^{-2/3}; tau = tau_0 exp[D T_0/(T - T_0)] in two and three dimensions.
TEST(TwoOrderParameter, GrowthOfOrderIsVogelFulcher) {
  for (const int d : {2, 3}) {
    const TwoOrderParameter t = two_order_parameter(
        {}, {.temperature = 600, .ideal_temperature = 400, .strength = 12, .tau0 = 1e-13, .length0 = 3, .dimension = d});
    EXPECT_NEAR(t.correlation_length.value, 3 * std::pow(0.5, -2.0 / d), 1e-12);
    EXPECT_NEAR(t.log10_relaxation_time.value, -13 + 12 * 400 / 200.0 / std::numbers::ln10, 1e-12);
  }
}

TEST(TwoOrderParameter, FertileZonesGrowFaster) {
  double before = 0;
  for (const double fertility : {0.1, 0.5, 1.0, 5.0}) {
    const double rate = two_order_parameter({}, {.fertility = fertility, .growth_prefactor = 2}).growth_rate.value;
    EXPECT_NEAR(rate, 2 * fertility / (1 + fertility), 1e-15);
    EXPECT_GT(rate, before);
    EXPECT_LT(rate, 2);
    before = rate;
  }
}

TEST(TwoOrderParameter, FitGivesBackTheLaw) {
  Curve c;
  c.columns = {{"temperature", "K", {}}, {"relaxation_time", "s", {}}};
  for (double t = 570; t < 800; t += 12)
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(1e-13 * std::exp(5200 / (t - 390)));
  const TwoOrderParameter t = two_order_parameter(std::span(&c, 1), {});
  EXPECT_NEAR(t.ideal_temperature.value, 390, 0.01);
  EXPECT_NEAR(t.strength.value, 5200 / 390.0, 1e-3);
}

TEST(TwoOrderParameter, BadInput) {
  EXPECT_THROW(two_order_parameter({}, {}), InputError);
  EXPECT_THROW(two_order_parameter({}, {.temperature = 300, .ideal_temperature = 400}), InputError);
}

}  // namespace
}  // namespace heteroglass::theory
