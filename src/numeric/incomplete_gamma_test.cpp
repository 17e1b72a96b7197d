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

// Gamma(s + 1, x) = s Gamma(s, x) + x^s e^-x, down from where the regularised function holds, and Gamma(0, x) = E1(x) as tabulated.
TEST(IncompleteGamma, TailHoldsForAnyExponent) {
  for (const double x : {1e-3, 0.05, 0.5, 0.99, 1.01, 3.0, 20.0}) {
    EXPECT_NEAR(incomplete_gamma_tail(0.3, x) * std::pow(x, 0.3) * std::exp(-x), std::tgamma(0.3) * incomplete_gamma_upper(0.3, x),
                1e-11 * std::tgamma(0.3));
    for (const double s : {-0.7, -1.7, -2.0, 0.3}) {
      // divided by x^s e^-x: x T(s + 1) = s T(s) + 1
      EXPECT_NEAR(x * incomplete_gamma_tail(s + 1, x), s * incomplete_gamma_tail(s, x) + 1, 1e-10) << s << " " << x;
    }
  }
  EXPECT_NEAR(incomplete_gamma_tail(0, 1) * std::exp(-1.0), 0.21938393439552026, 1e-13);
  EXPECT_NEAR(incomplete_gamma_tail(0, 0.5) * std::exp(-0.5), 0.5597735947761607, 1e-12);
  EXPECT_NEAR(incomplete_gamma_tail(-0.7, 0), 1 / 0.7, 1e-15);
}

}  // namespace
}  // namespace heteroglass::numeric
