#include "calorimetry/dsc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "calorimetry/synthetic_scan.hpp"
#include "core/error.hpp"

namespace heteroglass::calorimetry {
namespace {

using test::StepScan;

Dsc run(const Curve& c, const DscOptions& o = {.rate = 20}, Context& context = Context::quiet()) {
  return dsc(std::span(&c, 1), o, context);
}

TEST(Dsc, StepAndExothermOfClosedForm) {
  const StepScan s;
  const Dsc d = run(s.curve());
  EXPECT_NEAR(d.glass_transition_midpoint.value, 650, 0.05);
  EXPECT_NEAR(d.glass_transition_onset.value, 644, 0.5);  // the tangent is a chord over a tenth of the transition
  EXPECT_NEAR(d.glass_transition_endset.value, 656, 0.5);
  EXPECT_NEAR(d.cp_step.value, 0.15, 1e-3);
  EXPECT_NEAR(d.fictive_temperature.value, 650, 0.1);
  EXPECT_NEAR(d.crystallisation_peak.value, 740, 0.2);
  EXPECT_NEAR(d.crystallisation_onset.value, 730, 0.5);
  EXPECT_NEAR(d.crystallisation_enthalpy.value, 4 * 5 * std::sqrt(2 * std::numbers::pi), 0.3);
  EXPECT_NEAR(d.supercooled_range.value, 86, 1);
}

TEST(Dsc, ErrorsHoldTheTruthUnderNoise) {
  const double clean_onset = run(StepScan{}.curve()).glass_transition_onset.value;
  int midpoint = 0, onset = 0, step = 0, fictive = 0, enthalpy = 0;
  const int trials = 30;
  for (unsigned k = 0; k < trials; ++k) {
    StepScan s;
    s.noise = 0.004, s.seed = 100 + k, s.spacing = 0.25;
    const Dsc d = run(s.curve());
    midpoint += std::abs(d.glass_transition_midpoint.value - 650) < 2 * d.glass_transition_midpoint.error;
    onset += std::abs(d.glass_transition_onset.value - clean_onset) < 2 * d.glass_transition_onset.error;
    step += std::abs(d.cp_step.value - 0.15) < 2 * d.cp_step.error;
    fictive += std::abs(d.fictive_temperature.value - 650) < 2 * d.fictive_temperature.error;
    enthalpy += std::abs(d.crystallisation_enthalpy.value - 50.13) < 2 * d.crystallisation_enthalpy.error;
    EXPECT_LT(d.glass_transition_midpoint.error, 1);
    EXPECT_LT(d.cp_step.error, 0.02);
  }
  // Two standard errors hold 95 % of normal deviates; 30 trials scatter by 4 %.
  for (const int held : {midpoint, onset, step, fictive, enthalpy}) EXPECT_GE(held, 25) << midpoint << onset << step << fictive << enthalpy;
}

// A glass with more enthalpy: the exotherm of relaxation has the area A b sqrt(2 pi), and lifts T_f by that over the step.
TEST(Dsc, RelaxationBelowTheTransitionRaisesTheFictiveTemperature) {
  StepScan s;
  s.relaxation = 0.05, s.relaxation_at = 590, s.breadth = 12;
  const Dsc d = run(s.curve());
  const double lifted = 650 + 0.05 * 12 * std::sqrt(2 * std::numbers::pi) / 0.15;
  EXPECT_NEAR(d.fictive_temperature.value, lifted, 0.5);
  EXPECT_LT(d.glass_high, 565) << "the glass line stays out of the relaxation";
  EXPECT_NEAR(d.crystallisation_peak.value, 740, 0.2) << "relaxation is not crystallisation";
}

TEST(Dsc, RelaxationAloneIsNotCrystallisation) {
  StepScan s;
  s.depth = 0, s.last = 720, s.relaxation = 0.08, s.noise = 0.001;
  const Dsc d = run(s.curve());
  EXPECT_TRUE(std::isnan(d.crystallisation_onset.value));
  EXPECT_NEAR(d.glass_transition_midpoint.value, 650, 1);
}

TEST(Dsc, LevelThatDropsUnderASigmoidalBaseline) {
  StepScan s;
  s.drop = 0.3;
  DscOptions o{.rate = 20};
  o.exotherm_baseline = "sigmoidal";
  EXPECT_NEAR(run(s.curve(), o).crystallisation_enthalpy.value, 50.13, 0.6);
}

TEST(Dsc, CoolingScanGivesTheSameCurve) {
  Curve up = StepScan{.depth = 0}.curve(), down = up;
  for (CurveColumn& c : down.columns) std::reverse(c.values.begin(), c.values.end());
  for (double& v : down.columns[1].values) v = -v;  // heat flows out
  const Dsc a = run(up), b = run(down);
  EXPECT_NEAR(a.glass_transition_midpoint.value, b.glass_transition_midpoint.value, 1e-6);
  EXPECT_NEAR(a.cp_step.value, b.cp_step.value, 1e-9);
  EXPECT_LT(b.rate, 0);
}

TEST(Dsc, RateComesFromTimeAndMustAgree) {
  Curve c = StepScan{}.curve();
  CurveColumn time{"time", "s", {}};
  for (const double t : c.columns[0].values) time.values.push_back((t - 500) * 3);
  c.columns.push_back(time);
  EXPECT_NEAR(run(c, {}).cp_step.value, 0.15, 1e-3);
  EXPECT_THROW(run(c, {.rate = 20 * 60}), InputError);  // K/s taken for K/min
}

TEST(Dsc, WithoutARateThereAreTemperaturesButNoHeats) {
  Context context;
  const Curve c = StepScan{}.curve();
  const Dsc d = dsc(std::span(&c, 1), {}, context);
  EXPECT_NEAR(d.glass_transition_midpoint.value, 650, 0.05);
  EXPECT_NEAR(d.fictive_temperature.value, 650, 0.1);
  EXPECT_TRUE(std::isnan(d.cp_step.value));
  EXPECT_TRUE(std::isnan(d.crystallisation_enthalpy.value));
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("give --rate")));
}

