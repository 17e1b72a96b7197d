#include "relaxation/stress_relaxation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <random>

#include "core/error.hpp"
#include "program.hpp"
#include "relaxation/beta_stages.hpp"
#include "relaxation/step_fit.hpp"

namespace heteroglass::relaxation {
namespace {

/// Rows of f at times log-spaced in [low, high], with noise.
Curve curve(const std::function<double(double)>& f, double low, double high, int n, double noise, unsigned seed,
            const std::string& name = "stress") {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Curve c;
  c.source = "relaxation.csv";
  c.columns = {{"time", "s", {}}, {name, "GPa", {}}};
  for (int i = 0; i < n; ++i) {
    const double t = low * std::pow(high / low, i / double(n - 1));
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(f(t) + noise * normal(random));
  }
  return c;
}
double kww(double t, double tau, double beta) { return std::exp(-std::pow(t / tau, beta)); }

StressRelaxation run(const Curve& c, const StressRelaxationOptions& o = {}) { return stress_relaxation(std::span(&c, 1), o); }

TEST(StressRelaxation, RecoversAStretchedExponentialExactly) {
  const StressRelaxation r = run(curve([](double t) { return 0.1 + 0.9 * kww(t, 100, 0.5); }, 0.1, 1e5, 80, 0, 1));
  EXPECT_NEAR(r.tau.value, 100, 1e-3);
  EXPECT_NEAR(r.beta.value, 0.5, 1e-6);
  EXPECT_NEAR(r.mean_tau.value, 200, 3e-3);  // Gamma(2)/0.5
  EXPECT_NEAR(r.decades_covered, 6, 1e-9);
  EXPECT_NEAR(r.fraction_relaxed.value, 0.9, 1e-6);
  EXPECT_NEAR(r.liquid_fraction.value, 0.9, 1e-6);
  EXPECT_FALSE(r.misfit);
}

// 95 % profile intervals of tau and beta over 500 trials: 93 to 97 %.
TEST(StressRelaxation, IntervalsCover) {
  int tau = 0, beta = 0;
  for (unsigned s = 0; s < 500; ++s) {
    const Curve c = curve([](double t) { return 0.1 + 0.9 * kww(t, 100, 0.5); }, 0.1, 1e4, 30, 0.01, 300 + s);
    const auto interval = step_fit(averaged(c.columns[0].values, c.columns[1].values, false), {}).fit.interval;
    tau += std::exp(interval[2][0]) <= 100 && 100 <= std::exp(interval[2][1]);
    beta += interval[3][0] <= 0.5 && 0.5 <= interval[3][1];
  }
  EXPECT_GE(tau, 465);
  EXPECT_LE(tau, 485);
  EXPECT_GE(beta, 465);
  EXPECT_LE(beta, 485);
  RecordProperty("covered_tau", tau);
  RecordProperty("covered_beta", beta);
}

// The ramp: the average of phi(t + s) over 0 < s < ramp, here by brute force.
TEST(StressRelaxation, LoadingRampIsTheAverageOverIt) {
  for (const double t : {0.0, 0.3, 2.0, 400.0}) {
    double sum = 0;
    const int n = 20000;
    for (int i = 0; i < n; ++i) sum += kww(t + (i + 0.5) * 2.0 / n, 5, 0.6) / n;
    EXPECT_NEAR(ramped_step(t, 2, 5, 0.6), sum, 1e-5) << t;
  }
  const Curve c = curve([](double t) { return ramped_step(t, 10, 50, 0.5); }, 0.5, 1e4, 60, 0, 1);
  const StressRelaxation with = run(c, {.ramp = 10}), without = run(c);
  EXPECT_NEAR(with.tau.value, 50, 1e-2);
  EXPECT_NEAR(with.beta.value, 0.5, 1e-4);
  EXPECT_GT(without.beta.value, 0.52);  // the ramp looks like less stretching
}

TEST(StressRelaxation, SaysHowMuchTimeZeroMatters) {
  const StressRelaxation early = run(curve([](double t) { return kww(t, 10, 0.4); }, 1, 1e4, 60, 0.001, 2)),
                         late = run(curve([](double t) { return kww(t, 1000, 0.4); }, 1, 1e5, 60, 0.001, 2));
  EXPECT_GT(std::abs(early.tau_change), 0.05);
  EXPECT_GT(std::abs(early.beta_change), std::abs(late.beta_change));
}

struct Listener : Context {};

TEST(StressRelaxation, WarnsBelowHalf) {
  Listener context;
  const Curve c = curve([](double t) { return kww(t, 1e6, 0.3); }, 1, 1e4, 60, 0.001, 2);
  const StressRelaxation r = stress_relaxation(std::span(&c, 1), {.remnant = 0}, context);
  EXPECT_LT(r.fraction_relaxed.value, 0.5);
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("one number")));
}

