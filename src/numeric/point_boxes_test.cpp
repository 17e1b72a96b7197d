#include "numeric/point_boxes.hpp"

#include <gtest/gtest.h>

#include <random>

namespace heteroglass::numeric {
namespace {

// Two points a hundredth apart: in one box of ten, or in two when the wall falls between them; the far side meets the near one.
TEST(PointBoxes, CountsWhatTheGridSees) {
  const std::vector<Vec3> two = {{0.095, 0.5, 0.5}, {0.105, 0.5, 0.5}}, ends = {{0.001, 0, 0}, {0.999, 0, 0}};
  EXPECT_EQ(occupied_boxes(two, {10, 10, 10}, {}), 2u);
  EXPECT_EQ(occupied_boxes(two, {10, 10, 10}, {0.5, 0, 0}), 1u);
  EXPECT_EQ(occupied_boxes(ends, {10, 1, 1}, {0.5, 0, 0}), 1u);
  EXPECT_EQ(occupied_boxes(ends, {10, 1, 1}, {}), 2u);
}

// Menger sponge of level 3: 20^k of the boxes of 3^(3-k) are taken.
TEST(PointBoxes, MengerSponge) {
  std::vector<Vec3> points;
  for (int i = 0; i < 27 * 27 * 27; ++i) {
    int x = i % 27, y = i / 27 % 27, z = i / 729;
    const Vec3 centre = {(x + 0.5) / 27, (y + 0.5) / 27, (z + 0.5) / 27};
    bool in = true;
    for (int level = 0; level < 3; ++level, x /= 3, y /= 3, z /= 3) in = in && (x % 3 == 1) + (y % 3 == 1) + (z % 3 == 1) < 2;
    if (in) points.push_back(centre);
  }
  EXPECT_EQ(occupied_boxes(points, {27, 27, 27}, {}), 8000u);
  EXPECT_EQ(occupied_boxes(points, {9, 9, 9}, {}), 400u);
  EXPECT_EQ(occupied_boxes(points, {3, 3, 3}, {}), 20u);
}

// N points at random in B boxes: B (1 - (1 - 1/B)^N) are taken.
TEST(PointBoxes, RandomPointsFillAsTheyMust) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> u;
  std::vector<Vec3> points;
  for (int i = 0; i < 2000; ++i) points.push_back({u(random), u(random), u(random)});
  const double b = 12 * 12 * 12;
  EXPECT_NEAR(mean_occupied_boxes(points, {12, 12, 12}).mean, b * (1 - std::pow(1 - 1 / b, 2000)), 25);
}

}  // namespace
}  // namespace heteroglass::numeric
