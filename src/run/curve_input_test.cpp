#include "run/curve_input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numbers>

#include "io/curve_file.hpp"
#include "io/test_files.hpp"
#include "run/execute.hpp"
#include "run/input_options.hpp"
#include "run/many.hpp"
#include "sample_curves.hpp"

namespace heteroglass::run {
namespace {

using io::test::message;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double two_pi = 2 * std::numbers::pi;

class CurveInputTest : public io::test::Folder {
 protected:
  using Options = std::vector<std::pair<std::string, std::string>>;
  static CurveInput read(const std::string& path, const Options& options = {}, const Analysis& a = test::curves_analysis()) {
    return curve_input(a, {path}, curve_options(a, options), {}, context_());
  }
  static std::string refusal(const std::string& path, const Options& options = {}, const Analysis& a = test::curves_analysis()) {
    return message([&] { read(path, options, a); });
  }
  static Context& context_() {
    static Context c;
    return c;
  }
  static std::vector<std::string> warnings_of(const std::string& path, const Options& options = {},
                                              const Analysis& a = test::curves_analysis()) {
    Context c;
    curve_input(a, {path}, curve_options(a, options), {}, c);
    return c.warnings();
  }
};

TEST_F(CurveInputTest, RolesByAliasWithUnitsConverted) {
  const CurveInput in = read(file("a.csv", "f,E_stor,E_loss\nHz,MPa,MPa\n1,2000,20\n10,3000,30\n"));
  ASSERT_EQ(in.curves.size(), 1U);
  const Curve& c = in.curves[0];
  ASSERT_EQ(c.columns.size(), 3U);
  EXPECT_EQ(c.columns[0].name, "omega");
  EXPECT_DOUBLE_EQ(c.at("omega").values[1], 10 * two_pi);
  EXPECT_THAT(c.at("storage").values, ElementsAre(2, 3));
  EXPECT_EQ(c.at("storage").unit, "GPa");
  EXPECT_EQ(c.label, "a");
  EXPECT_EQ(in.columns[1].column, "E_stor");
  EXPECT_EQ(in.columns[1].unit, "MPa");
  EXPECT_FALSE(c.find("temperature"));
}

TEST_F(CurveInputTest, PrimesAndGreekLettersFold) {
  EXPECT_EQ(folded("G''"), folded("G\""));
  EXPECT_EQ(folded("G″"), "g''");
  EXPECT_EQ(folded("tan(δ)"), "tandelta");
  EXPECT_EQ(folded("Storage Modulus"), "storagemodulus");
  const Curve c = read(file("a.csv", "ω;G′;G″\nrad/s;Pa;Pa\n1;2e9;3e9\n2;2e9;3e9\n")).curves.at(0);
  EXPECT_THAT(c.at("loss").values, ElementsAre(3, 3));
}

TEST_F(CurveInputTest, ColumnsAndUnitsFromTheUser) {
  const std::string path = file("a.csv", "a,b,c\n1,2,3\n2,3,4\n");
  EXPECT_THAT(refusal(path), HasSubstr("a column must be the omega (angular frequency)"));
  EXPECT_THAT(refusal(path), HasSubstr("columns are: a, b, c; choose with --columns omega=NAME"));
  EXPECT_THAT(refusal(path, {{"columns", "omega=a,storage=#3"}}), HasSubstr("add --column-units omega=rad/s"));
  const Curve c = read(path, {{"columns", "omega=a,storage=#3"}, {"column_units", "omega=rad/s,storage=MPa"}}).curves.at(0);
  EXPECT_THAT(c.at("omega").values, ElementsAre(1, 2));
  EXPECT_THAT(c.at("storage").values, ElementsAre(0.003, 0.004));
  EXPECT_THAT(refusal(path, {{"columns", "omgea=a"}}), HasSubstr("did you mean 'omega'"));
  EXPECT_THAT(refusal(path, {{"columns", "omega=z,storage=c"}}), HasSubstr("'z' must be a column of"));
}

TEST_F(CurveInputTest, MismatchesAreRefusedWithTheConvertedValue) {
  const std::string hz = refusal(file("a.csv", "omega,storage\nHz,GPa\n1,2\n2,3\n"));
  EXPECT_THAT(hz, HasSubstr("1 Hz would be 6.283185307 rad/s"));
  EXPECT_THAT(hz, testing::StartsWith("2 "));
  EXPECT_THAT(refusal(file("b.csv", "f,storage\nHz,K\n1,2\n2,3\n")), HasSubstr("must be in GPa"));
  EXPECT_THAT(refusal(file("c.csv", "f,storage\nHz,wibble\n1,2\n2,3\n")), HasSubstr("must be a known unit, got 'wibble'"));
}

TEST_F(CurveInputTest, TwoColumnsForOneRole) {
  EXPECT_THAT(refusal(file("a.csv", "f,G',E'\nHz,Pa,Pa\n1,2,3\n2,3,4\n")),
              HasSubstr("one column must be the storage, got 'G'' (#2) and 'E'' (#3); choose with --columns storage=#2"));
  // only one of the two can be a modulus
  EXPECT_THAT(read(file("b.csv", "f,G',E'\nHz,Pa,K\n1,2e9,3\n2,3e9,4\n")).curves.at(0).at("storage").values, ElementsAre(2, 3));
}

TEST_F(CurveInputTest, IsothermsOneBelowTheOtherBecomeCurves) {
  const std::string text =
      "f,E_stor,T,Set\nHz,MPa,C,-\n1,2000,20,0\n10,2100,20.2,0\n100,2200,20.1,0\n1,1000,40,1\n10,1100,40,1\n100,1200,40,1\n";
  const CurveInput in = read(file("a.csv", text));
  ASSERT_EQ(in.curves.size(), 2U);
  EXPECT_NEAR(in.curves[0].property("temperature", "K").value(), 293.25, 1e-9);
  EXPECT_NEAR(in.curves[1].property("temperature", "K").value(), 313.15, 1e-9);
  EXPECT_EQ(in.curves[1].label, "Set 1");
  EXPECT_THAT(in.curves[1].at("storage").values, ElementsAre(1, 1.1, 1.2));
  EXPECT_EQ(read(file("b.csv", text), {{"step", "Set 1"}}).curves.size(), 1U);
  EXPECT_EQ(read(file("b.csv", text), {{"step", "-1"}}).curves.at(0).label, "Set 1");
  EXPECT_EQ(read(file("b.csv", text), {{"split", "none"}}).curves.size(), 1U);
  EXPECT_THAT(refusal(file("b.csv", text), {{"step", "3"}}), HasSubstr("--step: must be 1 to 2"));
}

// The same without a column that says so: the frequency starts again.
TEST_F(CurveInputTest, RestartsOfTheFrequencyCut) {
  const CurveInput in = read(
      file("a.csv", "T2,f,E_stor,T\nC,Hz,MPa,C\n0,1,2000,20\n0,10,2100,20.2\n0,100,2200,20.1\n0,1,1000,40\n0,10,1100,40\n0,100,1200,40\n"));
  ASSERT_EQ(in.curves.size(), 2U);
  EXPECT_NEAR(in.curves[1].property("temperature", "degC").value(), 40, 1e-9);
}

// An analysis that refuses the pieces tells of the file that was cut.
TEST_F(CurveInputTest, RefusalsTellOfTheCut) {
  static const ColumnRoles roles = {{"time", "s", "time", true, {"t"}}};
  Analysis refuses = test::curves_analysis();
  refuses.columns = &roles;
  refuses.run = [](const Inputs&, const void*, Context&) -> std::shared_ptr<void> { throw InputError("part 2: must have more points"); };
  const std::string table = file("a.csv", "t,x\ns,1\n1,1\n2,1\n3,1\n4,1\n1,1\n2,1\n3,1\n");
  Context context;
  try {
    execute(Request{&refuses, {table}, {}, {}}, context);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), HasSubstr("part 2: must have more points; " + table + ": the table is cut into 2 curves"));
    EXPECT_THAT(e.what(), HasSubstr("first in row 5"));
  }
}

