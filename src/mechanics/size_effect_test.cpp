#include "mechanics/size_effect.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace heteroglass::mechanics {
namespace {

// The energy balance itself: at sigma_band the elastic energy released, sigma^2 h d^2/(2E), pays for the band, sqrt(2) Gamma d^2.
TEST(SizeEffect, BandPaysForItself) {
  SizeEffectOptions o{
      .youngs_modulus = 80, .aspect_ratio = 3, .band_energy = 12, .bulk_strength = 1e-9, .homogeneous_strength = 50, .size = 400};
  const double s = size_effect({}, o).yield_stress.value;
  EXPECT_NEAR(s * s * 3 * 400 / (2 * 80), std::sqrt(2.0) * 12, 1e-9);
}

TEST(SizeEffect, BranchesMeetAtTheTransition) {
  SizeEffectOptions o;
  o.size = size_effect({}, o).transition_size.value * 1.0000001;
  EXPECT_NEAR(size_effect({}, o).yield_stress.value, o.homogeneous_strength, 1e-6);
  o.size *= 1e-2;
  EXPECT_DOUBLE_EQ(size_effect({}, o).yield_stress.value, o.homogeneous_strength);
  o.size *= 1e8;
  EXPECT_NEAR(size_effect({}, o).yield_stress.value, o.bulk_strength, 1e-3);
}

TEST(SizeEffect, FitRecoversTheParameters) {
  const SizeEffectOptions truth{.band_energy = 5, .bulk_strength = 1.5, .homogeneous_strength = 2.3};
  Curve c;
  c.columns = {{"size", "nm", {}}, {"yield_stress", "GPa", {}}};
  for (int i = 0; i < 25; ++i) {
    SizeEffectOptions o = truth;
    o.size = 50 * std::pow(1.3, i);
    c.columns[0].values.push_back(o.size);
    c.columns[1].values.push_back(size_effect({}, o).yield_stress.value + 0.01 * ((i * 7) % 5 - 2));
  }
  const SizeEffect r = size_effect(std::vector<Curve>{c});
  EXPECT_NEAR(r.band_energy.value, 5, 4 * r.band_energy.error);
  EXPECT_LT(r.band_energy.error, 1);
  EXPECT_NEAR(r.homogeneous_strength.value, 2.3, 4 * r.homogeneous_strength.error);
  EXPECT_NEAR(r.bulk_strength.value, 1.5, 4 * r.bulk_strength.error);
}

TEST(SizeEffect, RefusesAnInvertedOrder) { EXPECT_THROW(size_effect({}, {.bulk_strength = 2, .homogeneous_strength = 1}), InputError); }

}  // namespace
}  // namespace heteroglass::mechanics
