#include "deform/solidity.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include "core/error.hpp"
#include "glasses.hpp"

namespace heteroglass::deform {
namespace {

const Mat3 shear = {{{{1, 0.05, 0}, {0, 1, 0}, {0, 0, 1}}}};

TEST(Solidity, IsOneWhenAllBondsFollowTheCell) {
  const Frame f = test::disordered(6), g = test::deformed(f, shear);
  const Solidity s = solidity(f, g, {.r_cut = 3.6});
  EXPECT_NEAR(s.solidity.value, 1, 1e-9);
  EXPECT_NEAR(s.anelastic_fraction.value, 0, 1e-9);
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
}

TEST(Solidity, SaysWhenNothingWasStrained) {
  const Frame f = test::disordered(3);
  EXPECT_THROW(solidity(f, f, {.r_cut = 3.6}), InputError);
}

}  // namespace
}  // namespace heteroglass::deform
