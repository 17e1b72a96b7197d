#include "landscape/vibrations.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <fstream>
#include <numbers>

#include "core/error.hpp"
#include "landscape/density_of_states.hpp"
#include "landscape/test_minima.hpp"

namespace heteroglass::landscape {
namespace {

const std::string copper = "/usr/share/lammps/potentials/Cu_mishin1.eam.alloy";

double sum(const std::vector<double>& v) {
  double s = 0;
  for (const double x : v) s += x;
  return s;
}

TEST(Vibrations, GlassHasThreeZeroModesAndItsTrace) {
  const Frame& f = test::lj_glass();
  const Vibrations v = vibrations(f, {.potential = "lj:kob-andersen"});
  EXPECT_EQ(v.method, "dense");
  ASSERT_EQ(v.frequency.size(), 750u);
  EXPECT_EQ(v.modes, 750);
  EXPECT_EQ(v.zero_modes, 3);
  EXPECT_EQ(v.negative_modes, 0);
  EXPECT_EQ(v.soft_modes, 8);  // a hundredth of 750, rounded up
  EXPECT_NEAR(sum(v.soft_mode_participation), 8, 1e-9);
  // The sum of omega^2 is the trace of the dynamical matrix (masses are 1).
  Harmonic minimum(f, potential::load("lj:kob-andersen", f), 1);
  const Matrix d = minimum.dense(true);
  double trace = 0, squares = 0;
  for (std::size_t i = 0; i < d.rows; ++i) trace += d(i, i);
  for (const double nu : v.frequency) squares += std::pow(2 * std::numbers::pi * nu, 2);
  EXPECT_NEAR(squares, trace, 1e-9 * trace);
  for (std::size_t p = 3; p < v.participation_ratio.size(); ++p) {
    EXPECT_GT(v.participation_ratio[p], 1 / 250.0);
    EXPECT_LE(v.participation_ratio[p], 1);
  }
  EXPECT_NEAR(sum(v.dos) * (v.dos_frequency[1] - v.dos_frequency[0]), 1, 1e-9);
}

// A linear chain of fcc cells: the softest wave along z is a transverse pair with omega = q sqrt(C44 / rho), less dispersion, q = 2 pi / L.
// Planes 1.8075 angstrom apart; with forces between next planes alone omega is lower by sinc(q d / 2) = 0.9986.
TEST(Vibrations, LongWavesOfCopperTravelWithItsModulus) {
  if (!std::ifstream(copper)) GTEST_SKIP() << copper << " is not there";
  const double a = 3.615;
  Frame f = test::empty_frame(Box::orthogonal({2 * a, 2 * a, 14 * a}));
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      for (int k = 0; k < 14; ++k)
        for (const Vec3& s : {Vec3{0, 0, 0}, Vec3{.5, .5, 0}, Vec3{.5, 0, .5}, Vec3{0, .5, .5}})
          test::add_atom(f, a * (Vec3{double(i), double(j), double(k)} + s));
  f.normalise();
  const Vibrations v = vibrations(f, {.potential = copper});
  ASSERT_EQ(v.frequency.size(), 672u);
  EXPECT_EQ(v.zero_modes, 3);
  const double density = 4 * 63.546 / (a * a * a) * 1.66053906660e3;  // kg/m^3
  const double speed = std::sqrt(76.2e9 / density) / 100;             // angstrom/ps
  for (std::size_t p = 3; p < 7; ++p)
    EXPECT_NEAR(v.frequency[p], speed / (14 * a), 0.01 * v.frequency[p]);  // two directions, sine and cosine
  EXPECT_GT(v.frequency[7], 1.3 * v.frequency[6]);
  // Highest phonon of Cu, measured at X: 7.25 THz (Nilsson, Rolandson, Phys. Rev. B 7, 2393 (1973)); this potential is stiffer.
  EXPECT_NEAR(v.frequency.back(), 7.6, 0.4);
}

TEST(Vibrations, LowestEqualDense) {
  const Frame& f = test::lj_glass();
  const Vibrations all = vibrations(f, {.potential = "lj:kob-andersen", .soft_fraction = 0.03});
  const Vibrations few = vibrations(f, {.potential = "lj:kob-andersen", .method = "lowest", .soft_fraction = 0.03});
  ASSERT_EQ(few.frequency.size(), 23u);
  for (std::size_t p = 0; p < few.frequency.size(); ++p) {
    EXPECT_NEAR(few.frequency[p], all.frequency[p + 3], 1e-9);
    EXPECT_NEAR(few.participation_ratio[p], all.participation_ratio[p + 3], 1e-5);
    EXPECT_GE(few.frequency_error[p], 0);
  }
  for (std::size_t i = 0; i < f.size(); ++i) EXPECT_NEAR(few.soft_mode_participation[i], all.soft_mode_participation[i], 1e-5);
  EXPECT_EQ(few.zero_modes, 3);
  EXPECT_TRUE(few.dos.empty());
}

// Smeared by the same width the histogram of the modes is the density by polynomials; the integrals agree at every frequency.
TEST(Vibrations, KernelPolynomialsEqualTheModes) {
  const Frame f = test::minimised(test::kob_andersen(1000, 7), "lj:kob-andersen", 1e-8);
  const Vibrations all = vibrations(f, {.potential = "lj:kob-andersen"});
  const Vibrations k =
      vibrations(f, {.potential = "lj:kob-andersen", .method = "kernel-polynomial", .moments = 200, .vectors = 16, .bins = 100});
  EXPECT_EQ(k.method, "kernel-polynomial");
  EXPECT_TRUE(k.frequency.empty());
  EXPECT_TRUE(k.soft_mode_participation.empty());
  const double width = k.dos_frequency[1] - k.dos_frequency[0];
  EXPECT_NEAR(sum(k.dos) * width, 1, 5e-3);
  double integral = 0, squares = 0;
  std::size_t m = 0;
  for (std::size_t b = 0; b < k.dos.size(); ++b) {
    integral += k.dos[b] * width;
    double below = 0;
    for (const double nu : all.frequency) below += nu > 1e-6 && nu < k.dos_frequency[b] + width / 2;
    EXPECT_NEAR(integral, below / 2997, 0.015) << k.dos_frequency[b];
    // Bin by bin: modes smeared by the width of the method at that frequency.
    double smeared = 0;
    for (const double nu : all.frequency) {
      if (nu < 1e-6) continue;
      const double s = k.smearing * std::sqrt(std::max(1 - std::pow(nu / (k.dos_frequency.back() + width / 2), 2), 1e-4));
      smeared += std::exp(-std::pow((nu - k.dos_frequency[b]) / s, 2) / 2) / (s * std::sqrt(2 * std::numbers::pi)) / 2997;
    }
    if (k.dos_frequency[b] > 0.4 && smeared > 0.05)
      squares += std::pow((k.dos[b] - smeared) / std::max(k.dos_error[b], 0.02 * smeared), 2), ++m;
  }
  EXPECT_GT(m, 40u);
  EXPECT_LT(squares / static_cast<double>(m), 2.5);  // errors are right to a factor
}

TEST(Vibrations, PlaneHasTwoModesPerAtom) {
  const Vibrations v = vibrations(test::lj_glass_2d(), {.potential = "lj:kob-andersen-2d"});
  EXPECT_EQ(v.frequency.size(), 400u);
  EXPECT_EQ(v.modes, 400);
  EXPECT_EQ(v.zero_modes, 2);
}

TEST(Vibrations, SaddleIsReported) {
  // Two lattice planes of a fcc crystal under tension beyond its strength: symmetric, so without forces, but not stable.
  Frame f = test::fcc_crystal(2, 1.9);
  f.units = UnitSystem::lj, f.species = {{"A", 1}};
  class Listening : public Context {
  } context;
  const Vibrations v = vibrations(f, {.potential = "lj:one-component"}, context);
  EXPECT_GT(v.negative_modes, 0);
  EXPECT_LT(v.frequency.front(), 0);
  const auto said = [&](const std::string& text) {
    return std::any_of(context.warnings().begin(), context.warnings().end(),
                       [&](const std::string& w) { return w.find(text) != std::string::npos; });
  };
  EXPECT_TRUE(said("saddle"));
  const Vibrations low = vibrations(f, {.potential = "lj:one-component", .method = "lowest", .soft_fraction = 0.05}, context);
  for (std::size_t p = 0; p < low.frequency.size(); ++p) EXPECT_NEAR(low.frequency[p], v.frequency[p], 1e-8);
  class Again : public Context {
  } again;
  vibrations(f, {.potential = "lj:one-component", .method = "kernel-polynomial"}, again);
  EXPECT_TRUE(std::any_of(again.warnings().begin(), again.warnings().end(),
                          [](const std::string& w) { return w.find("below zero") != std::string::npos; }));
  // And a minimum is not suspected, however wide the bounds of its spectrum are.
  class Quiet : public Context {
  } minimum;
  vibrations(test::lj_glass(), {.potential = "lj:kob-andersen", .method = "kernel-polynomial"}, minimum);
  for (const std::string& w : minimum.warnings()) EXPECT_EQ(w.find("below zero"), std::string::npos) << w;
}

TEST(Vibrations, MethodFollowsSizeAndMemory) {
  EXPECT_EQ(vibration_method("auto", 3000, 1e8, 1e8, 1e10), "dense");
  EXPECT_EQ(vibration_method("auto", 12000, 2e9, 1e9, 1e10), "both");
  EXPECT_EQ(vibration_method("auto", 12000, 2e9, 1e9, 5e8), "kernel-polynomial");
  EXPECT_EQ(vibration_method("auto", 300000, 1e12, 1e9, 1e10), "kernel-polynomial");
  try {
    vibration_method("dense", 30000, 14.4e9, 7e9, 8e9);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(),
                 "--method: dense modes of 30000 degrees of freedom must fit into memory, need 14.4 GB of the 8.0 GB free; take lowest or "
                 "kernel-polynomial");
  }
}

TEST(Vibrations, CostIsToldBefore) {
  EXPECT_EQ(vibrations_cost({}, 1000, 8e9),
            "3000 degrees of freedom, method dense: up to 0.1 GB of the 8.0 GB free, about 0.076 minutes on one core with an embedded-atom "
            "potential");
  EXPECT_EQ(vibrations_cost({.potential = "lj:wahnstrom-2d,cutoff=3"}, 1000, 8e9).substr(0, 41),
            "2000 degrees of freedom, method dense: up");
  EXPECT_NE(vibrations_cost({}, 1e5, 8e9).find("kernel-polynomial: up to 0.2 GB"), std::string::npos);
  EXPECT_THROW(vibrations_cost({.method = "dense"}, 1e4, 8e9), InputError);
}

TEST(Vibrations, RefusesAnUnminimisedFrame) {
  try {
    vibrations(test::rattled(test::lj_glass(), 0.02), {.potential = "lj:kob-andersen"});
    FAIL();
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("run `heteroglass landscape minimise` first"), std::string::npos) << e.what();
  }
}

