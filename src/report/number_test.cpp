#include "report/number.hpp"

#include <gtest/gtest.h>

#include <cmath>

using namespace heteroglass::report;

// Two digits of the uncertainty, the value to the same place.
TEST(ReportNumber, ErrorHasTwoDigits) {
  EXPECT_EQ(with_error(7.4916, 0.0132), "7.492 ± 0.013");
  EXPECT_EQ(with_error(880, 52.3), "880 ± 52");
  EXPECT_EQ(with_error(12345, 230), "12\u202f350 ± 230");
  EXPECT_EQ(with_error(-0.5, 0.25), "\u22120.50 ± 0.25");
  EXPECT_EQ(with_error(0, 0.4), "0.00 ± 0.40");
  EXPECT_EQ(with_error(0.001, 0.4), "0.001 ± 0.4") << "an error does not hide the value";
  EXPECT_EQ(with_error(0.25, 0.4), "0.25 ± 0.40");
}

// 0.0996 rounds up to 0.10: the place moves by one.
TEST(ReportNumber, ErrorThatRoundsUpKeepsTwoDigits) {
  EXPECT_EQ(with_error(3.14159, 0.0996), "3.14 ± 0.10");
  EXPECT_EQ(with_error(3.14159, 0.00999), "3.142 ± 0.010");
}

TEST(ReportNumber, SmallAndLargeNumbersTakePowersOfTen) {
  EXPECT_EQ(with_error(1.2346e-4, 3e-6), "(1.235 ± 0.030) × 10⁻⁴");
  EXPECT_EQ(with_error(-6.02214e23, 1.5e21), "(\u22126.022 ± 0.015) × 10²³");
  EXPECT_EQ(human(1.23456789e-4), "1.2346 × 10⁻⁴");
  EXPECT_EQ(human(1.2e12), "1.2 × 10¹²");
  EXPECT_EQ(human(1e8), "10⁸");
}

TEST(ReportNumber, NoErrorIsNoPlusMinus) {
  EXPECT_EQ(with_error(2.5, std::nan("")), "2.5");
  EXPECT_EQ(with_error(2.5, 0), "2.5");
  EXPECT_EQ(human(std::nan("")), "–");
  EXPECT_EQ(human(-INFINITY), "\u2212∞");
  EXPECT_EQ(human(2000), "2000");
  EXPECT_EQ(human(500819276), "500\u202f819\u202f276");  // a seed
  EXPECT_EQ(human(32000), "32\u202f000");
  EXPECT_EQ(human(-0.0), "0");
}

TEST(ReportNumber, UnitsAreWrittenAsPeopleWriteThem) {
  EXPECT_EQ(pretty_unit("angstrom^2"), "Å²");
  EXPECT_EQ(pretty_unit("1/angstrom"), "Å⁻¹");
  EXPECT_EQ(pretty_unit("1/angstrom^3"), "Å⁻³");
  EXPECT_EQ(pretty_unit("g/cm^3"), "g/cm³");
  EXPECT_EQ(pretty_unit("J/(g K)"), "J/(g K)");
  EXPECT_EQ(pretty_unit("epsilon/sigma^3"), "ε/σ³");
  EXPECT_EQ(pretty_unit("1"), "");
  EXPECT_EQ(plus_minus("rho 0.1 +- 0.2, z +-3"), "rho 0.1 ± 0.2, z +-3");
}
