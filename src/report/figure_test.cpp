#include "report/figure.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "report/overlay.hpp"
#include "report/report.hpp"
#include "report/svg.hpp"

using namespace heteroglass;
using namespace heteroglass::report;
using testing::ElementsAre;

namespace {

Part part_of(const std::string& results) { return read_part(R"({"analysis":"x/y","results":{)" + results + "}}", Fields{}); }

const char* curves = R"("r":{"value":[1,2,3],"unit":"angstrom"},"pair":{"value":["A-A","A-B"]},
  "g":{"value":[0,1,2],"error":[0.1,0.1,0.2],"unit":"1","against":"r","plot":"line"},
  "h":{"value":[0,1,null],"unit":"1","against":"r","plot":"line"},
  "far":{"value":[0,100,200],"unit":"1","against":"r","plot":"line"},
  "rdf":{"value":[0,1,2],"unit":"1/angstrom","against":"r","plot":"line"},
  "g_partial":{"value":[[0,1,2],[3,4,5]],"error":[[0,0,0],[1,1,1]],"unit":"1","against":"r","rows":"pair","plot":"line"},
  "alone":{"value":[1,2],"unit":"1","against":"r","plot":"line"})";

}  // namespace

// Same abscissa, unit and size: one figure; another unit or another size: its own.
TEST(ReportFigure, CurvesOfOneKindShareAFigure) {
  const std::vector<Figure> f = figures(part_of(curves));
  ASSERT_EQ(f.size(), 4u);
  EXPECT_THAT(f[0].results, ElementsAre("g", "h"));
  EXPECT_EQ(f[0].x.title, "r (Å)");
  EXPECT_EQ(f[0].y.title, "g, h");
  EXPECT_THAT(f[0].series[0].error, ElementsAre(0.1, 0.1, 0.2));
  EXPECT_TRUE(std::isnan(f[0].series[1].y[2]));
  EXPECT_EQ(f[1].name, "far");
  EXPECT_EQ(f[2].y.title, "rdf (Å⁻¹)");
  EXPECT_EQ(f[2].series[0].name, "") << "a single curve needs no legend";
}

// A model is drawn over its data whatever its size, its kind and its number of points; the data stand first.
TEST(ReportFigure, ModelsJoinTheFigureOfTheirData) {
  const Part p = part_of(
      R"("t":{"value":[1,10,100,1000],"unit":"s","log":true},"fine":{"value":[1,2,1000],"unit":"s"},
      "model":{"value":[1e4,1,1],"unit":"GPa","against":"fine","plot":"line","with":"data"},
      "data":{"value":[1,2,3,4],"error":[0.1,0.1,0.1,0.1],"unit":"GPa","against":"t","plot":"points","log":true},
      "other":{"value":[1,2,3],"unit":"K","against":"fine","plot":"line","with":"data"},
      "empty":{"value":[null,null,null],"unit":"GPa","against":"fine","plot":"line","with":"data"})");
  const std::vector<Figure> f = figures(p);
  ASSERT_EQ(f.size(), 2u);
  EXPECT_THAT(f[0].results, ElementsAre("data", "model", "empty"));
  EXPECT_EQ(f[0].y.title, "data (GPa)");
  EXPECT_TRUE(f[0].x.logarithmic);
  EXPECT_TRUE(f[0].y.logarithmic);
  ASSERT_EQ(f[0].series.size(), 2u);
  EXPECT_EQ(kind_of(f[0], f[0].series[0]), Plot::points);
  EXPECT_EQ(kind_of(f[0], f[0].series[1]), Plot::line);
  EXPECT_EQ(f[0].series[1].colour, palette(0));
  EXPECT_EQ(f[1].name, "other") << "another unit cannot share the axis";
  const std::string drawing = draw_svg(f[0]);
  EXPECT_NE(drawing.find("10²"), std::string::npos);
}

