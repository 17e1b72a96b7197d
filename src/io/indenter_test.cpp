// Files of indenters: small ones in the shapes that the instruments write, made up here; the shared measured files where they are there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "io/curve_file.hpp"
#include "io/format.hpp"
#include "io/test_files.hpp"

namespace heteroglass::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Indenter : public test::Folder {
 protected:
  std::vector<Curve> read(const std::string& content, Format expected) const {
    const std::string path = file("a.txt", content);
    EXPECT_EQ(name(format_of_file(path)), name(expected));
    return read_curves(path);
  }
  std::string refusal(const std::string& content) const {
    try {
      read_curves(file("b.txt", content));
    } catch (const FormatError& e) {
      return e.what();
    }
    return "none";
  }
};

const std::string hysitron =
    "\nMon Apr 29 10:41:06 2019\r\n\r\nNumber of Points = 3\r\nDepth (nm)\tLoad (\xB5N)\tTime (s)\tDepth (V)\tLoad (V)\r\n"
    "0.5\t1.5\t0.000\t-0.001\t0.4\r\n1.0\t2.5\t0.005\t-0.002\t0.5\r\n2.0\t3.5\t0.010\t-0.003\t0.6\r\n";

TEST_F(Indenter, Hysitron) {
  const auto c = read(hysitron, Format::hysitron);
  ASSERT_EQ(c.size(), 1U);
  EXPECT_THAT(c[0].at("Depth").values, ElementsAre(0.5, 1, 2));
  EXPECT_THAT(c[0].at("Load").values, ElementsAre(1.5, 2.5, 3.5));
  EXPECT_EQ(convert(1, c[0].at("Load").unit, "mN"), 1e-3);
  EXPECT_EQ(c[0].at("Time").unit, "s");
}

TEST_F(Indenter, HysitronThatIsCutIsRefused) {
  EXPECT_THAT(refusal(hysitron.substr(0, hysitron.rfind("2.0\t"))), HasSubstr("3 rows must follow as the header announces, got 2"));
}

std::string report(const std::string& n = "3,000", const std::string& mean = "8796,000") {
  return "\r\nNew Report\r\n----------\r\n\t\tglass - sample 3\t\r\n"
         "HIT (O&P)\tData : 1\t8795,000\t\r\n[MPa]\tData : 2\t8796,000\t\r\n\tData : 3\t8797,000\t\r\n"
         "\tMean\t" +
         mean + "\t\r\n\tStd Dev\t1,000\t\r\n\tN\t" + n +
         "\t\r\n"
         "HM\tData : 1\t--.--\t\r\n[MPa]\tData : 2\t--.--\t\r\n\tData : 3\t--.--\t\r\n\tMean\t--.--\t\r\n"
         "Ap (O&P)\tData : 1\t2843804,750\t\r\n[nm2]\tData : 2\t--.--\t\r\n\tData : 3\t2957223,000\t\r\n";
}

TEST_F(Indenter, CsmReport) {
  const auto c = read(report(), Format::anton_paar);
  ASSERT_EQ(c.size(), 1U);
  EXPECT_EQ(c[0].label, "glass - sample 3");
  EXPECT_THAT(c[0].at("indent").values, ElementsAre(1, 2, 3));
  EXPECT_THAT(c[0].at("HIT (O&P)").values, ElementsAre(8795, 8796, 8797));
  EXPECT_EQ(c[0].at("HIT (O&P)").unit, "MPa");
  EXPECT_EQ(c[0].property("h_it_mean", "GPa"), 8.796);
  EXPECT_EQ(c[0].find("HM"), nullptr);  // nothing was measured
  EXPECT_TRUE(std::isnan(c[0].at("Ap (O&P)").values[1]));
  EXPECT_EQ(convert(1, c[0].at("Ap (O&P)").unit, "nm^2"), 1);
}

TEST_F(Indenter, CsmReportMustHoldWhatItStates) {
  EXPECT_THAT(refusal(report("4,000")), HasSubstr("HIT (O&P) must have 4 values as the report states, got 3"));
  EXPECT_THAT(refusal(report("3,000", "8800,000")), HasSubstr("must have the mean 8800 as the report states, got 8796"));
  const std::string whole = report();
  EXPECT_THAT(refusal(whole.substr(0, whole.rfind("\tData : 3"))), HasSubstr("must have 3 data as HIT (O&P) has, got 2"));
  std::string damaged = report();
  damaged.replace(damaged.find("8796,000"), 8, "8.796,00");
  EXPECT_THAT(refusal(damaged), HasSubstr("b.txt:6: HIT (O&P) must be a number with a decimal comma"));
}