TEST(Dsc, ScanThatEndsInsideTheCrystallisation) {
  Context context;
  StepScan s;
  s.last = 735;
  const Dsc d = run(s.curve(), {.rate = 20}, context);
  EXPECT_NEAR(d.crystallisation_onset.value, 730, 2);
  EXPECT_TRUE(std::isnan(d.crystallisation_enthalpy.value));
  EXPECT_LT(d.liquid_high, 725);
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("ends inside the crystallisation")));
}

TEST(Dsc, OverlappingCrystallisationIsSaid) {
  Context context;
  StepScan s;
  s.peak = 685, s.sigma = 6;
  const Dsc d = run(s.curve(), {.rate = 20}, context);
  EXPECT_NEAR(d.glass_transition_onset.value, 644, 2);
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("overlaps")));
}

TEST(Dsc, NoGlassLineNoTransition) {
  StepScan s;
  s.first = 641;
  EXPECT_THROW(run(s.curve()), InputError);
  StepScan flat;
  flat.step = 0, flat.depth = 0, flat.noise = 0.002;
  EXPECT_THROW(run(flat.curve()), InputError);
  EXPECT_THROW(dsc({}, {}), InputError);
}

// Melting of a pure metal: a sharp peak, after which c_p is what it was.
TEST(Dsc, MeltingIsGivenWithoutAGlassTransition) {
  StepScan s;
  s.step = 0, s.depth = -40, s.sigma = 1.5, s.noise = 0.002, s.peak = 640;
  Context context;
  const Dsc d = run(s.curve(), {.rate = 20}, context);
  EXPECT_TRUE(std::isnan(d.glass_transition_onset.value));
  EXPECT_FALSE(d.glass_transition_onset.note.empty());
  EXPECT_NEAR(d.melting_peak.value, 640, 0.2);
  EXPECT_NEAR(d.melting_onset.value, 637, 0.3);
  EXPECT_NEAR(d.liquidus.value, 643, 0.3);
  EXPECT_NEAR(d.melting_enthalpy.value, 40 * 1.5 * std::sqrt(2 * std::numbers::pi), 2);
  EXPECT_TRUE(std::isnan(d.crystallisation_onset.value));
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("no glass transition")));
}

