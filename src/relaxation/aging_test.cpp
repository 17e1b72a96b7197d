#include "relaxation/aging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"

namespace heteroglass::relaxation {
namespace {

class Listener : public Context {};

Curve curve(std::vector<CurveColumn> columns) {
  Curve c;
  c.source = "test";
  c.columns = std::move(columns);
  return c;
}

double parameter(const Aging& a, const std::string& law, const std::string& name, bool error = false) {
  for (std::size_t i = 0; i < a.parameters.rows(); ++i)
    if (a.parameters.columns[0].text[i] == law && a.parameters.columns[1].text[i] == name)
      return a.parameters.columns[error ? 4 : 3].number[i];
  return NAN;
}

/// Density 6.7 g/cm^3 /(1 + c) by (4.1): a = 0.5 s, b' = 300 s, beta = 0.6.
Curve density(double noise, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Curve c = curve({{"time", "s", {0}}, {"density", "g/cm^3", {}}});
  for (double l = 1; l <= 6; l += 0.1) c.columns[0].values.push_back(std::pow(10, l));
  for (double t : c.columns[0].values)
    c.columns[1].values.push_back(6.7 / (1 + std::pow(0.5 / (300 + t), 0.6)) * (1 + noise * normal(random)));
  return c;
}

// c(0) = (0.5/300)^0.6 = 0.02155.
TEST(Aging, FitsFlowUnitKinetics) {
  const Curve c = density(1e-5, 1);
  const Aging a = aging({&c, 1});
  EXPECT_EQ(a.best, "flow-unit");
  EXPECT_EQ(a.property, "density");
  EXPECT_NEAR(a.initial_concentration.value, std::pow(0.5 / 300, 0.6), 4 * a.initial_concentration.error);
  EXPECT_LT(a.initial_concentration.error, 2e-4);
  EXPECT_NEAR(parameter(a, "flow-unit", "beta"), 0.6, 4 * parameter(a, "flow-unit", "beta", true));
  EXPECT_NEAR(parameter(a, "flow-unit", "b"), 300, 4 * parameter(a, "flow-unit", "b", true));
}

// 95 % of c(0) within 1.96 errors of 30 sets.
TEST(Aging, ErrorOfTheConcentrationCoversTheTruth) {
  int in = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Curve c = density(2e-5, seed);
    const Aging a = aging({&c, 1});
    in += std::abs(a.initial_concentration.value - std::pow(0.5 / 300, 0.6)) < 1.96 * a.initial_concentration.error;
  }
  EXPECT_GE(in, 26);
}

TEST(Aging, TellsKineticsApart) {
  Curve log = curve({{"time", "s", {}}, {"modulus", "GPa", {}}}), kww = log;
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  for (double l = 0; l <= 6; l += 0.1) {
    const double t = std::pow(10, l);
    log.columns[0].values.push_back(t), log.columns[1].values.push_back(35 * (1 + 0.004 * std::log1p(t / 10) + 1e-5 * normal(random)));
    kww.columns[0].values.push_back(t),
        kww.columns[1].values.push_back(35 * (1.05 - 0.05 * std::exp(-std::pow(t / 1e3, 0.5)) + 1e-5 * normal(random)));
  }
  EXPECT_EQ(aging({&log, 1}).best, "ln-time");
  EXPECT_NEAR(parameter(aging({&log, 1}), "ln-time", "t0"), 10, 0.5);
  const Aging k = aging({&kww, 1});
  EXPECT_EQ(k.best, "stretched-exponential");
  // The first value, at 1 s, has already gone a part of the way.
  EXPECT_NEAR(k.relative_change.value, 1.05 / (1.05 - 0.05 * std::exp(-std::sqrt(1e-3))) - 1, 1e-4);
  EXPECT_NEAR(parameter(k, "stretched-exponential", "beta"), 0.5, 0.01);
}

// 60 J/g per 1 % of volume in Zr55Cu30Ni5Al10 (74.8 g/mol): E_f = 6000 J/g x 74.8/(N_A e) = 4.65 eV.
TEST(Aging, GivesTheEnergyOfFreeVolume) {
  Curve c = curve({{"enthalpy", "J/g", {}}, {"density", "g/cm^3", {}}});
  for (double v = 0; v <= 0.002; v += 0.0004) c.columns[0].values.push_back(6000 * v), c.columns[1].values.push_back(6.8 / (1 + v));
  const Aging a = aging({&c, 1}, {.composition = "Zr55Cu30Ni5Al10"});
  const double mass = 0.55 * 91.224 + 0.30 * 63.546 + 0.05 * 58.693 + 0.10 * 26.982;
  EXPECT_NEAR(a.formation_energy.value, 6000 * mass / 96485.33, 0.002);
  EXPECT_THROW(aging({&c, 1}), InputError) << "no composition";
}

TEST(Aging, FindsTheOnsetInTheConstantLoss) {
  Curve c = curve({{"temperature", "K", {}}, {"constant_loss", "1", {}}});
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  for (double t = 200; t <= 400; t += 10) {
    c.columns[0].values.push_back(t);
    c.columns[1].values.push_back(0.01 * std::exp(0.002 * t + 0.01 * std::max(t - 310, 0.0) + 0.02 * normal(random)));
  }
  const Aging a = aging({&c, 1});
  ASSERT_EQ(a.kinks.rows(), 1u);
  EXPECT_NEAR(a.kinks.find("kink")->number[0], 310, 3 * a.kinks.find("kink_error")->number[0]);
  EXPECT_LT(a.kinks.find("kink_error")->number[0], 5);
}

// beta_KWW 0.2, rising to 0.5, constant, rising above Tg: La60Ni15Al25's stages as lines.
TEST(Aging, FindsThreeStages) {
  Curve c = curve({{"temperature", "K", {}}, {"beta_kww", "1", {}}});
  for (double t = 300; t <= 480; t += 5)
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(0.2 + 0.005 * std::clamp(t - 360, 0.0, 60.0) + 0.001 * std::sin(t));
  const Aging a = aging({&c, 1});
  ASSERT_EQ(a.kinks.rows(), 2u);
  EXPECT_NEAR(a.kinks.find("kink")->number[0], 360, 2);
  EXPECT_NEAR(a.kinks.find("kink")->number[1], 420, 2);
}

TEST(Aging, EvaluatesTheFormulaAndRefusesOtherColumns) {
  const Aging a = aging({}, {.amplitude = 1, .offset = 4, .exponent = 0.5, .times = {0, 12}});
  EXPECT_NEAR(a.initial_concentration.value, 0.5, 1e-15);
  EXPECT_NEAR(a.relative[0], 1 / 1.5, 1e-15);
  EXPECT_NEAR(a.relative[1], 1 / 1.25, 1e-15);
  const Curve c = curve({{"temperature", "K", {1, 2, 3, 4, 5, 6}}});
  EXPECT_THROW(aging({&c, 1}), InputError);
  const Curve few = curve({{"time", "s", {1, 2, 3}}, {"modulus", "GPa", {1, 2, 3}}});
  EXPECT_THROW(aging({&few, 1}), InputError);
}

}  // namespace
}  // namespace heteroglass::relaxation
