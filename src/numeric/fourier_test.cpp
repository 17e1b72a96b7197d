#include "numeric/fourier.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <random>

namespace heteroglass::numeric {
namespace {

std::vector<double> noise(std::size_t n) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  std::vector<double> v(n);
  for (double& x : v) x = normal(random);
  return v;
}

TEST(Fourier, SizesAreProductsOfSmallPrimes) {
  EXPECT_EQ(good_fourier_size(1), 2u);
  EXPECT_EQ(good_fourier_size(11), 12u);
  EXPECT_EQ(good_fourier_size(1536), 1536u);
  EXPECT_EQ(good_fourier_size(1025), 1050u);
}

TEST(Fourier, PaddedCorrelationIsTheDirectSum) {
  const std::size_t w = 13, h = 9, lx = 5, ly = 4;
  const std::vector<double> a = noise(w * h);
  const PaddedFourier f(w, h, lx, ly);
  PaddedFourier::Spectrum s = f.forward(a);
  for (auto& m : s) m = std::norm(m);
  const std::vector<double> c = f.inverse(std::move(s));
  ASSERT_EQ(c.size(), (2 * lx + 1) * (ly + 1));
  for (int dy = 0; dy <= int(ly); ++dy)
    for (int dx = -int(lx); dx <= int(lx); ++dx) {
      double sum = 0;
      for (int y = 0; y + dy < int(h); ++y)
        for (int x = std::max(0, -dx); x < int(w) - std::max(0, dx); ++x)
          sum += a[std::size_t(y * int(w) + x)] * a[std::size_t((y + dy) * int(w) + x + dx)];
      EXPECT_NEAR(c[std::size_t(dy * (2 * int(lx) + 1) + dx + int(lx))], sum, 1e-12) << dx << " " << dy;
    }
}

TEST(Fourier, PeriodicAutocorrelationIsTheDirectSum) {
  const std::size_t w = 7, h = 6;
  const std::vector<double> a = noise(w * h), c = periodic_autocorrelation(a, w, h);
  for (std::size_t dy = 0; dy < h; ++dy)
    for (std::size_t dx = 0; dx < w; ++dx) {
      double sum = 0;
      for (std::size_t y = 0; y < h; ++y)
        for (std::size_t x = 0; x < w; ++x) sum += a[y * w + x] * a[(y + dy) % h * w + (x + dx) % w];
      EXPECT_NEAR(c[dy * w + dx], sum, 1e-12);
    }
}

TEST(Fourier, ThreadsDoNotChangeABit) {
  const std::vector<double> a = noise(100 * 90);
  const auto run = [&](int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    const PaddedFourier f(100, 90, 30, 30);
    std::vector<double> c = f.inverse(f.forward(a));
    omp_set_num_threads(before);
    return c;
  };
  EXPECT_EQ(run(1), run(3));
}

}  // namespace
}  // namespace heteroglass::numeric
