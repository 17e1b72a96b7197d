#include "calorimetry/correlated_units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace heteroglass::calorimetry {
namespace {

CorrelatedUnitsOptions pd40() {
  return {.temperature = 294.5 + 273.15,
          .fluctuation = 6.5,
          .cp_glass = 0.33,
          .cp_liquid = 0.55,
          .molar_mass = 73.6976,
          .fragility = 60,
          .beta = 0.61};
}

// R T^2 D(1/cp) / (m0 dT^2) and R (beta m ln 10 / e)^2 / (m0 Dcp), evaluated with mpmath.
TEST(CorrelatedUnits, IndependentHighPrecisionValues) {
  const CorrelatedUnits u = correlated_units(pd40());
  EXPECT_NEAR(u.n_donth.value, 1042.9451348486264, 1e-9);
  EXPECT_NEAR(u.n_berthier.value, 492.9044551301073, 1e-9);
}

// When the fluctuation is the one that belongs to the fragility, the ratio is (e/1.07)^2 Dcp D(1/cp) by construction.
TEST(CorrelatedUnits, RatioIsAsExpectedWhenTheFluctuationFollowsFromTheFragility) {
  CorrelatedUnitsOptions o = pd40();
  o.fluctuation = correlated_units(o).fluctuation_from_fragility.value;
  const CorrelatedUnits u = correlated_units(o);
  EXPECT_NEAR(u.ratio.value, u.ratio_expected.value, 1e-12);
  EXPECT_NEAR(u.ratio_expected.value, 6.4539 * 0.22 * (1 / 0.33 - 1 / 0.55), 1e-4);
  EXPECT_NEAR(u.fragility_from_fluctuation.value, 60, 1e-10);
}

// Published against formula: 1040 570 590 1090 against 1043 477 424 701; fragilities 66.5 57.9 59.5 69.4.
TEST(CorrelatedUnits, PublishedTableShowsItsDisagreement) {
  const Table t = correlated_units(pd40()).published;
  const std::vector<double>&formula = t.find("n_donth_formula")->number, &difference = t.find("n_donth_difference")->number,
        &other = t.find("n_donth_printed_step")->number, &m = t.find("fragility_from_fluctuation")->number;
  const double expected[] = {1043, 477, 424, 701}, with_step[] = {860, 478, 421, 707}, fragility[] = {66.5, 57.9, 59.5, 69.4};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(formula[i], expected[i], 1);
    EXPECT_NEAR(other[i], with_step[i], 1.5);
    EXPECT_NEAR(m[i], fragility[i], 0.1);
  }
  EXPECT_NEAR(difference[3], 701 - 1090, 1);
}

// N_a goes as dT^-2, so 5 % of dT are 10 % of N_a (to second order: the secant over the error bar).
TEST(CorrelatedUnits, ErrorsAreCarried) {
  CorrelatedUnitsOptions o = pd40();
  EXPECT_TRUE(std::isnan(correlated_units(o).n_donth.error));
  o.errors = {{"fluctuation", 0.05 * 6.5}};
  const CorrelatedUnits u = correlated_units(o);
  EXPECT_NEAR(u.n_donth.error / u.n_donth.value, 0.1, 0.001);
  EXPECT_EQ(u.n_berthier.error, 0);
  o.errors = {{"fluctation", 1}};
  EXPECT_THROW(correlated_units(o), InputError);
}

TEST(CorrelatedUnits, CompositionGivesTheMolarMassAndDensityTheLength) {
  CorrelatedUnitsOptions o = pd40();
  o.molar_mass.reset(), o.composition = "Pd40Ni10Cu30P20", o.density = 9.28;
  const CorrelatedUnits u = correlated_units(o);
  EXPECT_NEAR(u.n_donth.value, 1042.945, 0.1);
  // 1043 atoms of 73.7 g/mol at 9.28 g/cm^3: 13.19 A^3 each, a cube of 13755 A^3.
  EXPECT_NEAR(u.length_donth.value, 23.96, 0.02);
}

TEST(CorrelatedUnits, WhatIsMissingIsNamed) {
  const CorrelatedUnits u = correlated_units({.temperature = 567, .cp_glass = 0.33, .cp_liquid = 0.55});
  EXPECT_TRUE(std::isnan(u.n_donth.value));
  EXPECT_THAT(u.n_donth.note, testing::HasSubstr("fluctuation"));
  EXPECT_NEAR(u.cp_step.value, 0.22, 1e-15);
  EXPECT_THROW(correlated_units({}), InputError);
  EXPECT_THROW(correlated_units({.temperature = 567, .cp_glass = 0.6, .cp_liquid = 0.55}), InputError);
}

}  // namespace
}  // namespace heteroglass::calorimetry
