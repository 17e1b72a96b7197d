#include "calorimetry/kissinger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"

namespace heteroglass::calorimetry {
namespace {

constexpr double r = 8.31446261815324;

/// Temperature at which E q / (R T^2) = k0 exp(-E / R T), the maximum of a first-order reaction.
double kissinger_peak(double energy, double k0, double rate_per_minute) {
  const double q = rate_per_minute / 60;
  double low = 100, high = 3000;
  for (int i = 0; i < 200; ++i) {
    const double t = (low + high) / 2;
    (energy * q / (r * t * t) < k0 * std::exp(-energy / (r * t)) ? high : low) = t;
  }
  return low;
}

Curve series(const std::vector<double>& rates, const std::vector<double>& temperatures) {
  Curve c;
  c.columns = {{"rate", "K/min", rates}, {"temperature", "K", temperatures}};
  return c;
}

const std::vector<double> rates = {5, 10, 20, 40, 80};

Kissinger run(const Curve& c, const KissingerOptions& o = {}) { return kissinger(std::span(&c, 1), o); }

TEST(Kissinger, FirstOrderReactionGivesItsEnergyAndFrequency) {
  std::vector<double> t;
  for (const double q : rates) t.push_back(kissinger_peak(310e3, 1e20, q));
  const Kissinger k = run(series(rates, t), {.glass_transition = 650});
  EXPECT_NEAR(k.activation_energy.value, 310, 1e-7);
  EXPECT_NEAR(k.activation_energy_ev.value, 310e3 / 96485.33212, 1e-8);
  EXPECT_NEAR(k.activation_energy_rtg.value, 310e3 / (r * 650), 1e-7);
  EXPECT_NEAR(std::log(k.frequency_factor.value), std::log(1e20), 1e-6);
  EXPECT_NEAR(k.temperature_at_rate.value, t[2], 1e-6);
  // Doyle's approximation is good to 1.2 % for E / R T about 45.
  EXPECT_EQ(k.methods.find("method")->text[1], "ozawa");
  EXPECT_NEAR(k.methods.find("activation_energy")->number[1], 310, 4);
  EXPECT_NEAR(k.methods.find("activation_energy")->number[4], 310, 1);
}

TEST(Kissinger, MoynihanIsTheSlopeOfTheLogarithmOfTheRate) {
  std::vector<double> t;
  for (const double q : rates) t.push_back(1 / (1 / 600.0 - r / 500e3 * std::log(q / 20)));
  const Kissinger k = run(series(rates, t), {.method = "moynihan"});
  EXPECT_NEAR(k.activation_energy.value, 500, 1e-8);
  EXPECT_NEAR(k.temperature_at_rate.value, 600, 1e-8);
}

// The interval is honest: 95 % of 500 noisy series hold the true energy. Standard error of that fraction: 1 %.
TEST(Kissinger, IntervalsCover) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> noise(0, 0.8);
  const std::vector<double> few = {5, 20, 80};  // one degree of freedom: Student's t is wide
  int held = 0;
  double mean = 0;
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<double> t;
    for (const double q : few) t.push_back(kissinger_peak(310e3, 1e20, q) + noise(random));
    const Kissinger k = run(series(few, t));
    held += k.activation_energy_interval[0] < 310 && 310 < k.activation_energy_interval[1];
    mean += k.activation_energy.value / 500;
  }
  EXPECT_GE(held, 465);
  EXPECT_LE(held, 488);
  EXPECT_NEAR(mean, 310, 2);
}

TEST(Kissinger, VogelFulcherLawIsRecovered) {
  const double b = 5200, t0 = 390, tg = 568;
  std::vector<double> t, wide = {0.1, 1, 10, 100, 1000};
  for (const double q : wide) t.push_back(t0 + b / (b / (tg - t0) - std::log(q / 20)));
  const Kissinger k = run(series(wide, t));
  EXPECT_NEAR(k.vft_b.value, b, 1);
  EXPECT_NEAR(k.vogel_temperature.value, t0, 0.1);
  EXPECT_NEAR(k.fragility.value, 40.48517, 0.01);
}

TEST(Kissinger, ListsInsteadOfAFile) {
  const Kissinger k = kissinger({}, {.rates = {10, 20}, .temperatures = {700, 710}});
  EXPECT_GT(k.activation_energy.value, 0);
  EXPECT_TRUE(std::isnan(k.activation_energy.error));
  EXPECT_THAT(k.activation_energy.note, testing::HasSubstr("two rates"));
}

TEST(Kissinger, BadInput) {
  EXPECT_THROW(run(series({10, 10}, {700, 701})), InputError);
  EXPECT_THROW(run(series({-10, 20}, {700, 701})), InputError);
  EXPECT_THROW(run(series({10, 20}, {700, -3})), InputError);
  EXPECT_THROW(kissinger({}, {.rates = {10, 20}, .temperatures = {700}}), InputError);
  EXPECT_THROW(kissinger({}, {}), InputError);
}

}  // namespace
}  // namespace heteroglass::calorimetry
