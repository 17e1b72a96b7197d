#include "theory/free_volume.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "theory/spaepen.hpp"

namespace heteroglass::theory {
namespace {

constexpr double k = 8.617333262145179e-5, ev = 1.602176634e-19;

FreeVolumeOptions glass() {
  FreeVolumeOptions o;
  o.temperature = 600, o.free_volume = 0.8;
  return o;
}

// c_f = exp(-20); eta = kT exp(dG/kT) / (c_f nu W) in SI.
TEST(FreeVolume, NewtonianViscosityInSiUnits) {
  const FreeVolume f = free_volume({}, glass());
  EXPECT_NEAR(f.defect_concentration.value, std::exp(-20), 1e-20);
  const double eta = k * 600 * ev * std::exp(0.5 / (k * 600)) / (std::exp(-20) * 1e13 * 20e-30);
  EXPECT_NEAR(f.log10_newtonian_viscosity.value, std::log10(eta), 1e-10);
}

TEST(FreeVolume, SmallStressIsNewtonianAndLargeStressThins) {
  FreeVolumeOptions o = glass();
  o.stress = 1e-4;
  const FreeVolume small = free_volume({}, o);
  EXPECT_NEAR(small.log10_viscosity.value, small.log10_newtonian_viscosity.value, 1e-7);
  o.stress = 2;  // y = 2 GPa 20 A^3 / 2kT = 2.414: thinned by sinh(y)/y
  const double y = 2e9 * 20e-30 / (2 * k * 600 * ev);
  const FreeVolume large = free_volume({}, o);
  EXPECT_NEAR(large.log10_newtonian_viscosity.value - large.log10_viscosity.value, std::log10(std::sinh(y) / y), 1e-10);
}

// In steady flow creation and annihilation cancel at the free volume that is given.
TEST(FreeVolume, SteadyStateBalances) {
  FreeVolumeOptions o = glass();
  o.stress = 1.5;
  o.free_volume = free_volume({}, o).steady_free_volume.value;
  const FreeVolume f = free_volume({}, o);
  EXPECT_NEAR(f.creation_rate.value / f.annihilation_rate.value, 1, 1e-12);
}

// The end of a long test is the steady state: rate and free volume both stationary.
TEST(FreeVolume, TestAtConstantRateOvershootsAndEndsSteady) {
  FreeVolumeOptions o = glass();
  o.temperature = 400, o.free_volume = 0.6, o.applied_rate = 1e-3, o.strain_max = 1, o.activation_volume = 80;
  const FreeVolume f = free_volume({}, o);
  EXPECT_GT(f.peak_stress, 2 * f.flow_stress);
  EXPECT_NEAR(f.stress[1] / f.strain[1], 35, 0.5);  // elastic at first
  FreeVolumeOptions end = o;
  end.stress = f.flow_stress, end.free_volume = f.free_volume.back(), end.applied_rate.reset();
  const FreeVolume s = free_volume({}, end);
  EXPECT_NEAR(s.strain_rate.value, 1e-3, 1e-6);
  EXPECT_NEAR(s.steady_free_volume.value, f.free_volume.back(), 1e-3 * f.free_volume.back());
}

// 5.89 eV per atom and unit strain: 0.0589 eV per atom at 1 % of volume.
TEST(FreeVolume, FormationEnergy) {
  FreeVolumeOptions o;
  o.enthalpy_change = 0.0589 * 96.48533212, o.volume_change = 0.01;
  EXPECT_NEAR(free_volume({}, o).formation_energy.value, 5.89, 1e-9);
  o.errors = {{"volume_change", 0.001}};
  EXPECT_NEAR(free_volume({}, o).formation_energy.error, 0.59, 0.01);
}

TEST(FreeVolume, FitOfRelaxationTimes) {
  Curve c;
  c.columns = {{"temperature", "K", {}}, {"relaxation_time", "s", {}}};
  for (double t = 570; t < 800; t += 12)
    c.columns[0].values.push_back(t), c.columns[1].values.push_back(1e-13 * std::exp(5200 / (t - 390)));
  FreeVolumeOptions o;
  o.glass_transition = 568;
  const FreeVolume f = free_volume(std::span(&c, 1), o);
  EXPECT_NEAR(f.vogel_temperature.value, 390, 0.01);
  EXPECT_NEAR(f.reduced_free_volume.value, 178 / 5200.0, 1e-5);
}

TEST(FreeVolume, BadInput) {
  EXPECT_THROW(free_volume({}, {}), InputError);
  FreeVolumeOptions o;
  o.temperature = 600, o.stress = 1, o.applied_rate = 1;
  EXPECT_THROW(free_volume({}, o), InputError);
}

}  // namespace
}  // namespace heteroglass::theory
