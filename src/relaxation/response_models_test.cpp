#include "relaxation/response_models.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "reference.hpp"
#include "relaxation/loss_peak.hpp"

namespace heteroglass::relaxation {
namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;

std::vector<Process> every_shape() {
  return {{Shape::debye, {}},
          {Shape::cole_cole, std::vector{0.6}},
          {Shape::cole_davidson, std::vector{0.45}},
          {Shape::havriliak_negami, std::vector{0.8, 0.5}},
          {Shape::kww, std::vector{0.55}},
          {Shape::jonscher, std::vector{0.7, 0.6}}};
}

TEST(ResponseModels, HavriliakNegamiReference) {
  const auto rows = test::reference_rows("havriliak_negami");
  for (const auto& r : rows) {
    const Complex chi = Process(Shape::havriliak_negami, std::vector{r.at("alpha"), r.at("gamma")}).susceptibility(r.at("omega_tau"));
    EXPECT_NEAR(chi.real(), r.at("chi1"), 1e-13);
    EXPECT_NEAR(-chi.imag(), r.at("chi2"), 1e-13);
  }
  // two of them, for where the table is not
  const Complex chi = Process(Shape::havriliak_negami, std::vector{0.95, 0.41}).susceptibility(1);
  EXPECT_NEAR(chi.real(), 0.8145501362306645, 1e-14);
  EXPECT_NEAR(-chi.imag(), 0.25725655875952597, 1e-14);
}

// E' = (wt)^2/(1+(wt)^2), E'' = wt/(1+(wt)^2) belong to 1 - chi and -chi''.
TEST(ResponseModels, Debye) {
  const Process debye(Shape::debye, {});
  for (const double w : {1e-8, 0.3, 1.0, 7.0, 1e8}) {
    EXPECT_NEAR(debye.susceptibility(w).real() * (1 + w * w), 1, 1e-14);
    EXPECT_NEAR(-debye.susceptibility(w).imag() * (1 + w * w) / w, 1, 1e-14);
  }
}

// Both give the Laplace transform at real s: chi(s) = 1 - s int phi e^{-st} dt = (2/pi) int chi''(x) x/(x^2 + s^2) dx.
TEST(ResponseModels, StepAndSusceptibilityAreAPair) {
  for (const Process& p : every_shape()) {
    const double w = 0.8;
    double laplace = 0, spectral = 0;
    const double h = 0.02;
    for (double u = -40; u < 6; u += h) laplace += h * std::exp(u) * p.step(std::exp(u)) * w * std::exp(-w * std::exp(u));
    for (double u = -40; u < 60; u += h) {
      const double x = std::exp(u);
      spectral += h * 2 / pi * -p.susceptibility(x).imag() * x * x / (x * x + w * w);
    }
    EXPECT_NEAR(1 - laplace, spectral, 3e-6) << shape_name(p.shape());
  }
}

// Kramers-Kronig at single frequencies, by the principal value with the pole between nodes.
TEST(ResponseModels, RealAndImaginaryPartsAreAPair) {
  for (const Process& p : every_shape())
    for (const double w : {0.01, 1.0, 50.0}) {
      const double h = 0.05;
      double sum = 0;
      for (double u = (-1200 + 0.5) * h; u < 1400 * h; u += h) sum += -p.susceptibility(w * std::exp(u)).imag() / -std::expm1(-2 * u);
      EXPECT_NEAR(2 / pi * h * sum, p.susceptibility(w).real(), 1e-8) << shape_name(p.shape()) << " " << w;
    }
}

TEST(ResponseModels, CurvesOfOtherShapesAtTheirLimits) {
  const auto expect_same = [](const Process& a, const Process& b, double tolerance) {
    for (const double w : {1e-3, 0.7, 30.0}) EXPECT_NEAR(std::abs(a.susceptibility(w) - b.susceptibility(w)), 0, tolerance);
    for (const double t : {1e-3, 0.5, 3.0}) EXPECT_NEAR(a.step(t), b.step(t), tolerance);
  };
  expect_same({Shape::havriliak_negami, std::vector{0.6, 1.0}}, {Shape::cole_cole, std::vector{0.6}}, 1e-14);
  expect_same({Shape::havriliak_negami, std::vector{1.0, 0.6}}, {Shape::cole_davidson, std::vector{0.6}}, 1e-14);
  expect_same({Shape::cole_davidson, std::vector{1.0}}, {Shape::debye, {}}, 1e-14);
  expect_same({Shape::kww, std::vector{1.0}}, {Shape::debye, {}}, 1e-13);
  expect_same({Shape::jonscher, std::vector{1.0, 0.0}}, {Shape::debye, {}}, 1e-12);  // w/(1 + w^2)
}

// Cole-Cole with alpha = 1/2: phi = e^t erfc(sqrt t).
TEST(ResponseModels, ColeColeStepIsAMittagLefflerFunction) {
  const Process p(Shape::cole_cole, std::vector{0.5});
  for (const double t : {1e-6, 0.01, 0.3, 1.0, 4.0, 20.0}) EXPECT_NEAR(p.step(t), std::exp(t) * std::erfc(std::sqrt(t)), 1e-11);
  EXPECT_NEAR(p.step(1e8) * std::sqrt(pi * 1e8), 1, 1e-8);  // 1/sqrt(pi t) at long times
}

TEST(ResponseModels, ConstantLossHasTheLossAndStorageStated) {
  const double l = 0.12;
  const Process p(Shape::constant_loss, std::vector{l});
  for (const double w : {1e-3, 1.0, 1e5}) {
    EXPECT_NEAR(-p.susceptibility(w).imag(), std::pow(w, -l), 1e-13 * std::pow(w, -l));
    EXPECT_NEAR(p.susceptibility(w).real(), std::pow(w, -l) / std::tan(pi * l / 2), 1e-12 * std::pow(w, -l) / l);
  }
}

TEST(ResponseModels, DerivativesAreThoseOfDifferences) {
  std::vector<std::pair<Shape, std::vector<double>>> shapes = {
      {Shape::cole_cole, {0.6}},     {Shape::cole_davidson, {0.45}}, {Shape::havriliak_negami, {0.8, 0.5}}, {Shape::kww, {0.55}},
      {Shape::jonscher, {0.7, 0.6}}, {Shape::constant_loss, {0.2}},  {Shape::power_law_creep, {0.4}}};
  for (const auto& [shape, values] : shapes)
    for (const double w : {0.02, 1.3, 200.0}) {
      std::vector<Complex> by_shape(values.size());
      Complex by_log;
      Process(shape, values).susceptibility(w, by_log, by_shape);
      const double h = 1e-5;
      const Complex expected =
          (Process(shape, values).susceptibility(w * std::exp(h)) - Process(shape, values).susceptibility(w * std::exp(-h))) / (2 * h);
      EXPECT_NEAR(std::abs(by_log - expected), 0, 1e-8) << shape_name(shape);
      for (std::size_t i = 0; i < values.size(); ++i) {
        std::vector<double> up = values, down = values;
        up[i] += h, down[i] -= h;
        const Complex d = (Process(shape, up).susceptibility(w) - Process(shape, down).susceptibility(w)) / (2 * h);
        EXPECT_NEAR(std::abs(by_shape[i] - d), 0, 1e-7 * (1 + std::abs(d))) << shape_name(shape) << i;
      }
    }
}

TEST(ResponseModels, LossPeaksAreWhereTheyAreSaid) {
  for (const Process& p : every_shape()) {
    const auto found = loss_peak([&](double l) { return -p.susceptibility(std::exp(l)).imag(); }, -25, 25);
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(found->log_omega, *p.loss_peak(), 1e-6) << shape_name(p.shape());
  }
  const auto debye = loss_peak([](double l) { return 1 / (2 * std::cosh(l)); }, -20, 20);
  EXPECT_NEAR(debye->width, 2 * std::log10(2 + std::sqrt(3)), 1e-9);
  EXPECT_NEAR(debye->skewness, 1, 1e-6);
}

TEST(ResponseModels, NamesOfSums) {
  const auto sum = parse_model("kww+cole-cole+constant-loss+cole-cole", "--model");
  ASSERT_EQ(sum.size(), 4u);
  EXPECT_EQ(sum[0].label, "kww");
  EXPECT_EQ(sum[1].label, "cole-cole1");
  EXPECT_EQ(sum[3].label, "cole-cole2");
  try {
    parse_model("kww+colecole", "--model");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("did you mean 'cole-cole'"));
  }
  EXPECT_THROW(parse_model("kww+", "--model"), InputError);
  EXPECT_THROW(Process(Shape::havriliak_negami, std::vector{1.2, 0.5}), InputError);
}

}  // namespace
}  // namespace heteroglass::relaxation
