#include "mechanics/core_shell.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace heteroglass::mechanics {
namespace {

// z = 0.76 of Zr52.5Cu17.9Ni14.6Al10Ti5: alpha = 1/0.76 - 1 = 0.24/0.76.
TEST(CoreShell, ElasticFractionGivesAlpha) {
  const CoreShell r = core_shell({.elastic_fraction = 0.76, .errors = {{"elastic_fraction", 0.01}}});
  EXPECT_NEAR(r.alpha.value, 0.24 / 0.76, 1e-12);
  EXPECT_NEAR(r.alpha.error, 0.01 / (0.76 * 0.76), 1e-5);
  EXPECT_NEAR(r.anelastic_fraction.value, 0.24, 1e-12);
}

TEST(CoreShell, StrainsOfADiffractionExperimentAreTheSame) {
  EXPECT_NEAR(core_shell({.affine_strain = 0.0076, .applied_strain = 0.01}).alpha.value, 0.24 / 0.76, 1e-12);
}

// G_inf W_v = 40 GPa nm^3 = 4e-17 J; k T at 300 K = 4.141947e-21 J; b = 1e-4 gives alpha = 0.965730.
TEST(CoreShell, MicroscopicFormAndBack) {
  const CoreShell r = core_shell({.concentration = 1e-4, .unrelaxed_modulus = 40, .core_volume = 1});
  EXPECT_NEAR(r.alpha.value, 1e-4 * 4e-17 / (1.380649e-23 * 300), 1e-9);
  EXPECT_NEAR(r.shear_modulus.value, 40 / (1 + r.alpha.value), 1e-12);
  EXPECT_NEAR(r.concentration.value, 1e-4, 1e-16);
}

TEST(CoreShell, NeedsOneWay) {
  EXPECT_THROW(core_shell({}), InputError);
  EXPECT_THROW(core_shell({.elastic_fraction = 0.7, .concentration = 0.1}), InputError);
  EXPECT_THROW(core_shell({.concentration = 0.1}), InputError);
}

}  // namespace
}  // namespace heteroglass::mechanics
