#include "numeric/proportion.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace heteroglass::numeric {
namespace {

TEST(Proportion, IsBinomialForManyCounts) { EXPECT_NEAR(proportion_error(3000, 10000), std::sqrt(0.3 * 0.7 / 10000), 1e-6); }

// Beta(1/2, 3/2): variance a b / ((a + b)^2 (a + b + 1)) = 0.75 / (4 * 3) = 1/16.
TEST(Proportion, IsNotZeroForNoCounts) { EXPECT_NEAR(proportion_error(0, 1), 0.25, 1e-15); }

TEST(Proportion, OfNothingIsNotANumber) { EXPECT_TRUE(std::isnan(proportion_error(0, 0))); }

TEST(Mean, LeavesOutWhatIsNotANumber) {
  const Measured m = mean(std::vector<double>{1, NAN, 2, 3});
  EXPECT_EQ(m.value, 2);
  EXPECT_NEAR(m.error, 1 / std::sqrt(3.0), 1e-15);
  EXPECT_TRUE(std::isnan(mean({}).value));
}

}  // namespace
}  // namespace heteroglass::numeric
