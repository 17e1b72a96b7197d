#include "probes/afm/oscillator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace heteroglass::probes {
namespace {

TEST(Oscillator, KeepsItsEnergyWithoutLosses) {
  EXPECT_LT(energy_drift({}, {}, 29.5, 30, 200), 1e-6);
  EXPECT_LT(energy_drift({}, {}, 10, 30, 200), 1e-6);
  EXPECT_LT(energy_drift({}, {.hamaker = 0}, 25, 30, 200), 1e-6);
}

// F = -dU/dd by differences, on both sides of contact.
TEST(Oscillator, ForceIsTheSlopeOfThePotential) {
  const TipSurface s;
  for (const double d : {-0.1, 0.1, 0.2, 1.0, 5.0}) {
    const double h = 1e-6;
    EXPECT_NEAR(tip_force(s, d, 0), -(tip_potential(s, d + h) - tip_potential(s, d - h)) / (2 * h), 1e-6) << d;
  }
}

// H = 1 eV, R = 10 nm, d = 1 nm: H R/6 = 0.2670 nN nm^2. In contact 4/3 60 sqrt(10) 0.1^1.5 - 0.2670/0.165^2 = 8 - 9.808 nN.
TEST(Oscillator, ForceHasItsUnits) {
  EXPECT_NEAR(tip_force({}, 1, 0), -0.16021766 * 10 / 6, 1e-6);
  EXPECT_NEAR(tip_force({}, 0.065, 0), 8 - 0.16021766 * 10 / 6 / (0.165 * 0.165), 1e-6);
  // eta sqrt(R delta) v = 100 Pa s * 1 nm * 0.01 m/s = 1 nN, against the motion
  EXPECT_NEAR(tip_force({.viscosity = 100}, 0.065, -0.01) - tip_force({}, 0.065, -0.01), 1, 1e-9);
}

TEST(Oscillator, FarAwayTheLeverIsFree) {
  const Cantilever lever{.frequency_ratio = 0.999};
  const TipSurface nothing{.hamaker = 0};
  const Orbit a = free_orbit(lever), b = steady_orbit(lever, nothing, 100, a);
  EXPECT_NEAR(b.amplitude, a.amplitude, 1e-7);
  EXPECT_NEAR(b.phase, a.phase, 1e-6);
  EXPECT_NEAR(b.input, b.damping, 1e-6 * b.input);
}

// From A0 at rest the motion is followed for many Q periods; Newton's method must give the same state.
TEST(Oscillator, NewtonFindsWhatWaitingDoes) {
  const Cantilever lever{.quality = 60, .free_amplitude = 20};
  const TipSurface s{.viscosity = 100};
  const std::vector<double> distances = {19, 18, 17, 16, 15};
  const Orbit newton = approach(lever, s, distances).back();
  Orbit far = free_orbit(lever);
  far.start = {1, 0};
  far.amplitude = 1;  // a leap: followed
  const Orbit waited = steady_orbit(lever, s, 15, far);
  ASSERT_TRUE(newton.converged && waited.converged);
  EXPECT_NEAR(newton.amplitude, waited.amplitude, 1e-6);
  EXPECT_NEAR(newton.phase, waited.phase, 1e-5);
}

// Independent program: SciPy's solve_ivp (DOP853, tolerance 1e-10) from a free start through 150 periods with Q = 30.
TEST(Oscillator, EqualsSciPy) {
  const Cantilever lever{.spring_constant = 2, .quality = 30, .frequency = 70, .free_amplitude = 10};
  const Orbit o = steady_orbit(lever, {.radius = 10, .modulus = 1, .hamaker = 0.05, .viscosity = 200}, 9, free_orbit(lever));
  EXPECT_NEAR(o.amplitude, 9.4683009353, 1e-7);
  EXPECT_NEAR(o.phase, 75.2757429, 1e-5);
  EXPECT_NEAR(o.dissipation, 2.50869, 1e-4);  // 4000 points of SciPy's period
  EXPECT_NEAR(o.mean_force, 0.08443, 1e-5);
}

TEST(Oscillator, WorkIsBalanced) {
  for (const TipSurface s : {TipSurface{.long_range = 0.3}, TipSurface{.adhesion = 0.3}, TipSurface{.viscosity = 200}}) {
    const std::vector<double> distances = {29, 27, 25, 22};
    const Orbit o = approach({}, s, distances).back();
    ASSERT_TRUE(o.converged);
    EXPECT_GT(o.dissipation, 0.1);
    EXPECT_NEAR(o.input, o.damping + o.dissipation, 1e-6 * o.input);
  }
}

// In contact the long-range hysteresis has swept d = infinity to a0: it costs dH R/(6 a0); that of adhesion dH R/(6 a0^2) times the depth.
TEST(Oscillator, HysteresisCostsItsArea) {
  const std::vector<double> distances = {29, 27, 25, 22};
  const Orbit a = approach({}, {.long_range = 0.2}, distances).back();
  EXPECT_NEAR(a.dissipation, 0.2 * 10 / (6 * 0.165), 0.01 * a.dissipation);
  const Orbit b = approach({}, {.adhesion = 0.2}, distances).back();
  EXPECT_NEAR(b.dissipation, 0.2 * 10 / (6 * 0.165 * 0.165) * (0.165 - b.closest), 0.01 * b.dissipation);
}

// <F z> of the periodic motion: (k/2) A^2 (1 - w^2) - (F0/2) A cos phi, to the order of the higher harmonics.
TEST(Oscillator, VirialGivesThePhase) {
  const Cantilever lever{.frequency_ratio = 0.9995};
  const std::vector<double> distances = {29, 27, 25, 22};
  const Orbit o = approach(lever, {.viscosity = 100}, distances).back();
  const double f0 = lever.spring_constant * lever.free_amplitude / lever.quality;
  const double expected = lever.spring_constant / 2 * o.amplitude * o.amplitude * (1 - 0.9995 * 0.9995) -
                          f0 / 2 * o.amplitude * std::cos(o.phase * std::numbers::pi / 180);
  EXPECT_NEAR(o.virial, expected, 5e-3 * std::abs(expected));
}

}  // namespace
}  // namespace heteroglass::probes
