#include "theory/adam_gibbs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace heteroglass::theory {
namespace {

constexpr double r = 8.31446261815324;

AdamGibbsOptions vft_like() {
  AdamGibbsOptions o;
  o.cp_step = 15, o.glass_transition = 568, o.kauzmann_temperature = 390, o.tau0 = 1e-13;
  o.barrier = r * 5200 * 568 / (568 - 390) / 1e3;  // B = (barrier/R) (T_g - T_K) / T_g
  return o;
}

// Hyperbolic heat capacity: exactly VFT with B = 5200 K, T_0 = 390 K, m = B T_g / (ln 10 (T_g - T_0)^2) = 40.485.
TEST(AdamGibbs, HyperbolicHeatCapacityIsVogelFulcher) {
  const AdamGibbs a = adam_gibbs({}, vft_like());
  EXPECT_NEAR(a.fragility.value, 40.48517175070839, 1e-9);
  EXPECT_NEAR(a.vft_b.value, 5200, 1e-9);
  for (std::size_t i = 0; i < a.temperature.size(); ++i)
    EXPECT_NEAR(a.log10_tau_model[i], -13 + 5200 / (a.temperature[i] - 390) / std::numbers::ln10, 1e-10);
  EXPECT_NEAR(a.configurational_entropy.value, 15 * 568 * (1 / 390.0 - 1 / 568.0), 1e-12);
}

TEST(AdamGibbs, BarrierFollowsFromTheTimeAtTheGlassTransition) {
  AdamGibbsOptions o = vft_like();
  o.barrier.reset(), o.heat_capacity = "constant";
  const AdamGibbs a = adam_gibbs({}, o);
  EXPECT_NEAR(a.log10_relaxation_time.value, 2, 1e-12);
  // m = log10(tau_g/tau_0) (1 + Dc_p/S_c), S_c = Dc_p ln(T_g/T_K).
  EXPECT_NEAR(a.fragility.value, 15 * (1 + 1 / std::log(568 / 390.0)), 1e-10);
  EXPECT_NEAR(a.region_atoms.value, r * std::log(2) / (15 * std::log(568 / 390.0)), 1e-12);
}

TEST(AdamGibbs, FitGivesBackTheLaw) {
  Curve c;
  c.columns = {{"temperature", "K", {}}, {"viscosity", "Pa s", {}}};
  for (double t = 570; t < 800; t += 12)
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(30e9 * 1e-13 * std::exp(5200 / (t - 390)));
  AdamGibbsOptions o;
  o.glass_transition = 568, o.shear_modulus = 30;
  const AdamGibbs a = adam_gibbs(std::span(&c, 1), o);
  EXPECT_NEAR(a.kauzmann_temperature.value, 390, 0.01);
  EXPECT_NEAR(a.log10_tau0.value, -13, 1e-3);
  EXPECT_NEAR(a.fragility.value, 40.485, 0.01);
  o.shear_modulus.reset();
  EXPECT_THROW(adam_gibbs(std::span(&c, 1), o), InputError);
}

TEST(AdamGibbs, ErrorsAreCarriedAndBadInputRefused) {
  AdamGibbsOptions o = vft_like();
  o.errors = {{"kauzmann_temperature", 10}};
  EXPECT_GT(adam_gibbs({}, o).fragility.error, 0.5);
  o.kauzmann_temperature = 600;
  EXPECT_THROW(adam_gibbs({}, o), InputError);
  EXPECT_THROW(adam_gibbs({}, {}), InputError);
}

}  // namespace
}  // namespace heteroglass::theory
