#include "mechanics/ductility.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"

namespace heteroglass::mechanics {
namespace {

// nu = 0.31 and 0.32 are G/K = 3 x 0.38 / 2.62 = 0.435 and 3 x 0.36 / 2.64 = 0.409: the two rules are one.
TEST(Ductility, TwoRulesAreOne) {
  EXPECT_NEAR(ductility({}, {.poisson_ratio = 0.31}).shear_over_bulk.value, 0.435, 5e-4);
  EXPECT_NEAR(ductility({}, {.poisson_ratio = 0.32}).shear_over_bulk.value, 0.409, 5e-4);
  const Ductility r = ductility({}, {.shear_modulus = 36, .bulk_modulus = 110});
  EXPECT_NEAR(r.shear_over_bulk.value, 36.0 / 110, 1e-12);
  EXPECT_EQ(r.by_poisson, "ductile");
  EXPECT_EQ(ductility({}, {.poisson_ratio = 0.29}).by_poisson, "brittle");
}

TEST(Ductility, RelaxationRuleAndExceptions) {
  EXPECT_THAT(ductility({}, {.fast_energy = 0.31, .slow_energy = 1.0}).by_relaxation, testing::HasSubstr("ductile"));
  EXPECT_THAT(ductility({}, {.fast_energy = 0.5, .slow_energy = 1.0}).by_relaxation, testing::HasSubstr("brittle"));
  EXPECT_THAT(ductility({}, {.poisson_ratio = 0.4, .composition = "Pd36Pt9.3Cu25Ni9.3P20.4"}).exception, testing::HasSubstr("brittle"));
}

/// Tests around rate_c = 1e12/s exp(-1.0 eV/kT), blurred by `width` in ln(rate).
Curve table(double width, std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> u(0, 1);
  Curve c;
  c.columns = {{"temperature", "K", {}}, {"strain_rate", "1/s", {}}, {"ductile", "1", {}}};
  for (std::size_t i = 0; i < n; ++i) {
    const double t = 300 + 150 * u(random), critical = std::log(1e12) - 1.0 / (8.617333262e-5 * t), rate = critical + 12 * u(random) - 6;
    const bool ductile = u(random) < 1 / (1 + std::exp((rate - critical) / width));
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(std::exp(rate)), c.columns[2].values.push_back(ductile);
  }
  return c;
}

TEST(Ductility, BoundaryRecoversTheActivationEnergy) {
  int inside = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const std::vector<Curve> curves = {table(0.7, 150, seed)};
    const Ductility r = ductility(curves, {.slow_energy = 1.0});
    inside += std::abs(r.activation_energy.value - 1.0) < 1.96 * r.activation_energy.error;
    EXPECT_NEAR(r.log10_prefactor.value, 12, 5 * r.log10_prefactor.error);
    EXPECT_LT(r.activation_energy.error, 0.2);
  }
  EXPECT_GE(inside, 34);  // 38 expected of 40 at 95 %; fewer than 34 has a chance of 2 %
}

TEST(Ductility, RefusesOneClassAndNothing) {
  Curve c = table(0.7, 20, 3);
  for (double& d : c.columns[2].values) d = 1;
  EXPECT_THROW(ductility(std::vector<Curve>{c}), InputError);
  c.columns[2].values[0] = 0.5;
  EXPECT_THROW(ductility(std::vector<Curve>{c}), InputError);
  EXPECT_THROW(ductility({}), InputError);
}

}  // namespace
}  // namespace heteroglass::mechanics
