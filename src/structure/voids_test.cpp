#include "structure/voids.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <numbers>

#include "core/error.hpp"
#include "crystals.hpp"
#include "structure/wrapping_clusters.hpp"

namespace heteroglass::structure {
namespace {

// fcc of touching spheres R = a / sqrt 8: octahedral holes of radius (sqrt 2 - 1) R at the middles of the edges and cells, 4 a cell, one an atom;
// tetrahedral holes of (sqrt 6 / 2 - 1) R, 8 a cell. Both connect through windows of (2 / sqrt 3 - 1) R.
TEST(Voids, HolesOfClosePacking) {
  const double a = 4, r = a / std::sqrt(8.0);
  const Frame f = test::fcc_crystal(2, a);
  const Voids octahedral = voids(f, {.radii = {{"Cu", r}}, .probe = 0.35 * r, .spacing = 0.13});
  EXPECT_EQ(octahedral.table.rows(), 32u);
  EXPECT_NEAR(octahedral.largest_radius, (std::sqrt(2.0) - 1) * r, 1e-3);
  EXPECT_NEAR(octahedral.packing_fraction, std::numbers::pi / std::sqrt(18.0), 0.006);
  const Voids both = voids(f, {.radii = {{"Cu", r}}, .probe = 0.165 * r, .spacing = 0.09});
  EXPECT_EQ(both.table.rows(), 32u * 3);
  EXPECT_NEAR(both.table.find("radius")->number.back(), (std::sqrt(1.5) - 1) * r, 1e-3);
  for (const double p : both.percolation_radius) EXPECT_NEAR(p, (2 / std::sqrt(3.0) - 1) * r, 0.08);
}

// A vacancy: the space of one sphere and what surrounds it; every other hole is smaller than the probe. The largest sphere touches the 12 neighbours.
TEST(Voids, AVacancyIsOneVoid) {
  const double a = 4, r = a / std::sqrt(8.0);
  Frame f = test::fcc_crystal(3, a);
  f.id.erase(f.id.begin()), f.type.erase(f.type.begin()), f.position.erase(f.position.begin());
  const Voids v = voids(f, {.radii = {{"Cu", r}}, .probe = 0.6 * r, .spacing = 0.15});
  ASSERT_EQ(v.table.rows(), 1u);
  EXPECT_NEAR(v.largest_radius, r, 1e-3);
  EXPECT_NEAR(v.number_density.value, 1 / f.box.volume(), 1e-12);
  double free = 0;
  for (const double x : v.free_volume) free += x;
  EXPECT_NEAR(free, v.void_fraction.value * f.box.volume(), 1e-6 * f.box.volume());
  EXPECT_GT(free, 4.0 / 3 * std::numbers::pi * r * r * r * 0.95);
}

TEST(Voids, SameForTranslationAndThreads) {
  Frame f = test::disordered(3);
  const VoidsOptions o{.radii = {{"Cu", 1.28}, {"Zr", 1.6}}, .probe = 0.7, .spacing = 0.25};
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Voids a = voids(f, o);
  omp_set_num_threads(3);
  const Voids b = voids(f, o);
  omp_set_num_threads(before);
  EXPECT_EQ(a.free_volume, b.free_volume);
  for (Vec3& r : f.position) r = f.box.wrap(r + Vec3{1.234, -0.777, 3.1});
  const Voids c = voids(f, o);
  EXPECT_NEAR(c.largest_radius, a.largest_radius, 1e-3);
  EXPECT_NEAR(c.void_fraction.value, a.void_fraction.value, 0.05 * a.void_fraction.value);
}

TEST(Voids, SaysWhatIsWrong) { EXPECT_THROW(voids(test::fcc_crystal(2, 4), {.radii = {{"Zr", 1}}}), InputError); }

// A row of sites around the box closes on itself; one that stops short does not.
TEST(WrappingClusters, TellsALoopAroundTheBox) {
  WrappingClusters ring(4), chain(4);
  for (std::size_t i = 0; i < 3; ++i) ring.link(i, i + 1, {}), chain.link(i, i + 1, {});
  ring.link(3, 0, {1, 0, 0});
  chain.link(3, 0, {});  // back the same way
  EXPECT_TRUE(ring.wraps(ring.root(2))[0]);
  EXPECT_FALSE(ring.wraps(ring.root(2))[1]);
  EXPECT_FALSE(chain.wraps(chain.root(2))[0]);
  EXPECT_EQ(chain.size(chain.root(0)), 4u);
}

}  // namespace
}  // namespace heteroglass::structure
