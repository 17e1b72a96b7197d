#include "calorimetry/dsc_model.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <numbers>
#include <random>

#include "calorimetry/dsc.hpp"
#include "core/error.hpp"

namespace heteroglass::calorimetry {
namespace {

constexpr double kj = 8.31446261815324e-3;  // kJ/mol per K

DscModelOptions moynihan() {
  DscModelOptions o;
  o.ln_a = -125, o.activation_energy = 42638 * kj, o.x = 0.7, o.beta = 0.8;
  return o;
}

/// A scan as an instrument gives it: c_p of glass and liquid lines, heated at 10 K/min after cooling.
Curve synthetic(const DscModelOptions& law, double cooling, double noise, unsigned seed) {
  DscModelOptions o = law;
  o.history = fmt::format("370K, 280K@{}K/min, 370K@10K/min", cooling);
  const DscModel m = dsc_model({}, o);
  Curve c;
  c.source = fmt::format("cooled at {} K/min", cooling);
  c.columns = {{"temperature", "K", m.temperature}, {"heat_flow", "W/g", {}}};
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, noise);
  for (std::size_t i = 0; i < m.temperature.size(); ++i) {
    const double glass = 0.4 + 3e-4 * (m.temperature[i] - 280), step = 0.2 - 2e-4 * (m.temperature[i] - 330);
    c.columns[1].values.push_back((glass + step * m.cp_normalised[i] + (noise > 0 ? normal(random) : 0)) * 10 / 60);
  }
  return c;
}

TEST(DscModel, EvaluatesAHistory) {
  DscModelOptions o = moynihan();
  o.history = "380K, 270K@10K/min, 1e5s, 380K@10K/min", o.temperature_step = 0.02;
  const DscModel m = dsc_model({}, o);
  EXPECT_NEAR(m.fictive_temperature_cooled, 330.426, 1e-3);
  EXPECT_NEAR(m.peak_height, 1.4994, 1e-3);
  EXPECT_NEAR(m.peak_temperature, 337.48, 0.05);
  // tau = 100 s at H / (R (ln 100 + 125)), fragility H / (R T ln 10).
  EXPECT_NEAR(m.glass_transition.value, 42638 / (std::log(100) + 125), 1e-6);
  EXPECT_NEAR(m.fragility.value, 42638 / (m.glass_transition.value * std::numbers::ln10), 1e-3);
}

TEST(DscModel, SameHistoryInOptions) {
  DscModelOptions a = moynihan(), b = moynihan();
  a.history = "380K, 300K@5K/min, 1h, 270K@5K/min, 380K@20K/min";
  b.start_temperature = 380, b.low_temperature = 270, b.cooling_rates = {5}, b.anneal_times = {3600}, b.anneal_temperatures = {300},
  b.heating_rates = {20};
  EXPECT_NEAR(dsc_model({}, a).peak_height, dsc_model({}, b).peak_height, 1e-12);
}

// Area matching on the computed scan gives back the fictive temperature that the model had: two codes, one physics.
TEST(DscModel, AreaMatchingOfTheScanGivesItsFictiveTemperature) {
  for (const double cooling : {0.5, 10.0, 100.0}) {
    const Curve c = synthetic(moynihan(), cooling, 0, 1);
    DscModelOptions o = moynihan();
    o.history = fmt::format("370K, 280K@{}K/min, 370K@10K/min", cooling);
    DscOptions d;
    d.rate = 10, d.glass_low = 285, d.glass_high = 300, d.liquid_low = 355, d.liquid_high = 368;
    EXPECT_NEAR(dsc(std::span(&c, 1), d).fictive_temperature.value, dsc_model({}, o).fictive_temperature, 0.15) << cooling;
  }
}

TEST(DscModel, FourCurvesGiveBackTheParameters) {
  std::vector<Curve> curves;
  const std::vector<double> cooling = {1, 5, 20, 100};
  for (std::size_t i = 0; i < 4; ++i) curves.push_back(synthetic(moynihan(), cooling[i], 0.001, 7 + static_cast<unsigned>(i)));
  DscModelOptions o;
  o.cooling_rates = cooling, o.heating_rates = {10}, o.start_temperature = 370, o.low_temperature = 280;
  o.glass_low = 285, o.glass_high = 302, o.liquid_low = 352, o.liquid_high = 368;
  const auto start = std::chrono::steady_clock::now();
  const DscModel m = dsc_model(curves, o);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_TRUE(m.converged);
  // The lines of a scan are those of a glass that relaxes a little and a liquid not quite in equilibrium: 1 to 2 % of H.
  EXPECT_NEAR(m.activation_energy.value, 42638 * kj, 0.02 * 42638 * kj);
  EXPECT_NEAR(m.ln_a.value, -125, 2.5);
  EXPECT_NEAR(m.x.value, 0.7, 0.02);
  EXPECT_NEAR(m.beta.value, 0.8, 0.02);
  EXPECT_LT(m.rms, 0.02);
  EXPECT_LT(seconds, 20);  // 5 s on an idle core; the benchmark measures
}

TEST(DscModel, AdamGibbsSchererGivesBackItsParameters) {
  DscModelOptions law;
  law.model = "ags", law.q = 6000, law.t2 = 250, law.ln_a = 4 - 6000 / 80.0, law.beta = 0.6;
  std::vector<Curve> curves;
  for (const double q : {1.0, 10.0, 100.0}) {
    DscModelOptions o = law;
    o.history = fmt::format("370K, 280K@{}K/min, 370K@10K/min", q);
    const DscModel m = dsc_model({}, o);
    Curve c;
    c.source = "ags";
    c.columns = {{"temperature", "K", m.temperature}, {"normalised", "1", m.cp_normalised}};
    curves.push_back(c);
  }
  DscModelOptions o;
  o.model = "ags", o.cooling_rates = {1, 10, 100}, o.heating_rates = {10}, o.start_temperature = 370, o.low_temperature = 280;
  const DscModel m = dsc_model(curves, o);
  EXPECT_NEAR(m.t2.value, 250, 3);
  EXPECT_NEAR(m.beta.value, 0.6, 0.01);
  EXPECT_NEAR(m.q.value, 6000, 400);
}

TEST(DscModel, BadInput) {
  EXPECT_THROW(dsc_model({}, {}), InputError);
  DscModelOptions o = moynihan();
  EXPECT_THROW(dsc_model({}, o), InputError);  // no history
  o.history = "380K";
  EXPECT_THROW(dsc_model({}, o), InputError);
  o.history = "380K, 270K@10K/min, 1h";
  EXPECT_THROW(dsc_model({}, o), InputError);  // ends in a hold
  std::vector<Curve> two = {synthetic(moynihan(), 1, 0, 1), synthetic(moynihan(), 10, 0, 1)};
  DscModelOptions f;
  EXPECT_THROW(dsc_model(two, f), InputError);  // no rate
  f.heating_rates = {10}, f.cooling_rates = {1, 2, 3};
  EXPECT_THROW(dsc_model(two, f), InputError);
  f.cooling_rates = {1, 10}, f.fixed = {"q"};
  EXPECT_THROW(dsc_model(two, f), InputError);
}

}  // namespace
}  // namespace heteroglass::calorimetry
