#include "numeric/local_line.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace heteroglass::numeric {
namespace {

// On a parabola the line through a symmetric window has the exact slope and a value high by the mean square distance.
TEST(LocalLine, SlopeOfAParabola) {
  std::vector<double> x, y;
  for (int i = 0; i <= 100; ++i) x.push_back(i), y.push_back(0.5 * i * i);
  const StraightLine l = local_line(x, y, 50, 2.5);
  EXPECT_EQ(l.points, 5u);
  EXPECT_NEAR(l.slope, 50, 1e-12);
  EXPECT_NEAR(l.at(50), 1250 + 1, 1e-9);
  EXPECT_EQ(local_line(x, y, 0, 0.1).points, 4u);
  EXPECT_EQ(local_line(x, y, 200, 0.1).points, 4u);
}

}  // namespace
}  // namespace heteroglass::numeric
