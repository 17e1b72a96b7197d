#include "probes/indentation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <filesystem>

#include "core/error.hpp"
#include "probes/contact/synthetic_indent.hpp"
#include "run/execute.hpp"

namespace heteroglass::probes {

const Analysis& indentation_analysis();

namespace {

using testing::HasSubstr;

/// Keeps warnings, for looking at them.
class Listener : public Context {};

std::string refusal(std::span<const Curve> curves, const IndentationOptions& o) {
  try {
    indentation(curves, o);
  } catch (const InputError& e) {
    return e.what();
  }
  return "none";
}

IndentationOptions contract() {
  IndentationOptions o;
  o.load = 0.8, o.poisson = 0.363, o.shear_modulus = 30, o.radius = 2, o.relaxation_time = 5e-4, o.time = 1e-3;
  return o;
}

// Independent values in high precision: 18.69874170047931 and 27.274049414017997 nm.
TEST(Indentation, FormulaGivesTheKnownDepths) {
  const Indentation r = indentation({}, contract());
  EXPECT_NEAR(r.depth.value, 18.69874170047931, 1e-10);
  EXPECT_NEAR(r.depth_elastic.value, 27.274049414017997, 1e-10);
  EXPECT_NEAR(r.formula_depth.back(), r.depth.value, 1e-10);
}

TEST(Indentation, FormulaHasItsLimits) {
  IndentationOptions o = contract();
  o.ratio = 0;  // no second spring: elastic
  EXPECT_NEAR(indentation({}, o).depth.value, 27.274049414, 1e-8);
  o = contract(), o.hold = 0.05;  // a hold of 100 t_c
  EXPECT_NEAR(indentation({}, o).depth_after_hold.value, 27.274049414, 1e-8);
  EXPECT_NEAR(indentation({}, o).formula_depth.back(), 27.274049414, 1e-8);
  o = contract(), o.model = "hertz";
  EXPECT_NEAR(indentation({}, o).depth.value, 27.274049414, 1e-8);
  o = contract(), o.relaxation_time = 1e-9;
  EXPECT_NEAR(indentation({}, o).depth.value, 27.274049414, 1e-4);
  // a tip as stiff as the sample halves the modulus of the contact: 2^(2/3) as deep
  o = contract(), o.tip_modulus = 2 * 30 / (1 - 0.363);
  EXPECT_NEAR(indentation({}, o).depth_elastic.value / 27.274049414, std::cbrt(4), 1e-9);
}

// h goes with R^(-1/3) and G^(-2/3): 3 % of R are 1 %, 3 % of G are 2 %.
TEST(Indentation, FormulaCarriesErrors) {
  IndentationOptions o = contract();
  o.errors = {{"radius", 0.06}, {"shear_modulus", 0.9}};
  const Measured d = indentation({}, o).depth_elastic;
  EXPECT_NEAR(d.error / d.value, std::hypot(0.01, 0.02), 1e-4);
}

TEST(Indentation, FormulaSaysWhatItNeeds) {
  EXPECT_THAT(refusal({}, {}), HasSubstr("--load, --shear-modulus, --time, --relaxation-time must be given"));
}

IndentationOptions plain() {
  IndentationOptions o;
  o.poisson = 0.363, o.radius = 2, o.shuffles = 20;
  return o;
}

/// A grid of synthetic curves whose modulus is 20 GPa + 1 GPa for each row and 0.1 GPa for each column.
std::vector<Curve> grid(std::size_t rows, std::size_t columns) {
  std::vector<Curve> all;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      synthetic::Indent s;
      s.modulus = 20 + double(r) + 0.1 * double(c), s.points = 300, s.depth_noise = 0.01, s.seed = 1 + r * columns + c, s.unload = 2e-3;
      all.push_back(synthetic::curve(s));
      all.back().label = all.back().source = fmt::format("{}", all.size());
    }
  return all;
}

TEST(Indentation, MapsAGrid) {
  IndentationOptions o = plain();
  o.grid = "5x4", o.spacing = 100, o.grid_order = "rows";
  const Indentation r = indentation(grid(4, 5), o);
  ASSERT_EQ(r.shear_modulus.rows, 4u);
  ASSERT_EQ(r.shear_modulus.columns, 5u);
  EXPECT_EQ(r.x.back(), 400);
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t k = 0; k < 5; ++k) {
      const double g = 20 + double(i) + 0.1 * double(k);
      EXPECT_NEAR(r.shear_modulus(i, k), g, 5 * r.shear_modulus_error(i, k));
      EXPECT_NEAR(r.relaxation_time(i, k), 2e-4, 5 * r.relaxation_time_error(i, k));
      EXPECT_NEAR(r.viscosity(i, k), r.shear_modulus(i, k) * 1e9 * r.relaxation_time(i, k), 1e-3);
      // k T ln(1e13/s 2e-4 s) at 300 K
      EXPECT_NEAR(r.barrier(i, k), 8.617333262e-5 * 300 * std::log(2e9), 5 * r.barrier_error(i, k));
    }
  EXPECT_NEAR(r.mean_shear_modulus.value, 21.7, 0.01);
  // of twenty known values: the spread is that of the grid
  EXPECT_NEAR(r.spread_shear_modulus.value, std::sqrt((1.25 + 0.02) * 20 / 19), 0.01);
  ASSERT_EQ(r.models.rows(), 3u);
  EXPECT_EQ(r.models.columns[2].number[1], 0);  // Kelvin is best
}

