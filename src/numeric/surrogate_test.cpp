#include "numeric/surrogate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "numeric/map_correlation.hpp"
#include "sample_map.hpp"

namespace heteroglass::numeric {
namespace {

/// Noise smoothed by a running mean of 8 along x: its autocorrelation at distance d is 1 - d/8.
std::vector<float> smooth(std::size_t nx, std::size_t ny) {
  std::vector<float> noise(nx * ny), out(nx * ny);
  unsigned state = 1;
  for (float& v : noise) state = state * 1664525u + 1013904223u, v = float(state >> 8) / 16777216.0f;
  for (std::size_t y = 0; y < ny; ++y)
    for (std::size_t x = 0; x < nx; ++x)
      for (std::size_t k = 0; k < 8; ++k) out[y * nx + x] += noise[y * nx + (x + k) % nx];
  return out;
}

double correlation(const std::vector<float>& v, std::size_t nx, std::size_t d) {
  double mean = 0, a = 0, b = 0;
  for (const float f : v) mean += double(f) / double(v.size());
  for (std::size_t i = 0; i < v.size(); ++i) {
    const std::size_t y = i / nx, x = i % nx;
    a += (double(v[i]) - mean) * (double(v[y * nx + (x + d) % nx]) - mean), b += std::pow(double(v[i]) - mean, 2);
  }
  return a / b;
}

TEST(Surrogate, KeepsHistogramAndCorrelationAndNothingElse) {
  const std::vector<float> field = smooth(256, 128), other = surrogate(field, {256, 128, 1}, 7);
  std::vector<float> a = field, b = other;
  std::sort(a.begin(), a.end()), std::sort(b.begin(), b.end());
  EXPECT_EQ(a, b);
  for (const std::size_t d : {1u, 4u, 8u, 20u}) EXPECT_NEAR(correlation(other, 256, d), correlation(field, 256, d), 0.02) << d;
  double same = 0, mean = 4;
  for (std::size_t i = 0; i < field.size(); ++i) same += (double(field[i]) - mean) * (double(other[i]) - mean);
  EXPECT_LT(std::abs(same / double(field.size())), 0.1 * 8 / 12.0);  // variance of the field is 8/12
}

TEST(Surrogate, SeedDecidesIt) {
  const std::vector<float> field = smooth(64, 32);
  EXPECT_EQ(surrogate(field, {64, 32, 1}, 3), surrogate(field, {64, 32, 1}, 3));
  EXPECT_NE(surrogate(field, {64, 32, 1}, 3), surrogate(field, {64, 32, 1}, 4));
}

// White noise of a large map and volume: all amplitudes alike, within their scatter.
TEST(Surrogate, OpenAmplitudesOfWhiteNoiseAreFlat) {
  for (const std::array<std::size_t, 3> size : {std::array<std::size_t, 3>{64, 48, 1}, std::array<std::size_t, 3>{24, 20, 16}}) {
    std::mt19937_64 random(3);
    std::normal_distribution<float> normal(5, 2);
    std::vector<float> v(size[0] * size[1] * size[2]);
    for (float& x : v) x = normal(random);
    double sum = 0;
    const std::vector<double> a = open_amplitudes(v, size);
    for (const double x : a) sum += x * x;
    EXPECT_NEAR(sum / double(a.size()), 4, 0.3);
  }
}

// A map cut from waves that do not fit into it: its control has their correlation and no cross of short waves.
TEST(Surrogate, WavesThatDoNotFitStayAsTheyAre) {
  std::vector<float> v;
  for (std::size_t i = 0; i < 60 * 40; ++i) v.push_back(float(std::sin(2 * std::numbers::pi * double(i % 60) / 13.3)));
  const std::vector<double> a = open_amplitudes(v, {60, 40, 1});
  double all = 0, near = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    all += a[k] * a[k];
    if (k % 31 >= 3 && k % 31 <= 6) near += a[k] * a[k];
  }
  EXPECT_GT(near, 0.9 * all);
}

// Lengths of random maps must be those of a Gaussian map that does not repeat: else every map would differ from its control.
TEST(Surrogate, LengthsOfMapsAreKept) {
  double xi = 0, decay = 0, n = 0;
  for (unsigned seed = 0; seed < 10; ++seed) {
    const test::Surface o{.xi = 6};
    const std::vector<double> v = test::gaussian_map(o, seed);
    const CorrelationLengths own = correlation_lengths(test::view(o, v));
    const MapSurrogates source(test::view(o, v));
    for (std::uint64_t k = 0; k < 5; ++k) {
      const CorrelationLengths other = correlation_lengths(test::view(o, source.draw(k)));
      xi += other.xi / own.xi, decay += other.decay_length / own.decay_length, ++n;
    }
  }
  EXPECT_NEAR(xi / n, 1, 0.03);
  EXPECT_NEAR(decay / n, 1, 0.02);
}

}  // namespace
}  // namespace heteroglass::numeric
