#include "structure/chemical_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include "core/error.hpp"
#include "crystals.hpp"

namespace heteroglass::structure {
namespace {

// B2: all 8 neighbours are of the other species and c = 1/2, so alpha_01 = 1 - 1/0.5 = -1 and alpha_00 = 1.
TEST(ChemicalOrder, PerfectB2IsMinusOne) {
  const ChemicalOrder c = chemical_order(test::b2_crystal(4, 3.2), {.r_cut = 3.0});
  EXPECT_NEAR(c.alpha(0, 1), -1, 1e-12);
  EXPECT_NEAR(c.alpha(1, 0), -1, 1e-12);
  EXPECT_NEAR(c.alpha(0, 0), 1, 1e-12);
  EXPECT_NEAR(c.alpha_error(0, 1), 0, 1e-12);
  EXPECT_NEAR(c.coordination(0, 1), 8, 1e-12);
  EXPECT_NEAR(c.coordination_total[1], 8, 1e-12);
}

// L1_2 (Cu3Au): a minority atom has 12 majority neighbours, c = 3/4: alpha = 1 - 1/0.75 = -1/3, from both sides.
TEST(ChemicalOrder, PerfectL12IsMinusOneThird) {
  const Frame f = test::crystal(4, 3.7, {{0, 0, 0}, {.5, .5, 0}, {.5, 0, .5}, {0, .5, .5}}, {1, 0, 0, 0}, {{"Cu", 63.546}, {"Au", 196.97}});
  const ChemicalOrder c = chemical_order(f);
  EXPECT_NEAR(c.alpha(1, 0), -1.0 / 3, 1e-12);
  EXPECT_NEAR(c.alpha(0, 1), -1.0 / 3, 1e-12);
}

// Types drawn at random: the deviations from 0 in units of the error must be about 1 in the mean square.
TEST(ChemicalOrder, RandomAlloyIsZeroWithinItsErrors) {
  double squares = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const ChemicalOrder c = chemical_order(test::disordered(7, 0.06, seed), {.r_cut = 3.8});
    squares += std::pow(c.alpha(0, 1) / c.alpha_error(0, 1), 2) / 20;
    EXPECT_LT(std::abs(c.alpha(0, 1)), 5 * c.alpha_error(0, 1));
  }
  EXPECT_GT(squares, 0.3);
  EXPECT_LT(squares, 2.5);
}

TEST(ChemicalOrder, RowsSumToZeroWithConcentrations) {
  const ChemicalOrder c = chemical_order(test::disordered(5));
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(c.concentration[0] * c.alpha(i, 0) + c.concentration[1] * c.alpha(i, 1), 0, 1e-12);
}

TEST(ChemicalOrder, DoesNotDependOnLabelsPlaceOrThreads) {
  const Frame f = test::disordered(5);
  const ChemicalOrder a = chemical_order(f, {.r_cut = 3.8});
  Frame g = f;
  for (std::int64_t& i : g.id) i = 10000 - i;
  std::swap(g.species[0], g.species[1]);
  for (int& t : g.type) t = 1 - t;
  for (Vec3& r : g.position) r += {1.5, 2.5, -3.5};
  g.normalise();
  const int before = omp_get_max_threads();
  omp_set_num_threads(3);
  const ChemicalOrder b = chemical_order(g, {.r_cut = 3.8});
  omp_set_num_threads(before);
  EXPECT_THAT(b.species, testing::ElementsAre("Zr", "Cu"));
  EXPECT_NEAR(a.alpha(0, 1), b.alpha(1, 0), 1e-12);
  EXPECT_NEAR(a.alpha(1, 1), b.alpha(0, 0), 1e-12);
  EXPECT_NEAR(a.coordination(1, 0), b.coordination(0, 1), 1e-12);
}

TEST(ChemicalOrder, RefusesAShellWithoutNeighbours) { EXPECT_THROW(chemical_order(test::fcc_crystal(3, 3.6), {.r_cut = 1}), InputError); }

}  // namespace
}  // namespace heteroglass::structure
