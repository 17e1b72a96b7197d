#include "numeric/scattering.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

TEST(Scattering, FormFactorStartsAtTheAtomicNumberAndFalls) {
  for (const auto& [element, z] : {std::pair{"Cu", 29.0}, std::pair{"Zr", 40.0}, std::pair{"Al", 13.0}}) {
    EXPECT_NEAR(xray_form_factor(element, 0), z, 1e-12);
    EXPECT_NEAR(xray_form_factor(element, 1e-3), z, 0.01 * z);
    EXPECT_LT(xray_form_factor(element, 10), 0.6 * z);
  }
}

// International Tables for Crystallography C, table 6.1.1.1: f(Cu) = 22.0 at sin(theta)/lambda = 0.25, 18.9 at 0.35... read
// through the nine-parameter fit of table 6.1.1.4 (Cu: a, b, c below).
TEST(Scattering, FormFactorOfCopperEqualsTheInternationalTables) {
  constexpr double pi = 3.14159265358979323846;
  const double a[] = {13.3380, 7.1676, 5.6158, 1.6735}, b[] = {3.5828, 0.2470, 11.3966, 64.8126}, c = 1.1910;
  for (double q : {1.0, 2.8, 5.0, 10.0}) {
    const double s = q / (4 * pi);
    double f = c;
    for (int i = 0; i < 4; ++i) f += a[i] * std::exp(-b[i] * s * s);
    EXPECT_NEAR(xray_form_factor("Cu", q), f, 0.01 * f) << q;
  }
}

// All electrons scatter incoherently far out, none at q = 0; hydrogen has S = 1 - f^2.
TEST(Scattering, ComptonRisesFromZeroToTheAtomicNumber) {
  EXPECT_EQ(compton_intensity("Cu", 0), 0);
  EXPECT_LT(compton_intensity("Cu", 0.1), 1);
  EXPECT_NEAR(compton_intensity("Al", 100), 13, 0.5);
  for (const double q : {1.0, 3.0, 6.0}) EXPECT_NEAR(compton_intensity("H", q), 1 - std::pow(xray_form_factor("H", q), 2), 0.02);
  EXPECT_THROW(compton_intensity("Xx", 1), InputError);
}

TEST(Scattering, NeutronLengths) {
  EXPECT_DOUBLE_EQ(neutron_length("Cu"), 7.718);
  EXPECT_DOUBLE_EQ(neutron_length("Ti"), -3.438);
  EXPECT_DOUBLE_EQ(neutron_length("Hf"), 7.7);
  EXPECT_THROW(neutron_length("Xx"), InputError);
  EXPECT_THROW(neutron_length("Po"), InputError);  // never measured
  EXPECT_THROW(xray_form_factor("type 1", 1), InputError);
}

}  // namespace
}  // namespace heteroglass::numeric