// Several lines over one set of data, and lines over a line, could not be told apart in its colour.
TEST(ReportFigure, SeveralModelsHaveColoursOfTheirOwn) {
  const auto f = figures(part_of(
      R"("t":{"value":[1,2,3]},"data":{"value":[1,2,3],"against":"t","plot":"points"},
      "glass":{"value":[1,2,3],"against":"t","plot":"line","with":"data"},"liquid":{"value":[2,2,3],"against":"t","plot":"line","with":"data"})"));
  ASSERT_EQ(f.size(), 1u);
  ASSERT_EQ(f[0].series.size(), 3u);
  EXPECT_EQ(f[0].series[1].colour, palette(1));
  EXPECT_EQ(f[0].series[2].colour, palette(2));
  EXPECT_NE(draw_svg(f[0]).find(palette(2)), std::string::npos);
  const auto scans = figures(part_of(R"("t":{"value":[1,2,3]},"scan":{"value":[1,2,3],"against":"t","plot":"line"},
      "rescan":{"value":[1,2,4],"against":"t","plot":"line","with":"scan"})"));
  EXPECT_EQ(scans.at(0).series.at(1).colour, palette(1));
}

TEST(ReportFigure, LogarithmicAxesNeedPositiveValues) {
  const auto f = figures(part_of(R"("t":{"value":[0,1,2],"log":true},"y":{"value":[1,2,-3],"against":"t","plot":"line","log":true})"));
  EXPECT_FALSE(f.at(0).x.logarithmic);
  EXPECT_FALSE(f.at(0).y.logarithmic);
}

TEST(ReportFigure, LongRecordingsKeepTheirExtremes) {
  std::string x, y;
  for (int i = 0; i < 9000; ++i)
    x += fmt::format("{}{}", i ? "," : "", i), y += fmt::format("{}{}", i ? "," : "", i == 4321 ? "7" : i < 100 ? "null" : "1");
  const auto f = figures(part_of(R"("t":{"value":[)" + x + R"(]},"y":{"value":[)" + y + R"(],"against":"t","plot":"line"})"));
  const Series& s = f.at(0).series.at(0);
  EXPECT_LE(s.y.size(), 4000u);
  const auto top = std::find(s.y.begin(), s.y.end(), 7.0);
  ASSERT_NE(top, s.y.end());
  EXPECT_EQ(s.x[static_cast<std::size_t>(top - s.y.begin())], 4321);
}

TEST(ReportFigure, OverlaysDrawRunsOverEachOther) {
  const char* text = R"("t":{"value":[1,2]},"model":{"value":[1,2],"against":"t","plot":"line","with":"y"},
      "y":{"value":[1,2],"against":"t","plot":"points"},"n":{"value":3})";
  const Part a = part_of(text), b = part_of(text);
  const std::vector<Figure> two = overlays({{"a", &a}, {"b", &b}});
  ASSERT_EQ(two.size(), 1u);
  ASSERT_EQ(two[0].series.size(), 4u);
  EXPECT_EQ(two[0].series[0].name, "a");
  EXPECT_EQ(two[0].series[1].name, "") << "the model has the colour of its data and no entry in the legend";
  EXPECT_EQ(two[0].series[0].colour, two[0].series[1].colour);
  EXPECT_NE(two[0].series[0].colour, two[0].series[2].colour);
  EXPECT_TRUE(overlays({{"a", &a}}).empty());
  std::vector<LabelledPart> many;
  for (int i = 0; i < 30; ++i) many.push_back({fmt::format("{}", i), &a});
  EXPECT_EQ(overlays(many).at(0).series.size(), 24u);
  EXPECT_EQ(overlays(many).at(0).series.back().name, "");
  EXPECT_EQ(overlays(many).at(0).series[22].name, "29");
}

TEST(ReportFigure, OverlaysOfSectionsTellAllCurvesApartAndDrawBarsAsLines) {
  const char* text =
      R"("t":{"value":[1,2]},"g_a":{"value":[1,2],"against":"t","plot":"line"},"g_b":{"value":[2,1],"against":"t","plot":"line"},
      "e":{"value":[1,2]},"n":{"value":[3,4],"against":"e","plot":"bars"})";
  const Part one = part_of(text), two = part_of(text);
  const std::vector<Figure> f = overlays({{"I", &one}, {"II", &two}}, true);
  ASSERT_EQ(f.size(), 2u);
  ASSERT_EQ(f[0].series.size(), 4u);
  EXPECT_EQ(f[0].series[3].name, "II: b");
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(f[0].series[i].colour, f[0].series[j].colour);
  ASSERT_EQ(f[1].series.size(), 2u);
  EXPECT_EQ(kind_of(f[1], f[1].series[0]), Plot::line);
  EXPECT_EQ(f[1].series[1].name, "II");
  EXPECT_EQ(overlays({{"I", &one}, {"II", &two}}).size(), 1u);
}

