#include "deform/stress_strain.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
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

/// Noise of unit variance: white, or of the damped oscillation of stress in dynamics, x_i = 2 e cos(w) x_(i-1) - e^2 x_(i-2) + white,
/// with e = exp(-1/100), w = 2 pi / 170: correlation about 0.98 at lag 5, 0.25 at 40, -0.42 at 80.
std::vector<double> noise(bool oscillating, std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> gauss;
  const double e = oscillating ? std::exp(-0.01) : 0, a = 2 * e * std::cos(2 * std::numbers::pi / 170), b = -e * e;
  const double variance = (1 - b) / ((1 + b) * ((1 - b) * (1 - b) - a * a));
  double before = 0, last = 0;
  std::vector<double> out;
  for (std::size_t i = 0; i < n + 1000; ++i) {
    const double x = a * last + b * before + gauss(random);
    before = last, last = x;
    if (i >= 1000) out.push_back(x / std::sqrt(variance));
  }
  return out;
}

/// Mean square of (found - true) / error over many curves that bend smoothly, stress = 1.8 tanh(20 strain) GPa.
struct Chi2 {
  double window = 0, modulus = 0, yield_strain = 0, yield_stress = 0;
};
Chi2 chi2(bool oscillating, double size, int windows = 50) {
  const int curves = 100, n = 2000;
  const auto curve = [](double g) { return 1.8 * std::tanh(20 * g); };
  std::vector<double> g, quiet;
  for (int i = 0; i < n; ++i) g.push_back(0.1 * i / n), quiet.push_back(curve(g.back()));
  const StressStrain exact = stress_strain(g, quiet, 0.02, windows);
  Chi2 out;
  for (unsigned seed = 1; seed <= curves; ++seed) {
    std::vector<double> t = noise(oscillating, n, seed);
    for (std::size_t i = 0; i < n; ++i) t[i] = size * t[i] + quiet[i];
    const StressStrain s = stress_strain(g, t, 0.02, windows);
    for (std::size_t k = 0; k < s.stress.size(); ++k)
      out.window += std::pow((s.stress[k] - exact.stress[k]) / s.stress_error[k], 2) / windows / curves;
    const auto add = [&](double& sum, const Measured& a, const Measured& b) { sum += std::pow((a.value - b.value) / a.error, 2) / curves; };
    add(out.modulus, s.modulus, exact.modulus);
    add(out.yield_strain, s.yield_strain, exact.yield_strain), add(out.yield_stress, s.yield_stress, exact.yield_stress);
  }
  return out;
}

TEST(StressStrain, ErrorsAreThoseOfWhiteNoise) {
  const Chi2 c = chi2(false, 0.2);
  EXPECT_NEAR(c.window, 1, 0.15);
  EXPECT_NEAR(c.modulus, 1, 0.35);
  EXPECT_NEAR(c.yield_strain, 1, 0.6);
  EXPECT_NEAR(c.yield_stress, 1, 0.6);
}

TEST(StressStrain, ErrorsAreThoseOfOscillatingNoise) {
  const Chi2 c = chi2(true, 0.03);
  EXPECT_NEAR(c.window, 1, 0.25);
  EXPECT_NEAR(c.modulus, 1, 0.35);
  EXPECT_NEAR(c.yield_strain, 1, 0.6);
  EXPECT_NEAR(c.yield_stress, 1, 0.6);
}

// Narrow windows follow the oscillation, wide ones average it; the stretches are as long either way.
TEST(StressStrain, ErrorsHoldForNarrowAndWideWindows) {
  for (const int windows : {25, 100, 200}) {
    const Chi2 c = chi2(true, 0.03, windows);
    EXPECT_NEAR(c.window, 1, 0.35) << windows;
    EXPECT_NEAR(c.modulus, 1, 0.4) << windows;
    EXPECT_NEAR(c.yield_stress, 1, 0.6) << windows;
  }
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
