#include "numeric/broken_line.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace heteroglass::numeric {
namespace {

/// Slopes 1, 3, -2 with kinks at 4 and 7.
double model(double x) { return 1 + x + 2 * std::max(x - 4, 0.0) - 5 * std::max(x - 7, 0.0); }

TEST(BrokenLine, FindsExactKinks) {
  std::vector<double> x, y;
  for (double t = 0; t <= 10; t += 0.3) x.push_back(t), y.push_back(model(t));
  const BrokenLine b = broken_line(x, y, {}, {.most = 2});
  ASSERT_EQ(b.kink.size(), 2u);
  EXPECT_NEAR(b.kink[0].value, 4, 1e-6);
  EXPECT_NEAR(b.kink[1].value, 7, 1e-6);
  EXPECT_NEAR(b.slope[0].value, 1, 1e-6);
  EXPECT_NEAR(b.slope[1].value, 3, 1e-6);
  EXPECT_NEAR(b.slope[2].value, -2, 1e-6);
  EXPECT_NEAR(b.at(8), model(8), 1e-6);
}

// Noise alone shows no kink; 95 % of true kinks lie within 1.96 errors.
TEST(BrokenLine, IsSureOfWhatItFinds) {
  int false_kinks = 0, inside = 0, found = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::vector<double> x, line, bent;
    for (double t = 0; t <= 10; t += 0.4) {
      x.push_back(t);
      line.push_back(2 + 0.5 * t + 0.2 * normal(random)), bent.push_back(2 + 0.5 * t + std::max(t - 6, 0.0) + 0.2 * normal(random));
    }
    false_kinks += !broken_line(x, line, {}).kink.empty();
    const BrokenLine b = broken_line(x, bent, {});
    if (b.kink.empty()) continue;
    ++found, inside += std::abs(b.kink[0].value - 6) < 1.96 * b.kink[0].error;
  }
  EXPECT_LE(false_kinks, 10);
  EXPECT_EQ(found, 100);
  EXPECT_GE(inside, 88);
  EXPECT_LE(inside, 99);
}

TEST(BrokenLine, StaysALineForFewPoints) {
  const std::vector<double> x = {0, 1, 2, 3}, y = {0, 1, 2, 3.1};
  EXPECT_TRUE(broken_line(x, y, {}).kink.empty());
}

}  // namespace
}  // namespace heteroglass::numeric