TEST(ReportFigure, MatrixRowsAreCurvesWithTheirLabels) {
  const Figure f = figures(part_of(curves))[3];
  ASSERT_EQ(f.series.size(), 2u);
  EXPECT_EQ(f.series[1].name, "A-B");
  EXPECT_THAT(f.series[1].y, ElementsAre(3, 4, 5));
  EXPECT_THAT(f.series[1].error, ElementsAre(1, 1, 1));
}

TEST(ReportFigure, FewCategoriesAreATableManyAreBars) {
  EXPECT_TRUE(figures(part_of(R"("s":{"value":["Cu","Zr"]},"n":{"value":[1,2],"against":"s","plot":"bars"})")).empty());
  const auto f = figures(part_of(R"("s":{"value":["a","b","c","d","e"]},"n":{"value":[1,2,3,4,5],"against":"s","plot":"bars"})"));
  ASSERT_EQ(f.size(), 1u);
  EXPECT_THAT(f[0].x.categories, ElementsAre("a", "b", "c", "d", "e"));
}

TEST(ReportFigure, TablesGiveBarsOfTheColumnWithErrors) {
  const auto f = figures(part_of(R"("t":{"plot":"bars","unit":{"auc":"1"},"value":[
    {"indicator":"q6","species":"Cu","n":5,"auc":0.6,"auc_error":0.1},{"indicator":"q6","species":"Zr","n":6,"auc":0.5,"auc_error":0.1},
    {"indicator":"v","species":"Cu","n":5,"auc":0.7,"auc_error":0.2},{"indicator":"w","species":"Zr","n":1,"auc":null,"auc_error":null}]})"));
  ASSERT_EQ(f.size(), 1u);
  EXPECT_THAT(f[0].x.categories, ElementsAre("q6", "v", "w"));
  ASSERT_EQ(f[0].series.size(), 2u);
  EXPECT_EQ(f[0].series[0].name, "Cu");
  EXPECT_THAT(f[0].series[0].x, ElementsAre(0, 1));
  EXPECT_THAT(f[0].series[0].y, ElementsAre(0.6, 0.7));
  EXPECT_EQ(f[0].y.title, "auc");
}

TEST(ReportFigure, HistogramCountsEveryValueOnceOrSaysSo) {
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(std::sin(i));
  values.push_back(std::nan(""));
  const Figure f = histogram("d", "d", "1", values);
  EXPECT_EQ(std::accumulate(f.series[0].y.begin(), f.series[0].y.end(), 0.0), 1000);
  EXPECT_EQ(f.caption, "1 without a value");
  for (int i = 0; i < 3; ++i) values.push_back(1e6);
  const Figure g = histogram("d", "d", "1", values);
  EXPECT_EQ(std::accumulate(g.series[0].y.begin(), g.series[0].y.end(), 0.0) + 6, 1003);
  EXPECT_EQ(g.caption.substr(0, 12), "6 of 1003 va");
}

TEST(ReportFigure, AHandfulOfValuesIsNoHistogram) {
  const auto part = [](const std::string& values) {
    Part p = part_of(R"("v":{"value":[)" + values + R"(],"unit":"1"})");
    p.results[0].field.per_atom = true;
    return figures(p);
  };
  EXPECT_TRUE(part("1,2,null,null,3,4,5,6,7,null").empty());
  EXPECT_EQ(part("1,2,null,3,4,5,6,7,8").size(), 1u);
}

TEST(ReportFigure, WholeNumbersGetOneBinEach) {
  const Figure f = histogram("n", "n", "1", {12, 12, 13, 15});
  EXPECT_THAT(f.series[0].x, ElementsAre(12, 13, 14, 15));
  EXPECT_THAT(f.series[0].y, ElementsAre(2, 1, 0, 1));
}

TEST(ReportFigure, ManyDecadesCrowdedBelowTakeALogarithm) {
  EXPECT_TRUE(figures(part_of(
      R"("t":{"value":[0.001,0.01,0.1,1,10,100],"unit":"s"},"m":{"value":[1,2,3,4,5,6],"unit":"1","against":"t","plot":"line"})"))[0]
                  .x.logarithmic);
  EXPECT_FALSE(figures(part_of(curves))[0].x.logarithmic);
}

