#include "calorimetry/debye_einstein.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace heteroglass::calorimetry {
namespace {

constexpr double r = constants::gas_constant;

// 12 pi^4 / 5 R (T / theta)^3 when cold, 3 R (1 - u^2 / 20) when hot; at u = 1 the Debye function D3(1) = 0.6744155640778147 (Abramowitz, Stegun
// table 27.1 to its digits) gives C / 3R = 4 D3 - 3 / (e - 1) = 0.951732.
TEST(DebyeEinstein, HeatsOfTheTwoSpectra) {
  EXPECT_NEAR(debye_heat(300, 1) / (2.4 * std::pow(std::numbers::pi, 4) * r / 2.7e7), 1, 1e-6);
  EXPECT_NEAR(debye_heat(300, 3000) / (3 * r * (1 - 0.01 / 20)), 1, 1e-6);
  EXPECT_NEAR(debye_heat(100, 100) / (3 * r), 4 * 0.6744155640778147 - 3 / (std::numbers::e - 1), 1e-7);
  EXPECT_NEAR(einstein_heat(100, 100) / (3 * r), 0.25 / std::pow(std::sinh(0.5), 2), 1e-12);
  EXPECT_EQ(einstein_heat(1000, 1), 0);
  EXPECT_NEAR(einstein_heat(1e-3, 100), 3 * r, 1e-9);
}

Curve measured(double fraction, double noise, double gamma = 4e-3) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> n;
  Curve c;
  c.source = "made";
  c.columns = {{"temperature", "K", {}}, {"heat_capacity", "J/(mol K)", {}}};
  for (double t = 2; t < 60; t *= 1.08) {
    const double value = gamma * t + (1 - fraction) * debye_heat(260, t) + fraction * einstein_heat(70, t);
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(value * (1 + noise * n(random)));
  }
  return c;
}

TEST(DebyeEinstein, FindsWhatMadeTheData) {
  const Curve c = measured(0.04, 0.01);
  const DebyeEinstein f = debye_einstein(std::span(&c, 1));
  EXPECT_TRUE(f.converged);
  const auto close = [](const Measured& m, double truth, double most) {
    EXPECT_NEAR(m.value, truth, 3 * m.error);
    EXPECT_LT(m.error, most * truth);
    EXPECT_GT(m.error, 0);
  };
  close(f.debye_temperature, 260, 0.02);
  close(f.einstein_temperature, 70, 0.05);
  close(f.einstein_fraction, 0.04, 0.2);
  close(f.sommerfeld, 4e-3, 0.05);
  EXPECT_GT(f.excess_needed, 100);
  EXPECT_NEAR(f.rms_residual, 0.01, 0.004);
  EXPECT_NEAR(f.boson_peak_temperature.value, 70 / 5.0, 2);
  EXPECT_GT(f.boson_peak_height.value, 1.1);
  EXPECT_NEAR(f.einstein_frequency.value, 70 / 47.992430733, 0.02 * 70 / 48);  // 1 THz is 47.99 K
}

TEST(DebyeEinstein, SeesNoExcessWhereThereIsNone) {
  const Curve c = measured(0, 0.01);
  Context context;
  EXPECT_LT(debye_einstein(std::span(&c, 1), {}, context).excess_needed, 10);
  EXPECT_FALSE(context.warnings().empty());
}

// Half of all modes near 200 K hide what is below: the oscillator takes them, and there is no hump.
TEST(DebyeEinstein, SaysWhenTheOscillatorIsNoBosonPeak) {
  Curve c = measured(0, 0.001, 0);
  for (std::size_t i = 0; i < c.size(); ++i)
    c.columns[1].values[i] = 0.3 * debye_heat(120, c.columns[0].values[i]) + 0.7 * einstein_heat(200, c.columns[0].values[i]);
  Context context;
  const DebyeEinstein f = debye_einstein(std::span(&c, 1), {.electrons = false}, context);
  EXPECT_NEAR(f.einstein_fraction.value, 0.7, 0.01);
  EXPECT_TRUE(std::isnan(f.boson_peak_temperature.value));
  ASSERT_EQ(context.warnings().size(), 1U);
  EXPECT_NE(context.warnings()[0].find("no hump"), std::string::npos);
}

TEST(DebyeEinstein, WithoutElectronsAndWithoutAFile) {
  const Curve c = measured(0.04, 0.005, 0);
  const DebyeEinstein f = debye_einstein(std::span(&c, 1), {.electrons = false});
  EXPECT_EQ(f.sommerfeld.value, 0);
  EXPECT_NEAR(f.debye_temperature.value, 260, 3 * f.debye_temperature.error);
  const DebyeEinstein formula = debye_einstein({}, {.einstein_fraction = 0, .temperatures = {1}});
  EXPECT_NEAR(formula.fit[0], debye_heat(250, 1), 1e-15);
}

TEST(DebyeEinstein, BadDataAreRefused) {
  Curve c = measured(0.04, 0);
  c.columns[1].values[3] = -1;
  EXPECT_THROW(debye_einstein(std::span(&c, 1)), InputError);
  for (CurveColumn& column : c.columns) column.values.resize(3);
  EXPECT_THROW(debye_einstein(std::span(&c, 1)), InputError);
  EXPECT_THROW(debye_einstein({}, {.temperatures = {-1}}), InputError);
}

}  // namespace
}  // namespace heteroglass::calorimetry
