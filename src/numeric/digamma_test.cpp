#include "numeric/digamma.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace heteroglass::numeric {
namespace {

TEST(Digamma, ClosedForms) {
  EXPECT_NEAR(digamma(1), -std::numbers::egamma, 1e-14);
  EXPECT_NEAR(digamma(0.5), -std::numbers::egamma - 2 * std::numbers::ln2, 1e-14);
  for (const double x : {0.1, 0.37, 3.2, 9.99, 400.0}) EXPECT_NEAR(digamma(x + 1), digamma(x) + 1 / x, 1e-13 * (1 + 1 / x));
}

}  // namespace
}  // namespace heteroglass::numeric
