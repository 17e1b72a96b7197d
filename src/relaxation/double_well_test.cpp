#include "relaxation/double_well.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "core/error.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double k = 8.617333262145179e-5;

Curve series(const std::vector<double>& tau, const std::vector<double>& loss, double error = 0) {
  Curve c;
  c.source = "series";
  c.columns = {{"relaxation_time", "s", tau}, {"loss_maximum", "GPa", loss}};
  if (error > 0) {
    c.columns.push_back({"relaxation_time_error", "s", tau}), c.columns.push_back({"loss_maximum_error", "GPa", loss});
    for (std::size_t i = 2; i < 4; ++i)
      for (double& v : c.columns[i].values) v *= error;
  }
  c.properties["temperature"] = {343, "K"};
  return c;
}

/// States of wells with U = a D, with relative noise.
Curve aged(double a, double noise, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> tau, loss;
  for (const double d : {0.26, 0.27, 0.28, 0.29, 0.30, 0.31}) {
    const DoubleWell w = double_well({}, {.barrier = a * d, .asymmetry = d, .temperature = 343, .tau0 = 1e-13, .loss0 = 2});
    tau.push_back(w.relaxation_time.value * (1 + noise * normal(random))),
        loss.push_back(w.loss_maximum.value * (1 + noise * normal(random)));
  }
  return series(tau, loss, noise);
}

// reference/formulas.json: U 0.7 eV, D 0.3 eV, 343 K, 1e-13 s, 2 GPa.
TEST(DoubleWell, GivesTheReferenceNumbers) {
  const DoubleWell w = double_well({}, {.barrier = 0.7, .asymmetry = 0.3, .temperature = 343, .tau0 = 1e-13, .loss0 = 2});
  EXPECT_NEAR(w.relaxation_time.value, 0.003857221896818655, 1e-12);
  EXPECT_NEAR(w.loss_maximum.value, 0.000312670406982319, 1e-14);
}

// Symmetric wells: tau = tau0 e^{U/kT}, G'' = G''_0.
TEST(DoubleWell, OfSymmetricWells) {
  const DoubleWell w = double_well({}, {.barrier = 0.5, .asymmetry = 0, .temperature = 300, .tau0 = 1e-13, .loss0 = 3});
  EXPECT_NEAR(w.relaxation_time.value / (1e-13 * std::exp(0.5 / (k * 300))), 1, 1e-12);
  EXPECT_DOUBLE_EQ(w.loss_maximum.value, 3);
}

TEST(DoubleWell, ReturnsTheWellsThatWerePutIn) {
  const Curve c = aged(2, 0, 1);
  const DoubleWell w = double_well({&c, 1}, {.tau0 = 1e-13, .loss0 = 2});
  ASSERT_EQ(w.barrier.size(), 6u);
  EXPECT_NEAR(w.asymmetry[2], 0.28, 1e-9);
  EXPECT_NEAR(w.barrier[2], 0.56, 1e-9);
  EXPECT_NEAR(w.ratio.value, 2, 1e-6);
  EXPECT_NEAR(w.slope.value, 2, 0.01);  // D/2kT = 4.7: a = U/D to exp(-D/kT)
  // b = ln 2 tau0 + a ln 4 G''_0
  EXPECT_NEAR(w.intercept.value, std::log(2e-13) + 2 * std::log(8), 0.1);
}

// With tau0 alone G''_0 follows from (2.11), with G''_0 alone tau0.
TEST(DoubleWell, FitsWhatIsNotGiven) {
  const Curve c = aged(2, 0, 1);
  const DoubleWell by_tau = double_well({&c, 1}, {.tau0 = 1e-13});
  EXPECT_NEAR(by_tau.loss0.value, 2, 1e-4);
  EXPECT_NEAR(by_tau.ratio.value, 2, 1e-5);
  EXPECT_NEAR(by_tau.barrier[0], 0.52, 1e-4);
  const DoubleWell by_loss = double_well({&c, 1}, {.loss0 = 2});
  EXPECT_NEAR(std::log(by_loss.tau0.value), std::log(1e-13), 1e-3);
}

// 95 % of the slopes within 1.96 errors, 100 noisy series.
TEST(DoubleWell, ErrorOfTheSlopeCoversTheTruth) {
  int in = 0, wells = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Curve c = aged(2, 0.05, seed);
    const DoubleWell w = double_well({&c, 1}, {.tau0 = 1e-13, .loss0 = 2});
    const double truth = 2.0;
    in += std::abs(w.slope.value - truth) < 1.96 * w.slope.error;
    wells += std::abs(w.asymmetry[0] - 0.26) < 1.96 * w.asymmetry_error[0];
  }
  EXPECT_GE(in, 89);
  EXPECT_GE(wells, 89);
  EXPECT_LE(wells, 99);
}

TEST(DoubleWell, TakesThePeakFrequency) {
  Curve c = aged(2, 0, 1);
  c.columns[0].name = "peak_frequency", c.columns[0].unit = "Hz";
  for (double& v : c.columns[0].values) v = 1 / (2 * std::numbers::pi * v);
  EXPECT_NEAR(double_well({&c, 1}, {.tau0 = 1e-13, .loss0 = 2}).barrier[2], 0.56, 1e-9);
}

TEST(DoubleWell, RefusesWhatHasNoWells) {
  EXPECT_THROW(double_well({}, {.barrier = 0.7}), InputError);
  const Curve c = aged(2, 0, 1);
  EXPECT_THROW(double_well({&c, 1}, {.tau0 = 1e-13, .loss0 = 1e-5}), InputError) << "loss above G''_0";
  const Curve negative = series({1, 2}, {0.1, -0.1});
  EXPECT_THROW(double_well({&negative, 1}), InputError);
  Curve nowhere = c;
  nowhere.properties.clear();
  EXPECT_THROW(double_well({&nowhere, 1}, {.tau0 = 1e-13, .loss0 = 2}), InputError) << "no temperature";
}

}  // namespace
}  // namespace heteroglass::relaxation