/// Cooling at 6 K/min through an undercooled melt that warms itself by some kelvin when it freezes: 160 J/g within 40 s, from 600 K on.
Curve freezing() {
  Curve c;
  c.source = "freezing";
  c.columns = {{"temperature", "K", {}}, {"time", "s", {}}, {"heat_flow", "W/g", {}}};
  const double start = 1000;
  for (double t = 0; t <= 2000; t += 0.5) {
    const double u = t - start, x = std::clamp(u / 40, 0.0, 1.0);
    const double warmed = u > 0 ? 7 * (1 - std::exp(-u / 4)) * std::exp(-u / 25) : 0;
    c.columns[0].values.push_back(700 - 0.1 * t + warmed), c.columns[1].values.push_back(t);
    c.columns[2].values.push_back(-0.05 - 8 * std::pow(std::sin(std::numbers::pi * x), 2));
  }
  return c;
}

TEST(Dsc, FreezingWithRecalescenceIsOneScan) {
  Context context;
  const Dsc d = run(freezing(), {}, context);
  EXPECT_NEAR(d.temperature.front(), 500, 0.1);
  EXPECT_NEAR(d.temperature.back(), 700, 0.1);
  EXPECT_NEAR(d.crystallisation_enthalpy.value, 160, 4) << "the heat is an integral over time";
  EXPECT_NEAR(d.crystallisation_peak.value, 600, 6);
  EXPECT_GE(d.crystallisation_onset.value, d.crystallisation_peak.value);
  EXPECT_TRUE(std::isnan(d.glass_transition_onset.value));
  EXPECT_TRUE(std::isnan(d.melting_onset.value));
  EXPECT_THAT(context.warnings(), testing::Not(testing::Contains(testing::HasSubstr("turns around"))));
}

TEST(Dsc, RangesOutsideTheScanAreRefused) {
  EXPECT_THROW(run(StepScan{}.curve(), {.rate = 20, .liquid_low = 820, .liquid_high = 840}), InputError);
  EXPECT_THROW(run(StepScan{}.curve(), {.rate = 20, .glass_low = 400}), InputError);
  DscOptions o{.rate = 20};
  o.exotherm_low = 720, o.exotherm_high = 900;
  EXPECT_THROW(run(StepScan{}.curve(), o), InputError);
}

TEST(Dsc, ImplausibleStepIsNoGlassTransition) {
  StepScan s;
  s.step = 12, s.depth = 80;
  Context context;
  const Dsc d = run(s.curve(), {.rate = 20}, context);
  EXPECT_TRUE(std::isnan(d.cp_step.value));
  EXPECT_TRUE(std::isnan(d.glass_transition_onset.value));
  EXPECT_TRUE(std::isfinite(d.crystallisation_onset.value));
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("wrong mass")));
}

TEST(Dsc, GivenRangesAreUsed) {
  DscOptions o{.rate = 20};
  o.glass_low = 540, o.glass_high = 610, o.liquid_low = 680, o.liquid_high = 715;
  o.exotherm_low = 718, o.exotherm_high = 762;
  const Dsc d = run(StepScan{}.curve(), o);
  EXPECT_EQ(d.glass_low, 540);
  EXPECT_EQ(d.liquid_high, 715);
  EXPECT_NEAR(d.crystallisation_enthalpy.value, 50.13, 0.2);
}

}  // namespace
}  // namespace heteroglass::calorimetry
