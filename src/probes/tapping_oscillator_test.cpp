#include "probes/tapping_oscillator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::probes {
namespace {

// Independent value (arbitrary precision): 42 N/m, 20 of 30 nm, Q = 500, 60 degrees.
TEST(TappingOscillator, FormulaGivesTheKnownDissipation) {
  EXPECT_NEAR(tapping_dissipation({.spring_constant = 42, .quality = 500, .free_amplitude = 30}, 20, 60), 197.0177, 1e-4);
}

TEST(TappingOscillator, FormulasReadTheSimulatedMotion) {
  TappingOscillatorOptions o;
  o.surface.viscosity = 300, o.points = 16, o.to = 6.0;
  const TappingOscillator r = tapping_oscillator(o);
  EXPECT_LT(r.drift, 1e-6);
  EXPECT_EQ(r.unsteady, 0);
  ASSERT_EQ(r.distance.size(), 16u);
  int repulsive = 0;
  for (std::size_t i = 0; i < r.distance.size(); ++i) {
    EXPECT_NEAR(r.dissipation_formula[i], r.dissipation[i], 0.01 * r.dissipation[i] + 0.01) << r.distance[i];
    EXPECT_NEAR(r.mean_force_formula[i], r.mean_force[i], 0.03 * std::abs(r.mean_force[i]) + 0.002) << r.distance[i];
    repulsive += r.mean_force[i] > 0 && r.phase[i] < 90;
  }
  EXPECT_GT(repulsive, 8);
}

TEST(TappingOscillator, HardContactFollowsTheDistance) {
  TappingOscillatorOptions o;
  o.points = 10, o.to = 15.0;
  const TappingOscillator r = tapping_oscillator(o);
  EXPECT_NEAR(r.amplitude.back(), 15, 0.2);  // the tip just reaches the surface
  EXPECT_NEAR(r.dissipation.back(), 0, 0.01);
}

TEST(TappingOscillator, ViscosityLessensTheDepth) {
  TappingOscillatorOptions o;
  o.points = 3, o.surface.viscosity = 1e7;
  const TappingOscillator r = tapping_oscillator(o);
  EXPECT_LT(r.press_depth, r.press_depth_elastic);
  EXPECT_GT(r.press_dissipation, 0);
}

// The default lever and tip near the first contact have an attractive and a repulsive state.
TEST(TappingOscillator, AttractionGivesTwoStates) {
  TappingOscillatorOptions o;
  o.from = 31.0, o.to = 28.0, o.points = 13;
  const TappingOscillator r = tapping_oscillator(o);
  EXPECT_TRUE(r.two_states);
  // The state is kept as long as it exists, so that going leaves the repulsive one farther out than coming reaches it.
  const auto repulsive = [](const std::vector<double>& phase) {
    return std::count_if(phase.begin(), phase.end(), [](double p) { return p < 90; });
  };
  EXPECT_GT(repulsive(r.phase_back), repulsive(r.phase));
}

TEST(TappingOscillator, RefusesDistancesThatDoNotFall) {
  TappingOscillatorOptions o;
  o.from = 10.0, o.to = 20.0;
  EXPECT_THROW(tapping_oscillator(o), InputError);
}

}  // namespace
}  // namespace heteroglass::probes