TEST(Indentation, OrdersOfTheGridAgree) {
  const std::vector<Curve> rows = grid(3, 4);
  std::vector<Curve> serpentine, columns;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 4; ++k) serpentine.push_back(rows[i * 4 + (i % 2 == 1 ? 3 - k : k)]);
  for (std::size_t k = 0; k < 4; ++k)
    for (std::size_t i = 0; i < 3; ++i) columns.push_back(rows[i * 4 + k]);
  IndentationOptions o = plain();
  o.grid = "4x3", o.spacing = 100;
  const Matrix a = indentation(rows, o).shear_modulus;
  o.grid_order = "serpentine";
  EXPECT_EQ(a.values, indentation(serpentine, o).shear_modulus.values);
  o.grid_order = "columns";
  EXPECT_EQ(a.values, indentation(columns, o).shear_modulus.values);
}

TEST(Indentation, DoesNotDependOnThreads) {
  const std::vector<Curve> curves = grid(3, 4);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Indentation one = indentation(curves, plain());
  omp_set_num_threads(4);
  const Indentation four = indentation(curves, plain());
  omp_set_num_threads(before);
  EXPECT_EQ(one.shear_modulus.values, four.shear_modulus.values);
  EXPECT_EQ(one.relaxation_time_error.values, four.relaxation_time_error.values);
}

TEST(Indentation, LeavesACurveWithoutContactOut) {
  std::vector<Curve> curves = grid(2, 2);
  for (double& p : curves[1].columns[1].values) p = -0.1;
  Listener context;
  IndentationOptions o = plain();
  o.grid = "2x2", o.spacing = 100;
  const Indentation r = indentation(curves, o, context);
  EXPECT_TRUE(std::isnan(r.shear_modulus(0, 1)));
  EXPECT_NEAR(r.shear_modulus(1, 1), 21.1, 0.1);
  EXPECT_THAT(context.warnings(),
              testing::Contains(HasSubstr("1 of 4 curves are left out; the first because 2: the load must rise above zero")));
}

TEST(Indentation, ATipOfDiamondRaisesTheModulus) {
  // an elastic contact of 1/E* = 1/(2 G/(1 - nu)) + 1/E_t looks like a softer sample under a rigid tip
  synthetic::Indent s;
  s.fraction = 0, s.depth_noise = 1e-4;
  const double apparent = 1 / (1 / 30.0 + 2 / (1 - s.poisson) / 1146.6);
  s.modulus = apparent;
  IndentationOptions o = plain();
  o.tip_modulus = 1146.6, o.model = "hertz";
  const std::vector<Curve> curve = {synthetic::curve(s)};
  EXPECT_NEAR(indentation(curve, o).mean_shear_modulus.value, 30, 0.01);
  o.tip_modulus.reset();
  EXPECT_NEAR(indentation(curve, o).mean_shear_modulus.value, apparent, 0.01);
}

TEST(Indentation, TakesOutDriftAndFrame) {
  synthetic::Indent s;
  s.drift = 200, s.frame_compliance = 3, s.depth_noise = 0.01;
  IndentationOptions o = plain();
  const std::vector<Curve> curve = {synthetic::curve(s)};
  EXPECT_GT(std::abs(indentation(curve, o).mean_shear_modulus.value - 30), 1);
  o.drift = 200, o.frame_compliance = 3;
  const Indentation r = indentation(curve, o);
  EXPECT_NEAR(r.mean_shear_modulus.value, 30, 5 * r.mean_shear_modulus.error);
  EXPECT_THAT(r.corrections, HasSubstr("drift 200 nm/s; frame compliance 3 nm/mN"));
}

