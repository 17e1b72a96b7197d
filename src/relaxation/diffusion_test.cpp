#include "relaxation/diffusion.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "core/error.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double k = 8.617333262145179e-5;

double parameter(const Diffusion& d, const std::string& species, const std::string& law, const std::string& name, bool error = false) {
  for (std::size_t i = 0; i < d.laws.rows(); ++i)
    if (d.laws.columns[0].text[i] == species && d.laws.columns[1].text[i] == law && d.laws.columns[2].text[i] == name)
      return d.laws.columns[error ? 5 : 4].number[i];
  return NAN;
}

Curve table(std::vector<CurveColumn> columns) {
  Curve c;
  c.source = "diffusion.csv";
  c.columns = std::move(columns);
  return c;
}

// kT/(4 pi eta r) at 1000 K, 0.1 Pa s, 1.28 angstrom: 1.380649e-20 / (4 pi 0.1 1.28e-10) = 8.5834e-11 m^2/s.
TEST(Diffusion, IsStokesEinsteinWithoutAFile) {
  const Diffusion slip = diffusion({}, {.radius = 1.28, .temperature = 1000, .viscosity = 0.1});
  EXPECT_NEAR(slip.diffusivity.value, 1.380649e-20 / (4 * std::numbers::pi * 0.1 * 1.28e-10), 1e-16);
  const Diffusion stick = diffusion({}, {.boundary = "stick", .radius = 1.28, .temperature = 1000, .viscosity = 0.1});
  EXPECT_NEAR(slip.diffusivity.value / stick.diffusivity.value, 1.5, 1e-12);
  EXPECT_THROW(diffusion({}, {.radius = 1.28}), InputError);
}

// Two species with Arrhenius laws of 1.2 and 2 eV, in nm^2/s and degC.
TEST(Diffusion, FitsSeveralSpeciesInTheirUnits) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::vector<double> t, co, zr;
  for (double at = 500; at <= 700; at += 12.5) {
    t.push_back(at - 273.15);
    co.push_back(1e18 * 1e-7 * std::exp(-1.2 / (k * at) + 0.05 * normal(random))),
        zr.push_back(1e18 * 1e-3 * std::exp(-2.0 / (k * at) + 0.05 * normal(random)));
  }
  const Curve c = table({{"T", "degC", t}, {"Co", "nm^2/s", co}, {"Zr", "nm^2/s", zr}});
  const Diffusion d = diffusion({&c, 1}, {.glass_transition = 625});
  ASSERT_EQ(d.name.size(), 2u);
  EXPECT_EQ(d.species.columns[1].text[0], "arrhenius");
  EXPECT_NEAR(d.species.find("activation_energy")->number[0], 1.2, 4 * d.species.find("activation_energy_error")->number[0]);
  EXPECT_NEAR(d.species.find("activation_energy")->number[1], 2.0, 4 * d.species.find("activation_energy_error")->number[1]);
  EXPECT_LT(d.species.find("activation_energy_error")->number[1], 0.02);
  EXPECT_NEAR(d.species.find("activation_energy_r_tg")->number[0], 1.2 / (k * 625), 0.4);
  EXPECT_NEAR(std::log(parameter(d, "Co", "arrhenius", "D0")), std::log(1e-7), 4 * 0.25);
  EXPECT_TRUE(std::isnan(d.species.find("kink")->number[0]));
}

TEST(Diffusion, FindsTwoRegimes) {
  std::vector<double> t, d;
  for (double at = 520; at <= 720; at += 8) {
    t.push_back(at);
    d.push_back(1e-15 * std::exp((at < 620 ? -1.3 : -3.0) / k * (1 / at - 1 / 620.0)));
  }
  const Curve c = table({{"temperature", "K", t}, {"Ni", "m^2/s", d}});
  const Diffusion r = diffusion({&c, 1});
  EXPECT_NEAR(r.species.find("kink")->number[0], 620, 3);
  EXPECT_NEAR(r.species.find("energy_below")->number[0], 1.3, 0.05);
}

// eta by VFT; above 900 K D = kT/(4 pi eta r), below D ~ (eta/T)^-0.7.
TEST(Diffusion, FindsTheBreakdownOfStokesEinstein) {
  std::vector<double> t, eta, d;
  const auto viscosity = [](double at) { return 1e-4 * std::exp(3500 / (at - 500)); };
  for (double at = 700; at <= 1200; at += 20) {
    t.push_back(at), eta.push_back(viscosity(at));
    const double x = eta.back() / at, x0 = viscosity(900) / 900, se = 1.380649e-23 / (4 * std::numbers::pi * 1.5e-10 * x0);
    d.push_back(se * (at > 900 ? x0 / x : std::pow(x0 / x, 0.7)));
  }
  const Curve c = table({{"T", "K", t}, {"Zr", "m^2/s", d}, {"eta", "Pa*s", eta}});
  const Diffusion r = diffusion({&c, 1});
  EXPECT_NEAR(r.stokes_einstein.find("radius")->number[0], 1.5, 1e-6);
  EXPECT_NEAR(r.stokes_einstein.find("breakdown")->number[0], 900, 15);
  EXPECT_LT(r.stokes_einstein.find("exponent")->number[0], 0.95);
  EXPECT_NEAR(r.decoupling(0, 25), 1, 1e-12);
  EXPECT_NEAR(r.decoupling(0, 0), std::pow((viscosity(700) / 700) / (viscosity(900) / 900), 0.3), 1e-9);
}

TEST(Diffusion, RefusesColumnsWithoutUnits) {
  const Curve bare = table({{"T", "", {500, 600, 700}}, {"D", "", {1, 2, 3}}});
  EXPECT_THROW(diffusion({&bare, 1}), InputError);
  const Curve negative = table({{"T", "K", {500, 600, 700}}, {"D", "m^2/s", {1, -2, 3}}});
  EXPECT_THROW(diffusion({&negative, 1}), InputError);
}

}  // namespace
}  // namespace heteroglass::relaxation
