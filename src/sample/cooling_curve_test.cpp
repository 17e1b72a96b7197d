#include "sample/cooling_curve.hpp"

#include <gtest/gtest.h>

namespace heteroglass::sample {
namespace {

Curve rows(const std::vector<double>& time, double volume, double temperature) {
  Curve c;
  c.columns = {{"Time", "ps", time}, {"Temp", "K", {}}, {"Volume", "angstrom^3", {}}, {"TotEng", "eV", {}}, {"Enthalpy", "eV", {}}};
  for (std::size_t i = 0; i < time.size(); ++i) {
    c.columns[1].values.push_back(temperature);
    c.columns[2].values.push_back(volume + (i % 2 ? 1 : -1));
    c.columns[3].values.push_back(-8);
    c.columns[4].values.push_back(i % 2 ? 99 : -99);  // of the instantaneous pressure: not to be used
  }
  return c;
}

// 1000 K to 900 K in 10 ps, a row each ps: bins of 50 K hold the rows at 0-2, 3-7 and 8-10 ps.
TEST(CoolingCurve, BinsFollowTheProgram) {
  const CoolingCurve c = cooling_curve({{rows({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 34, 950), 1000, 900}}, 50, 2, 0);
  ASSERT_EQ(c.temperature.size(), 3u);
  EXPECT_DOUBLE_EQ(c.temperature[0], 950);
  EXPECT_NEAR(c.volume[0], 17, 0.5);
  EXPECT_DOUBLE_EQ(c.enthalpy[1], -4);
  EXPECT_GT(c.volume_error[1], 0.1);
}

// LAMMPS counts the same in bar: 1 bar angstrom^3 = 6.241509e-7 eV.
TEST(CoolingCurve, EnthalpyIsThatOfTheTargetPressure) {
  const double gpa = 2.5, bar = gpa * 1e4;
  EXPECT_NEAR(enthalpy(-8, 34, gpa), -8 + 6.241509e-7 * bar * 34, 1e-6);
  const CoolingCurve c = cooling_curve({{rows({0, 1, 2, 3}, 34, 950), 950, 950}}, 50, 2, gpa);
  EXPECT_NEAR(c.enthalpy[0], -4 + 6.241509e-7 * bar * 17, 1e-6);
}

// Members at 16 and 18: mean 17, sample standard deviation sqrt 2, standard error 1.
TEST(CoolingCurve, MembersGiveTheErrorOfTheMean) {
  CoolingCurve a;
  a.temperature = a.temperature_error = a.volume = a.volume_error = a.enthalpy = a.enthalpy_error = {16};
  CoolingCurve b;
  b.temperature = b.temperature_error = b.volume = b.volume_error = b.enthalpy = b.enthalpy_error = {18};
  const CoolingCurve m = mean_curve({a, b});
  EXPECT_DOUBLE_EQ(m.volume[0], 17);
  EXPECT_NEAR(m.volume_error[0], 1, 1e-12);
  EXPECT_EQ(mean_curve({a}).volume_error, a.volume_error);
}

}  // namespace
}  // namespace heteroglass::sample