// Debye: int_0^nu_D 3 nu^2 / nu_D^3 = 1, and the level at which all waves of a big box are counted one by one.
TEST(Phonons, LevelsFillTheDebyeDensity) {
  const Sound s = sound({100, 1, {}}, {30, 1, {}}, 2, 0.05, 1, 3);
  EXPECT_NEAR(s.transverse.value, std::sqrt(15), 1e-12);
  EXPECT_NEAR(s.longitudinal.value, std::sqrt(70), 1e-12);
  const double edge = 60, top = 0.5 * s.debye_frequency.value;
  double waves = 0;
  for (const PhononLevel& l : phonon_levels(Box::orthogonal({edge, edge, edge}), s, top)) waves += l.degeneracy;
  EXPECT_NEAR(waves / (3 * 0.05 * edge * edge * edge), 0.125, 0.002);
  const auto first = phonon_levels(Box::orthogonal({edge, edge, edge}), s, 1).front();
  EXPECT_NEAR(first.frequency, s.transverse.value / edge, 1e-12);
  EXPECT_EQ(first.degeneracy, 12);
}

// Modes drawn from g ~ nu^4 below 1: nu = u^(1/5).
TEST(DensityOfStates, LowExponentIsFound) {
  std::mt19937_64 random(4);
  std::uniform_real_distribution<double> u(0, 1);
  std::vector<double> nu;
  for (int i = 0; i < 2000; ++i) nu.push_back(std::pow(u(random), 0.2));
  const Measured x = low_exponent(nu, 1);
  EXPECT_NEAR(x.value, 4, 4 * x.error);
  EXPECT_NEAR(x.error, 5 / std::sqrt(2000.0), 0.01);
  EXPECT_TRUE(std::isnan(low_exponent(std::vector<double>{0.1, 0.2}, 1).value));
}