TEST(StressRelaxation, TwoStepsAreToldFromOne) {
  const Curve c = curve([](double t) { return 0.3 * kww(t, 1, 0.6) + 0.7 * kww(t, 1e4, 0.7); }, 1e-2, 1e6, 120, 0.003, 4);
  const StressRelaxation two = run(c, {.steps = 2}), one = run(c);
  EXPECT_NEAR(two.tau.value, 1, 5 * two.tau.error);
  EXPECT_NEAR(two.tau_2.value, 1e4, 5 * two.tau_2.error);
  EXPECT_NEAR(two.fraction_2.value, 0.7, 5 * two.fraction_2.error);
  EXPECT_LT(two.fraction_2.error, 0.02);
  EXPECT_TRUE(one.misfit);
  EXPECT_FALSE(two.misfit);
  EXPECT_LT(two.aicc, one.aicc - 50);
}

TEST(StressRelaxation, DriftIsSeparated) {
  const StressRelaxation r =
      run(curve([](double t) { return 0.2 + 0.8 * kww(t, 50, 0.6) - 1e-6 * t; }, 0.1, 1e5, 100, 0.001, 6), {.drift = true});
  EXPECT_NEAR(r.drift.value, -1e-6, 4 * r.drift.error);
  EXPECT_NEAR(r.beta.value, 0.6, 4 * r.beta.error);
}

// Stress held, compliance that grows: the load of a creep test is not fitted, and nothing but it is refused.
TEST(StressRelaxation, TakesTheComplianceBesideAHeldStress) {
  Curve c = curve([](double t) { return 0.02 + 0.03 * (1 - kww(t, 30, 0.5)); }, 0.1, 40, 80, 1e-5, 3, "compliance");
  c.columns.push_back({"stress", "GPa", std::vector<double>(80, 5e-7)});
  const StressRelaxation r = run(c);
  EXPECT_EQ(r.quantity, "compliance");
  EXPECT_NEAR(r.tau.value, 30, 4 * r.tau.error);
  EXPECT_EQ(r.models.columns[4].unit, "1/GPa");
  EXPECT_GT(r.fraction_relaxed.error, 0);
  EXPECT_NEAR(r.fraction_relaxed.value, 1 - kww(40, 30, 0.5), 4 * r.fraction_relaxed.error);
  c.columns.erase(c.columns.begin() + 1);
  EXPECT_THROW(run(c), InputError);
}

// A compliance that begins at nothing has the unrelaxed compliance on its bound, by that name.
TEST(StressRelaxation, NamesTheBoundOfACreepCurve) {
  const StressRelaxation r = run(curve([](double t) { return 0.03 * (1 - kww(t, 30, 0.5)) - 1e-3; }, 0.1, 1e4, 60, 1e-6, 4, "compliance"));
  EXPECT_THAT(r.at_bound, testing::Contains("unrelaxed_compliance"));
}

// Creep of J_u + dJ (1 - phi) + t/eta up to t_u, then the same taken back: what stays at the end is t_u/eta.
TEST(StressRelaxation, CreepAndRecovery) {
  const double eta = 2e4;  // GPa s
  const auto up = [](double t) { return 0.02 + 0.03 * (1 - kww(t, 30, 0.5)); };
  const auto j = [&](double t) { return t <= 1000 ? up(t) + t / eta : up(t) - up(t - 1000) + 1000 / eta; };
  Curve c;
  c.source = "creep.csv", c.columns = {{"time", "s", {}}, {"compliance", "1/GPa", {}}};
  for (double t = 0.1; t < 1000; t *= 1.15) c.columns[0].values.push_back(t), c.columns[1].values.push_back(j(t));
  for (double t = 0.1; t < 1e5; t *= 1.15) c.columns[0].values.push_back(1000 + t), c.columns[1].values.push_back(j(1000 + t));
  const StressRelaxation r = run(c, {.unload_time = 1000});
  EXPECT_NEAR(r.tau.value, 30, 0.01);
  EXPECT_NEAR(r.viscosity.value, eta * 1e9, 1e-3 * eta * 1e9);
  EXPECT_NEAR(r.unrelaxed_compliance.value, 0.02, 1e-6);
}