// The retardation spectrum of a Kelvin solid is one line of strength 1/G at t_c.
TEST(Indentation, SpectrumOfTheHoldIsTheLineOfAKelvinSolid) {
  synthetic::Indent s;
  s.relaxation_time = 2e-3, s.hold = 2e-2, s.points = 4000;
  const Indentation r = indentation(std::vector<Curve>{synthetic::curve(s)}, plain());
  ASSERT_GT(r.tau.size(), 10u);
  double sum = 0, mean = 0;
  for (std::size_t i = 0; i + 1 < r.tau.size(); ++i) {
    const double step = std::log(r.tau[i + 1] / r.tau[i]);
    sum += step * r.retardation[i], mean += step * r.retardation[i] * std::log(r.tau[i]);
  }
  EXPECT_NEAR(sum, 1 / 30.0, 0.0015);
  EXPECT_NEAR(std::exp(mean / sum), 2e-3, 2e-4);
  EXPECT_LT(r.glassy_compliance.value, 0.1 / 30);
}

TEST(Indentation, PopInEndsTheFit) {
  synthetic::Indent s;
  s.pop_in_load = 0.5, s.pop_in_size = 4, s.points = 3000, s.fraction = 0;
  IndentationOptions o = plain();
  const Indentation r = indentation(std::vector<Curve>{synthetic::curve(s)}, o);
  ASSERT_EQ(r.pop_in.rows(), 1u);
  EXPECT_NEAR(r.pop_in.find("load")->number[0], 0.5, 0.003);
  EXPECT_NEAR(r.pop_in.find("jump")->number[0], 4, 5 * r.pop_in.find("jump_error")->number[0]);
  // 0.31 (6 P E*^2/(pi^3 R^2))^(1/3) with E* = 2 30/(1 - 0.363) = 94.19 GPa, 0.5 mN, 2 um: 0.31 * 4.7535
  EXPECT_NEAR(r.pop_in.find("shear_stress")->number[0], 0.31 * std::cbrt(6 * 5e-4 * std::pow(94.1915e9, 2) / (31.00628 * 4e-12)) * 1e-9,
              0.02);
  EXPECT_NEAR(r.mean_hertz_modulus.value, 30, 0.2);
  o.stop_at_pop_in = false;
  EXPECT_GT(std::abs(indentation(std::vector<Curve>{synthetic::curve(s)}, o).mean_hertz_modulus.value - 30), 1);
}

Curve parameters(std::size_t n, bool positions) {
  Curve c;
  c.source = "report";
  c.columns = {{"indent", "1", {}}, {"h_it", "GPa", {}}};
  if (positions) c.columns.push_back({"x", "nm", {}}), c.columns.push_back({"y", "nm", {}});
  for (std::size_t i = 0; i < n; ++i) {
    c.columns[0].values.push_back(double(i + 1));
    const std::size_t column = i % 6, row = 5 - i / 6;  // from the bottom up
    c.columns[1].values.push_back((column < 3 ? 6 : 10) + 0.1 * std::sin(double(7 * i)));
    if (positions)
      c.columns[2].values.push_back(1e7 + 5e3 * double(column) + 300 * std::cos(double(i))),
          c.columns[3].values.push_back(5e3 * double(row));
  }
  return c;
}

TEST(Indentation, ReportOfParametersGivesMapsAndGroups) {
  Listener context;
  const Indentation r = indentation(std::vector<Curve>{parameters(36, true)}, plain(), context);
  ASSERT_EQ(r.h_it.rows, 6u);
  EXPECT_NEAR(r.x[1], 5000, 150);
  EXPECT_EQ(r.h_it(5, 0), 6.0);  // the first indent
  ASSERT_EQ(r.clusters.rows(), 2u);
  EXPECT_EQ(r.clusters.find("indents")->number[0], 18);
  EXPECT_NEAR(r.clusters.find("mean")->number[1], 10, 0.05);
  EXPECT_EQ(r.cluster(0, 0), 1);
  EXPECT_EQ(r.cluster(0, 5), 2);
  EXPECT_LT(r.correlation_lengths.find("p_value")->number[0], 0.06);
  EXPECT_THAT(context.warnings(), testing::Contains(HasSubstr("parameters and no curves")));
}

