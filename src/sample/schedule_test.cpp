#include "sample/schedule.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace heteroglass::sample {
namespace {

TEST(Schedule, ReadsTargetsAndRatesInAnyUnit) {
  const std::vector<Ramp> r = parse_schedule({"1100K:1e14K/s", "326.85degC:1e13", "300:6e14K/min"}, 2000);
  ASSERT_EQ(r.size(), 3u);
  EXPECT_DOUBLE_EQ(r[0].rate, 1e14);
  EXPECT_NEAR(r[1].target, 600, 1e-9);
  EXPECT_NEAR(r[2].rate, 1e13, 1);
}

// 500 K at 1e13 K/s are 50 ps, 10,000 steps of 5 fs.
TEST(Schedule, StepsOfARamp) {
  EXPECT_EQ(ramp_steps(1100, {600, 1e13}, 0.005), 10000);
  EXPECT_EQ(ramp_steps(300, {800, 1e13}, 0.005), 10000);
  EXPECT_EQ(ramp_steps(300, {300, 1e13}, 0.005), 1);
}

// 100 K in 50 ps are 2e12 K/s; a hold of 50 ps is 10,000 steps of 5 fs at no rate.
TEST(Schedule, TimesInPlaceOfRatesHoldOrRamp) {
  const std::vector<Ramp> r = parse_schedule({"1000K:1e14K/s", "1000K:50ps", "900K:0.05 ns", "300K:1e12"}, 2000);
  ASSERT_EQ(r.size(), 4u);
  EXPECT_EQ(ramp_steps(1000, r[1], 0.005), 10000);
  EXPECT_EQ(r[1].rate, 0);
  EXPECT_EQ(ramp_steps(1000, r[2], 0.005), 10000);
  EXPECT_NEAR(r[2].rate, 2e12, 1);
  EXPECT_EQ(r[3].rate, 1e12);
}

TEST(Schedule, RefusesWhatIsNoRamp) {
  for (const char* text :
       {"600K", "600K:", "-1K:1e13K/s", "600K:0K/s", "600K:-1e13", "600GPa:1e13", "600K:1e13K", "x:y", "600K:0ps", "600K:-1ps", "600K:ps"})
    EXPECT_THROW(parse_schedule({text}, 2000), InputError) << text;
  EXPECT_THROW(parse_schedule({}, 2000), InputError);
}

}  // namespace
}  // namespace heteroglass::sample
