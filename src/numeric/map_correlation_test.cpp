#include "numeric/map_correlation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"
#include "sample_map.hpp"

namespace heteroglass::numeric {
namespace {

using test::gaussian_map;
using test::Surface;
using test::view;

void expect_direct_sums(const MapView& map, const LagSums& s) {
  for (int dy = 0; dy <= int(s.lag_y); ++dy)
    for (int dx = -int(s.lag_x); dx <= int(s.lag_x); ++dx) {
      double pairs = 0, products = 0, squares = 0;
      for (int y = 0; y + dy < int(map.height); ++y)
        for (int x = std::max(0, -dx); x < int(map.width) - std::max(0, dx); ++x) {
          const double a = map.at(std::size_t(x), std::size_t(y)), b = map.at(std::size_t(x + dx), std::size_t(y + dy));
          if (!std::isfinite(a) || !std::isfinite(b)) continue;
          ++pairs, products += (a - 0.3) * (b - 0.3), squares += (a - b) * (a - b);
        }
      const auto i = std::size_t(dy * (2 * int(s.lag_x) + 1) + dx + int(s.lag_x));
      EXPECT_EQ(s.pairs[i], pairs) << dx << " " << dy;
      EXPECT_NEAR(s.products[i], products, 1e-10) << dx << " " << dy;
      EXPECT_NEAR(s.squares[i], squares, 1e-10) << dx << " " << dy;
    }
}

TEST(MapCorrelation, SumsOverPairsAreTheDirectOnes) {
  const Surface o{.width = 17, .height = 12};
  std::vector<double> v = gaussian_map(o, 1);
  expect_direct_sums(view(o, v), lag_sums(view(o, v), 6, 7, 0.3));
  for (const std::size_t i : {0u, 5u, 40u, 41u, 42u, 58u, 203u}) v[i] = NAN;
  expect_direct_sums(view(o, v), lag_sums(view(o, v), 16, 11, 0.3));
}

// The mean over 40 maps must meet the truth within its own error, and the spread over maps must be what each map says its error is.
void expect_recovered(const Surface& o, bool masked = false) {
  constexpr int n = 40;
  double xi = 0, xi2 = 0, exponent = 0, exponent2 = 0, s = 0, s2 = 0, error = 0, exponent_error = 0;
  for (unsigned seed = 0; seed < n; ++seed) {
    std::vector<double> v = gaussian_map(o, seed);
    if (masked)
      for (std::size_t i = 0; i < v.size(); ++i)
        if (i % 7 == 3 || (i % o.width > 20 && i % o.width < 40 && i / o.width < 25)) v[i] = NAN;
    const MapCorrelation c = map_correlation(view(o, v));
    ASSERT_TRUE(c.converged) << seed;
    EXPECT_TRUE(c.resolved);
    xi += c.xi.value / n, xi2 += c.xi.value * c.xi.value / n, error += c.xi.error * c.xi.error / n;
    exponent += c.exponent.value / n, exponent2 += c.exponent.value * c.exponent.value / n;
    exponent_error += c.exponent.error * c.exponent.error / n;
    s += c.roughness.value / n, s2 += c.roughness.value * c.roughness.value / n;
  }
  const double spread = std::sqrt(xi2 - xi * xi), exponent_spread = std::sqrt(exponent2 - exponent * exponent);
  EXPECT_NEAR(xi, o.xi, 4 * spread / std::sqrt(n) + 0.02 * o.xi);
  EXPECT_NEAR(exponent, o.exponent, 4 * exponent_spread / std::sqrt(n) + 0.01);
  EXPECT_NEAR(s, o.s, 4 * std::sqrt((s2 - s * s) / n) + 0.01 * o.s);
  EXPECT_GT(std::sqrt(error) / spread, 0.6);
  EXPECT_LT(std::sqrt(error) / spread, 1.7);
  EXPECT_GT(std::sqrt(exponent_error) / exponent_spread, 0.6);
  EXPECT_LT(std::sqrt(exponent_error) / exponent_spread, 1.9);
}

TEST(MapCorrelation, RecoversKnownMapsWithinErrors) { expect_recovered({.width = 160, .height = 128, .xi = 6, .exponent = 0.5, .s = 2}); }
TEST(MapCorrelation, RecoversSmootherMaps) { expect_recovered({.xi = 5, .exponent = 0.8}); }
TEST(MapCorrelation, RecoversMaskedAndOblongMaps) {
  expect_recovered({.width = 160, .height = 96, .xi = 12, .exponent = 0.5, .pixel_width = 2, .pixel_height = 3}, true);
}

// With a = 1/2 the autocorrelation is exp(-r/xi): 1/e at xi.
TEST(MapCorrelation, DecayLength) {
  const Surface o{.width = 256, .height = 256, .xi = 7};
  double sum = 0;
  for (unsigned seed = 0; seed < 5; ++seed) {
    const std::vector<double> v = gaussian_map(o, seed);
    const MapCorrelation c = map_correlation(view(o, v));
    EXPECT_LT(std::abs(c.decay_length.value - 7), 4 * c.decay_length.error + 0.3);
    sum += c.decay_length.value / 5;
  }
  EXPECT_NEAR(sum, 7, 0.4);  // the mean of a finite map takes a little away
}

TEST(MapCorrelation, ScanLineNoiseIsFound) {
  const Surface o{.xi = 8};
  std::vector<double> v = gaussian_map(o, 4);
  const MapCorrelation clean = map_correlation(view(o, v));
  EXPECT_LT(clean.line_noise.value, 0.1);
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(0, 0.6);
  for (std::size_t y = 0; y < o.height; ++y) {
    const double jump = normal(random);
    for (std::size_t x = 0; x < o.width; ++x) v[y * o.width + x] += jump;
  }
  const MapCorrelation lines = map_correlation(view(o, v));
  EXPECT_NEAR(lines.line_noise.value, 0.6, 4 * lines.line_noise.error);
  EXPECT_LT(lines.line_noise.error, 0.15);
  EXPECT_THAT(lines.notes, testing::Contains(testing::HasSubstr("level it line by line")));
}

// Noise controls fit with the weights of the data: on the data themselves they give the same.
TEST(MapCorrelation, LengthsAloneAreThoseOfTheWhole) {
  const Surface o{.width = 90, .height = 70, .xi = 9, .pixel_width = 2, .pixel_height = 3};
  const std::vector<double> v = gaussian_map(o, 8);
  const MapCorrelation c = map_correlation(view(o, v));
  const CorrelationLengths l = correlation_lengths(view(o, v), c);
  EXPECT_NEAR(l.xi, c.xi.value, 1e-6 * l.xi);
  EXPECT_NEAR(l.decay_length, c.decay_length.value, 1e-9);
}

// Waves are no stretched exponential.
TEST(MapCorrelation, AFormThatDoesNotFitIsSaid) {
  const Surface o{.xi = 3, .s = 0.1};
  std::vector<double> v = gaussian_map(o, 8);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] += std::sin(0.5 * double(i % 128)) + std::sin(0.5 * double(i / 128));
  EXPECT_THAT(map_correlation(view(o, v)).notes, testing::Contains(testing::HasSubstr("does not fit")));
}

TEST(MapCorrelation, UnresolvedLengthsAreSaid) {
  const Surface o{.xi = 1.5};
  const std::vector<double> v = gaussian_map(o, 2);
  const MapCorrelation c = map_correlation(view(o, v));
  EXPECT_FALSE(c.resolved);
  EXPECT_THAT(c.notes, testing::Contains(testing::HasSubstr("under 3 pixels")));
  const Surface large{.xi = 8};
  const std::vector<double> w = gaussian_map(large, 2);
  EXPECT_TRUE(map_correlation(view(large, w), {.tip_radius = 3.0}).resolved);
  EXPECT_FALSE(map_correlation(view(large, w), {.tip_radius = 30.0}).resolved);
}

// A tilted plane never saturates.
TEST(MapCorrelation, APlaneHasNoLength) {
  std::vector<double> v;
  for (std::size_t i = 0; i < 64 * 64; ++i) v.push_back(static_cast<double>(i % 64));
  const MapCorrelation c = map_correlation({64, 64, 1, 1, v});
  EXPECT_FALSE(c.resolved && c.converged && c.xi.value < 16);
  EXPECT_THAT(c.notes, testing::Not(testing::IsEmpty()));
}

TEST(MapCorrelation, SmallGridsAndBadMaps) {
  const Surface grid{.width = 11, .height = 11, .xi = 2};
  const std::vector<double> v = gaussian_map(grid, 1);
  EXPECT_NO_THROW(map_correlation(view(grid, v)));
  EXPECT_THROW(map_correlation({5, 11, 1, 1, std::span(v).first(55)}), InputError);
  EXPECT_THROW(map_correlation({11, 11, 1, 1, std::vector<double>(121, 3.0)}), InputError);
}

}  // namespace
}  // namespace heteroglass::numeric
