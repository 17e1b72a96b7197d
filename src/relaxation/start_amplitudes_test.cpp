#include "relaxation/start_amplitudes.hpp"

#include <gtest/gtest.h>

namespace heteroglass::relaxation {
namespace {

// y = 2 a - b: without the bound (2, -1); with it b = 0 and a = <a, y>/<a, a> = (2*3 - 1)/3.
TEST(StartAmplitudes, HoldsACoefficientAtZero) {
  const std::vector<double> a = {1, 1, 1}, b = {0, 0, 1}, y = {2, 2, 1};
  std::vector<double> x;
  const double left = start_amplitudes({a, b}, y, x);
  EXPECT_NEAR(x[0], 5.0 / 3, 1e-5);
  EXPECT_EQ(x[1], 0);
  EXPECT_NEAR(left, 2 * (1.0 / 9) + 4.0 / 9, 1e-8);
}

TEST(StartAmplitudes, SolvesWhatIsPositiveExactly) {
  const std::vector<double> a = {1, 0.9, 0.5, 0.1}, b = {1, 1, 1, 1};
  std::vector<double> y, x;
  for (std::size_t i = 0; i < 4; ++i) y.push_back(3 * a[i] + 2 * b[i]);
  start_amplitudes({a, b}, y, x);
  EXPECT_NEAR(x[0], 3, 1e-3);
  EXPECT_NEAR(x[1], 2, 1e-3);
}

}  // namespace
}  // namespace heteroglass::relaxation