TEST(StressRelaxation, DenseTablesAreAveragedWithoutBias) {
  Curve c;
  c.source = "dense.csv", c.columns = {{"time", "s", {}}, {"stress", "GPa", {}}};
  for (int i = 1; i <= 60000; ++i) c.columns[0].values.push_back(i), c.columns[1].values.push_back(0.1 + kww(i, 500, 0.5));
  const StressRelaxation r = run(c);
  EXPECT_LT(r.time.size(), 3000u);
  EXPECT_NEAR(r.tau.value, 500, 0.1);
  EXPECT_NEAR(r.beta.value, 0.5, 1e-5);
}

// The published case: 0.2, then 0.5, rising above Tg.
TEST(StressRelaxation, StagesOfAFamily) {
  std::vector<Curve> curves;
  for (double t = 320; t <= 480; t += 10) {
    const double beta = t < 365 ? 0.2 : t < 435 ? 0.5 : 0.5 + 0.008 * (t - 430);
    Curve c = curve([&](double x) { return 0.2 + 0.8 * kww(x, 100, beta); }, 1e-3, 1e6, 80, 0.002, static_cast<unsigned>(t));
    c.properties["temperature"] = {t, "K"};
    curves.push_back(c);
  }
  const StressRelaxation r = stress_relaxation(curves);
  EXPECT_EQ(r.family.rows(), 17u);
  ASSERT_EQ(r.stages.rows(), 3u);
  EXPECT_NEAR(r.stages.find("beta")->number[0], 0.2, 0.02);
  EXPECT_NEAR(r.stages.find("beta")->number[1], 0.5, 0.02);
  EXPECT_EQ(r.stages.find("stage")->text[2], "rising");
  EXPECT_EQ(r.stages.find("from")->number[1], 370);
}

TEST(StressRelaxation, FormulaWithoutAFile) {
  const StressRelaxation r = stress_relaxation({}, {.tau = 10, .beta = 0.5, .strength = 2, .time = {10}});
  EXPECT_NEAR(r.stress[0], 2 / std::exp(1.0), 1e-12);
  EXPECT_NEAR(r.mean_tau.value, 20, 1e-12);
}

TEST(StressRelaxation, SaysWhenNothingRelaxes) {
  Listener context;
  const Curve c = curve([](double) { return 5.0; }, 0.1, 1e4, 40, 2e-5, 2);
  stress_relaxation(std::span(&c, 1), {}, context);
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("nothing relaxes")));
  EXPECT_THROW(run(curve([](double) { return 5.0; }, 0.1, 1e4, 40, 0, 2)), InputError);
}

TEST(StressRelaxation, RefusesBadInput) {
  Curve c = curve([](double t) { return kww(t, 10, 0.5); }, 0.1, 1e3, 30, 0, 1);
  std::swap(c.columns[0].values[3], c.columns[0].values[9]);
  EXPECT_THROW(run(c), InputError);
  EXPECT_THROW(run(curve([](double) { return -1.0; }, 0.1, 1e3, 30, 0, 1)), InputError);
  EXPECT_THROW(run(curve([](double) { return 1.0; }, 0.1, 1e3, 4, 0, 1)), InputError);
  EXPECT_THROW(run(curve([](double) { return 1.0; }, 0.1, 1e3, 40, 0, 1, "strain")), InputError);
}

TEST(StressRelaxation, MeasuredFamilyOfAnEncapsulant) {
  const std::string file = HETEROGLASS_SOURCE_DIR "/../shared/data/relaxation/pyvisco_dma/time_user_raw.csv";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "measured data are not beside the source";
  const test::ProgramRun run = test::program("relaxation stress-relaxation " + file + " --json");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, testing::HasSubstr("\"decades_covered\""));
}

}  // namespace
}  // namespace heteroglass::relaxation
