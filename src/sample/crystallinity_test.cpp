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

TEST(Crystallinity, CrystalsAreCrystalline) {
  EXPECT_EQ(crystalline_fraction(test::fcc_crystal(5, 3.6)), 1);
  EXPECT_EQ(crystalline_fraction(test::bcc_crystal(6, 2.9)), 1);
  EXPECT_EQ(crystalline_fraction(test::hcp_crystal(5, 2.6)), 1);
  EXPECT_GT(crystalline_fraction(shaken(test::fcc_crystal(5, 3.6), 0.1)), 0.95);
  EXPECT_GT(crystalline_fraction(shaken(test::bcc_crystal(6, 2.9), 0.1)), 0.9);
}

TEST(Crystallinity, StronglyDisorderedPackingIsNot) { EXPECT_LT(crystalline_fraction(shaken(test::fcc_crystal(5, 3.6), 0.6)), 0.02); }

}  // namespace
}  // namespace heteroglass::sample