// Three frequencies in turn while the temperature rises: for a temperature scan, one curve for each frequency.
TEST_F(CurveInputTest, InterleavedFrequenciesBecomeCurves) {
  std::string text = "T,f,dsc\nK,Hz,W/g\n";
  for (int i = 0; i < 12; ++i) text += fmt::format("{},{},1\n", 300 + i, i % 3 == 0 ? 1 : i % 3 == 1 ? 10 : 100);
  const CurveInput in = read(file("a.csv", text), {{"exotherm", "down"}}, test::heat_analysis());
  ASSERT_EQ(in.curves.size(), 3U);
  EXPECT_EQ(in.curves[1].property("frequency", "Hz"), 10);
  EXPECT_THAT(in.curves[1].at("temperature").values, ElementsAre(301, 304, 307, 310));
}

// The same table for an analysis that takes scans over either: what the measurement held decides.
TEST_F(CurveInputTest, TheMeasurementDecidesWhatACurveIs) {
  static const ColumnRoles roles = {{"temperature", "K", "temperature", false, {"t"}}, {"frequency", "Hz", "frequency", false, {"f"}}};
  Analysis either = test::curves_analysis();
  either.columns = &roles;
  std::string isotherms = "T,f\nK,Hz\n", ramp = isotherms;
  for (int i = 0; i < 30; ++i) {
    isotherms += fmt::format("{},{}\n", 300 + 10 * (i / 3), i % 3 == 0 ? 1 : i % 3 == 1 ? 10 : 100);
    ramp += fmt::format("{},{}\n", 300 + i, i % 3 == 0 ? 1 : i % 3 == 1 ? 10 : 100);
  }
  EXPECT_EQ(read(file("a.csv", isotherms), {}, either).curves.size(), 10U);
  EXPECT_EQ(read(file("a.csv", isotherms), {}, either).curves[9].property("temperature", "K"), 390);
  EXPECT_EQ(read(file("b.csv", ramp), {}, either).curves.size(), 3U);
}

