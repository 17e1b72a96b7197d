#include "numeric/parabola.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace heteroglass::numeric {
namespace {

TEST(Parabola, IsExactWithoutNoise) {
  std::vector<double> x, y, e;
  for (double t = 2; t < 3; t += 0.1) x.push_back(t), y.push_back(5 - 3 * (t - 2.44) * (t - 2.44)), e.push_back(1);
  const Vertex v = parabola(x, y, e);
  EXPECT_NEAR(v.position.value, 2.44, 1e-12);
  EXPECT_NEAR(v.value.value, 5, 1e-12);
  EXPECT_NEAR(v.curvature, -3, 1e-10);
  EXPECT_TRUE(v.inside);
}

// The errors stated must be the scatter found when the noise is drawn again and again.
TEST(Parabola, ErrorsAreTheScatter) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> noise(0, 0.05);
  double squares = 0, heights = 0, stated = 0, stated_height = 0;
  for (int trial = 0; trial < 400; ++trial) {
    std::vector<double> x, y, e;
    for (double t = 2; t < 3; t += 0.05) x.push_back(t), y.push_back(5 - 3 * (t - 2.5) * (t - 2.5) + noise(random)), e.push_back(0.05);
    const Vertex v = parabola(x, y, e);
    squares += (v.position.value - 2.5) * (v.position.value - 2.5) / 400, heights += (v.value.value - 5) * (v.value.value - 5) / 400;
    stated += v.position.error / 400, stated_height += v.value.error / 400;
  }
  EXPECT_NEAR(std::sqrt(squares) / stated, 1, 0.15);
  EXPECT_NEAR(std::sqrt(heights) / stated_height, 1, 0.15);
}

}  // namespace
}  // namespace heteroglass::numeric
