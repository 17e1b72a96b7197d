#include "probes/afm/dissipation_curve.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace heteroglass::probes {
namespace {

constexpr Cantilever lever{.spring_constant = 2, .quality = 150, .frequency = 70, .free_amplitude = 30};

// The coarser, interpolated curve against a steady state of full accuracy.
TEST(DissipationCurve, EqualsTheAccurateState) {
  const TipSurface s{.viscosity = 500};
  const DissipationCurve curve(lever, s, false, 24, 0.3, 0.9);
  const std::vector<DissipationCurve::Point> points = curve.points(s);
  ASSERT_GT(points.size(), 15u);
  EXPECT_LT(points.front().ratio, 0.3);
  EXPECT_GT(points.back().ratio, 0.9);
  const std::vector<double> distances = {27.3, 24, 20, 17.1};
  const Orbit o = approach(lever, s, distances).back();
  ASSERT_TRUE(o.converged);
  EXPECT_NEAR(interpolated(points, o.amplitude / 30), o.dissipation, 2e-4 * o.dissipation);
}

TEST(DissipationCurve, AttractiveStateHasNoLossInContact) {
  const TipSurface s{.radius = 20, .adhesion = 0.3};
  for (const DissipationCurve::Point& p : DissipationCurve(lever, s, true, 12, 0.9, 1).points(s)) EXPECT_NEAR(p.energy, 0, 1e-3) << p.ratio;
}

// A parabola is met exactly between equally spaced points.
TEST(DissipationCurve, InterpolatesParabolas) {
  std::vector<DissipationCurve::Point> p;
  for (int i = 0; i < 6; ++i) p.push_back({0.1 * i, 0.01 * i * i});
  EXPECT_NEAR(interpolated(p, 0.25), 0.0625, 1e-12);
  EXPECT_EQ(interpolated(p, 0.9), p.back().energy);
}

}  // namespace
}  // namespace heteroglass::probes