TEST_F(CurveInputTest, RangesChooseRows) {
  const std::string path = file("a.csv", "f,E_stor,T\nHz,GPa,K\n1,1,300\n10,2,310\n100,3,320\n");
  EXPECT_THAT(read(path, {{"range", "10rad/s:"}}).curves[0].at("storage").values, ElementsAre(2, 3));
  EXPECT_THAT(read(path, {{"range", "temperature=:45degC,storage=1.5:"}}).curves[0].at("storage").values, ElementsAre(2));
  EXPECT_THAT(refusal(path, {{"range", "400K"}}), HasSubstr("FROM:TO"));
  EXPECT_THAT(refusal(path, {{"range", "1e6:"}}), HasSubstr("must hold points of"));
  EXPECT_THAT(refusal(path, {{"range", "1Hz:10Hz"}}), HasSubstr("6.283185307"));
}

// 9 mW of 3 mg are 3 W/g.
TEST_F(CurveInputTest, HeatFlowIsEndothermPositivePerGram) {
  const std::string path = file("a.csv", "T,heat flow\nK,mW\n300,9\n301,-9\n302,0\n");
  EXPECT_THAT(refusal(path, {{"mass", "3mg"}}, test::heat_analysis()), HasSubstr("--exotherm must be up or down"));
  EXPECT_THAT(refusal(path, {{"exotherm", "down"}}, test::heat_analysis()), HasSubstr("--mass must be given"));
  const Curve down = read(path, {{"exotherm", "down"}, {"mass", "3mg"}}, test::heat_analysis()).curves.at(0);
  EXPECT_THAT(down.at("heat_flow").values, ElementsAre(DoubleNear(3, 1e-12), DoubleNear(-3, 1e-12), 0));
  const Curve up = read(path, {{"exotherm", "up"}, {"mass", "3mg"}}, test::heat_analysis()).curves.at(0);
  EXPECT_NEAR(up.at("heat_flow").values[0], -3, 1e-12);
  EXPECT_EQ(up.property("exotherm", "1"), -1);
}

TEST_F(CurveInputTest, RowsWithoutNumbers) {
  const std::string path = file("a.csv", "f,E_stor,E_loss\nHz,GPa,GPa\n1,1,\n2,nan,\n3,3,\n4,4,0.1\n");
  const Curve c = read(path).curves.at(0);
  EXPECT_THAT(c.at("storage").values, ElementsAre(1, 3, 4));
  EXPECT_FALSE(c.find("loss"));
  EXPECT_THAT(warnings_of(path), testing::Contains(HasSubstr("1 of 4 rows have no number")));
  EXPECT_THAT(warnings_of(path), testing::Contains(HasSubstr("loss is not used, because 3 of 4 rows")));
  EXPECT_THAT(refusal(file("b.csv", "f,E_stor\nHz,GPa\n1,nan\n2,nan\n3,3\n")), HasSubstr("got 1 of 3"));
}

TEST_F(CurveInputTest, NormaliseAndProperties) {
  const std::string path = file("a.csv", "f,E_stor\nHz,GPa\n1,4\n2,2\n3,8\n");
  EXPECT_THAT(read(path, {{"normalise", "storage=first"}}).curves[0].at("storage").values, ElementsAre(1, 0.5, 2));
  EXPECT_THAT(read(path, {{"normalise", "storage=max"}}).curves[0].at("storage").values, ElementsAre(0.5, 0.25, 1));
  EXPECT_THAT(read(path, {{"normalise", "storage=2000MPa"}}).curves[0].at("storage").values, ElementsAre(2, 1, 4));
  EXPECT_EQ(read(path, {{"property", "temperature=400K"}}).curves[0].property("temperature", "K"), 400);
  EXPECT_THAT(refusal(path, {{"property", "temperature=400"}}), HasSubstr("must have a unit"));
  EXPECT_THAT(refusal(path, {{"property", "temperature=400GPa"}}), HasSubstr("must be in K"));
}

