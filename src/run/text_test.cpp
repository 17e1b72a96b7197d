#include "run/text.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace heteroglass::run {
namespace {

TEST(Rounded, ErrorHasTwoDigitsAndTheValueTheSamePlace) {
  EXPECT_EQ(rounded(7.48234, 0.0312), "7.482 +- 0.031");
  EXPECT_EQ(rounded(12343, 320), "12340 +- 320");
  EXPECT_EQ(rounded(0.5, 0.1), "0.50 +- 0.10");
  EXPECT_EQ(rounded(3, std::nan("")), "3");
  EXPECT_EQ(rounded(std::nan(""), std::nan("")), "none");
}

}  // namespace
}  // namespace heteroglass::run
