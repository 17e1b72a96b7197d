#include "landscape/atomic_stress.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <fstream>

#include "core/error.hpp"
#include "lammps_oracle.hpp"
#include "landscape/test_minima.hpp"

namespace heteroglass::landscape {
namespace {

const std::string copper = "/usr/share/lammps/potentials/Cu_mishin1.eam.alloy";

// Every atom of a crystal bears the pressure of the cell, and its volume strain against the cell is zero.
TEST(AtomicStress, CompressedCrystalIsUniform) {
  if (!std::ifstream(copper)) GTEST_SKIP() << copper << " is not there";
  const AtomicStress s = atomic_stress(test::fcc_crystal(3, 3.58), {.potential = copper});
  // e = 1 - (3.58 / 3.615)^3 = 2.88 %: p = K e (1 + (K' + 1) / 2 e), K = 138.4 GPa, K' about 5: 4.3 GPa
  EXPECT_NEAR(s.pressure_mean.value, 4.3, 0.15);
  for (std::size_t i = 0; i < s.pressure.size(); ++i) {
    EXPECT_NEAR(s.pressure[i], s.pressure_mean.value, 1e-9);
    EXPECT_NEAR(s.von_mises[i], 0, 1e-8);
    EXPECT_NEAR(s.volume_strain[i], 0, 1e-10);
  }
  EXPECT_EQ(s.liquid_like_fraction.value, 0);
}

TEST(AtomicStress, SumsToTheCellAndFractionsAddUp) {
  const Frame& f = test::lj_glass();
  const AtomicStress s = atomic_stress(f, {.potential = "lj:kob-andersen"});
  const auto calculator = potential::load("lj:kob-andersen", f)->calculator(f);
  std::vector<Vec3> force(f.size());
  potential::Voigt virial{};
  calculator->forces(f.box, f.position, force, &virial);
  for (std::size_t k = 0; k < 6; ++k) {
    double sum = 0;
    for (std::size_t i = 0; i < f.size(); ++i) sum += s.stress(i, k) * s.atomic_volume[i];
    EXPECT_NEAR(sum, virial[k], 1e-8 * std::abs(virial[0]));
  }
  EXPECT_NEAR(s.pressure_mean.value, -(virial[0] + virial[1] + virial[2]) / (3 * f.box.volume()), 1e-9);
  EXPECT_NEAR(s.liquid_like_fraction.value, s.over_packed_fraction.value + s.loose_fraction.value, 1e-12);
  EXPECT_GT(s.liquid_like_fraction.value, 0);
  for (std::size_t i = 0; i < f.size(); ++i) {
    EXPECT_EQ(s.packing[i] == 1, s.volume_strain[i] > 0.1);
    EXPECT_NEAR(s.volume_strain[i], -(s.pressure[i] - s.pressure_mean.value) / s.bulk_modulus.value, 1e-12);
  }
}

TEST(AtomicStress, VirialsEqualLammps) {
  if (!std::ifstream(copper) || !test::has_lammps()) GTEST_SKIP() << "lmp or its Cu potential is not installed";
  const Frame f = test::rattled(test::fcc_crystal(3, 3.6), 0.15);
  const AtomicStress s = atomic_stress(f, {.potential = copper, .bulk_modulus = 138});
  const test::LammpsOracle lammps(f);
  // LAMMPS: stress times volume in bar angstrom^3, order xx yy zz xy xz yz; its bar in eV/angstrom^3 is that of CODATA 2006.
  ASSERT_TRUE(lammps.run(10, "pair_style eam/alloy\npair_coeff * * " + copper +
                                 " Cu\ncompute s all stress/atom NULL virial\n"
                                 "dump d all custom 1 s.txt id c_s[1] c_s[2] c_s[3] c_s[6] c_s[5] c_s[4]\n"
                                 "dump_modify d sort id format float %.15g\nrun 0"));
  std::vector<std::vector<double>> rows = lammps.numbers("s.txt");
  std::erase_if(rows, [](const auto& row) { return row.size() != 7; });
  ASSERT_EQ(rows.size(), f.size());
  for (std::size_t i = 0; i < f.size(); ++i)
    for (std::size_t k = 0; k < 6; ++k)
      EXPECT_NEAR(s.stress(i, k) * s.atomic_volume[i], rows[i][k + 1] / 1.6021765e6 * 160.2176634, 1e-7) << i << ' ' << k;
}

TEST(AtomicStress, InvariantsDoNotTurnWithTheFrame) {
  const double c = std::cos(0.7), s = std::sin(0.7);
  const Frame turned =
      test::deformed(test::deformed(test::lj_glass(), {{{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}}}), {{{{1, 0, 0}, {0, c, -s}, {0, s, c}}}});
  const AtomicStress a = atomic_stress(test::lj_glass(), {.potential = "lj:kob-andersen"}),
                     b = atomic_stress(turned, {.potential = "lj:kob-andersen"});
  for (std::size_t i = 0; i < a.pressure.size(); ++i) {
    EXPECT_NEAR(a.pressure[i], b.pressure[i], 1e-7);
    EXPECT_NEAR(a.von_mises[i], b.von_mises[i], 1e-7);
  }
}

TEST(AtomicStress, HotFrameTakesTheAffineModulusAndSaysSo) {
  class Listening : public Context {
  } context;
  const Frame hot = test::rattled(test::lj_glass(), 0.05);
  const AtomicStress s = atomic_stress(hot, {.potential = "lj:kob-andersen"}, context);
  EXPECT_GT(s.bulk_modulus.value, 0);
  ASSERT_FALSE(context.warnings().empty());
  EXPECT_NE(context.warnings().front().find("affine"), std::string::npos);
}

TEST(AtomicStress, PlaneHasNoThirdDirection) {
  const AtomicStress s = atomic_stress(test::lj_glass_2d(), {.potential = "lj:kob-andersen-2d"});
  for (std::size_t i = 0; i < s.pressure.size(); ++i) EXPECT_NEAR(s.pressure[i], -(s.stress(i, 0) + s.stress(i, 1)) / 2, 1e-10);
}

}  // namespace
}  // namespace heteroglass::landscape
