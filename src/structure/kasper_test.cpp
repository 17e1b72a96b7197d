#include "structure/kasper.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace heteroglass::structure {
namespace {

// Euler: the sum over faces of (6 - order) is 12 for every polyhedron with simple vertices.
TEST(Kasper, AreSimplePolyhedra) {
  for (int n = 4; n < 20; ++n) {
    const auto k = kasper_polyhedron(n);
    EXPECT_EQ(k[0] + k[1] + k[2] + k[3], n);
    EXPECT_EQ(3 * k[0] + 2 * k[1] + k[2], 12) << n;
    EXPECT_EQ(kasper_distance(k), 0);
  }
}

TEST(Kasper, DistanceCountsFaces) {
  EXPECT_EQ(kasper_distance({0, 2, 8, 2, 0}), 4);  // one flipped bond
  EXPECT_EQ(kasper_distance({0, 1, 10, 1, 0}), 2);
  EXPECT_EQ(kasper_distance({0, 0, 12, 0, 2}), 2);  // two faces of order 7 where Z14 has hexagons
  EXPECT_TRUE(std::isnan(kasper_distance({})));
}

}  // namespace
}  // namespace heteroglass::structure
