#include "theory/interstitialcy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"
#include "theory/interstitialcy_model.hpp"

namespace heteroglass::theory {
namespace {

constexpr double k = 8.617333262145179e-5;

// -ln(0.8)/20, -ln(0.6)/20; (42 - 34)/17; 0.6/17 ln 1.05.
TEST(Interstitialcy, ClosedForms) {
  EXPECT_NEAR(interstitialcy({}, {.beta = 20, .glass_to_crystal = 0.8}).concentration.value, 0.011157177565710484, 1e-15);
  EXPECT_NEAR(interstitialcy({}, {.beta = 20, .glass_to_crystal = 0.6}).concentration.value, 0.025541281188299535, 1e-15);
  EXPECT_NEAR(interstitialcy({}, {.beta = 17, .glass_modulus = 34, .crystal_modulus = 42}).stored_energy.value, 8.0 / 17, 1e-14);
  const Interstitialcy d = interstitialcy({}, {.beta = 17, .relaxed_to_initial = 1.05, .relaxation_volume = 1.6});
  EXPECT_NEAR(d.density_change.value, 0.6 / 17 * std::log(1.05), 1e-15);
  EXPECT_NEAR(d.density_change.value, 0.00172201, 5e-9);
  EXPECT_NEAR(d.density_slope.value, 0.0353, 1e-4);
}

TEST(Interstitialcy, UnitsOfEnergies) {
  const Interstitialcy i =
      interstitialcy({}, {.beta = 17, .glass_modulus = 34, .crystal_modulus = 42, .density = 6.7, .atomic_volume = 16});
  EXPECT_NEAR(i.stored_energy_mass.value, 8.0 / 17 * 1e9 / 6.7e6, 1e-9);  // J/m^3 over g/m^3
  EXPECT_NEAR(i.formation_enthalpy.value, 34e9 * 16e-30 / 1.602176634e-19, 1e-9);
  EXPECT_NEAR(i.stored_energy_atom.value, 8.0 / 17 * 1e9 * 16e-30 / 1.602176634e-19, 1e-10);
}

TEST(Interstitialcy, ErrorsAreCarried) {
  const Interstitialcy i = interstitialcy({}, {.beta = 20, .glass_to_crystal = 0.8, .errors = {{"beta", 2}, {"glass_to_crystal", 0.01}}});
  // dc/c = 0.1 from beta (to second order), dc = 0.01/0.8/20 from the ratio.
  EXPECT_NEAR(i.concentration.error, std::hypot(0.1 * 0.011157, 0.01 / 0.8 / 20), 2e-5);
}

/// A glass whose defects anneal around `at` and are made above 660 K; mu(T) linear.
struct Glass {
  double beta = 18, mu0 = 40, mu_slope = -0.008, c0 = 0.012, annealed = 0.0023, at = 590, width = 18, rate = 5, density = 6.8, noise = 0;
  double mu(double t) const { return mu0 + mu_slope * (t - 400); }
  double c(double t) const { return c0 - annealed / (1 + std::exp(-(t - at) / width)) + 4e-5 * 8 * std::log1p(std::exp((t - 660) / 8)); }
  double g(double t) const { return mu(t) * std::exp(-beta * c(t)); }
  /// (4.6) in its second form, W = (a G/rho) dc/dt: an independent way to the same number.
  double heat(double t) const { return g(t) / density * 1e3 * (c(t + 0.01) - c(t - 0.01)) / 0.02 * rate / 60; }
  Curve curve() const {
    Curve out;
    out.source = "generated";
    out.columns = {{"temperature", "K", {}}, {"shear_modulus", "GPa", {}}, {"crystal_modulus", "GPa", {}}, {"heat_flow", "W/g", {}}};
    std::mt19937_64 random(5);
    std::normal_distribution<double> normal;
    for (double t = 400; t <= 700; t += 0.5) {
      out.columns[0].values.push_back(t), out.columns[1].values.push_back(g(t) + noise * normal(random));
      out.columns[2].values.push_back(mu(t) + noise * normal(random)), out.columns[3].values.push_back(heat(t));
    }
    return out;
  }
};

TEST(Interstitialcy, HeatFlowFromTheModuliIsThatOfTheDefects) {
  const Glass glass;
  const Curve c = glass.curve();
  const Interstitialcy i = interstitialcy(std::span(&c, 1), {.beta = 18, .density = 6.8, .rate = 5, .smoothing = 2});
  double worst = 0, largest = 0;
  for (std::size_t n = 3; n + 3 < i.temperature.size(); ++n) {
    worst = std::max(worst, std::abs(i.heat_flow_predicted[n] - glass.heat(i.temperature[n])));
    largest = std::max(largest, std::abs(glass.heat(i.temperature[n])));
  }
  EXPECT_LT(worst, 0.02 * largest);
  EXPECT_NEAR(i.concentration_start.value, glass.c(400), 1e-5);
  double least = 1;  // what anneals less what is made meanwhile
  for (double t = 400; t <= 700; t += 0.5) least = std::min(least, glass.c(t));
  EXPECT_NEAR(i.annealed.value, glass.c(400) - least, 2e-5);
  EXPECT_NEAR(i.crystallisation_heat.value, (glass.mu(700) - glass.g(700)) / 18 * 1e3 / 6.8, 0.1);
  for (std::size_t n = 5; n + 5 < i.energy.size(); ++n)
    EXPECT_NEAR(i.spectrum[n], i.spectrum_heat[n], 0.03 * 0.0023 / (i.energy_per_temperature * 4 * 18) + 2e-5);
}

TEST(Interstitialcy, BetaIsFoundByRegression) {
  Glass glass;
  glass.noise = 0.002;
  const Curve c = glass.curve();
  const Interstitialcy i = interstitialcy(std::span(&c, 1), {.density = 6.8, .rate = 5});
  EXPECT_NEAR(i.beta.value, 18, 4 * i.beta.error);
  EXPECT_LT(i.beta.error, 1.5);
}

// At constant mu, rho times the integral of (4.6) over time is minus the stored energy (4.7) that was released.
TEST(Interstitialcy, HeatFlowIntegratesToTheStoredEnergyAtConstantModulus) {
  Glass glass;
  glass.mu_slope = 0;
  const Curve c = glass.curve();
  const Interstitialcy i = interstitialcy(
      std::span(&c, 1), {.beta = 18, .density = 6.8, .rate = 5, .temperature_low = 420, .temperature_high = 640, .smoothing = 2});
  double heat = 0;
  for (std::size_t n = 1; n < i.temperature.size(); ++n)
    heat += (i.heat_flow_predicted[n] + i.heat_flow_predicted[n - 1]) / 2 * (i.temperature[n] - i.temperature[n - 1]) / (5.0 / 60);
  EXPECT_NEAR(heat, i.crystallisation_heat.value - i.stored_energy_mass.value, 0.005 * std::abs(heat));
  EXPECT_LT(heat, 0);  // released on relaxation
}

TEST(Interstitialcy, FilesAreJoined) {
  const Curve all = Glass().curve();
  Curve moduli = all, heat = all;
  moduli.columns.resize(3);
  heat.columns.erase(heat.columns.begin() + 1, heat.columns.begin() + 3);
  const std::vector<Curve> two = {moduli, heat};
  const InterstitialcyOptions o{.beta = 18, .density = 6.8, .rate = 5};
  EXPECT_NEAR(interstitialcy(two, o).heat_flow[100], interstitialcy(std::span(&all, 1), o).heat_flow[100], 1e-12);
  const std::vector<Curve> twice = {all, all};
  EXPECT_THROW(interstitialcy(twice, o), InputError);
}

// Far below the instability c = exp(s_f/k - H/kT); where the branches meet, imbalance and its derivative 1/c(1-c) = a b H/kT e^(-abc) vanish.
TEST(Interstitialcy, CrystalInEquilibrium) {
  const DefectCrystal d{20, 3.0, 15};
  EXPECT_NEAR(d.branches(600)->stable / std::exp(15 - 3.0 / (k * 600)), 1, 1e-6);
  const double t = d.instability(), c = d.branches(t)->stable;
  EXPECT_NEAR(d.imbalance(c, t), 0, 1e-6);
  EXPECT_NEAR(1 / (c * (1 - c)), 20 * 3.0 / (k * t) * std::exp(-20 * c), 0.5);
  EXPECT_FALSE(d.branches(t * 1.001));
  EXPECT_GT(d.branches(0.98 * t)->unstable, d.branches(0.98 * t)->stable);
}

// Copper: mu 42 GPa, 11.8 A^3. With 5 % of defects (G = mu/e) the entropy is 15 x 0.05 + 0.1985 = 0.9485 k.
TEST(Interstitialcy, Melting) {
  const Interstitialcy i =
      interstitialcy({}, {.beta = 20, .crystal_modulus = 42, .atomic_volume = 11.8, .liquid_modulus = 42 / std::exp(1)});
  EXPECT_NEAR(i.melting_entropy.value, 0.75 - 0.05 * std::log(0.05) - 0.95 * std::log(0.95), 1e-12);
  EXPECT_NEAR(i.melting_temperature.value, 1196, 2);
  EXPECT_NEAR(i.lindemann_ratio.value, 0.14, 0.01);
  EXPECT_GT(i.instability_temperature.value, i.melting_temperature.value);
}

// E = V G(T): m = decades (1 - dlnG/dlnT).
TEST(Interstitialcy, FragilityFromTheModulus) {
  const Interstitialcy i = interstitialcy({}, {.glass_modulus = 30, .glass_transition = 600, .modulus_slope = -0.1});
  EXPECT_NEAR(i.fragility.value, 16 * (1 + 0.1 * 600 / 30), 1e-12);
}

// E q / (k T^2) = nu exp(-E/kT) at the energy that anneals; about 3.1e-3 eV/K at usual rates.
TEST(Interstitialcy, EnergyScale) {
  const double a = energy_per_temperature(550, 5 / 60.0, 1e13), e = a * 550;
  EXPECT_NEAR(e * (5 / 60.0) / (k * 550 * 550) / (1e13 * std::exp(-e / (k * 550))), 1, 1e-9);
  EXPECT_NEAR(a, 3.05e-3, 0.1e-3);
}

TEST(Interstitialcy, BadInput) {
  EXPECT_THROW(interstitialcy({}, {}), InputError);
  EXPECT_THROW(interstitialcy({}, {.beta = 20, .glass_to_crystal = 1.1}), InputError);
  EXPECT_THROW(interstitialcy({}, {.beta = 20, .glass_modulus = 50, .crystal_modulus = 40}), InputError);
  Curve c = Glass().curve();
  EXPECT_THROW(interstitialcy(std::span(&c, 1), {}), InputError);  // no beta, and no density to find it
  for (double& v : c.columns[3].values) v = -v;
  EXPECT_THROW(interstitialcy(std::span(&c, 1), {.density = 6.8, .rate = 5}), InputError);  // exotherm the wrong way up
  c.columns[1].values[7] = -1;
  EXPECT_THROW(interstitialcy(std::span(&c, 1), {.beta = 18}), InputError);
}

}  // namespace
}  // namespace heteroglass::theory
