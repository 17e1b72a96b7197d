#include "mechanics/cooperative_shear.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace heteroglass::mechanics {
namespace {

const CooperativeShearOptions vitreloy{.shear_modulus = 37.4, .glass_transition = 623, .stz_volume = 1.7};

// Values of an independent high-precision evaluation.
TEST(CooperativeShear, YieldStressAndBarrier) {
  const CooperativeShear r = cooperative_shear({}, vitreloy);
  EXPECT_NEAR(r.shear_yield_stress.value, 0.9787676472921881, 1e-9);
  EXPECT_NEAR(r.uniaxial_yield_stress.value, 2 * 0.9787676472921881, 2e-9);
  EXPECT_NEAR(r.barrier.value, 0.7034757877777363, 1e-9);
  // both published errors of 0.002 count: G sqrt(1 + x^2) 0.002 with x = (300/623)^(2/3)
  const double x = std::pow(300.0 / 623, 2.0 / 3);
  EXPECT_NEAR(r.shear_yield_stress.error, 37.4 * 0.002 * std::hypot(1, x), 1e-6);
}

TEST(CooperativeShear, BarrierFallsToNothingAtTheCriticalStress) {
  CooperativeShearOptions o = vitreloy;
  o.shear_stress = 2 * 37.4 * 0.027 / std::numbers::pi;
  EXPECT_NEAR(cooperative_shear({}, o).barrier_under_stress.value, 0, 1e-12);
  // Energies of 0.25 and 0.5 of W belong to tau/tau_C = 1 - 0.25^(2/3) = 0.603 and 1 - 0.5^(2/3) = 0.370.
  o.shear_stress = *o.shear_stress * (1 - std::pow(0.25, 2.0 / 3));
  const CooperativeShear r = cooperative_shear({}, o);
  EXPECT_NEAR(r.barrier_under_stress.value / r.barrier.value, 0.25, 1e-9);
}

// At the stress that the rate form gives, the barrier left is k T ln(w0/rate).
TEST(CooperativeShear, RateFormClosesOnItself) {
  CooperativeShearOptions o = vitreloy;
  o.stz_volume = 4, o.strain_rate = 1e-3;
  const double stress = cooperative_shear({}, o).rate_yield_stress.value;
  ASSERT_GT(stress, 0);
  o.shear_stress = stress;
  EXPECT_NEAR(cooperative_shear({}, o).barrier_under_stress.value, 8.617333262e-5 * 300 * std::log(1e13 / 1e-3), 1e-9);
}

TEST(CooperativeShear, ExpectedZoneHasTheExpectedBarrier) {
  CooperativeShearOptions o = vitreloy;
  o.stz_volume = cooperative_shear({}, o).expected_stz_volume.value;
  EXPECT_NEAR(cooperative_shear({}, o).barrier_over_glass_transition.value, 26, 1e-9);
}

Curve table(double c0, double c1) {
  Curve c;
  c.columns = {{"temperature", "K", {}}, {"glass_transition", "K", {}}, {"shear_stress", "GPa", {}}, {"shear_modulus", "GPa", {}}};
  for (int i = 0; i < 12; ++i) {
    const double t = 77 + 30 * i, tg = 450 + 25 * i, g = 30 + 2 * i, noise = 2e-4 * ((i * 7) % 5 - 2);
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(tg), c.columns[3].values.push_back(g);
    c.columns[2].values.push_back(g * (c0 - c1 * std::pow(t / tg, 2.0 / 3) + noise));
  }
  return c;
}

TEST(CooperativeShear, FitRecoversTheConstants) {
  const std::vector<Curve> curves = {table(0.036, 0.016)};
  const CooperativeShear r = cooperative_shear(curves);
  EXPECT_NEAR(r.gamma_c0.value, 0.036, 4 * r.gamma_c0.error);
  EXPECT_NEAR(r.gamma_c1.value, 0.016, 4 * r.gamma_c1.error);
  EXPECT_LT(r.gamma_c0.error, 1e-3);
  EXPECT_TRUE(std::isnan(r.shear_yield_stress.value));
}

TEST(CooperativeShear, RefusesWhatItCannotUse) {
  EXPECT_THROW(cooperative_shear({}, {.shear_modulus = 30}), InputError);
  Curve few = table(0.036, 0.016);
  for (CurveColumn& c : few.columns) c.values.resize(2);
  EXPECT_THROW(cooperative_shear(std::vector<Curve>{few}), InputError);
  Curve bad = table(0.036, 0.016);
  bad.columns[3].values[4] = -1;
  EXPECT_THROW(cooperative_shear(std::vector<Curve>{bad}), InputError);
}

}  // namespace
}  // namespace heteroglass::mechanics
