#include "calorimetry/enthalpy_recovery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "calorimetry/synthetic_scan.hpp"
#include "core/error.hpp"

namespace heteroglass::calorimetry {
namespace {

using test::StepScan;

std::vector<Curve> pair(const StepScan& a, const StepScan& b) { return {a.curve(), b.curve()}; }

// The exotherm of the unannealed glass is a Gaussian: area A b sqrt(2 pi), tangent onset two widths before its middle.
TEST(EnthalpyRecovery, AreaAndOnsetOfClosedForm) {
  StepScan cast, again;
  cast.relaxation = 0.08, cast.relaxation_at = 600, cast.breadth = 15;
  const EnthalpyRecovery e = enthalpy_recovery(pair(cast, again), {.rate = 20});
  EXPECT_NEAR(e.recovery_enthalpy.value, 0.08 * 15 * std::sqrt(2 * std::numbers::pi), 0.01);
  EXPECT_NEAR(e.onset.value, 570, 0.7);
  EXPECT_NEAR(e.extremum.value, 600, 0.3);
  EXPECT_EQ(e.direction, "released");
  EXPECT_LT(e.liquid_high, 725) << "crystallisation is left out";
}

TEST(EnthalpyRecovery, TheSignIsNamed) {
  StepScan cast, again;
  cast.relaxation = -0.08, cast.relaxation_at = 655, cast.breadth = 4;  // overshoot of an aged glass
  const double area = 0.08 * 4 * std::sqrt(2 * std::numbers::pi);
  const EnthalpyRecovery e = enthalpy_recovery(pair(cast, again), {.rate = 20});
  EXPECT_NEAR(e.recovery_enthalpy.value, area, 0.02);
  EXPECT_EQ(e.direction, "absorbed");
  EXPECT_NEAR(enthalpy_recovery(pair(cast, again), {.rate = 20, .sense = "released"}).recovery_enthalpy.value, -area, 0.02);
}

// A baseline that drifts between the scans by a line does not matter; with noise the error holds the truth.
TEST(EnthalpyRecovery, DriftIsAlignedAndErrorsHoldTheTruth) {
  int held = 0;
  for (unsigned k = 0; k < 20; ++k) {
    StepScan cast, again;
    cast.spacing = again.spacing = 0.25;
    cast.relaxation = 0.08, cast.noise = again.noise = 0.003, cast.seed = 2 * k + 1, again.seed = 2 * k + 2;
    again.glass += 0.02, again.slope += 5e-5;
    const EnthalpyRecovery e = enthalpy_recovery(pair(cast, again), {.rate = 20});
    held += std::abs(e.recovery_enthalpy.value - 3.008) < 2 * e.recovery_enthalpy.error;
    EXPECT_LT(e.recovery_enthalpy.error, 0.6);
  }
  EXPECT_GE(held, 17);
}

TEST(EnthalpyRecovery, GrowthIsFitted) {
  Curve c;
  c.columns = {{"time", "s", {}}, {"enthalpy", "J/g", {}}};
  for (double t = 10; t < 2e5; t *= 1.6)
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(8 * -std::expm1(-std::pow(t / 900, 0.5)));
  const EnthalpyRecovery e = enthalpy_recovery(std::span(&c, 1), {});
  EXPECT_NEAR(e.equilibrium_enthalpy.value, 8, 1e-3);
  EXPECT_NEAR(e.tau.value, 900, 0.5);
  EXPECT_NEAR(e.beta.value, 0.5, 1e-3);
  EXPECT_NEAR(e.mean_tau.value, 1800, 2);  // Gamma(2)/0.5 = 2
}

TEST(EnthalpyRecovery, TwoStepsAreTold) {
  Curve c;
  c.columns = {{"time", "s", {}}, {"enthalpy", "J/g", {}}, {"enthalpy_error", "J/g", {}}};
  int k = 0;
  for (double t = 1; t < 1e6; t *= 1.7) {
    const double truth = 3 * -std::expm1(-std::pow(t / 20, 0.8)) + 6 * -std::expm1(-std::pow(t / 2e4, 0.7));
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(truth + 0.02 * std::sin(7.0 * ++k)),
        c.columns[2].values.push_back(0.02);
  }
  const EnthalpyRecovery e = enthalpy_recovery(std::span(&c, 1), {});
  EXPECT_NEAR(e.tau.value, 20, 2);
  EXPECT_NEAR(e.second_tau.value, 2e4, 1e3);
  EXPECT_NEAR(e.second_enthalpy.value, 6, 0.1);
}

TEST(EnthalpyRecovery, SeriesOfAgedScans) {
  std::vector<Curve> curves;
  const std::vector<double> times = {100, 400, 1600, 6400, 25600};
  for (const double t : times) {
    StepScan s;
    s.spacing = 0.5, s.relaxation = -0.1 * -std::expm1(-std::pow(t / 2000, 0.6)), s.relaxation_at = 655, s.breadth = 4;
    curves.push_back(s.curve());
  }
  StepScan again;
  again.spacing = 0.5;
  curves.push_back(again.curve());
  const EnthalpyRecovery e = enthalpy_recovery(curves, {.rate = 20, .aging_times = times});
  EXPECT_NEAR(e.tau.value, 2000, 200);
  EXPECT_NEAR(e.equilibrium_enthalpy.value, 0.1 * 4 * std::sqrt(2 * std::numbers::pi), 0.05);
  EXPECT_EQ(e.scans.rows(), 5u);
  EXPECT_THROW(enthalpy_recovery(curves, {.rate = 20, .aging_times = {100}}), InputError);
}

TEST(EnthalpyRecovery, BadInput) {
  const std::vector<Curve> one = {StepScan{}.curve()};
  EXPECT_THROW(enthalpy_recovery(one, {.rate = 20}), InputError);
  EXPECT_THROW(enthalpy_recovery(pair({}, {}), {}), InputError);  // no rate
  StepScan hot;
  hot.first = 900, hot.last = 1000;
  EXPECT_THROW(enthalpy_recovery(pair({}, hot), {.rate = 20}), InputError);
  EXPECT_THROW(enthalpy_recovery({}, {}), InputError);
  const EnthalpyRecovery e = enthalpy_recovery({}, {.aging_times = {900}, .equilibrium_enthalpy = 8, .tau = 900, .beta = 0.5});
  EXPECT_NEAR(e.enthalpy_curve[0], 8 * (1 - std::exp(-1)), 1e-12);
}

}  // namespace
}  // namespace heteroglass::calorimetry