// Debye density plus a bump in g/nu^2 at nu = 1: g = nu^2 (1 + exp(-(nu-1)^2 / 0.08)), Debye level 1 when nu_D^3 = 3.
TEST(DensityOfStates, BosonPeakOfAKnownCurve) {
  DensityOfStates d;
  d.width = 0.02;
  for (int k = 0; k < 200; ++k) {
    const double nu = (k + 0.5) * d.width, g = nu * nu * (1 + std::exp(-std::pow((nu - 1) / 0.4, 2)));
    d.frequency.push_back(nu), d.g.push_back(g), d.g_error.push_back(0.02 * g + 1e-6);
  }
  Sound s;
  s.debye_frequency = {std::cbrt(3.0), 0, {}};
  const BosonPeak p = boson_peak(d, s, 0.2);
  EXPECT_NEAR(p.frequency.value, 1, 0.02);
  EXPECT_NEAR(p.height.value, 2, 0.04);
  EXPECT_TRUE(std::isnan(boson_peak(d, s, 3).frequency.value));
}

// High temperature: 3 k_B an atom; an Einstein oscillator h nu = k T at x = 1 gives 3 (0.5 / sinh 0.5)^2.
TEST(DensityOfStates, HeatCapacityOfAnEinsteinSolid) {
  DensityOfStates d;
  d.width = 1, d.frequency = {1.5}, d.g = {1}, d.g_error = {0};
  EXPECT_NEAR(heat_capacity(d, 1e5, 3).value, 3, 1e-6);
  const double temperature = 4.135667696e-3 * 1.5 / 8.617333262145179e-5;
  EXPECT_NEAR(heat_capacity(d, temperature, 3).value, 3 * std::pow(0.5 / std::sinh(0.5), 2), 1e-12);
}

TEST(Vibrations, SameForAnyNumberOfThreads) {
  const auto run = [](const std::string& method, int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    const Vibrations v = vibrations(test::lj_glass(), {.potential = "lj:kob-andersen", .method = method, .moments = 100, .vectors = 4});
    omp_set_num_threads(before);
    std::vector<double> all = v.frequency;
    all.insert(all.end(), v.soft_mode_participation.begin(), v.soft_mode_participation.end());
    all.insert(all.end(), v.dos.begin(), v.dos.end());
    return all;
  };
  for (const std::string method : {"dense", "both"}) EXPECT_EQ(run(method, 1), run(method, 3)) << method;
}

}  // namespace
}  // namespace heteroglass::landscape
