#include "relaxation/nonaffine_fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "core/error.hpp"
#include "relaxation/nonaffine_spectrum.hpp"

namespace heteroglass::relaxation {
namespace {

/// A glass-like spectrum: strengths ~ nu^2 plus a hump of soft modes at a tenth of the top.
Curve modes() {
  Curve c;
  CurveColumn nu{"mode_frequency", "THz", {}}, s{"mode_strength", "GPa", {}};
  for (int k = 0; k < 800; ++k) {
    const double f = (k + 0.5) / 100, x = std::log(f / 0.5);
    nu.values.push_back(f), s.values.push_back(0.002 * f * f * std::exp(-f / 3) + 0.02 * std::exp(-x * x));
  }
  c.columns = {nu, s};
  return c;
}

Curve measured(const MemoryKernel& kernel, double scale, double noise, bool errors = false) {
  const Curve m = modes();
  Poles p;
  for (std::size_t k = 0; k < m.size(); ++k)
    p.square.push_back(std::pow(2e12 * std::numbers::pi * m.columns[0].values[k], 2)), p.strength.push_back(m.columns[1].values[k]);
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  Curve c;
  CurveColumn w{"omega", "rad/s", {}}, y{"loss", "GPa", {}}, e{"loss_error", "GPa", {}};
  for (double x = -3; x <= 3; x += 0.1) {
    const double omega = std::pow(10, x), truth = scale * modulus(p, kernel, omega).imag();
    w.values.push_back(omega), y.values.push_back(truth * (1 + noise * normal(random))), e.values.push_back(noise * truth);
  }
  c.columns = {w, y};
  if (errors) c.columns.push_back(e);
  return c;
}

// nu0 is some times the squared frequency of the modes, so that spectrum and memory both shape the peak.
TEST(NonaffineFit, FindsTheKernelThatMadeTheData) {
  const MemoryKernel kernel = MemoryKernel::stretched_from_friction(4e27, 20, 0.45);
  const std::vector<Curve> curves = {measured(kernel, 1.3, 0.005, true), modes()};
  const NonaffineFit f = nonaffine_fit(curves);
  EXPECT_TRUE(f.converged);
  EXPECT_EQ(f.best, "modes, stretched");
  EXPECT_NEAR(f.beta.value, 0.45, 4 * f.beta.error);
  EXPECT_NEAR(f.scale.value, 1.3, 4 * f.scale.error);
  EXPECT_NEAR(std::log(f.tau.value / 20), 0, 4 * f.tau.error / f.tau.value);
  EXPECT_NEAR(std::log(f.friction.value / 4e27), 0, 4 * f.friction.error / f.friction.value);
  EXPECT_LT(f.beta.error, 0.1);
  double chi2 = 0;
  for (const double r : f.residual) chi2 += r * r;
  EXPECT_NEAR(chi2 / double(f.residual.size() - 4), 1, 0.6);
  EXPECT_NE(f.verdict.find("both needed"), std::string::npos) << f.verdict;
}

// nu0 far below the squared frequencies: the modes follow the strain, the loss is that of the kernel alone, and only scale x nu0 is known.
TEST(NonaffineFit, SaysWhenTheModesDoNotShapeTheData) {
  class Listening : public Context {
  } context;
  const std::vector<Curve> curves = {measured(MemoryKernel::stretched_from_friction(1e24, 20, 0.45), 1, 0.01, true), modes()};
  const NonaffineFit f = nonaffine_fit(curves, {}, context);
  EXPECT_EQ(f.verdict, "the stretched memory is needed; a Debye spectrum does as well");
  EXPECT_NEAR(f.beta.value, 0.45, 0.02);
  ASSERT_FALSE(context.warnings().empty());
}

TEST(NonaffineFit, SaysWhenNoModelDescribesTheData) {
  class Listening : public Context {
  } context;
  Curve wavy = measured(MemoryKernel::stretched_from_friction(1e24, 20, 0.45), 1, 0.01, false);
  for (CurveColumn& c : wavy.columns)
    if (c.name == "loss")
      for (std::size_t i = 0; i < c.values.size(); i += 2) c.values[i] *= 10;
  nonaffine_fit(std::vector<Curve>{wavy, modes()}, {}, context);
  const auto warnings = context.warnings();
  EXPECT_TRUE(std::any_of(warnings.begin(), warnings.end(), [](const std::string& w) { return w.find("no model describes") == 0; }));
}

// Data of a constant friction: the simplest kernel wins, and the verdict does not claim a memory.
TEST(NonaffineFit, DoesNotClaimAMemoryThatIsNotThere) {
  const std::vector<Curve> curves = {modes(), measured(MemoryKernel::constant(3e25), 1, 0.01, true)};
  const NonaffineFit f = nonaffine_fit(curves);
  EXPECT_EQ(f.best, "modes, constant");
  EXPECT_EQ(f.verdict, "the soft modes are needed; a simpler kernel does as well");
}

TEST(NonaffineFit, EvaluatesWithoutFiles) {
  const NonaffineFit f = nonaffine_fit({}, {.friction = 1e24, .omega = {1e-30, 1.0}});
  // L = w_D^2 x^2, s = 3 x^2 dx, far below the rates: M'' = w nu sum s / L = 3 w nu / w_D^2.
  const double top = 2e12 * std::numbers::pi * 5;
  EXPECT_NEAR(f.fit[0], 3e-30 * 1e24 / (top * top), 1e-2 * f.fit[0]);
}

TEST(NonaffineFit, MissingModesAreNamed) {
  const std::vector<Curve> only = {measured(MemoryKernel::constant(3e25), 1, 0.01)};
  EXPECT_THROW(nonaffine_fit(only), InputError);
  const std::vector<Curve> other = {modes()};
  EXPECT_THROW(nonaffine_fit(other), InputError);
}

}  // namespace
}  // namespace heteroglass::relaxation
