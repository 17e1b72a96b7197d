#include "structure/first_shell.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "crystals.hpp"

namespace heteroglass::structure {
namespace {

// A damped oscillation with its first peak at 2.7 and first minimum near 3.9, as the g(r) of a metallic glass.
RadialFunction model(double width) {
  RadialFunction g{width, {}, {}};
  for (double r = width / 2; r < 8; r += width) {
    const double v =
        r < 2.2 ? 0 : 1 + 2 * std::exp(-(r - 2.7) * 1.2) * std::cos(2 * 3.14159265 * (r - 2.7) / 2.4) * (r < 2.7 ? (r - 2.2) / 0.5 : 1);
    g.values.push_back(std::max(0.0, v));
    g.errors.push_back(0.02);
  }
  return g;
}

TEST(FirstShell, FindsPeakAndMinimumOfACurve) {
  const FirstShell shell = first_shell(model(0.02), 2.5);
  EXPECT_NEAR(shell.peak_position.value, 2.68, 0.06);
  EXPECT_GT(shell.peak_height.value, 2);
  // d/dr: minimum where tan(k (r - 2.7)) = -1.2 / k, k = 2.618: r = 2.7 + (pi - 0.4298) / k = 3.736
  EXPECT_NEAR(shell.minimum.value, 3.736, 0.05);
  EXPECT_GT(shell.minimum.error, 0);
  EXPECT_LT(shell.minimum.error, 0.05);
}

TEST(FirstShell, MinimumOfACrystalIsInTheGap) {
  const double a = 3.6;
  EXPECT_NEAR(first_minimum(test::fcc_crystal(6, a)), (std::sqrt(0.5) + 1) / 2 * a, 0.03 * a);
  EXPECT_NEAR(first_minimum(test::bcc_crystal(7, 3.2)), (std::sqrt(3) / 2 + 1) / 2 * 3.2, 0.03 * 3.2);
}

TEST(FirstShell, DoesNotDependOnTheUnitOfLength) {
  Frame f = test::disordered(8);
  const double r = first_minimum(f);
  EXPECT_GT(r, 2.7);
  EXPECT_LT(r, 4.2);
  f.box = Box(Mat3{{{{f.box.edges()[0][0] / 2.5, 0, 0}, {0, f.box.edges()[1][1] / 2.5, 0}, {0, 0, f.box.edges()[2][2] / 2.5}}}});
  for (Vec3& p : f.position) p = p / 2.5;
  EXPECT_NEAR(first_minimum(f) * 2.5, r, 1e-6);
}

TEST(FirstShell, VacuumAroundTheAtomsDoesNotMatter) {
  Frame f = test::disordered(8);
  const double r = first_minimum(f);
  for (Vec3& p : f.position) p += Vec3{40, 40, 40};
  f.box = Box::orthogonal({120, 120, 120}, {}, {false, false, false});
  EXPECT_NEAR(first_minimum(f), r, 0.05 * r);
}

TEST(FirstShell, AGasHasNone) {
  Frame f = test::empty_frame(Box::orthogonal({50, 50, 50}));
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> u(0, 50);
  for (int i = 0; i < 3000; ++i) test::add_atom(f, {u(random), u(random), u(random)});
  EXPECT_THROW(first_minimum(f), NumericalError);
}

}  // namespace
}  // namespace heteroglass::structure
