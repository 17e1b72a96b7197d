#include "numeric/bspline.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace heteroglass::numeric {
namespace {

TEST(BSpline, WeightsSumToOneAndSlopesToZero) {
  const BSpline s(-2, 3, 7);
  for (double x = -2.5; x < 3.5; x += 0.1) {
    const SplineWeights w = s.weights(x);
    EXPECT_NEAR(w.value[0] + w.value[1] + w.value[2] + w.value[3], 1, 1e-12);
    EXPECT_NEAR(w.slope[0] + w.slope[1] + w.slope[2] + w.slope[3], 0, 1e-12);
  }
}

TEST(BSpline, SlopeIsTheDerivative) {
  const BSpline s(0, 1, 5);
  const std::vector<double> c = {1, -2, 0.5, 3, 1, 4, -1, 2};
  ASSERT_EQ(s.size(), c.size());
  for (double x = -0.1; x < 1.1; x += 0.03) EXPECT_NEAR(s.slope(c, x), (s.value(c, x + 1e-6) - s.value(c, x - 1e-6)) / 2e-6, 1e-5);
}

// Coefficients on a line give the line (abscissae of Greville): c_j = low + (j - 1) h.
TEST(BSpline, ReproducesAStraightLineWithoutPenalty) {
  const BSpline s(2, 4, 4);
  std::vector<double> c;
  for (std::size_t j = 0; j < s.size(); ++j) c.push_back(3 * (2 + (static_cast<double>(j) - 1) * s.step()) - 1);
  for (double x = 1.5; x < 4.5; x += 0.1) EXPECT_NEAR(s.value(c, x), 3 * x - 1, 1e-12);
  const Matrix p = second_difference_penalty(s.size());
  double energy = 0;
  for (std::size_t i = 0; i < c.size(); ++i)
    for (std::size_t j = 0; j < c.size(); ++j) energy += c[i] * p(i, j) * c[j];
  EXPECT_NEAR(energy, 0, 1e-12);
}

}  // namespace
}  // namespace heteroglass::numeric