TEST(ReportFigure, ErrorsOfEmptyBinsDoNotDecideTheRange) {
  const auto f = figures(part_of(R"("r":{"value":[1,2,3]},"g":{"value":[0,3,1],"error":[500,0.1,0.1],"against":"r","plot":"line"})"));
  EXPECT_NEAR(f[0].y.low, -0.45, 1e-12);
  EXPECT_NEAR(f[0].y.high, 3.45, 1e-12);
  EXPECT_EQ(figures(part_of(curves))[0].y.high, 0) << "ordinary errors are shown whole";
}

TEST(ReportFigure, BarsStandOnZeroAndKeepTheirErrors) {
  const auto bars = [](const std::string& error) {
    return figures(part_of(R"("r":{"value":[1,2,3]},"g":{"value":[4,5,4.5],"error":)" + error + R"(,"against":"r","plot":"bars"})"))[0];
  };
  const Figure f = bars("[1,2.5,1]");  // errors larger than the scatter, smaller than the bars
  EXPECT_EQ(f.y.low, f.y.high) << "the whole bars and errors are shown, from zero";
  EXPECT_LE(bars("[1,500,1]").y.low, 0);
}

TEST(ReportSvg, TicksAreRound) {
  EXPECT_THAT(ticks(0, 10, 5), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(ticks(-0.3, 0.3, 3), ElementsAre(-0.2, 0, 0.2));
  EXPECT_TRUE(ticks(1, 1).empty());
}

TEST(ReportSvg, DrawsCurvesBandsAndHostileLabels) {
  Figure f = figures(part_of(curves))[0];
  f.series[0].name = "<script>&";
  const std::string svg = draw_svg(f);
  EXPECT_NE(svg.find("<polygon"), std::string::npos) << "error band";
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_NE(svg.find("&lt;script&gt;&amp;"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

// Nothing but NaN is no figure; one point, equal values: no division by zero reaches the picture.
TEST(ReportSvg, DegenerateDataDrawsAnEmptyFrame) {
  for (const char* y : {"[null,null]", "[0,0]", "[1e300,-1e300]"})
    for (const char* x : {"[1,1]", "[0,1]", "[null,1]"}) {
      const auto f =
          figures(part_of(std::string(R"("x":{"value":)") + x + R"(},"y":{"value":)" + y + R"(,"against":"x","plot":"points"})"));
      ASSERT_EQ(f.size(), y[1] == 'n' ? 0u : 1u);
      if (f.empty()) continue;
      const std::string svg = draw_svg(f[0]);
      EXPECT_EQ(svg.find("nan"), std::string::npos) << x << y;
      EXPECT_EQ(svg.find("inf"), std::string::npos) << x << y;
    }
}

TEST(ReportPart, ReadsEveryShape) {
  const Part p =
      part_of(R"("a":{"value":1.5,"error":0.1,"unit":"GPa","note":"block"},"b":{"value":true},"c":{"value":"text"},"d":{"value":null},
    "e":{"value":[1,null],"error":[0.1,0.2]},"f":{"value":[[1,2],[3,4]]},"g":{"value":{"Cu":1}},"h":{"value":[{"file":"c.extxyz","index":2,"atoms":9}]},"i":{"value":[]},
    "k":{"value":2,"interval":{"value":[1,3],"method":"profile"}})");
  EXPECT_EQ(p.find("a")->error, 0.1);
  EXPECT_EQ(p.find("b")->shape, Shape::flag);
  EXPECT_EQ(p.find("c")->text, "text");
  EXPECT_EQ(p.find("d")->shape, Shape::nothing);
  EXPECT_EQ(p.find("e")->errors.size(), 2u);
  EXPECT_EQ(p.find("f")->columns, 2u);
  EXPECT_EQ(p.find("g")->texts.front(), "Cu");
  EXPECT_EQ(p.find("h")->frames.front().index, 2);
  EXPECT_EQ(p.find("k")->low, 1);
  EXPECT_EQ(p.find("none"), nullptr);
  EXPECT_THROW(read_part("[1]"), FormatError);
  EXPECT_THROW(part_of(R"("f":{"value":[[1,2],[3]]})"), FormatError);
}
