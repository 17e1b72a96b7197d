#include "probes/band_profile.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"
#include "probes/red_noise.hpp"

namespace heteroglass::probes {
namespace {

Curve profile(const std::vector<double>& x, const std::vector<double>& y) {
  return {"test", "", {{"position", "nm", x}, {"intensity", "1", y}}, {}, {}};
}

std::vector<double> positions(double length, double step, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> u(-0.2 * step, 0.2 * step);
  std::vector<double> x;
  for (double at = 0; at < length; at += step) x.push_back(at + u(random));
  return x;
}
BandProfile run(const Curve& c, const BandProfileOptions& o = {}) { return band_profile(std::vector<Curve>{c}, o); }

// A contrast of 4 % with a period of 150 nm on a sloping background with red noise: all found within their errors.
TEST(BandProfile, FindsThePeriodOfContrastReversals) {
  double z = 0;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    const std::vector<double> x = positions(1500, 5, seed);
    std::mt19937_64 random(seed);
    const std::vector<double> noise = RedNoise{15, 0.01}.sample(x, random);
    std::vector<double> y;
    for (std::size_t i = 0; i < x.size(); ++i)
      y.push_back((1000 + 0.1 * x[i]) * (1 + 0.04 * std::sin(2 * M_PI * x[i] / 150 + 0.7) + noise[i]));
    const BandProfile r = run(profile(x, y), {.surrogates = 199, .seed = int(seed)});
    EXPECT_LE(r.p_value, 0.005);
    EXPECT_LT(r.wavelength.error, 3);
    EXPECT_NEAR(r.amplitude.value, 0.04, 4 * r.amplitude.error);
    EXPECT_NEAR(r.periods, 10, 0.3);
    z += std::pow((r.wavelength.value - 150) / r.wavelength.error, 2) / 8;
  }
  EXPECT_NEAR(std::sqrt(z), 1, 0.5);
}

// Red noise alone: p-values are uniform, while the formula for white noise cries wolf nearly always.
TEST(BandProfile, RedNoiseHasNoPeriod) {
  int red = 0, white = 0;
  constexpr int cases = 40;
  for (int k = 0; k < cases; ++k) {
    const std::vector<double> x = positions(1000, 8, unsigned(k));
    std::mt19937_64 random(unsigned(k) + 100);
    std::vector<double> y = RedNoise{40, 0.02}.sample(x, random);
    for (double& v : y) v += 1;
    const BandProfile r = run(profile(x, y), {.surrogates = 39, .seed = k});
    red += r.p_value <= 0.1, white += r.false_alarm_white <= 0.1;
  }
  EXPECT_LE(red, 10);  // 4 expected
  EXPECT_GT(white, 34);
}

// Square segments, 90 nm at +6 % and 60 nm at -3 % of the matrix: lengths, extremes and their ratio.
TEST(BandProfile, DenseAndDilatedSegments) {
  std::vector<double> x, y, matrix;
  std::mt19937_64 random(4);
  std::normal_distribution<double> noise(0, 0.002);
  for (int i = 0; i < 600; ++i) {
    x.push_back(2.0 * i + 1), matrix.push_back(500 + 0.05 * x.back());
    y.push_back(matrix.back() * (1 + (std::fmod(x.back(), 150) < 90 ? 0.06 : -0.03) + noise(random)));
  }
  Curve c = profile(x, y);
  c.columns.push_back({"matrix", "1", matrix});
  const BandProfile r = run(c, {.trend_order = 0, .surrogates = 99});
  EXPECT_NEAR(r.wavelength.value, 150, 1);
  EXPECT_NEAR(r.length_dense.value, 90, 8);
  EXPECT_NEAR(r.length_dilated.value, 60, 8);
  EXPECT_NEAR(r.amplitude_dense.value, 0.06, 0.003);
  EXPECT_NEAR(r.amplitude_dilated.value, 0.03, 0.003);
  EXPECT_NEAR(r.amplitude_ratio.value, 2, 0.25);
  EXPECT_EQ(r.segments.find("kind")->text.front(), "dense (cut)");
}

TEST(BandProfile, RedNoiseLengthIsFound) {
  const std::vector<double> x = positions(4000, 2, 3);
  std::mt19937_64 random(8);
  const RedNoise r = red_noise(x, RedNoise{12, 0.5}.sample(x, random));
  EXPECT_NEAR(r.length, 12, 2);
  EXPECT_NEAR(r.deviation, 0.5, 0.04);
}

TEST(BandProfile, SaysWhatIsWrong) {
  std::vector<double> x, flat;
  for (int i = 0; i < 40; ++i) x.push_back(i), flat.push_back(3);
  EXPECT_THROW(run(profile(x, flat)), InputError);                                // nothing varies
  EXPECT_THROW(run(profile({1, 2, 3}, {1, 2, 1})), InputError);                   // three points
  EXPECT_THROW(run(profile(x, x), {.shortest = 30, .longest = 20}), InputError);  // no range
  EXPECT_THROW(band_profile(std::span<const Curve>{}), InputError);
}

}  // namespace
}  // namespace heteroglass::probes
