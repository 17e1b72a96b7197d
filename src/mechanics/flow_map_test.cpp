#include "mechanics/flow_map.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace heteroglass::mechanics {
namespace {

// At the crossover x/sinh x = 0.9; to fourth order 1 - x^2/6 + 7 x^4/360 = 0.9 at x = 0.7949...
TEST(FlowMap, CrossoverIsWhereTheViscosityHasFallen) {
  const FlowMapOptions o;
  const FlowMap r = flow_map({}, o);
  const double x = r.crossover_stress.value * o.activation_volume * 6.241509074 / (2 * 8.617333262e-5 * o.temperature);
  EXPECT_NEAR(x / std::sinh(x), 0.9, 1e-9);
  EXPECT_NEAR(r.crossover_rate.value, r.crossover_stress.value * 1e9 / (0.9 * r.newtonian_viscosity.value), 1e-12 * r.crossover_rate.value);
}

TEST(FlowMap, AllModelsAreNewtonianAtSmallStressAndThinThen) {
  const FlowMap r = flow_map({});
  for (const auto* eta : {&r.free_volume, &r.cooperative_shear, &r.rfot}) {
    EXPECT_NEAR(eta->front() / r.newtonian_viscosity.value, 1, 1e-2);
    for (std::size_t i = 1; i < eta->size(); ++i) EXPECT_LE((*eta)[i], (*eta)[i - 1] * (1 + 1e-12));
    EXPECT_LT(eta->back(), 0.5 * eta->front());
  }
}

TEST(FlowMap, RecoversTheActivationVolume) {
  Curve c;
  c.columns = {{"strain_rate", "1/s", {}}, {"viscosity", "Pa s", {}}};
  const double eta = 2e11, unit = 2 * 8.617333262e-5 * 623 / (0.2 * 6.241509074) * 1e9;
  for (int i = 0; i < 20; ++i) {
    const double rate = 1e-5 * std::pow(10, i / 5.0), x = std::asinh(rate * eta / unit);
    c.columns[0].values.push_back(rate), c.columns[1].values.push_back(eta * x / std::sinh(x) * (1 + 0.02 * ((i * 7) % 5 - 2)));
  }
  const FlowMap r = flow_map(std::vector<Curve>{c});
  EXPECT_NEAR(r.activation_volume.value, 0.2, 4 * r.activation_volume.error);
  EXPECT_LT(r.activation_volume.error, 0.02);
  EXPECT_NEAR(r.newtonian_viscosity.value, eta, 4 * r.newtonian_viscosity.error);
}

TEST(FlowMap, BoundaryIsArrhenius) {
  Curve c;
  c.columns = {{"temperature", "K", {}}, {"critical_rate", "1/s", {}}};
  for (int i = 0; i < 8; ++i) {
    const double t = 580 + 12 * i;
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(1e20 * std::exp(-2.5 / (8.617333262e-5 * t)));
  }
  const FlowMap r = flow_map(std::vector<Curve>{c});
  EXPECT_NEAR(r.boundary_energy.value, 2.5, 1e-6);
  EXPECT_NEAR(r.boundary_log10_prefactor.value, 20, 1e-5);
}

TEST(FlowMap, RefusesTemperaturesBelowVogel) {
  EXPECT_THROW(flow_map({}, {.temperature = 400}), InputError);
  EXPECT_THROW(flow_map({}, {.temperature_low = 300}), InputError);
}

}  // namespace
}  // namespace heteroglass::mechanics
