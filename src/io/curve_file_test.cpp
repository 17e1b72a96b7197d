#include "io/curve_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "io/test_files.hpp"

namespace heteroglass::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CurveFile : public test::Folder {};

const char* one_style =
    "LAMMPS (29 Sep 2021)\nunits           ${u}\nunits           metal\nWARNING: a thing at the start (src/x.cpp:1)\nrun 20\n"
    "Per MPI rank memory allocation (min/avg/max) = 3.1 | 3.1 | 3.1 Mbytes\nStep Temp PotEng v_mine Volume \n"
    "       0         2000   -17000.5   1.5   4.5e4 \nWARNING: Shake determinant < 0.0 (src/fix.cpp:2)\nprinted by someone\n"
    "      10         1990   -17001.5   2.5   4.5e4 \n      20  nan -17002 3 4.5e4 \nLoop time of 0.5 on 1 procs for 20 steps with 4 "
    "atoms\n\n"
    "run 10\nPer MPI rank memory allocation (min/avg/max) = 3.1 | 3.1 | 3.1 Mbytes\nStep Press \n20 5\n30 6\nLoop time of 0.5\n";

TEST_F(CurveFile, LogWithSeveralRunsAndWarnings) {
  const auto curves = read_curves(file("log.lammps", one_style));
  ASSERT_EQ(curves.size(), 2U);
  EXPECT_THAT(curves[0].at("Step").values, ElementsAre(0, 10, 20));
  EXPECT_EQ(curves[0].at("PotEng").unit, "eV");
  EXPECT_EQ(curves[0].at("Volume").unit, "angstrom^3");
  EXPECT_EQ(curves[0].at("v_mine").unit, "");
  EXPECT_TRUE(std::isnan(curves[0].at("Temp").values[2]));
  ASSERT_EQ(curves[0].warnings.size(), 2U);
  EXPECT_THAT(curves[0].warnings[0], HasSubstr("log.lammps:4: WARNING: a thing at the start"));
  EXPECT_THAT(curves[0].source, HasSubstr("run 1 (steps 0 to 20)"));
  EXPECT_THAT(curves[1].at("Press").values, ElementsAre(5, 6));
  EXPECT_EQ(curves[1].at("Press").unit, "bar");
}

TEST_F(CurveFile, LogCutInTheLastRow) {
  const std::string text(one_style);
  for (std::size_t cut : {text.find("5\n30 6") + 4, text.find("5\n30 6") + 6}) {  // "30" and "30 6" without line end
    const auto curves = read_lammps_log(file("log.lammps", text.substr(0, cut)));
    ASSERT_EQ(curves.size(), 2U);
    EXPECT_THAT(curves[1].at("Step").values, ElementsAre(20));
    ASSERT_EQ(curves[1].warnings.size(), 1U);
    EXPECT_THAT(curves[1].warnings[0], HasSubstr("cut off"));
  }
}

TEST_F(CurveFile, LogOfStyleMulti) {
  const auto curves =
      read_lammps_log(file("log",
                           "LAMMPS (29 Sep 2021)\nunits real\nPer MPI rank memory allocation (min/avg/max) = 1 | 1 | 1 Mbytes\n"
                           "------------ Step              0 ----- CPU =            0 (sec) -------------\n"
                           "TotEng   =     -5.5 KinEng   =   1.25  Temp     =   300.5 \nE_bond   = 0 Press    =  -1e3\n"
                           "------------ Step            100 ----- CPU =          0.5 (sec) -------------\n"
                           "TotEng   =     -5.25 KinEng   =   1.5  Temp     =   301.5 \nE_bond   = 0 Press    =  -2e3\n"
                           "------------ Step            200 ----- CPU =          0.5 (sec) -------------\n"
                           "TotEng   =     -5.25 KinEn"));
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_THAT(curves[0].at("Step").values, ElementsAre(0, 100));
  EXPECT_THAT(curves[0].at("CPU").values, ElementsAre(0, 0.5));
  EXPECT_THAT(curves[0].at("Press").values, ElementsAre(-1e3, -2e3));
  EXPECT_EQ(curves[0].at("TotEng").unit, "kcal/mol");
  EXPECT_EQ(curves[0].warnings.size(), 1U);
}

TEST_F(CurveFile, LogOfStyleYaml) {
  const auto curves = read_lammps_log(file("log",
                                           "LAMMPS (2 Aug 2023)\nunits lj\nPer MPI rank memory allocation (min/avg/max) = 1 | 1 | 1 "
                                           "Mbytes\n---\nkeywords: ['Step', 'Temp', 'Press', ]\ndata:\n"
                                           "  - [0, 1.5, -2, ]\n  - [50, 1.25, -3, ]\n...\nLoop time of 1\n"));
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_THAT(curves[0].at("Temp").values, ElementsAre(1.5, 1.25));
  EXPECT_EQ(curves[0].at("Press").unit, "epsilon/sigma^3");
}

