#include "numeric/bit_volume.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <random>

namespace heteroglass::numeric {
namespace {

BitVolume random_volume(std::array<std::size_t, 3> size, double p, unsigned seed) {
  BitVolume v(size);
  std::mt19937_64 random(seed);
  std::bernoulli_distribution chosen(p);
  for (std::size_t z = 0; z < size[2]; ++z)
    for (std::size_t y = 0; y < size[1]; ++y)
      for (std::size_t x = 0; x < size[0]; ++x)
        if (chosen(random)) v.set(x, y, z);
  return v;
}

/// Voxel by voxel, for comparison.
std::uint64_t plain_box_count(const BitVolume& v, std::size_t e, bool boundary) {
  const auto [nx, ny, nz] = v.size();
  std::uint64_t n = 0;
  for (std::size_t z0 = 0; z0 < nz; z0 += e)
    for (std::size_t y0 = 0; y0 < ny; y0 += e)
      for (std::size_t x0 = 0; x0 < nx; x0 += e) {
        std::size_t set = 0;
        for (std::size_t z = z0; z < std::min(nz, z0 + e); ++z)
          for (std::size_t y = y0; y < std::min(ny, y0 + e); ++y)
            for (std::size_t x = x0; x < std::min(nx, x0 + e); ++x) set += v.at(x, y, z);
        n += set > 0 && !(boundary && set == e * e * e);
      }
  return n;
}

TEST(BitVolume, BoxCountsEqualAPlainLoop) {
  const BitVolume v = random_volume({70, 33, 21}, 0.02, 1), dense = random_volume({65, 20, 30}, 0.97, 2);
  for (const std::size_t e : {1u, 2u, 3u, 5u, 8u, 64u, 100u}) {
    EXPECT_EQ(box_count(v, e), plain_box_count(v, e, false)) << e;
    EXPECT_EQ(box_count(dense, e), plain_box_count(dense, e, false)) << e;
    EXPECT_EQ(boundary_box_count(dense, e), plain_box_count(dense, e, true)) << e;
  }
}

std::size_t plain_regions(const BitVolume& v, bool diagonal, std::uint64_t& largest) {
  const auto [nx, ny, nz] = v.size();
  std::vector<char> seen(nx * ny * nz, 0);
  std::size_t n = 0;
  largest = 0;
  for (std::size_t s = 0; s < seen.size(); ++s) {
    if (seen[s] || !v.at(s % nx, s / nx % ny, s / nx / ny)) continue;
    ++n;
    std::vector<std::size_t> stack = {s};
    seen[s] = 1;
    std::uint64_t voxels = 0;
    while (!stack.empty()) {
      const std::size_t k = stack.back();
      stack.pop_back();
      ++voxels;
      const int x = int(k % nx), y = int(k / nx % ny), z = int(k / nx / ny);
      for (int dz = -1; dz <= 1; ++dz)
        for (int dy = -1; dy <= 1; ++dy)
          for (int dx = -1; dx <= 1; ++dx) {
            if (!diagonal && std::abs(dx) + std::abs(dy) + std::abs(dz) > 1) continue;
            const int a = x + dx, b = y + dy, c = z + dz;
            if (a < 0 || b < 0 || c < 0 || a >= int(nx) || b >= int(ny) || c >= int(nz)) continue;
            const std::size_t m = (std::size_t(c) * ny + std::size_t(b)) * nx + std::size_t(a);
            if (!seen[m] && v.at(std::size_t(a), std::size_t(b), std::size_t(c))) seen[m] = 1, stack.push_back(m);
          }
    }
    largest = std::max(largest, voxels);
  }
  return n;
}

TEST(BitVolume, RegionsEqualAFloodFill) {
  for (const double p : {0.1, 0.3, 0.6})
    for (const bool diagonal : {false, true}) {
      const BitVolume v = random_volume({67, 19, 23}, p, 3);
      std::uint64_t largest = 0;
      const std::size_t n = plain_regions(v, diagonal, largest);
      const Regions r = regions(v, diagonal);
      EXPECT_EQ(r.region.size(), n);
      EXPECT_EQ(r.region.front().voxels, largest);
      EXPECT_EQ(largest_region(v, diagonal).count(), largest);
    }
}

// A bar of 1 x 2 x 10 voxels: variances 0, 1/4 and (100 - 1)/12 = 8.25 about its centre.
TEST(BitVolume, RegionsDoNotDependOnThreads) {
  const BitVolume v = random_volume({130, 31, 29}, 0.25, 4);
  const auto run = [&](int threads, bool diagonal) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    std::vector<std::uint32_t> label;
    const Regions r = regions(v, diagonal, &label);
    omp_set_num_threads(before);
    std::vector<double> all(label.begin(), label.end());
    for (const Region& g : r.region) all.insert(all.end(), g.gyration.begin(), g.gyration.end());
    return all;
  };
  for (const bool diagonal : {false, true}) {
    EXPECT_EQ(run(1, diagonal), run(2, diagonal));
    EXPECT_EQ(run(1, diagonal), run(7, diagonal));
  }
}

TEST(BitVolume, GyrationOfABar) {
  BitVolume v({12, 12, 12});
  for (std::size_t z = 1; z < 11; ++z) v.set(5, 5, z), v.set(5, 6, z);
  const Region r = regions(v, false).region.front();
  EXPECT_EQ(r.voxels, 20u);
  EXPECT_DOUBLE_EQ(r.centre[2], 5.5);
  EXPECT_NEAR(r.gyration[0], 0, 1e-12);
  EXPECT_NEAR(r.gyration[1], 0.25, 1e-12);
  EXPECT_NEAR(r.gyration[2], 8.25, 1e-12);
  EXPECT_FALSE(regions(v, false).percolates(2, v.size()));
  v.set(5, 5, 0), v.set(5, 5, 11);
  EXPECT_TRUE(regions(v, false).percolates(2, v.size()));
  EXPECT_FALSE(regions(v, false).percolates(0, v.size()));
}

TEST(BitVolume, TwoPointFunction) {
  const BitVolume v = random_volume({130, 40, 40}, 0.3, 5);
  const double phi = double(v.count()) / (130 * 40 * 40);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    EXPECT_NEAR(two_point(v, axis, 0), phi, 1e-12);
    EXPECT_NEAR(two_point(v, axis, 7), phi * phi, 0.01);  // independent voxels
  }
  BitVolume stripes({200, 1, 1});
  for (std::size_t x = 0; x < 200; x += 4) stripes.set(x, 0, 0);
  EXPECT_NEAR(two_point(stripes, 0, 4), 49.0 / 196, 1e-12);
  EXPECT_NEAR(two_point(stripes, 0, 67), 0, 1e-12);
  EXPECT_NEAR(two_point(stripes, 0, 100), 25.0 / 100, 1e-12);
}

}  // namespace
}  // namespace heteroglass::numeric
