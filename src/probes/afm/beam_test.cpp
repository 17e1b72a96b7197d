#include "probes/afm/beam.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace heteroglass::probes {
namespace {

TEST(Beam, FreeModes) {
  EXPECT_NEAR(free_mode(1), 1.8751040687119611, 1e-12);
  EXPECT_NEAR(free_mode(2), 4.6940911329741746, 1e-12);
  EXPECT_NEAR(free_mode(3), 7.8547574382376126, 1e-12);
  for (int n = 1; n <= 3; ++n) EXPECT_NEAR(resonance({}, 0, n), free_mode(n), 1e-9);
}

double at_the_end(double x) {
  return x * x * x / 3 * (1 + std::cos(x) * std::cosh(x)) / (std::cos(x) * std::sinh(x) - std::sin(x) * std::cosh(x));
}

// An independent high-precision value at kL = 2.2, and the closed form elsewhere.
TEST(Beam, TipAtTheEndHasAClosedForm) {
  const auto k = contact_stiffness({}, 2.2);
  ASSERT_EQ(k.size(), 1u);
  EXPECT_NEAR(k[0].real(), 0.9486876707402825, 1e-12);
  for (const double x : {2.0, 3.0, 3.9, 5.0, 7.0}) EXPECT_NEAR(contact_stiffness({}, x)[0].real() / at_the_end(x), 1, 1e-10) << x;
}

// An infinitely stiff contact pins the end: kL = 3.9266 (clamped-pinned).
TEST(Beam, StiffContactPinsTheEnd) { EXPECT_NEAR(resonance({}, 1e9, 1), 3.9266023120479, 1e-6); }

// Static limit: kL -> 0 needs a stiffness of minus the beam's own, -k_c at the end and -k_c/L1^3 at L1 < L.
TEST(Beam, StaticSpringOfTheBeam) {
  EXPECT_NEAR(contact_stiffness({}, 1e-2)[0].real(), -1, 1e-6);
  EXPECT_NEAR(contact_stiffness({.tip_position = 0.8}, 2e-2)[0].real(), -1 / (0.8 * 0.8 * 0.8), 1e-4);
}

TEST(Beam, StiffnessAndResonanceAreInverse) {
  const Beam beam{.tip_position = 0.95, .tip_height = 0.06, .lateral_ratio = 0.8, .tilt = 0.2};
  for (const double k : {0.5, 20.0, 300.0}) {
    double nearest = INFINITY;
    for (const auto& root : contact_stiffness(beam, resonance(beam, k, 1))) nearest = std::min(nearest, std::abs(root - k));
    EXPECT_LT(nearest, 1e-4 * k);
  }
}

TEST(Beam, LateralSpringStiffens) {
  Beam beam{.tip_height = 0.07};
  const double without = resonance(beam, 30, 1);
  beam.lateral_ratio = 0.9;
  EXPECT_GT(resonance(beam, 30, 1), without);
}

}  // namespace
}  // namespace heteroglass::probes
