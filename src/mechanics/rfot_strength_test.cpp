#include "mechanics/rfot_strength.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace heteroglass::mechanics {
namespace {

// kappa = 3 - 6/(7 - 5 nu): 1.8 at nu = 0.4 and 105/55 = 1.909 at nu = 0.3.
TEST(RfotStrength, KappaOfASphere) {
  EXPECT_NEAR(rfot_strength({}, {.shear_modulus = 30, .poisson_ratio = 0.4}).kappa.value, 1.8, 1e-12);
  EXPECT_NEAR(rfot_strength({}, {.shear_modulus = 30, .poisson_ratio = 0.3}).kappa.value, 105.0 / 55, 1e-12);
}

// With (5.5) G drops out: sigma/G = sqrt[2 (s* - s_c) / (kappa 24.9 T_A/Tg)].
TEST(RfotStrength, RatioDoesNotDependOnTheModulus) {
  const double expected = std::sqrt(2 * 0.3 / (105.0 / 55 * 24.9 * 1.5));
  for (const double g : {10.0, 40.0})
    EXPECT_NEAR(rfot_strength({}, {.shear_modulus = g, .poisson_ratio = 0.3}).yield_over_modulus.value, expected, 1e-12);
}

// The range of the entropies gives 0.06 to 0.12 G.
TEST(RfotStrength, DocumentedRange) {
  const RfotStrength r = rfot_strength({}, {.shear_modulus = 1, .poisson_ratio = 0.3});
  EXPECT_NEAR(r.yield_stress_low.value, 0.06, 0.005);
  EXPECT_NEAR(r.yield_stress_high.value, 0.12, 0.005);
  EXPECT_GT(r.frenkel_stress.value, r.yield_stress_high.value);
}

// A bead of the volume that (5.5) gives leaves the strength as it is.
TEST(RfotStrength, BeadVolumeIsConsistent) {
  RfotStrengthOptions o{.shear_modulus = 37, .glass_transition = 623};
  const RfotStrength first = rfot_strength({}, o);
  o.bead_volume = first.bead_volume.value;
  EXPECT_NEAR(rfot_strength({}, o).yield_stress.value, first.yield_stress.value, 1e-12);
}

// sigma_y ~ sqrt(s* - s_c): d ln sigma / d ln s* = s* / [2 (s* - s_c)] = 2 at the defaults.
TEST(RfotStrength, SensitivityToTheUnknownThreshold) {
  const Table t = rfot_strength({}, {.shear_modulus = 37}).sensitivity;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    if (t.columns[0].text[i] == "threshold_entropy") EXPECT_NEAR(t.columns[1].number[i], 1.2 / 0.6, 1e-4);
    if (t.columns[0].text[i] == "shear_modulus") EXPECT_NEAR(t.columns[1].number[i], 1, 1e-6);
  }
}

TEST(RfotStrength, SlopeOfATableAndItsEntropy) {
  Curve c;
  c.columns = {{"shear_modulus", "GPa", {10, 20, 30, 40, 50}}, {"yield_stress", "GPa", {0.31, 0.59, 0.91, 1.18, 1.52}}};
  const RfotStrength r = rfot_strength(std::vector<Curve>{c}, {.poisson_ratio = 0.3});
  EXPECT_NEAR(r.slope.value, 0.03, 5 * r.slope.error);
  EXPECT_NEAR(r.entropy_difference.value, 105.0 / 55 * 24.9 * 1.5 / 2 * r.slope.value * r.slope.value, 1e-12);
}

TEST(RfotStrength, RefusesImpossibleEntropies) {
  EXPECT_THROW(rfot_strength({}, {.shear_modulus = 37, .threshold_entropy = 0.5}), InputError);
  EXPECT_THROW(rfot_strength({}, {}), InputError);
  EXPECT_THROW(rfot_strength({}, {.shear_modulus = 37, .bead_volume = 0.1}), InputError);
}

}  // namespace
}  // namespace heteroglass::mechanics
