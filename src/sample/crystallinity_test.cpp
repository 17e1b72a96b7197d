#include "sample/crystallinity.hpp"

#include <gtest/gtest.h>

#include <random>

#include "crystals.hpp"

namespace heteroglass::sample {
namespace {

/// Gaussian displacements of 4 % of the spacing: a crystal at about half its melting point.
Frame shaken(Frame f, double sigma) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> gauss(0, sigma);
  for (Vec3& r : f.position) r += {gauss(random), gauss(random), gauss(random)};
  f.normalise();
  return f;
}

/// C15 (MgCu2): Zr on a diamond lattice, Cu on the corner-sharing tetrahedra between.
Frame c15_crystal(int n, double a) {
  std::vector<Vec3> basis;
  std::vector<int> types;
  const Vec3 face[] = {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}};
  for (const Vec3& f : face) {
    for (const Vec3& d : {Vec3{0, 0, 0}, Vec3{.25, .25, .25}}) basis.push_back(f + d), types.push_back(1);
    for (const Vec3& d : {Vec3{.625, .625, .625}, Vec3{.625, .875, .875}, Vec3{.875, .625, .875}, Vec3{.875, .875, .625}})
      basis.push_back(f + d), types.push_back(0);
  }
  return test::crystal(n, a, basis, types, {{"Cu", 63.546}, {"Zr", 91.224}});
}

/// C14 (MgZn2) with ideal axes,, in an orthogonal cell of two primitive ones.
Frame c14_crystal(int n, double a) {
  const double b = a * std::sqrt(3.0), c = a * std::sqrt(8.0 / 3.0), x = 5.0 / 6, z = 1.0 / 16;
  std::vector<std::pair<Vec3, int>> sites;  // hexagonal fractions of P6_3/mmc
  for (const Vec3& s : {Vec3{1. / 3, 2. / 3, z}, Vec3{2. / 3, 1. / 3, z + .5}, Vec3{1. / 3, 2. / 3, .5 - z}, Vec3{2. / 3, 1. / 3, -z}})
    sites.emplace_back(s, 1);
  for (const Vec3& s : {Vec3{0, 0, 0}, Vec3{0, 0, .5}, Vec3{x, 2 * x, .25}, Vec3{-2 * x, -x, .25}, Vec3{x, -x, .25}, Vec3{-x, -2 * x, .75},
                        Vec3{2 * x, x, .75}, Vec3{-x, x, .75}})
    sites.emplace_back(s, 0);
  Frame f = test::empty_frame(Box::orthogonal({n * a, n * b, n * c}), {{"Cu", 63.546}, {"Zr", 91.224}});
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      for (int k = 0; k < n; ++k)
        for (const auto& [s, type] : sites)
          for (const double half : {0.0, 0.5})
            test::add_atom(f, {(s.x - s.y / 2 + half + i) * a, (s.y / 2 + half + j) * b, (s.z + k) * c}, type);
  f.normalise();
  return f;
}

TEST(Crystallinity, CrystalsAreCrystalline) {
  EXPECT_EQ(crystalline_fraction(test::fcc_crystal(5, 3.6)), 1);
  EXPECT_EQ(crystalline_fraction(test::bcc_crystal(6, 2.9)), 1);
  EXPECT_EQ(crystalline_fraction(test::hcp_crystal(5, 2.6)), 1);
  EXPECT_GT(crystalline_fraction(shaken(test::fcc_crystal(5, 3.6), 0.1)), 0.95);
  EXPECT_GT(crystalline_fraction(shaken(test::bcc_crystal(6, 2.9), 0.1)), 0.9);
}

TEST(Crystallinity, StronglyDisorderedPackingIsNot) { EXPECT_LT(crystalline_fraction(shaken(test::fcc_crystal(5, 3.6), 0.6)), 0.02); }

TEST(Crystallinity, LavesPhasesAreSeen) {
  EXPECT_EQ(laves_fraction(c15_crystal(3, 7.2)), 1);
  EXPECT_EQ(laves_fraction(c14_crystal(4, 5.1)), 1);
  EXPECT_EQ(laves_fraction(c15_crystal(1, 7.2)), 1);  // a box smaller than two shells
  EXPECT_GT(laves_fraction(shaken(c15_crystal(4, 7.2), 0.1)), 0.95);
  EXPECT_LT(crystalline_fraction(c15_crystal(3, 7.2)), 0.05);  // why there are two measures
}

// Off the composition of the compound: every sixth Zr is a Cu. The polyhedra stay.
TEST(Crystallinity, LavesPhaseDoesNotDependOnSpecies) {
  Frame f = shaken(c15_crystal(3, 7.2), 0.08);
  for (std::size_t i = 0; i < f.size(); i += 6) f.type[i] = 0;
  EXPECT_GT(laves_fraction(f), 0.95);
}

TEST(Crystallinity, OtherPackingsAreNotLaves) {
  EXPECT_EQ(laves_fraction(test::fcc_crystal(5, 3.6)), 0);
  EXPECT_EQ(laves_fraction(test::bcc_crystal(6, 2.9)), 0);
  EXPECT_EQ(laves_fraction(test::hcp_crystal(5, 2.6)), 0);
  EXPECT_EQ(laves_fraction(shaken(c15_crystal(4, 7.2), 0.7)), 0);
  EXPECT_EQ(laves_fraction(test::disordered(8)), 0);
}

}  // namespace
}  // namespace heteroglass::sample
