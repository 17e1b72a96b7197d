#include "numeric/surrogate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

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

// A tilted plane has all its variation in jumps across the edges.
TEST(Surrogate, PeriodicPartHasNoJumps) {
  std::vector<double> ramp;
  for (std::size_t i = 0; i < 60 * 40; ++i) ramp.push_back(double(i % 60) + 2 * double(i / 60));
  const std::vector<double> p = periodic_part(ramp, {60, 40, 1});
  double jump = 0;
  for (std::size_t y = 0; y < 40; ++y) jump = std::max(jump, std::abs(p[y * 60 + 59] - p[y * 60]));
  EXPECT_LT(jump, 0.12 * 60);
  EXPECT_NEAR(moments(p).mean, moments(ramp).mean, 1e-9);
  // a field that repeats, with a whole number of waves, is hardly changed
  std::vector<double> waves;
  for (std::size_t i = 0; i < 60 * 40; ++i) waves.push_back(std::sin(std::numbers::pi / 15 * double(i % 60)));
  const std::vector<double> q = periodic_part(waves, {60, 40, 1});
  for (std::size_t i = 0; i < q.size(); ++i) EXPECT_NEAR(q[i], waves[i], 0.11);
}

TEST(Surrogate, PeriodicPartOfAVolumeHasNoJumpsEither) {
  const std::size_t n = 12;
  std::vector<double> ramp;
  for (std::size_t i = 0; i < n * n * n; ++i) ramp.push_back(double(i % n) + 2 * double(i / n % n) - 3 * double(i / n / n));
  const std::vector<double> p = periodic_part(ramp, {n, n, n});
  for (const std::size_t stride : {std::size_t{1}, n, n * n})
    for (std::size_t i = 0; i < p.size(); ++i)
      if (i / stride % n == 0) EXPECT_LT(std::abs(p[i + (n - 1) * stride] - p[i]), 0.4 * 3 * n);
  // along one axis it is what it is for a line of planes
  std::vector<double> line, thick;
  for (std::size_t i = 0; i < n * n; ++i) line.push_back(std::pow(double(i % n), 2));
  for (std::size_t i = 0; i < n * n * n; ++i) thick.push_back(std::pow(double(i % n), 2));
  const std::vector<double> a = periodic_part(line, {n, n, 1}), b = periodic_part(thick, {n, n, n});
  for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(a[i], b[i], 1e-9);
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
