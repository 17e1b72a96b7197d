#include "numeric/distance_transform.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace heteroglass::numeric {
namespace {

// Against every pair, on a random image.
TEST(DistanceTransform, IsTheNearestUnsetPixel) {
  const std::size_t w = 23, h = 17;
  std::mt19937_64 random(2);
  std::vector<char> set(w * h);
  for (char& c : set) c = random() % 8 != 0;
  const std::vector<double> d = distance_transform(set, w, h);
  for (std::size_t i = 0; i < set.size(); ++i) {
    double nearest = INFINITY;
    for (std::size_t j = 0; j < set.size(); ++j)
      if (!set[j]) nearest = std::min(nearest, std::hypot(double(i % w) - double(j % w), double(i / w) - double(j / w)));
    EXPECT_NEAR(d[i], nearest, 1e-12);
  }
  EXPECT_TRUE(std::isinf(distance_transform(std::vector<char>(12, 1), 4, 3)[5]));
}

TEST(DistanceTransform, FillsHolesOnly) {
  // A ring with a hole, and a bay that opens to the edge.
  const std::vector<char> set = {0, 0, 0, 0, 0, 0,  //
                                 0, 1, 1, 1, 0, 1,  //
                                 0, 1, 0, 1, 0, 0,  //
                                 0, 1, 1, 1, 0, 1};
  const std::vector<char> filled = filled_holes(set, 6, 4);
  for (std::size_t i = 0; i < set.size(); ++i) EXPECT_EQ(filled[i], i == 14 ? 1 : set[i]) << i;
}

}  // namespace
}  // namespace heteroglass::numeric
