#include "landscape/elastic.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <fstream>

#include "core/error.hpp"
#include "lammps_oracle.hpp"
#include "landscape/harmonic.hpp"
#include "landscape/moduli.hpp"
#include "landscape/test_minima.hpp"

namespace heteroglass::landscape {
namespace {

using potential::Stiffness;

const std::string copper = "/usr/share/lammps/potentials/Cu_mishin1.eam.alloy";

Stiffness cubic(double c11, double c12, double c44) {
  Stiffness c{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) c[i][j] = i == j ? c11 : c12;
    c[i + 3][i + 3] = c44;
  }
  return c;
}

TEST(Moduli, IsotropicMediumHasNoScatter) {
  const double k = 110, g = 35;
  const Moduli m = moduli(cubic(k + 4 * g / 3, k - 2 * g / 3, g));
  for (const double v : {m.bulk.value, m.bulk_voigt, m.bulk_reuss}) EXPECT_NEAR(v, k, 1e-10);
  for (const double v : {m.shear.value, m.shear_voigt, m.shear_reuss}) EXPECT_NEAR(v, g, 1e-10);
  EXPECT_NEAR(m.shear.error, 0, 1e-10);
  EXPECT_NEAR(m.anisotropy, 0, 1e-12);
  EXPECT_NEAR(m.youngs.value, 9 * k * g / (3 * k + g), 1e-10);
  EXPECT_NEAR(m.poisson.value, (3 * k - 2 * g) / (2 * (3 * k + g)), 1e-12);
}

// Cubic: G_V = (C11 - C12 + 3 C44) / 5, G_R = 5 (C11 - C12) C44 / (4 C44 + 3 (C11 - C12)), K_V = K_R = (C11 + 2 C12) / 3.
TEST(Moduli, CubicAveragesAreTheClosedForms) {
  const Moduli m = moduli(cubic(170, 122, 76));
  EXPECT_NEAR(m.bulk_voigt, 138, 1e-10);
  EXPECT_NEAR(m.bulk_reuss, 138, 1e-10);
  EXPECT_NEAR(m.shear_voigt, (48 + 3 * 76) / 5.0, 1e-10);
  EXPECT_NEAR(m.shear_reuss, 5 * 48 * 76 / (4 * 76 + 3 * 48.0), 1e-10);
  // Five shears: 24 twice, 76 three times: sd^2 = (2 * 31.2^2 + 3 * 20.8^2) / 4
  EXPECT_NEAR(m.shear.error, std::sqrt((2 * 31.2 * 31.2 + 3 * 20.8 * 20.8) / 4 / 5), 1e-10);
}

// Under pressure p: B11 = C11 - p, B12 = C12 + p, B44 = C44 - p.
TEST(Moduli, SlopeUnderPressure) {
  const Stiffness b = stress_slope(cubic(170, 122, 76), {-3, -3, -3, 0, 0, 0});
  EXPECT_NEAR(b[0][0], 167, 1e-12);
  EXPECT_NEAR(b[0][1], 125, 1e-12);
  EXPECT_NEAR(b[5][5], 73, 1e-12);
}

// Mishin et al., Phys. Rev. B 63, 224106 (2001), table III: C11, C12, C44 = 169.9, 122.6, 76.2 GPa at a = 3.615 angstrom.
TEST(Elastic, CopperAsPublished) {
  if (!std::ifstream(copper)) GTEST_SKIP() << copper << " is not there";
  const Elastic e = elastic(test::fcc_crystal(3, 3.615), {.potential = copper});
  EXPECT_NEAR(e.stiffness(0, 0), 169.9, 0.2);
  EXPECT_NEAR(e.stiffness(0, 1), 122.6, 0.2);
  EXPECT_NEAR(e.stiffness(3, 3), 76.2, 0.2);
  EXPECT_NEAR(e.bulk_modulus.value, 138.4, 0.2);
  // Every atom is a centre of inversion: nothing relaxes.
  EXPECT_NEAR(e.shear_modulus_affine.value, e.shear_modulus.value, 1e-6);
}

TEST(Elastic, StrainedCopperEqualsLammps) {
  if (!std::ifstream(copper) || !test::has_lammps()) GTEST_SKIP() << "lmp or its Cu potential is not installed";
  Frame f = test::deformed(test::fcc_crystal(3, 3.6), {{{{1.01, 0, 0}, {0, 1, 0}, {0, 0, 0.995}}}});  // under stress
  const Elastic e = elastic(f, {.potential = copper});
  const test::LammpsOracle lammps(f);
  // Normal strains of 1e-5 about the strained cell, central differences of the pressure (bar) by LAMMPS.
  std::string script = "pair_style eam/alloy\npair_coeff * * " + copper + " Cu\nthermo_style custom step pxx pyy pzz\n";
  const char* axis[] = {"x", "y", "z"};
  const Vec3 length{f.box.edges()[0][0], f.box.edges()[1][1], f.box.edges()[2][2]};
  script += "variable a equal pxx\nvariable b equal pyy\nvariable c equal pzz\n";
  for (std::size_t k = 0; k < 3; ++k)
    for (const double strain : {1e-5, -1e-5}) {
      const std::string high = fmt::format("{:.17g}", length[k] * (1 + strain)), back = fmt::format("{:.17g}", length[k]);
      script += fmt::format(
          "change_box all {0} final 0 {1} remap\nrun 0\nprint \"$(v_a:%.15g) $(v_b:%.15g) $(v_c:%.15g)\" append p.txt\n"
          "change_box all {0} final 0 {2} remap\n",
          axis[k], high, back);
    }
  ASSERT_TRUE(lammps.run(10, script));
  const auto rows = lammps.numbers("p.txt");
  ASSERT_EQ(rows.size(), 6u);
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_NEAR(e.stiffness(i, k), -(rows[2 * k][i] - rows[2 * k + 1][i]) / 2e-5 * 1e-4, 0.02) << i << k;
}

// Central forces in a lattice of centres of inversion (Cauchy): the second derivatives obey C12 = C44, so that the slopes of the stress
// differ by twice the pressure.
TEST(Elastic, LennardJonesCrystalObeysCauchy) {
  for (const double edge : {1.5, 1.55, 1.6}) {
    Frame f = test::fcc_crystal(4, edge);
    f.units = UnitSystem::lj, f.species = {{"A", 1}};
    const Elastic e = elastic(f, {.potential = "lj:one-component", .method = "both", .strain = 1e-6, .force_tolerance = 1e-11});
    EXPECT_NEAR(e.stiffness(0, 1) - e.stiffness(3, 3), -2 * e.stress[0], 1e-8 * e.stiffness(0, 0));
    EXPECT_LT(e.method_difference, 1e-6);
    EXPECT_GT(e.stiffness(0, 0), e.stiffness(0, 1));
  }
}

TEST(Elastic, BornMinusNonaffineEqualsFiniteStrainInAGlass) {
  const Elastic e = elastic(test::lj_glass(), {.potential = "lj:kob-andersen", .method = "both", .strain = 1e-6, .force_tolerance = 1e-11});
  EXPECT_LT(e.method_difference, 1e-4);
  EXPECT_GT(e.shear_modulus.value, 0);
  EXPECT_LT(e.shear_modulus.value, 0.8 * e.shear_modulus_affine.value);  // a third or so of the affine modulus relaxes
  EXPECT_GT(e.shear_modulus.error, 0);
}

TEST(Elastic, BothSolversAgree) {
  const ElasticOptions options{.potential = "lj:kob-andersen"};
  ElasticOptions other = options;
  other.solver = "cholesky";
  const Elastic a = elastic(test::lj_glass(), options), b = elastic(test::lj_glass(), other);
  for (std::size_t k = 0; k < 36; ++k) EXPECT_NEAR(a.stiffness.values[k], b.stiffness.values[k], 1e-5);
}

TEST(Elastic, ModuliDoNotTurnWithTheFrame) {
  const double c = std::cos(0.7), s = std::sin(0.7);
  const Frame turned =
      test::deformed(test::deformed(test::lj_glass(), {{{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}}}), {{{{1, 0, 0}, {0, c, -s}, {0, s, c}}}});
  const Elastic a = elastic(test::lj_glass(), {.potential = "lj:kob-andersen"}), b = elastic(turned, {.potential = "lj:kob-andersen"});
  EXPECT_NEAR(a.shear_modulus_voigt, b.shear_modulus_voigt, 1e-4);
  EXPECT_NEAR(a.bulk_modulus_voigt, b.bulk_modulus_voigt, 1e-4);
  EXPECT_NEAR(a.shear_modulus_reuss, b.shear_modulus_reuss, 1e-4);
}

TEST(Elastic, PlaneAgreesWithFiniteStrain) {
  const Elastic e =
      elastic(test::lj_glass_2d(), {.potential = "lj:kob-andersen-2d", .method = "both", .strain = 1e-6, .force_tolerance = 1e-11});
  EXPECT_LT(e.method_difference, 1e-4);
  EXPECT_EQ(e.stiffness(2, 2), 0);
  EXPECT_NEAR(e.bulk_modulus.value, (e.stiffness(0, 0) + e.stiffness(1, 1) + e.stiffness(0, 1) + e.stiffness(1, 0)) / 4, 1e-9);
}

TEST(Elastic, SameForAnyNumberOfThreads) {
  const auto run = [](int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    const Elastic e = elastic(test::lj_glass(), {.potential = "lj:kob-andersen"});
    omp_set_num_threads(before);
    return e.stiffness.values;
  };
  EXPECT_EQ(run(1), run(3));
}

TEST(Elastic, RefusesWhatIsNoMinimum) {
  try {
    elastic(test::rattled(test::lj_glass(), 0.05), {.potential = "lj:kob-andersen"});
    FAIL();
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("landscape minimise"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace heteroglass::landscape