TEST_F(Indenter, AntonPaarGroups) {
  const auto c = read(
      "Group\tMeasurement\tParameter\tUnit\tValue\nA\t1\tHIT (O&P)\tGPa\t6.328\nA\t1\tPoisson's ratio\t\t0.300\n"
      "A\t2\tHIT (O&P)\tGPa\t4.351\nB\t1\tHIT (O&P)\tGPa\t3.6\nB\t1\tX\t\xB5m\t11\n",
      Format::anton_paar);
  ASSERT_EQ(c.size(), 2U);
  EXPECT_EQ(c[0].label, "A");
  EXPECT_THAT(c[0].at("HIT (O&P)").values, ElementsAre(6.328, 4.351));
  EXPECT_EQ(c[0].at("Poisson's ratio").unit, "1");
  EXPECT_TRUE(std::isnan(c[0].at("Poisson's ratio").values[1]));
  EXPECT_THAT(c[1].at("X").values, ElementsAre(11));
}

TEST_F(Indenter, AntonPaarCurvesSideBySide) {
  const auto c = read(
      "X_HT_V_1_Time_[s]\tY_HT_V_1_Fn_[mN]\tX_HT_V_1_Time_[s]\tY_HT_V_1_Pd_[nm]\tX_HT_V_2_Time_[s]\tY_HT_V_2_Fn_[mN]\tX_HT_V_2_Time_[s]\t"
      "Y_HT_V_2_Pd_[nm]\t\n0\t0\t0\t1\t0\t0\t0\t2\t\n0.1\t0.5\t0.1\t3\t0.2\t0.6\t0.2\t4\t\n0.2\t0.7\t0.2\t5\t\t\t\t\t\n",
      Format::anton_paar);
  ASSERT_EQ(c.size(), 2U);
  EXPECT_EQ(c[0].label, "HT_V_1");
  EXPECT_THAT(c[0].at("Time").values, ElementsAre(0, 0.1, 0.2));
  EXPECT_THAT(c[0].at("Pd").values, ElementsAre(1, 3, 5));
  EXPECT_THAT(c[1].at("Fn").values, ElementsAre(0, 0.6));
  EXPECT_EQ(c[1].at("Fn").unit, "mN");
}

std::string fischer(const std::string& force) {
  return "FS1.hap\tName of the application\n1\tNumber of block\n3928,59\t44,652\t6,01398\tHM\tx\ty\n"
         "HM  " +
         force +
         "/    0.2/      0.0=   3928.6\nBlock : 1   Value : 1\nx=    44.65  y=     6.01\nHIT\t[N/mm\xB2]\t   8553.6\n"
         "hmax\t[\xB5m]\t    1.535\n\nF\th\tt\n150,1\t0,8\t0,1\n299,995\t1,53517\t0,2\n30,2\t0,89\t0,3\n";
}

TEST_F(Indenter, FischerUnitsAreThoseThatTheHeaderConfirms) {
  const auto c = read(fischer("0.299995"), Format::fischer);
  ASSERT_EQ(c.size(), 1U);
  EXPECT_THAT(c[0].at("F").values, ElementsAre(150.1, 299.995, 30.2));
  EXPECT_EQ(c[0].at("F").unit, "mN");
  EXPECT_EQ(c[0].at("h").unit, "um");
  EXPECT_EQ(c[0].at("t").unit, "s");
  EXPECT_EQ(c[0].label, "Value 1");
  EXPECT_NEAR(*c[0].property("h_it", "GPa"), 8.5536, 1e-12);
  // a header that does not fit leaves the unit open
  EXPECT_EQ(read(fischer("0.1"), Format::fischer)[0].at("F").unit, "");
}

TEST_F(Indenter, MeasuredFiles) {
  const std::string folder = HETEROGLASS_SOURCE_DIR "/../shared/data/probes/indent/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no measured files in " << folder;
  const auto steel = read_curves(folder + "Hysitron_RobinSteel0000LC.txt");
  EXPECT_EQ(steel.at(0).size(), 5304U);
  const auto grid = read_curves(folder + "ZrTi_s3_matrix15_25mN_5um_CSM.TXT");
  EXPECT_EQ(grid.at(0).size(), 225U);
  EXPECT_NEAR(*grid[0].property("h_it_mean", "MPa"), 9706.195, 1e-9);
  EXPECT_EQ(read_curves(folder + "gukin94_HT_V_100mN_data.TXT").back().label, "HT_V_100mN");
  const auto fischerscope = read_curves(folder + "FischerScope_FS1.txt");
  ASSERT_EQ(fischerscope.size(), 10U);
  for (const Curve& c : fischerscope) EXPECT_EQ(c.at("F").unit, "mN");
}

}  // namespace
}  // namespace heteroglass::io