TEST_F(CurveInputTest, FilesOfOneRunMayHoldDifferentColumns) {
  Analysis joined = test::curves_analysis();
  joined.joins_files = true;
  const std::string a = file("a.csv", "f,E_stor,mine,E_loss\nHz,GPa,GPa,GPa\n1,1,8,7\n2,3,9,7\n");
  const std::string b = file("b.csv", "f,E_stor,E_loss\nHz,GPa,GPa\n1,5,7\n2,7,7\n");
  const auto read_both = [&](const Options& options) {
    return curve_input(joined, {a, b}, curve_options(joined, options), {}, context_());
  };
  const CurveInput in = read_both({{"columns", "loss=mine"}, {"normalise", "loss=16GPa"}});
  ASSERT_EQ(in.curves.size(), 2U);
  EXPECT_THAT(in.curves[0].at("loss").values, ElementsAre(0.5, 0.5625));
  EXPECT_EQ(in.curves[1].find("loss"), nullptr) << "another column is not taken where the user named one";
  EXPECT_THAT(message([&] { read_both({{"columns", "loss=yours"}}); }), HasSubstr("'yours' must be a column of " + a));
  EXPECT_THAT(message([&] { read_both({{"columns", "storage=mine"}}); }), HasSubstr("'mine' must be a column of " + b)) << "required";
  EXPECT_THAT(refusal(b, {{"columns", "loss=mine"}}), HasSubstr("'mine' must be a column of " + b)) << "alone";
}

TEST_F(CurveInputTest, SeveralFilesAreRunsWithASummary) {
  file("a.csv", "f,E_stor\nHz,GPa\n1,1\n2,3\n");
  file("b.csv", "f,E_stor\nHz,GPa\n1,5\n2,7\n");
  file("c.csv", "nothing,here\nK,K\n1,2\n3,4\n");
  Context context;
  const Request r{&test::curves_analysis(), {path("*.csv")}, {{"property", "temperature=300:310:320K"}}, {}};
  const Runs runs = execute_all(r, context);
  ASSERT_EQ(runs.outcomes.size(), 2U);
  ASSERT_EQ(runs.problems.size(), 1U);
  EXPECT_EQ(runs.problems[0].exit_code, 2);
  EXPECT_THAT(runs.labels, ElementsAre("a", "b"));
  EXPECT_THAT(problem_lines(runs), ElementsAre(HasSubstr("no result for " + path("c.csv") + ": ")));
  EXPECT_THAT(text(runs), Not(HasSubstr("no result for"))) << "told once, by the caller";
  const Table t = summary(runs);
  EXPECT_THAT(t.find("mean")->number, ElementsAre(2, 6));
  EXPECT_THAT(t.find("temperature")->number, ElementsAre(300, 310));
  write_directory(path("out"), runs);
  for (const char* name : {"out/summary.csv", "out/report.html", "out/result.json", "out/a/curves_omega.csv"})
    EXPECT_TRUE(std::filesystem::exists(path(name))) << name;
  EXPECT_TRUE(write_report_of_many(path("out")));
  // what was written reads back, the table of words and numbers too
  EXPECT_THAT(io::read_curves(path("out/summary.csv")).at(0).at("mean").values, ElementsAre(2, 6));
  EXPECT_EQ(io::read_curves(path("out/summary.csv")).at(0).at("mean").unit, "GPa");
  const Curve again = read(path("out/a/curves_omega.csv")).curves.at(0);
  EXPECT_THAT(again.at("storage").values, ElementsAre(1, 3));
}

TEST_F(CurveInputTest, EachCurveOfAFileIsARunWhereTheAnalysisTakesOne) {
  const std::string path = file("a.csv", "T,dsc,segment\nK,W/g,-\n300,1,1\n301,1,1\n302,1,1\n300,2,2\n301,2,2\n302,2,2\n");
  Context context;
  const Runs runs = execute_all({&test::heat_analysis(), {path}, {{"exotherm", "down"}}, {}}, context);
  ASSERT_EQ(runs.outcomes.size(), 2U);
  EXPECT_THAT(runs.outcomes[1].command, HasSubstr("--step 2"));
}

TEST_F(CurveInputTest, OptionsOfCurvesAreInTheKey) {
  const std::string path = file("a.csv", "f,E_stor\nHz,GPa\n1,4\n2,2\n");
  const Analysis& a = test::curves_analysis();
  EXPECT_NE(key({&a, {path}, {}, {}}), key({&a, {path}, {{"range", "1:2"}}, {}}));
  EXPECT_EQ(key({&a, {path}, {{"column_units", "f=Hz"}}, {}}), key({&a, {path}, {{"column-units", "f=Hz"}}, {}}));
  EXPECT_THAT(message([&] { key({&a, {path}, {{"rnage", "1:2"}}, {}}); }), HasSubstr("did you mean"));
}

}  // namespace
}  // namespace heteroglass::run
