#include "probes/contact/oliver_pharr.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "probes/contact/spread.hpp"

namespace heteroglass::probes {
namespace {

// Cone (m = 2): 2 (1 - 2/pi) = 0.7268; paraboloid (m = 3/2): 3/4; flat punch: 1. Then what Anton Paar's program gives for its m.
TEST(OliverPharr, InterceptFactor) {
  EXPECT_NEAR(intercept_factor(2), 2 * (M_PI - 2) / M_PI, 1e-12);
  EXPECT_NEAR(intercept_factor(1.5), 0.75, 1e-12);
  EXPECT_EQ(intercept_factor(1), 1);
  for (const auto& [m, epsilon] : {std::pair{1.402, 0.759}, {1.310, 0.771}, {1.194, 0.795}, {1.187, 0.798}})
    EXPECT_NEAR(intercept_factor(m), epsilon, 2e-3);
}

/// Loading and unloading of P = B (h - h_p)^m from h_max, 200 points each.
ContactCurve unloading(double b, double h_p, double m, double h_max, double noise = 0, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Curve c;
  c.source = "made up";
  c.columns = {{"time", "s", {}}, {"load", "mN", {}}, {"depth", "nm", {}}};
  const double p_max = b * std::pow(h_max - h_p, m);
  const auto add = [&](double t, double p, double h) {
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(p), c.columns[2].values.push_back(h + noise * normal(random));
  };
  for (int i = 1; i <= 200; ++i) add(i, p_max * i / 200, h_max * std::sqrt(i / 200.0));
  for (int i = 199; i > 0; --i) add(400 - i, p_max * i / 200, h_p + std::pow(p_max * i / 200 / b, 1 / m));
  return contact_curve(c, {});
}

// An elastic sphere: P = 4/3 E* sqrt(R) h^(3/2), S = 2 E* sqrt(R h), h_c = h/2, A = pi (2 R h_c - h_c^2).
TEST(OliverPharr, ElasticSphereGivesItsModulus) {
  const double e = 100, r = 20000, h = 50;
  const ContactCurve c = unloading(4.0 / 3 * e * std::sqrt(r) * 1e-6, 0, 1.5, h);
  UnloadingSettings s;
  s.poisson = 0.3, s.tip_modulus = 1e9;
  const OliverPharr o = oliver_pharr(c, 0, 0, {"sphere", 20, {}}, s);
  ASSERT_TRUE(o.done);
  EXPECT_NEAR(o.m, 1.5, 1e-6);
  EXPECT_NEAR(o.h_c, h / 2, 1e-4);
  EXPECT_NEAR(o.stiffness, 2 * e * std::sqrt(r * h) * 1e-6, 1e-7);
  EXPECT_NEAR(o.area, M_PI * (2 * r * 25 - 625), 2);
  EXPECT_NEAR(o.e_r, e / std::sqrt(1 - 25 / (2 * r)), 0.01);
  EXPECT_NEAR(o.e_it, o.e_r * 0.91, 1e-3);
}

// Values of a measurement that an instrument's program evaluated: F 80.019 mN, h_m 886.37 nm, S 0.529 mN/nm, A_p 12645817 nm^2 at h_c 771.65
// give H_IT 6.328 GPa, E_r 127.56 GPa (beta 1.034), E_IT 130.61 GPa with a diamond tip and nu = 0.3.
TEST(OliverPharr, AgreesWithAnInstrument) {
  const double p = 80.019, s = 0.529, m = 1.402, h_max = 886.37;
  const double h_p = h_max - m * p / s, b = p / std::pow(h_max - h_p, m);
  UnloadingSettings settings;
  settings.poisson = 0.3, settings.beta = 1.034, settings.tip_modulus = 1141 / (1 - 0.07 * 0.07);
  const OliverPharr o = oliver_pharr(unloading(b, h_p, m, h_max), 0, 0, {"function", 0, {12645817 / (771.65 * 771.65)}}, settings);
  ASSERT_TRUE(o.done);
  EXPECT_NEAR(o.h_c, 771.65, 0.3);
  EXPECT_NEAR(o.h_it, 6.328, 0.006);
  EXPECT_NEAR(o.e_r, 127.562, 0.2);
  EXPECT_NEAR(o.e_it, 130.613, 0.2);
}

TEST(OliverPharr, ErrorsAreHonest) {
  double chi2_h = 0, chi2_e = 0;
  const int n = 60;
  const OliverPharr exact = oliver_pharr(unloading(0.02, 100, 1.4, 300), 0, 0, {"berkovich", 0, {}}, {});
  for (int i = 0; i < n; ++i) {
    const OliverPharr o =
        oliver_pharr(unloading(0.02, 100, 1.4, 300, 0.3, 10 + static_cast<std::uint64_t>(i)), 0, 0, {"berkovich", 0, {}}, {});
    ASSERT_TRUE(o.done);
    chi2_e += std::pow((o.e_it - exact.e_it) / o.e_it_error, 2) / n, chi2_h += std::pow((o.h_it - exact.h_it) / o.h_it_error, 2) / n;
  }
  EXPECT_NEAR(chi2_e, 1, 0.75);
  EXPECT_NEAR(chi2_h, 1, 0.75);
}

TEST(OliverPharr, SaysWhyNot) {
  ContactCurve c = unloading(0.02, 100, 1.4, 300);
  c.has_unloading = false;
  EXPECT_EQ(oliver_pharr(c, 0, 0, {}, {}).why, "the curve has no unloading");
}

// True spread 3 with errors of 4: the observed spread is 5.
TEST(Spread, TakesTheErrorsOut) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::vector<double> x, e;
  for (int i = 0; i < 4000; ++i) x.push_back(10 + 5 * normal(random)), e.push_back(4);
  const Spread s = spread(x, e);
  EXPECT_NEAR(s.mean.value, 10, 4 * s.mean.error);
  EXPECT_NEAR(s.mean.error, 5 / std::sqrt(4000.0), 2e-3);
  EXPECT_NEAR(s.sd.value, 3, 4 * s.sd.error);
  EXPECT_NEAR(s.observed_sd, 5, 0.2);
  EXPECT_NEAR(s.noise_fraction, 16 / 25.0, 0.03);
  for (double& v : e) v = 6;  // more than the scatter
  EXPECT_EQ(spread(x, e).sd.value, 0);
  EXPECT_TRUE(std::isnan(spread(std::vector<double>{NAN}, {}).mean.value));
}

}  // namespace
}  // namespace heteroglass::probes
