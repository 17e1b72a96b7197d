#include "deform/stress_strain.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "core/error.hpp"

namespace heteroglass::deform {
namespace {

struct Rows {
  std::vector<double> strain, stress;
};

/// Elastic-perfectly plastic: slope 36 GPa up to 1.8 GPa (strain 0.05), with noise.
Rows plastic(double noise, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> gauss;
  Rows r;
  for (int i = 0; i <= 1000; ++i) {
    const double g = 1e-4 * i;
    r.strain.push_back(g), r.stress.push_back(std::min(36 * g, 1.8) + noise * gauss(random));
  }
  return r;
}

// The line shifted by 0.002 meets the plateau at 1.8 / 36 + 0.002 = 0.052.
TEST(StressStrain, ElasticPlasticCurveHasClosedForm) {
  const Rows r = plastic(0);
  const StressStrain s = stress_strain(r.strain, r.stress, 0.02, 50);
  EXPECT_NEAR(s.modulus.value, 36, 1e-9);
  EXPECT_NEAR(s.yield_strain.value, 0.052, 1e-3);
  EXPECT_NEAR(s.yield_stress.value, 1.8, 0.02);
  EXPECT_NEAR(s.peak_stress.value, 1.8, 1e-9);
  EXPECT_EQ(s.strain.size(), 50u);
}

TEST(StressStrain, ErrorsAreThoseOfTheNoise) {
  double pull = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const Rows r = plastic(0.1, seed);
    const StressStrain s = stress_strain(r.strain, r.stress, 0.02, 50);
    EXPECT_NEAR(s.stress_error[40], 0.1 / std::sqrt(20), 0.03);
    pull += std::pow((s.modulus.value - 36) / s.modulus.error, 2) / 40;
  }
  EXPECT_NEAR(pull, 1, 0.6);
}

// A dip of noise before is no yield: the curve comes back above the line.
TEST(StressStrain, YieldIsWhereTheCurveStaysBelow) {
  Rows r = plastic(0);
  for (int i = 250; i < 270; ++i) r.stress[static_cast<std::size_t>(i)] -= 0.3;
  EXPECT_NEAR(stress_strain(r.strain, r.stress, 0.02, 50).yield_strain.value, 0.052, 1e-3);
}

TEST(StressStrain, ElasticCurveDoesNotYield) {
  std::vector<double> g, t;
  for (int i = 0; i < 200; ++i) g.push_back(1e-4 * i), t.push_back(30 * g.back());
  const StressStrain s = stress_strain(g, t, 0.01, 20);
  EXPECT_TRUE(std::isnan(s.yield_stress.value));
  EXPECT_FALSE(s.yield_stress.note.empty());
  EXPECT_THROW(stress_strain(g, t, 1e-5, 20), InputError);
}

}  // namespace
}  // namespace heteroglass::deform
