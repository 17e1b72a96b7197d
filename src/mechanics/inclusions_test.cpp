#include "mechanics/inclusions.hpp"

#include <gtest/gtest.h>

namespace heteroglass::mechanics {
namespace {

const Isotropic matrix{110, 36}, soft{95, 12};

// Both moduli softer: Mori-Tanaka with the stiff matrix is the upper Hashin-Shtrikman bound, with the soft one the lower.
TEST(Inclusions, MoriTanakaIsAHashinShtrikmanBound) {
  const auto [low, high] = hashin_shtrikman(matrix, soft, 0.3);
  const Isotropic stiff_outside = mori_tanaka(matrix, soft, 0.3), soft_outside = mori_tanaka(soft, matrix, 0.7);
  EXPECT_NEAR(stiff_outside.bulk, high.bulk, 1e-11);
  EXPECT_NEAR(stiff_outside.shear, high.shear, 1e-11);
  EXPECT_NEAR(soft_outside.bulk, low.bulk, 1e-11);
  EXPECT_NEAR(soft_outside.shear, low.shear, 1e-11);
  EXPECT_LT(low.shear, high.shear);
}

TEST(Inclusions, SelfConsistentLiesBetweenTheBoundsAndTreatsBothPhasesAlike) {
  for (const double f : {0.1, 0.4, 0.7}) {
    const auto [low, high] = hashin_shtrikman(matrix, soft, f);
    const Isotropic s = self_consistent(matrix, soft, f), exchanged = self_consistent(soft, matrix, 1 - f);
    EXPECT_GT(s.shear, low.shear);
    EXPECT_LT(s.shear, high.shear);
    EXPECT_GT(s.bulk, low.bulk);
    EXPECT_LT(s.bulk, high.bulk);
    EXPECT_NEAR(s.shear, exchanged.shear, 1e-10);
    EXPECT_NEAR(s.bulk, exchanged.bulk, 1e-10);
  }
}

// Roots of the self-consistent equations by an independent root finder: nearly liquid inclusions are what the model is for.
TEST(Inclusions, SelfConsistentWithNearlyLiquidInclusions) {
  const Isotropic a = self_consistent({110, 36}, {95, 1}, 0.46), b = self_consistent({110, 36}, {95, 1e-6}, 0.45);
  EXPECT_NEAR(a.bulk, 102.615, 1e-3);
  EXPECT_NEAR(a.shear, 10.002, 1e-3);
  EXPECT_NEAR(b.bulk, 102.755, 1e-3);
  EXPECT_NEAR(b.shear, 8.115, 1e-3);
  EXPECT_NEAR(self_consistent({100, 40}, {80, 1}, 0.7).shear, 2.849, 1e-3);
  EXPECT_NEAR(self_consistent({100, 40}, {80, 1}, 0.9).shear, 1.299, 1e-3);
  const Isotropic liquid = self_consistent({110, 36}, {95, 0}, 0.2);
  EXPECT_GT(liquid.shear, 0);
  EXPECT_LT(liquid.shear, dilute({110, 36}, {95, 1}, 0.0).shear);
}

TEST(Inclusions, AllAgreeToFirstOrderAndAtTheEnds) {
  const double f = 1e-6, slope = (dilute(matrix, soft, f).shear - matrix.shear) / f;
  EXPECT_NEAR((mori_tanaka(matrix, soft, f).shear - matrix.shear) / f / slope, 1, 1e-5);
  EXPECT_NEAR((self_consistent(matrix, soft, f).shear - matrix.shear) / f / slope, 1, 1e-5);
  EXPECT_NEAR(mori_tanaka(matrix, soft, 1).bulk, soft.bulk, 1e-11);
  EXPECT_NEAR(self_consistent(matrix, soft, 0).bulk, matrix.bulk, 1e-11);
}

}  // namespace
}  // namespace heteroglass::mechanics
