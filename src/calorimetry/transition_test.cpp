#include "calorimetry/transition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "calorimetry/dsc.hpp"
#include "calorimetry/dsc_model.hpp"

namespace heteroglass::calorimetry {
namespace {

constexpr double kj = 8.31446261815324e-3;  // kJ/mol per K

struct Glass {
  double fictive = 0;
  DscModel model;
};

/// A metallic glass near 680 K, cooled and heated at 20 K/min.
const Glass& glass() {
  static const Glass once = [] {
    DscModelOptions o;
    o.ln_a = -95, o.activation_energy = 68000 * kj, o.x = 0.6, o.beta = 0.6, o.history = "760K, 450K@20K/min, 760K@20K/min";
    Glass g;
    g.model = dsc_model({}, o), g.fictive = g.model.fictive_temperature;
    return g;
  }();
  return once;
}

/// Its scan on a baseline with a slope, and with an exotherm (70 J/g) that begins near `crystallises`.
Curve scan_of(double drift, double crystallises, double noise, unsigned seed) {
  const DscModel& m = glass().model;
  Curve c;
  c.source = "glass";
  c.columns = {{"temperature", "K", {}}, {"heat_flow", "W/g", {}}};
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  const double peak = crystallises + 8;
  for (double t = 450.05; t < (crystallises < 760 ? 850 : 760); t += 0.1) {
    const auto i = std::min(m.temperature.size() - 1, static_cast<std::size_t>(std::lround((t - 450.05) / 0.1)));
    double cp = 0.35 + (1.5e-4 + drift) * (t - 450) + (0.14 - 5e-5 * (t - 680)) * m.cp_normalised[i];
    if (crystallises < 760) cp -= 4 * std::exp(-std::pow((t - peak) / (t < peak ? 5 : 9), 2) / 2) + 0.12 / (1 + std::exp(-(t - peak) / 3));
    c.columns[0].values.push_back(t), c.columns[1].values.push_back((cp + noise * normal(random)) * 20 / 60);
  }
  return c;
}

Dsc run(const Curve& c, Context& context = Context::quiet()) { return dsc(std::span(&c, 1), {.rate = 20}, context); }

// A line added to the heat capacity adds to both lines alike: nothing that is read between them may change.
TEST(Transition, DriftOfTheBaselineChangesNothing) {
  const Dsc level = run(scan_of(0, 900, 0.003, 2));
  for (const double drift : {-4e-4, 6e-4}) {
    const Dsc d = run(scan_of(drift, 900, 0.003, 2));
    EXPECT_NEAR(d.liquid_low, level.liquid_low, 0.5) << drift;
    EXPECT_NEAR(d.cp_step.value, level.cp_step.value, 1e-3) << drift;
    EXPECT_NEAR(d.fictive_temperature.value, level.fictive_temperature.value, 0.2) << drift;
  }
  EXPECT_NEAR(level.fictive_temperature.value, glass().fictive, 2);
}

TEST(Transition, FictiveTemperatureUnderAnOvershoot) {
  int held = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const Dsc d = run(scan_of(-2e-4, 900, 0.003, seed));
    held += std::abs(d.fictive_temperature.value - glass().fictive) < 2 * d.fictive_temperature.error;
  }
  EXPECT_GE(held, 9);
}

// The overshoot has not ended when crystallisation begins: a short liquid line between the two falls, and a warning.
TEST(Transition, CrystallisationThatOverlapsTheOvershoot) {
  for (const double begins : {740.0, 725.0}) {
    Context context;
    const Dsc d = run(scan_of(-4e-4, begins, 0.003, 2), context);
    EXPECT_NEAR(d.glass_transition_onset.value, 678.1, 1) << begins;
    EXPECT_NEAR(d.cp_step.value, 0.14, 0.05) << begins;
    EXPECT_NEAR(d.crystallisation_onset.value, begins - 2, 2) << begins;
    EXPECT_NEAR(d.crystallisation_enthalpy.value, 4 * 7 * std::sqrt(2 * M_PI), 3) << begins;
    EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("overlaps"))) << begins;
  }
}

}  // namespace
}  // namespace heteroglass::calorimetry
