#include "deform/solidity.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include "core/error.hpp"
#include "deform/aqs.hpp"
#include "glasses.hpp"

namespace heteroglass::deform {
namespace {

const Mat3 shear = {{{{1, 0.05, 0}, {0, 1, 0}, {0, 0, 1}}}};

TEST(Solidity, IsOneWhenAllBondsFollowTheCell) {
  const Frame f = test::disordered(6), g = test::deformed(f, shear);
  const Solidity s = solidity(f, g, {.r_cut = 3.6});
  EXPECT_NEAR(s.solidity.value, 1, 1e-9);
  EXPECT_NEAR(s.anelastic_fraction.value, 0, 1e-9);
  EXPECT_NEAR(s.pdf_solidity.value, 1, 1e-9);
  EXPECT_GT(s.anisotropy_affine.value, 0.001);
  for (const double p : s.profile) EXPECT_NEAR(p, 1, 1e-9);
}

// A packing made anew in the strained cell knows nothing of the strain: it is as isotropic as before, but for chance.
TEST(Solidity, IsZeroOfANewIsotropicPacking) {
  const Frame f = test::disordered(6);
  const Mat3 far = {{{{1, 0.4, 0}, {0, 1, 0}, {0, 0, 1}}}};
  const Box strained(far * f.box.edges(), f.box.origin());
  Frame a = f, b = f;
  a.position = test::random_points(a.box, f.size(), 2.0, 1), b.box = strained, b.position = test::random_points(strained, f.size(), 2.0, 2);
  ASSERT_EQ(a.position.size(), f.size());
  ASSERT_EQ(b.position.size(), f.size());
  const Solidity s = solidity(a, b, {.r_cut = 2.6});
  EXPECT_LT(std::abs(s.solidity.value), 4 * s.solidity.error);
  EXPECT_LT(s.solidity.error, 0.25);
  EXPECT_LT(std::abs(s.pdf_solidity.value), 4 * s.pdf_solidity.error);
}

// A Bravais crystal has no nonaffine motion: relaxed after each step of strain it still follows the cell. A glass does not
// quite, however small the strain.
TEST(Solidity, CrystalsAreSolidGlassesAlmost) {
  Frame crystal = test::fcc_crystal(4, 1.5);
  crystal.units = UnitSystem::lj, crystal.species = {{"A", 1}};
  const Aqs a = aqs(crystal, {.potential = "lj:one-component", .strain_step = 5e-3, .max_strain = 0.01, .r_cut = 1.3});
  const Solidity one = solidity(a.configuration.front(), a.configuration.back(), {.r_cut = 1.3, .r_max = 3});
  EXPECT_NEAR(one.solidity.value, 1, 1e-6);
  EXPECT_NEAR(one.pdf_solidity.value, 1, 1e-6);
  const Aqs g = aqs(test::kob_andersen(500, 4), {.potential = "lj:kob-andersen", .strain_step = 1e-3, .max_strain = 2e-3, .r_cut = 1.4});
  const Solidity glass = solidity(g.configuration.front(), g.configuration.back(), {.r_cut = 1.4, .r_max = 3});
  EXPECT_GT(glass.pdf_solidity.value, 3 * glass.pdf_solidity.error);
  EXPECT_LT(glass.pdf_solidity.value, 1 - 3 * glass.pdf_solidity.error);
}

TEST(Solidity, DoesNotDependOnThreads) {
  const Frame f = test::disordered(5), g = test::rattled(test::deformed(f, shear), 0.2);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Solidity a = solidity(f, g, {.r_cut = 3.6});
  omp_set_num_threads(3);
  const Solidity b = solidity(f, g, {.r_cut = 3.6});
  omp_set_num_threads(before);
  EXPECT_EQ(a.solidity.value, b.solidity.value);
  EXPECT_EQ(a.profile, b.profile);
  EXPECT_EQ(a.pdf_solidity.value, b.pdf_solidity.value);
}

TEST(Solidity, SaysWhenNothingWasStrained) {
  const Frame f = test::disordered(3);
  EXPECT_THROW(solidity(f, f, {.r_cut = 3.6}), InputError);
}

}  // namespace
}  // namespace heteroglass::deform
