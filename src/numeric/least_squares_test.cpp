#include "numeric/least_squares.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"
#include "numeric/student_t.hpp"
#include "program.hpp"

namespace heteroglass::numeric {
namespace {

using Model = std::function<double(double x, std::span<const double> p)>;

Residuals misfit(const std::vector<double>& x, const std::vector<double>& y, const Model& model) {
  return [&x, &y, model](std::span<const double> p, std::span<double> r, double*) {
    for (std::size_t i = 0; i < x.size(); ++i) r[i] = y[i] - model(x[i], p);
  };
}

/// A problem of the Statistical Reference Datasets of NIST (https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml).
struct Certified {
  std::string name;
  std::vector<double> x, y;
  Model model;
  std::vector<std::vector<double>> starts;
  std::vector<double> value, error;
  double squares;
};

std::vector<Certified> certified() {
  std::vector<double> mgh10_x;
  for (int i = 0; i < 16; ++i) mgh10_x.push_back(50 + 5 * i);
  return {
      {"Misra1a",
       {77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0},
       {10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78},
       [](double x, auto p) { return p[0] * (1 - std::exp(-p[1] * x)); },
       {{500, 1e-4}, {250, 5e-4}},
       {2.3894212918e+02, 5.5015643181e-04},
       {2.7070075241e+00, 7.2668688436e-06},
       1.2455138894e-01},
      {"MGH09",
       {4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625},
       {0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246},
       [](double x, auto p) { return p[0] * (x * x + x * p[1]) / (x * x + x * p[2] + p[3]); },
       {{0.25, 0.39, 0.415, 0.39}},
       {1.9280693458e-01, 1.9128232873e-01, 1.2305650693e-01, 1.3606233068e-01},
       {1.1435312227e-02, 1.9633220911e-01, 8.0842031232e-02, 9.0025542308e-02},
       3.0750560385e-04},
      {"Rat42",
       {9, 14, 21, 28, 42, 57, 63, 70, 79},
       {8.93, 10.8, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08},
       [](double x, auto p) { return p[0] / (1 + std::exp(p[1] - p[2] * x)); },
       {{100, 1, 0.1}, {75, 2.5, 0.07}},
       {7.2462237576e+01, 2.6180768402e+00, 6.7359200066e-02},
       {1.7340283401e+00, 8.8295217536e-02, 3.4465663377e-03},
       8.0565229338e+00},
      {"BoxBOD",
       {1, 2, 3, 5, 7, 10},
       {109, 149, 149, 191, 213, 224},
       [](double x, auto p) { return p[0] * (1 - std::exp(-p[1] * x)); },
       {{100, 0.75}},  // from NIST's first start, 1 and 1, the first step leads to b2 -> infinity, where nothing depends on it
       {2.1380940889e+02, 5.4723748542e-01},
       {1.2354515176e+01, 1.0455993237e-01},
       1.1680088766e+03},
      {"MGH10",
       mgh10_x,
       {34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872},
       [](double x, auto p) { return p[0] * std::exp(p[1] / (x + p[2])); },
       {{0.02, 4000, 250}},
       {5.6096364710e-03, 6.1813463463e+03, 3.4522363462e+02},
       {1.5687892471e-04, 2.3309021107e+01, 7.8486103508e-01},
       8.7945855171e+01},
  };
}

TEST(LeastSquares, CertifiedValuesOfNist) {
  for (const Certified& c : certified())
    for (const std::vector<double>& start : c.starts) {
      std::vector<Parameter> parameters;
      for (const double s : start) parameters.push_back({"b", s});
      const LeastSquares fit = least_squares(parameters, c.x.size(), misfit(c.x, c.y, c.model));
      EXPECT_TRUE(fit.converged) << c.name << ": " << fit.message;
      EXPECT_NEAR(fit.chi2, c.squares, 1e-9 * c.squares) << c.name;
      for (std::size_t k = 0; k < start.size(); ++k) {
        EXPECT_NEAR(fit.value[k], c.value[k], 1e-7 * std::abs(c.value[k])) << c.name << " b" << k + 1;
        EXPECT_NEAR(fit.error[k], c.error[k], 1e-5 * c.error[k]) << c.name << " b" << k + 1;
      }
    }
}

struct Line {
  std::vector<double> x, y;
  explicit Line(int n, double noise = 1, unsigned seed = 1) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(0, noise);
    for (int i = 0; i < n; ++i) x.push_back(i), y.push_back(3 + 0.5 * i + normal(random));
  }
  Residuals residuals() const {
    return misfit(x, y, [](double t, auto p) { return p[0] + p[1] * t; });
  }
};

// Of a straight line everything is known: with unit errors C = (X^T X)^-1, and the profile is an exact parabola.
TEST(LeastSquares, StraightLineWithKnownErrors) {
  const Line line(20);
  const LeastSquares fit = least_squares({{"a", 0}, {"b", 1}}, 20, line.residuals(), {.known_errors = true, .profile = true});
  const double n = 20, sx = 190, sxx = 2470, d = n * sxx - sx * sx;
  EXPECT_NEAR(fit.covariance(0, 0), sxx / d, 1e-8);
  EXPECT_NEAR(fit.covariance(1, 1), n / d, 1e-8);
  EXPECT_NEAR(fit.covariance(0, 1), -sx / d, 1e-8);
  for (std::size_t k : {0, 1}) {
    EXPECT_NEAR(fit.interval[k][0], fit.value[k] - 1.959964 * fit.error[k], 2e-3 * fit.error[k]);
    EXPECT_NEAR(fit.interval[k][1], fit.value[k] + 1.959964 * fit.error[k], 2e-3 * fit.error[k]);
  }
  const double cosine = sx / std::sqrt(n * sxx);  // of the two columns; eigenvalues of the scaled matrix are 1 +- cosine
  EXPECT_NEAR(fit.condition, (1 + cosine) / (1 - cosine), 1e-6);
  EXPECT_NEAR(fit.aicc, fit.chi2 + 4 + 12.0 / 17, 1e-9);
  EXPECT_NEAR(fit.bic, fit.chi2 + 2 * std::log(20.0), 1e-9);
}

TEST(LeastSquares, UnknownErrorsUseStudent) {
  const Line line(6);
  const LeastSquares fit = least_squares({{"a", 0}, {"b", 1}}, 6, line.residuals(), {.profile = true});
  const double t = student_t_quantile(0.975, 4);
  EXPECT_NEAR(fit.covariance(1, 1), fit.chi2 / 4 * 6 / (6 * 55.0 - 225), 1e-8);
  EXPECT_NEAR(fit.interval[1][1] - fit.value[1], t * fit.error[1], 3e-3 * fit.error[1]);
}

TEST(LeastSquares, FixedParametersStayAndDoNotCount) {
  const Line line(20);
  const LeastSquares fit = least_squares({{"a", 2, -1e9, 1e9, true}, {"b", 1}}, 20, line.residuals());
  double xy = 0, xx = 0;
  for (std::size_t i = 0; i < 20; ++i) xy += line.x[i] * (line.y[i] - 2), xx += line.x[i] * line.x[i];
  EXPECT_EQ(fit.value[0], 2);
  EXPECT_EQ(fit.error[0], 0);
  EXPECT_NEAR(fit.value[1], xy / xx, 1e-7 * fit.error[1]);
  EXPECT_EQ(fit.free_parameters, 1);
}

// With a held at its bound the slope is that of the fixed fit, and its error too.
TEST(LeastSquares, BoundIsReachedAndSaid) {
  const Line line(20);
  const LeastSquares held = least_squares({{"a", 1, 1, 2, true}, {"b", 1}}, 20, line.residuals());
  const LeastSquares fit = least_squares({{"a", 0.5, -10, 1}, {"b", 1}}, 20, line.residuals(), {.profile = true});
  EXPECT_TRUE(fit.converged) << fit.message;
  EXPECT_TRUE(fit.at_bound[0]);
  EXPECT_FALSE(fit.at_bound[1]);
  EXPECT_NEAR(fit.value[0], 1, 1e-12);
  EXPECT_NEAR(fit.value[1], held.value[1], 1e-7);
  EXPECT_TRUE(std::isnan(fit.error[0]));
  EXPECT_EQ(fit.interval[0][1], 1);
  EXPECT_LT(fit.interval[0][0], 1);
}

TEST(LeastSquares, ProfileStopsAtABoundInReach) {
  const Line line(20);
  const LeastSquares wide = least_squares({{"a", 0}, {"b", 1}}, 20, line.residuals(), {.profile = true});
  const double bound = wide.value[0] + wide.error[0];
  const LeastSquares fit = least_squares({{"a", 0, -1e9, bound}, {"b", 1}}, 20, line.residuals(), {.profile = true});
  EXPECT_EQ(fit.interval[0][1], bound);
  EXPECT_NEAR(fit.interval[0][0], wide.interval[0][0], 3e-3 * wide.error[0]);
}

// y = exp(-k t) seen only where it has decayed: chi^2 levels off, so the interval of k has no upper end.
TEST(LeastSquares, ProfileWithoutAnEndIsInfinite) {
  const std::vector<double> x = {0, 1, 2, 3}, y = {1, 0.02, -0.03, 0.01};
  const LeastSquares fit =
      least_squares({{"k", 3}}, 4, misfit(x, y, [](double t, auto p) { return std::exp(-p[0] * t); }), {.profile = true});
  EXPECT_TRUE(std::isinf(fit.interval[0][1]));
  EXPECT_TRUE(std::isfinite(fit.interval[0][0]));
  EXPECT_GT(std::exp(-fit.interval[0][0]), 0.02);
}

// Profiles do not depend on how a parameter is written; the ends of exp(q) are exp of the ends of q.
TEST(LeastSquares, ProfileIsInvariantUnderReparametrisation) {
  const Certified c = certified()[1];
  std::vector<Parameter> plain, logarithm;
  for (const double v : c.value)
    plain.push_back({"b", v, 1e-6, 1e6}), logarithm.push_back({"b", std::log(v), std::log(1e-6), std::log(1e6)});
  const LeastSquares a = least_squares(plain, c.x.size(), misfit(c.x, c.y, c.model), {.profile = true});
  const LeastSquares b = least_squares(logarithm, c.x.size(),
                                       misfit(c.x, c.y,
                                              [&](double x, auto q) {
                                                std::vector<double> p;
                                                for (const double v : q) p.push_back(std::exp(v));
                                                return c.model(x, p);
                                              }),
                                       {.profile = true});
  for (std::size_t k = 0; k < 4; ++k)
    for (std::size_t side : {0, 1})
      EXPECT_NEAR(a.interval[k][side], std::exp(b.interval[k][side]), 5e-3 * (a.interval[k][side] + a.value[k])) << k << side;
}

// A tenth of the points is far off. Expected by SciPy: least_squares(loss=...), f_scale 1.
TEST(LeastSquares, RobustLossesAgreeWithSciPy) {
  Line line(40);
  for (std::size_t i = 5; i < 40; i += 10) line.y[i] += 30;
  for (const auto& [ours, scipy] : {std::pair{"soft-l1", "soft_l1"}, {"cauchy", "cauchy"}, {"huber", "huber"}}) {
    const LeastSquares fit = least_squares({{"a", 3}, {"b", 0.5}}, 40, line.residuals(), {.loss = ours});
    EXPECT_TRUE(fit.converged) << ours;
    EXPECT_NEAR(fit.value[1], 0.5, 0.1) << ours;
    std::string y;
    for (const double v : line.y) y += fmt::format("{:.17g},", v);
    const std::string script = fmt::format(
        "import numpy as n;from scipy.optimize import least_squares as l;x=n.arange(40.);y=n.array([{}]);"
        "f=l(lambda p:y-p[0]-p[1]*x,[3,.5],loss='{}',xtol=1e-14,ftol=1e-14,gtol=1e-14);print('%.12g %.12g'%tuple(f.x))",
        y, scipy);
    const test::ProgramRun run = test::shell("/usr/bin/python3 -c \"" + script + "\"");
    if (run.exit_code != 0) GTEST_SKIP() << "SciPy is not installed";
    double a = 0, b = 0;
    ASSERT_EQ(std::sscanf(run.out.c_str(), "%lf %lf", &a, &b), 2);
    EXPECT_NEAR(fit.value[0], a, 1e-5) << ours;
    EXPECT_NEAR(fit.value[1], b, 1e-6) << ours;
  }
}

// The stated error must be the scatter over repeated noise, with outliers and a robust loss too.
TEST(LeastSquares, RobustErrorIsTheScatter) {
  double squares = 0, stated = 0;
  const int trials = 400;
  for (int trial = 0; trial < trials; ++trial) {
    Line line(60, 1, 100u + static_cast<unsigned>(trial));
    for (std::size_t i = static_cast<std::size_t>(trial % 10); i < 60; i += 15) line.y[i] += trial % 2 ? 8 : -8;
    const LeastSquares fit = least_squares({{"a", 3}, {"b", 0.5}}, 60, line.residuals(), {.loss = "huber"});
    squares += (fit.value[1] - 0.5) * (fit.value[1] - 0.5) / trials, stated += fit.error[1] / trials;
  }
  EXPECT_NEAR(stated / std::sqrt(squares), 1, 0.12);
}

TEST(LeastSquares, SaysWhenParametersCannotBeToldApart) {
  const Line line(20);
  const LeastSquares fit =
      least_squares({{"a", 1}, {"b", 1}, {"c", 1}}, 20, misfit(line.x, line.y, [](double t, auto p) { return p[0] + p[1] + p[2] * t; }));
  EXPECT_GT(fit.condition, 1e12);
}

TEST(LeastSquares, RefusesWhatCannotBeFitted) {
  const Line line(2);
  EXPECT_THROW(least_squares({{"a", 1}, {"b", 1}, {"c", 1}}, 2, line.residuals()), NumericalError);
  EXPECT_THROW(least_squares({{"a", 1, 2, 1}, {"b", 1}}, 2, line.residuals()), InputError);
  EXPECT_THROW(least_squares({{"a", NAN}, {"b", 1}}, 2, line.residuals()), NumericalError);
  EXPECT_THROW(least_squares({{"a", 1}, {"b", 1}}, 2, line.residuals(), {.loss = "lorentz"}), InputError);
  EXPECT_THROW(least_squares({{"a", 1}}, 2, [](auto, auto r, double*) { r[0] = r[1] = NAN; }), NumericalError);
}

}  // namespace
}  // namespace heteroglass::numeric
