#include "engine/cost.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heteroglass::engine {
namespace {

// 4 runs of 2500 steps with 1000 atoms, two at a time: 2 * 2.5e6 / 2.5e5 = 20 s.
TEST(Cost, CountsAtomStepsAndRunsSideBySide) {
  LammpsOptions o;
  o.parallel = 2;
  EXPECT_THAT(cost_text(2500, 1000, 4, o), testing::HasSubstr("4 runs of 2500 steps with 1000 atoms, 2 side by side: about 20 s"));
  o.ranks = 2;
  EXPECT_THAT(cost_text(2500, 1000, 4, o), testing::HasSubstr("about 10 s"));
}

TEST(Cost, LongRunsAreInHours) {
  LammpsOptions o;
  o.parallel = 1;
  EXPECT_THAT(cost_text(1e7, 1000, 1, o), testing::HasSubstr("11.1 h"));
}

}  // namespace
}  // namespace heteroglass::engine
