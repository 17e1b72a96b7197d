#include "relaxation/kramers_kronig.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"
#include "relaxation/response_models.hpp"

namespace heteroglass::relaxation {
namespace {

Curve modulus(const Process& p, double noise, unsigned seed, double low = 1e-3, double high = 1e3, int n = 61) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Curve c;
  c.source = "scan.csv", c.columns = {{"angular_frequency", "rad/s", {}}, {"storage", "GPa", {}}, {"loss", "GPa", {}}};
  for (int i = 0; i < n; ++i) {
    const double w = low * std::pow(high / low, i / double(n - 1));
    const std::complex<double> m = 2.0 + 30.0 * (1.0 - p.susceptibility(w));
    c.columns[0].values.push_back(w), c.columns[1].values.push_back(m.real() * (1 + noise * normal(random)));
    c.columns[2].values.push_back(m.imag() * (1 + noise * normal(random)));
  }
  return c;
}

KramersKronig run(const Curve& c) { return kramers_kronig(std::span(&c, 1)); }

TEST(KramersKronig, ModelsAreConsistentWithAndWithoutNoise) {
  for (const Process& p : {Process(Shape::debye, {}), Process(Shape::havriliak_negami, std::vector{0.8, 0.5}),
                           Process(Shape::kww, std::vector{0.5}), Process(Shape::cole_cole, std::vector{0.3})})
    for (const double noise : {0.0, 0.002, 0.01}) {
      const KramersKronig r = run(modulus(p, noise, 5));
      EXPECT_EQ(r.verdict, "consistent") << shape_name(p.shape()) << " " << noise << " " << r.fraction_off;
      EXPECT_LT(r.rms_storage, 0.02 + 3 * noise) << shape_name(p.shape()) << noise;
    }
}

// In the middle of the window the loss follows from the storage modulus alone.
TEST(KramersKronig, PredictsTheLossInsideTheWindow) {
  const KramersKronig r = run(modulus(Process(Shape::havriliak_negami, std::vector{0.8, 0.5}), 0, 1));
  for (std::size_t i = 10; i < 51; ++i) EXPECT_NEAR(r.loss_predicted[i], r.loss[i], 0.02 * r.loss[i]) << i;
}

TEST(KramersKronig, WrongLossIsFound) {
  Curve scaled = modulus(Process(Shape::kww, std::vector{0.5}), 0.003, 2), bump = scaled, shifted = scaled;
  for (double& v : scaled.columns[2].values) v *= 1.3;
  for (std::size_t i = 25; i < 40; ++i) bump.columns[2].values[i] *= 1.4;
  for (std::size_t i = 0; i + 5 < 61; ++i) shifted.columns[2].values[i] = shifted.columns[2].values[i + 5];
  EXPECT_EQ(run(scaled).verdict, "inconsistent");
  EXPECT_EQ(run(bump).verdict, "inconsistent");
  EXPECT_EQ(run(shifted).verdict, "inconsistent");
}

// The main peak lies beyond the window: what it does inside is not known, and must not be taken for a contradiction.
TEST(KramersKronig, PeakBeyondTheWindowIsNoContradiction) {
  for (unsigned s = 0; s < 20; ++s) {
    EXPECT_NE(run(modulus(Process(Shape::havriliak_negami, std::vector{0.95, 0.41}), 0.004, s, 30, 3e5, 17)).verdict, "inconsistent") << s;
    EXPECT_NE(run(modulus(Process(Shape::kww, std::vector{0.5}), 0.004, s, 1e-6, 0.03, 17)).verdict, "inconsistent") << s;
  }
}

// False alarms: noise alone must not be called inconsistent.
TEST(KramersKronig, NoiseAloneIsNotAVerdict) {
  int alarms = 0;
  for (unsigned s = 0; s < 60; ++s)
    alarms += run(modulus(Process(Shape::havriliak_negami, std::vector{0.9, 0.4}), 0.01, s)).verdict == "inconsistent";
  EXPECT_LE(alarms, 2);
}

TEST(KramersKronig, FormulaAndRefusals) {
  EXPECT_EQ(kramers_kronig({}).verdict, "consistent");
  Curve flat = modulus(Process(Shape::debye, {}), 0, 1);
  for (double& v : flat.columns[1].values) v = 30;
  for (double& v : flat.columns[2].values) v = 0;
  EXPECT_EQ(run(flat).verdict, "no power");
  Curve c = modulus(Process(Shape::debye, {}), 0, 1, 1e-3, 1e3, 6);
  EXPECT_THROW(run(c), InputError);
  c = modulus(Process(Shape::debye, {}), 0, 1);
  c.columns.pop_back();
  EXPECT_THROW(run(c), InputError);
}

}  // namespace
}  // namespace heteroglass::relaxation
