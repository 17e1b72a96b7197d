#include "theory/flow_units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"

namespace heteroglass::theory {
namespace {

Curve aged(double noise, unsigned seed, double until = 1e6) {
  Curve c;
  c.source = "generated";
  c.columns = {{"time", "s", {}}, {"modulus", "GPa", {}}};
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  for (double t = 10; t <= until; t *= 1.3) {
    c.columns[0].values.push_back(t);
    c.columns[1].values.push_back(38 / (1 + std::pow(60 / (800 + t), 0.7)) * (1 + noise * normal(random)));
  }
  return c;
}

// c(0) = (60/800)^0.7 = 0.16314; halves after 800 (2^{1/0.7} - 1) = 1353.44 s.
TEST(FlowUnits, ClosedForm) {
  const FlowUnits f = flow_units({}, {.final_value = 38, .a = 60, .b = 800, .exponent = 0.7, .times = {0, 1353.4403}});
  EXPECT_NEAR(f.initial_concentration.value, std::pow(0.075, 0.7), 1e-14);
  EXPECT_NEAR(f.initial_value.value, 38 / (1 + std::pow(0.075, 0.7)), 1e-12);
  EXPECT_NEAR(f.concentration[1] / f.concentration[0], 0.5, 1e-5);
  EXPECT_NEAR(f.half_time.value, 1353.4403, 0.01);
}

TEST(FlowUnits, FitGivesBackTheLaw) {
  const Curve c = aged(0, 1);
  const FlowUnits f = flow_units(std::span(&c, 1), {});
  EXPECT_NEAR(f.final_value.value, 38, 1e-3);
  EXPECT_NEAR(f.a.value, 60, 0.05);
  EXPECT_NEAR(f.b.value, 800, 0.5);
  EXPECT_NEAR(f.exponent.value, 0.7, 1e-4);
  EXPECT_EQ(f.property, "modulus in GPa");
}

TEST(FlowUnits, ErrorsHoldTheTruth) {
  int held = 0;
  for (unsigned k = 0; k < 40; ++k) {
    const Curve c = aged(0.001, k + 1);
    const FlowUnits f = flow_units(std::span(&c, 1), {});
    held += std::abs(f.initial_concentration.value - std::pow(0.075, 0.7)) < 2 * f.initial_concentration.error;
  }
  EXPECT_GE(held, 34);
}

TEST(FlowUnits, ShortDataAreSaidToBeShort) {
  Context context;
  const Curve c = aged(0, 1, 400);
  static_cast<void>(flow_units(std::span(&c, 1), {}, context));
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("longer than the data")));
}

TEST(FlowUnits, BadInput) {
  EXPECT_THROW(flow_units({}, {.a = 60}), InputError);
  Curve c = aged(0, 1);
  c.columns.push_back({"density", "g/cm^3", c.columns[1].values});
  EXPECT_THROW(flow_units(std::span(&c, 1), {}), InputError);
  c.columns.pop_back();
  c.columns[1].values[3] = -1;
  EXPECT_THROW(flow_units(std::span(&c, 1), {}), InputError);
}

}  // namespace
}  // namespace heteroglass::theory
