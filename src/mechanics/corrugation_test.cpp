#include "mechanics/corrugation.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace heteroglass::mechanics {
namespace {

// sigma_th = 5 GPa: lambda = 2 pi sqrt(1 J/m^2 x 0.4 nm / 5 GPa) = 2 pi sqrt(0.08 nm^2) = 1.777153 nm.
TEST(Corrugation, PrintedRelation) { EXPECT_NEAR(corrugation().wavelength_eq_5_7.value, 1.7771531752633465, 1e-12); }

// lambda = 12 pi^2 A gamma / sigma: with A = 0.5, gamma = 1 J/m^2, sigma = 1 GPa it is 6 pi^2 nm.
TEST(Corrugation, SteadyStateAndBack) {
  const Corrugation r = corrugation({.crack_tip_stress = 1, .flow_factor = 0.5, .observed = 65, .errors = {{"observed", 6.5}}});
  EXPECT_NEAR(r.wavelength_steady_state.value, 6 * std::numbers::pi * std::numbers::pi, 1e-10);
  EXPECT_NEAR(r.flow_factor_observed.value, 65 / (12 * std::numbers::pi * std::numbers::pi), 1e-12);
  EXPECT_NEAR(r.flow_factor_observed.error / r.flow_factor_observed.value, 0.1, 1e-9);
  EXPECT_NEAR(r.observed_over_eq_5_7.value, 65 / r.wavelength_eq_5_7.value, 1e-12);
}

TEST(Corrugation, SaysWhatItNeeds) { EXPECT_EQ(corrugation().wavelength_steady_state.note, "needs --flow-factor"); }

}  // namespace
}  // namespace heteroglass::mechanics
