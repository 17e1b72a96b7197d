#include "numeric/incomplete_gamma.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace heteroglass::numeric {
namespace {

TEST(IncompleteGamma, ClosedForms) {
  for (const double x : {1e-3, 0.2, 0.9, 1.5, 7.0, 40.0}) {
    EXPECT_NEAR(incomplete_gamma_upper(1, x), std::exp(-x), 1e-13 * std::exp(-x) + 1e-15);
    EXPECT_NEAR(incomplete_gamma_upper(0.5, x), std::erfc(std::sqrt(x)), 1e-13 * std::erfc(std::sqrt(x)) + 1e-15);
    EXPECT_NEAR(incomplete_gamma_upper(3, x), std::exp(-x) * (1 + x + x * x / 2), 1e-13);
  }
  EXPECT_EQ(incomplete_gamma_upper(0.3, 0), 1);
}

}  // namespace
}  // namespace heteroglass::numeric
