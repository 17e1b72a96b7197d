#include "probes/series/kww_pixel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "speckle_series.hpp"

namespace heteroglass::probes {
namespace {

struct Scatter {
  double bias = 0, rms = 0, z = 0, inside = 0, beta = 0, beta_z = 0, contrast = 0, lost = 0;
};

/// Fits of many simulated pixels with one truth.
Scatter scatter(std::size_t frames, double tau, double beta, int modes, double noise, std::optional<double> held, int pixels) {
  const test::Speckle speckle(frames, tau, beta);
  const KwwPixelFit fit(frames, held);
  KwwPixelFit::Work work(fit);
  std::mt19937_64 random(7);
  Scatter s;
  for (int k = 0; k < pixels; ++k) {
    std::vector<double> series = speckle.series(random, modes, noise);
    const double mean = std::accumulate(series.begin(), series.end(), 0.0) / double(frames), n = pixels;
    for (double& v : series) v /= mean;
    const KwwPixel p = fit.fit(series, work);
    s.lost += !p.converged;
    const double d = p.ln_tau - std::log(tau), z = d / p.ln_tau_error, b = p.beta - beta;
    s.bias += d / n, s.rms += d * d / n, s.z += z * z / n, s.inside += (std::abs(z) < 1) / n;
    s.beta += b / n, s.contrast += p.contrast / n;
    if (!held) s.beta_z += b * b / (p.beta_error * p.beta_error) / n;
  }
  EXPECT_LE(s.lost, 0.02 * pixels);
  s.rms = std::sqrt(s.rms), s.z = std::sqrt(s.z), s.beta_z = std::sqrt(s.beta_z);
  return s;
}

// Eight modes of speckle, nearly Gaussian: the truth comes back, and the stated errors cover it.
TEST(KwwPixel, RecoversTheTruthWithinItsErrors) {
  const Scatter s = scatter(1000, 20, 1, 8, 0.1, std::nullopt, 200);
  EXPECT_LT(std::abs(s.bias), 0.1);
  EXPECT_LT(s.rms, 0.32);
  EXPECT_NEAR(s.z, 1.1, 0.3);
  EXPECT_NEAR(s.inside, 0.66, 0.12);
  EXPECT_LT(std::abs(s.beta), 0.1);
  EXPECT_NEAR(s.beta_z, 1.1, 0.3);
  EXPECT_NEAR(s.contrast, 1.0 / 8, 0.02);
}

// With the exponent known the time is sharper: sqrt(2 tau_c / T) = 0.14 at best for tau_c = tau / 2.
TEST(KwwPixel, HeldExponentSharpensTheTime) {
  const Scatter s = scatter(1000, 20, 1, 8, 0.1, 1.0, 200);
  EXPECT_LT(std::abs(s.bias), 0.05);
  EXPECT_LT(s.rms, 0.23);
  EXPECT_GT(s.rms, 0.14);
  EXPECT_NEAR(s.z, 1.1, 0.25);
}

// Stretched decays (the covariance of 600 frames is factorised, so the cases are few). A fast tail and white noise are alike: beta is loose,
// its errors say so; with beta held the time is right.
TEST(KwwPixel, StretchedExponentials) {
  const Scatter loose = scatter(600, 5, 0.6, 8, 0.1, std::nullopt, 100);
  EXPECT_LT(std::abs(loose.bias), 0.15);
  EXPECT_LT(std::abs(loose.beta), 0.3);
  EXPECT_LT(loose.beta_z, 2);
  const Scatter held = scatter(600, 5, 0.6, 8, 0.1, 0.6, 100);
  EXPECT_LT(std::abs(held.bias), 0.12);
  EXPECT_NEAR(held.z, 1.1, 0.3);
}

TEST(KwwPixel, NoiseAloneIsNotSignificant) {
  const KwwPixelFit fit(500, std::nullopt);
  KwwPixelFit::Work work(fit);
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  int claimed = 0;
  for (int k = 0; k < 200; ++k) {
    std::vector<double> series(500);
    for (double& v : series) v = 1 + 0.2 * normal(random);
    claimed += fit.fit(series, work).significance > 14;
  }
  EXPECT_LE(claimed, 3);
  EXPECT_LT(fit.fit(std::vector<double>(500, 1.0), work).significance, 14);  // no fluctuation at all
}

}  // namespace
}  // namespace heteroglass::probes