TEST_F(CurveFile, LogWithoutATable) {
  EXPECT_THAT(test::message([&] { read_lammps_log(file("log", "LAMMPS (29 Sep 2021)\nERROR: x\n")); }),
              HasSubstr("at least one thermo table"));
}

TEST_F(CurveFile, AveTime) {
  const std::string text =
      "# Time-averaged data for fix 1\n# TimeStep v_pxy c_t[1]\n100 1.5 300\n200 2.5 301\n# Time-averaged data for fix 1\n# TimeStep v_pxy "
      "c_t[1]\n200 2.5 301\n300 3.5";
  const auto curves = read_curves(file("a", text));
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_THAT(curves[0].at("v_pxy").values, ElementsAre(1.5, 2.5, 2.5));
  ASSERT_EQ(curves[0].warnings.size(), 2U);
  EXPECT_THAT(curves[0].warnings[0], HasSubstr(":8: the last row is cut off"));
  EXPECT_THAT(curves[0].warnings[1], HasSubstr("1 that repeat or fall"));
  EXPECT_THAT(test::message([&] { read_curves(file("b", "# TimeStep a\n1 x\n2 3\n")); }), HasSubstr(":2: a must be a number, got 'x'"));
  EXPECT_THAT(
      test::message([&] { read_curves(file("c", "# Time-averaged data for fix 1\n# TimeStep Number-of-rows\n# Row c_r\n1 1\n1 2\n")); }),
      HasSubstr("mode vector"));
}

TEST_F(CurveFile, CsvSeparatorsNamesAndUnits) {
  for (const char* text : {"T,E'\nK,GPa\n300,1.5\n400,2.5\n", "\xEF\xBB\xBFT;E'\r\n(K);[GPa]\r\n300;1.5\r\n400;2.5\r\n",
                           "T (K)\tE' [GPa]\n300\t1.5\n400\t2.5", "# note\nT / K,E' / GPa,\n300,1.5,\n400,2.5,\n"}) {
    const auto curves = read_curves(file("a.csv", text));
    ASSERT_EQ(curves.at(0).columns.size(), 2U) << text;
    EXPECT_EQ(curves[0].columns[0].name, "T") << text;
    EXPECT_EQ(curves[0].columns[0].unit, "K") << text;
    EXPECT_EQ(curves[0].columns[1].unit, "GPa") << text;
    EXPECT_THAT(curves[0].at("E'").values, ElementsAre(1.5, 2.5)) << text;
  }
}

TEST_F(CurveFile, CsvRefusesMangledNumbers) {
  const auto says = [&](const std::string& text) {
    const std::string name = file("a.csv", text);
    return test::message([&] { read_csv(name); }).substr(2 + name.size());
  };
  EXPECT_EQ(says("a;b\nK;GPa\n1,5;2.5\n"), ":3: decimal signs must be the same throughout, got '1,5' and '2.5'");
  EXPECT_THAT(says("a,b\n1,2\n1.2.3,4\n"), HasSubstr(":3: a must be a number with a decimal point, got '1.2.3': thousands marks"));
  EXPECT_THAT(says("t;a\n0,2;50.026.184\n0,4;5.002.491\n"), HasSubstr(":2: a must be a number with a decimal comma, got '50.026.184'"));
  EXPECT_EQ(says("a,b\n1,2\nx3,4\n"), ":3: a row of numbers must hold numbers only, got 'x3'");
  EXPECT_EQ(says("a,b\n1,5,2,5\n"), ":2: a row must have 2 values as the row of names above it, got 4 (decimal commas?)");
  EXPECT_EQ(says("a,b\n1,2\n3\n"), ":3: a row must have 2 values as the first row has, got 1");
  EXPECT_EQ(says("a,b\nK,GPa\n"), ":2: a table must hold at least one row of numbers, got none");
}

TEST_F(CurveFile, CsvRoundTripIsExact) {
  Curve c;
  c.columns = {{"r, far", "angstrom", {0.1 + 0.2, 1e-300, -0.0}},
               {"g \"x\"", "1", {1.0 / 3, std::numeric_limits<double>::infinity(), 2}},
               {"plain", "", {1, 2, 3}}};
  write_csv(path("a.csv"), c);
  const Curve d = read_csv(path("a.csv")).at(0);
  ASSERT_EQ(d.columns.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(d.columns[i].name, c.columns[i].name);
    EXPECT_EQ(d.columns[i].unit, c.columns[i].unit);
    EXPECT_EQ(d.columns[i].values, c.columns[i].values);
  }
  EXPECT_TRUE(std::signbit(d.columns[0].values[2]));
  c.columns = {{"n", "1", {1, 2}}};
  write_csv(path("b.csv"), c);
  EXPECT_EQ(read_csv(path("b.csv")).at(0).columns[0].unit, "1");
}

}  // namespace
}  // namespace heteroglass::io
