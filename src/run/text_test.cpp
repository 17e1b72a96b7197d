#include "run/text.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace heteroglass::run {
namespace {

TEST(Rounded, ErrorHasTwoDigitsAndTheValueTheSamePlace) {
  EXPECT_EQ(rounded(7.48234, 0.0312), "7.482 +- 0.031");
  EXPECT_EQ(rounded(12343, 320), "12340 +- 320");
  EXPECT_EQ(rounded(0.5, 0.1), "0.50 +- 0.10");
  EXPECT_EQ(rounded(12345.6, std::nan("")), "12345.6");
  EXPECT_EQ(rounded(3, std::nan("")), "3");
  EXPECT_EQ(rounded(0, 0.5), "0.00 +- 0.50");
  EXPECT_EQ(rounded(std::nan(""), std::nan("")), "none");
}

TEST(Rounded, AnErrorThatExceedsTheValueDoesNotHideIt) {
  EXPECT_EQ(rounded(0.345, 1700), "0.345 +- 1700");
  EXPECT_EQ(rounded(1.23e-5, 0.19), "1.23e-05 +- 0.19");
  EXPECT_EQ(rounded(0.05, 0.19), "0.05 +- 0.19");
  EXPECT_EQ(rounded(0.12, 0.19), "0.12 +- 0.19");
}

TEST(Rounded, SmallAndLargeNumbersTakePowersOfTen) {
  EXPECT_EQ(rounded(1.806e-9, 2.5e-11), "(1.806 +- 0.025)e-09");
  EXPECT_EQ(rounded(-6.02214e23, 1.5e21), "(-6.022 +- 0.015)e+23");
  EXPECT_EQ(rounded(1.5e-7, std::nan("")), "1.5e-07");
  EXPECT_EQ(rounded(2.5e7 + 0.5, std::nan("")), "2.5e+07");
}

}  // namespace
}  // namespace heteroglass::run
