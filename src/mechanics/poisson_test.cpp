#include "mechanics/poisson.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace heteroglass::mechanics {
namespace {

PoissonOptions example() { return {.matrix_bulk = 110, .matrix_shear = 36, .inclusion_bulk = 95, .inclusion_shear = 12, .fraction = 0.2}; }

// Values of an independent high-precision evaluation.
TEST(Poisson, DiluteSpheres) {
  const Poisson r = poisson({}, example());
  EXPECT_NEAR(r.poisson_ratio.value, 0.3750950384999243, 1e-12);
  EXPECT_NEAR(r.bulk_modulus.value, 106.68531468531468, 1e-10);
  EXPECT_NEAR(r.shear_modulus.value, 29.07186358099878, 1e-10);
  EXPECT_NEAR(r.a.value, -0.15066751430387795, 1e-12);
  EXPECT_NEAR(r.b.value, -0.9622411693057247, 1e-12);
  EXPECT_THAT(r.softening, testing::StartsWith("shear softening"));
}

// The formula of nu is nothing but (3K - 2G)/(6K + 2G) of the dilute moduli.
TEST(Poisson, RatioIsThatOfTheModuli) {
  const Poisson r = poisson({}, example());
  const double k = r.bulk_modulus.value, g = r.shear_modulus.value;
  EXPECT_NEAR(r.poisson_ratio.value, (3 * k - 2 * g) / (6 * k + 2 * g), 1e-12);
}

// A = B: nu = nu0 at every fraction. Spheres of K1 = (1 + c) K0 with c/(1 + a0 c) = d/(1 + b0 d).
TEST(Poisson, EqualSofteningLeavesTheRatioAlone) {
  PoissonOptions o = example();
  const double nu0 = (3 * 110 - 2 * 36.0) / (6 * 110 + 2 * 36.0), a0 = (1 + nu0) / (3 * (1 - nu0)),
               b0 = 2 * (4 - 5 * nu0) / (15 * (1 - nu0));
  const double d = -0.4, s = d / (1 + b0 * d), c = s / (1 - a0 * s);
  o.inclusion_shear = 36 * (1 + d), o.inclusion_bulk = 110 * (1 + c);
  for (const double f : {0.05, 0.2}) {
    o.fraction = f;
    EXPECT_NEAR(poisson({}, o).poisson_ratio.value, nu0, 1e-13);
  }
}

// Liquid inclusions, G1 = 0: B = -G0/(G0 - b0 G0) = -1/(1 - b0).
TEST(Poisson, LiquidInclusions) {
  PoissonOptions o = example();
  o.inclusion_shear = 0;
  const double nu0 = (3 * 110 - 2 * 36.0) / (6 * 110 + 2 * 36.0), b0 = 2 * (4 - 5 * nu0) / (15 * (1 - nu0));
  EXPECT_NEAR(poisson({}, o).b.value, -1 / (1 - b0), 1e-12);
}

Curve annealing(double a_over_b, double nu0) {
  Curve c;
  c.columns = {{"shear_modulus", "GPa", {}}, {"poisson_ratio", "1", {}}};
  for (int i = 0; i < 9; ++i) {
    const double g = 36 - 0.4 * i, x = g / 36 - 1, k = a_over_b * x;
    c.columns[0].values.push_back(g);
    c.columns[1].values.push_back((3 * nu0 + (1 + nu0) * k - (1 - 2 * nu0) * x) / (3 + 2 * (1 + nu0) * k + (1 - 2 * nu0) * x) +
                                  2e-5 * ((i * 5) % 3 - 1));
  }
  return c;
}

TEST(Poisson, AnnealingSeriesTellsWhichSoftening) {
  for (const double a_over_b : {0.3, 1.8}) {
    const std::vector<Curve> curves = {annealing(a_over_b, 0.36)};
    const Poisson r = poisson(curves);
    EXPECT_NEAR(r.a_over_b.value, a_over_b, 4 * r.a_over_b.error);
    EXPECT_LT(r.a_over_b.error, 0.05);
    EXPECT_THAT(r.softening, testing::StartsWith(a_over_b < 1 ? "shear" : "dilatational"));
  }
}

TEST(Poisson, RefusesWhatItCannotUse) {
  EXPECT_THROW(poisson({}, {.matrix_bulk = 110}), InputError);
  Curve few = annealing(0.5, 0.36);
  for (CurveColumn& c : few.columns) c.values.resize(3);
  EXPECT_THROW(poisson(std::vector<Curve>{few}), InputError);
}

}  // namespace
}  // namespace heteroglass::mechanics
