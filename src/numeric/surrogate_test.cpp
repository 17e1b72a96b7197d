#include "numeric/surrogate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

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

}  // namespace
}  // namespace heteroglass::numeric
