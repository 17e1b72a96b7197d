#include "probes/afm/press_loop.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/constants.hpp"

namespace heteroglass::probes {
namespace {

constexpr double ev = 1e-18 / constants::elementary_charge;  // of 1 nN nm

// Hertz: h = (3 F/(4 E* sqrt R))^(2/3); viscosity slows the way in and is paid for by the area.
TEST(PressLoop, SlowlyItIsHertzian) {
  const PressLoop elastic = press_loop({}, 50, 1);
  EXPECT_NEAR(elastic.depth_at_peak, std::pow(3 * 50 / (4 * 60 * std::sqrt(10.0)), 2.0 / 3), 1e-12);
  EXPECT_NEAR(elastic.dissipation, 0, 1e-9);
  const PressLoop viscous = press_loop({.viscosity = 2e7}, 50, 1);
  EXPECT_LT(viscous.depth_at_peak, 0.99 * elastic.depth_at_peak);
  EXPECT_GT(viscous.dissipation, 1);
  EXPECT_LT(viscous.dissipation, 2 * 50 * elastic.depth_at_peak * ev);
}

}  // namespace
}  // namespace heteroglass::probes
