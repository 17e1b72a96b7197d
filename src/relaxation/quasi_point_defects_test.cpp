#include "relaxation/quasi_point_defects.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double k = 8.617333262145179e-5;

class Listener : public Context {};

/// ln tan d of U_b = 0.9 eV, tau0* = 1e-12 s, K = 1; chi 0.35 up to 560 K, then rising by 0.002/K.
Curve loss_factor(double noise, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Curve c;
  c.source = "dma";
  c.columns = {{"temperature", "K", {}}, {"angular_frequency", "rad/s", {}}, {"loss_factor", "1", {}}};
  for (double t = 480; t <= 640; t += 10)
    for (double l = -2; l <= 2; l += 0.25) {
      const double chi = 0.35 + 0.002 * std::max(t - 560, 0.0), w = std::pow(10, l);
      const double ln_tan = -0.9 / (k * t) - chi * (std::log(w) + std::log(1e-12));
      c.columns[0].values.push_back(t), c.columns[1].values.push_back(w),
          c.columns[2].values.push_back(std::exp(ln_tan + noise * normal(random)));
    }
  return c;
}

// The contract's numbers: 1e-13 s, 1 eV, 600 K, t0 1e-9 s, chi 0.35.
TEST(QuasiPointDefects, GivesTheReferenceNumbers) {
  const QuasiPointDefects q =
      quasi_point_defects({}, {.tau_beta0 = 1e-13, .activation_energy = 1, .temperature = 600, .time_scale = 1e-9, .chi = 0.35});
  EXPECT_NEAR(q.tau_beta.value, 2.50975e-5, 1e-10);
  EXPECT_NEAR(q.relaxation_time.value, 3718.5, 0.1);
  // chi = 1: every jump is the relaxation.
  const QuasiPointDefects gas =
      quasi_point_defects({}, {.tau_beta0 = 1e-13, .activation_energy = 1, .temperature = 600, .time_scale = 1e-9, .chi = 1});
  EXPECT_NEAR(gas.relaxation_time.value / gas.tau_beta.value, 1, 1e-12);
}

TEST(QuasiPointDefects, RecoversChiEnergyAndTime) {
  const Curve c = loss_factor(0.01, 1);
  const QuasiPointDefects q = quasi_point_defects({&c, 1});
  ASSERT_EQ(q.temperature.size(), 17u);
  for (std::size_t i = 0; i < 17; ++i)
    EXPECT_NEAR(q.chi[i], 0.35 + 0.002 * std::max(q.temperature[i] - 560, 0.0), 4 * q.chi_error[i]) << q.temperature[i];
  EXPECT_NEAR(q.frozen_to, 560, 10);
  EXPECT_NEAR(q.chi_glass.value, 0.35, 4 * q.chi_glass.error + 0.001);
  EXPECT_NEAR(q.activation_energy.value, 0.9, 4 * q.activation_energy.error);
  EXPECT_LT(q.activation_energy.error, 0.01);
  const double error = q.tau0_star.error / q.tau0_star.value;
  EXPECT_NEAR(std::log(q.tau0_star.value), std::log(1e-12), 4 * error);
}

// 95 % of chi within 1.96 errors: 17 isotherms of 20 sets.
TEST(QuasiPointDefects, ErrorOfChiCoversTheTruth) {
  int in = 0, n = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Curve c = loss_factor(0.02, seed);
    const QuasiPointDefects q = quasi_point_defects({&c, 1}, {.glass_transition = 560});
    for (std::size_t i = 0; i < q.chi.size(); ++i)
      ++n, in += std::abs(q.chi[i] - 0.35 - 0.002 * std::max(q.temperature[i] - 560, 0.0)) < 1.96 * q.chi_error[i];
  }
  EXPECT_GT(double(in) / n, 0.90);
  EXPECT_LT(double(in) / n, 0.98);
}

TEST(QuasiPointDefects, SaysWhereTanDeltaIsNoPowerLaw) {
  Curve c = loss_factor(0.002, 1);
  for (std::size_t i = 0; i < c.size(); ++i) c.columns[2].values[i] *= std::exp(0.1 * std::pow(std::log(c.columns[1].values[i]), 2));
  Listener context;
  quasi_point_defects({&c, 1}, {}, context);
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("no power law")));
}

TEST(QuasiPointDefects, FitsCreep) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  Curve c;
  c.source = "creep";
  c.columns = {{"time", "s", {}}, {"compliance", "1/GPa", {}}};
  for (double l = -1; l <= 4; l += 0.1) {
    const double t = std::pow(10, l), j = 0.03 + 1e-3 * std::pow(t, 0.4) / std::tgamma(1.4) + t / 2e5;
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(j * (1 + 0.002 * normal(random)));
  }
  const QuasiPointDefects q = quasi_point_defects({&c, 1});
  EXPECT_NEAR(q.chi_glass.value, 0.4, 4 * q.chi_glass.error);
  EXPECT_LT(q.chi_glass.error, 0.02);
  EXPECT_NEAR(q.viscosity.value, 2e5, 4 * q.viscosity.error);
  EXPECT_NEAR(q.unrelaxed_compliance.value, 0.03, 4 * q.unrelaxed_compliance.error);
}

TEST(QuasiPointDefects, RefusesWhatIsMissing) {
  EXPECT_THROW(quasi_point_defects({}, {.chi = 0.3}), InputError);
  Curve c = loss_factor(0, 1);
  c.columns[2].name = "storage";
  EXPECT_THROW(quasi_point_defects({&c, 1}), InputError);
}

}  // namespace
}  // namespace heteroglass::relaxation