TEST(Indentation, RefusesWhatItCannotUse) {
  IndentationOptions o = plain();
  o.grid = "11x11";
  EXPECT_THAT(refusal(grid(1, 3), o), HasSubstr("--grid: 11 x 11 must have 121 indents, got 3"));
  o.grid = "11";
  EXPECT_THAT(refusal(grid(1, 3), o), HasSubstr("--grid: must be COLUMNSxROWS, e.g. 11x11, got '11'"));
  o.grid = "3x1", o.grid_order = "positions";
  EXPECT_THAT(refusal(grid(1, 3), o), HasSubstr("--grid-order: positions must be in the file"));
  o = plain(), o.grid = "3x3";
  EXPECT_THAT(refusal(std::vector<Curve>{parameters(36, true)}, o),
              HasSubstr("--grid: must be that of the positions in the file, 6x6, got 3x3"));
  Curve c = grid(1, 1)[0];
  Curve deep = c, still = c, back = c, load_only = c, few = c;
  for (double& h : deep.columns[2].values) h = -h;
  EXPECT_THAT(refusal(std::vector<Curve>{deep}, plain()), HasSubstr("the depth must grow with the load"));
  for (double& p : still.columns[1].values) p = 0;
  EXPECT_THAT(refusal(std::vector<Curve>{still}, plain()), HasSubstr("no contact"));
  std::swap(back.columns[0].values[10], back.columns[0].values[11]);
  EXPECT_THAT(refusal(std::vector<Curve>{back}, plain()), HasSubstr("times must ascend"));
  load_only.columns.pop_back();
  EXPECT_THAT(refusal(std::vector<Curve>{load_only}, plain()),
              HasSubstr("columns must be load and depth, or hardness and modulus of indents, got load only"));
  for (CurveColumn& k : few.columns) k.values.resize(10);
  EXPECT_THAT(refusal(std::vector<Curve>{few}, plain()), HasSubstr("at least 20 points, got 10"));
  EXPECT_THAT(refusal(std::vector<Curve>{c, parameters(4, false)}, plain()), HasSubstr("all hold curves or all hold parameters"));
  o = plain(), o.tip = "function";
  EXPECT_THAT(refusal(std::vector<Curve>{c}, o), HasSubstr("--tip-area: must be given"));
  o = plain(), o.unload_to = 0.95, o.unload_from = 0.9;
  EXPECT_THAT(refusal(std::vector<Curve>{c}, o), HasSubstr("--unload-to: must be below --unload-from 0.9, got 0.95"));
  o = plain(), o.drift_from = 1;
  EXPECT_THAT(refusal(std::vector<Curve>{c}, o), HasSubstr("must hold at least 10 points, got 0"));
}

class MeasuredIndents : public testing::Test {
 protected:
  Indentation run(const std::string& file, std::vector<std::pair<std::string, std::string>> options) {
    const std::string path = HETEROGLASS_SOURCE_DIR "/../shared/data/probes/indent/" + file;
    run::Request request;
    request.analysis = &indentation_analysis(), request.inputs = {path}, request.options = std::move(options);
    return *std::static_pointer_cast<Indentation>(run::execute(request, Context::quiet()).result);
  }
  void SetUp() override {
    if (!std::filesystem::exists(HETEROGLASS_SOURCE_DIR "/../shared/data/probes/indent")) GTEST_SKIP() << "no measured files";
  }
};

// The report states H_IT 9706.195 +- 2348.811 MPa, E_IT 133.194 +- 25.536 GPa of 15 x 15 indents.
TEST_F(MeasuredIndents, CsmReport) {
  const Indentation r = run("ZrTi_s3_matrix15_25mN_5um_CSM.TXT", {});
  EXPECT_NEAR(r.mean_h_it.value, 9.706195, 1e-5);
  EXPECT_NEAR(r.spread_h_it.value, 2.348811, 1e-5);
  EXPECT_NEAR(r.mean_e_it.value, 133.194, 1e-3);
  EXPECT_NEAR(r.spread_e_it.value, 25.536, 1e-3);
  EXPECT_EQ(r.h_it.rows, 15u);
  EXPECT_NEAR(r.x[1], 5000, 1);
  // a matrix near the median (8.53 GPa) and harder inclusions
  ASSERT_GE(r.clusters.rows(), 2u);
  EXPECT_NEAR(r.clusters.find("mean")->number[0], 8.36, 0.1);
}

// A Vickers tip; the header states a compliance of 1.9 um/N. Its H_IT are 14 % lower by its correction of the tip's shape.
TEST_F(MeasuredIndents, Fischer) {
  const Indentation r = run("FischerScope_FS1.txt", {{"tip", "vickers"}, {"poisson", "0.3"}});
  ASSERT_EQ(r.oliver_pharr.rows(), 10u);
  EXPECT_NEAR(1 / r.oliver_pharr.find("stiffness")->number[0], 1.9, 0.05);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(r.stated.columns[2].number[i] / r.stated.columns[3].number[i], 0.859, 0.01);
}

// A steel of about 200 GPa under a worn tip whose area is not that of an ideal one.
TEST_F(MeasuredIndents, Hysitron) {
  const Indentation r = run("Hysitron_RobinSteel0000LC.txt", {{"tip", "berkovich"}, {"poisson", "0.3"}});
  EXPECT_GT(r.mean_e_it.value, 180);
  EXPECT_LT(r.mean_e_it.value, 300);
  EXPECT_NEAR(r.oliver_pharr.find("p_max")->number[0], 3, 0.02);
}

}  // namespace
}  // namespace heteroglass::probes
