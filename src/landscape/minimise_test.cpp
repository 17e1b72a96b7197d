#include "landscape/minimise.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include "core/error.hpp"
#include "glasses.hpp"
#include "lammps.hpp"
#include "lammps_oracle.hpp"

namespace heteroglass::landscape {
namespace {

TEST(Minimise, MethodsAgreeAndTheFrameIsAMinimum) {
  const MinimiseOptions o{.potential = "lj:kob-andersen", .force_tolerance = 1e-9};
  const Frame inherent = minimise(test::kob_andersen(128), o).configuration[0];
  Frame start = test::rattled(inherent, 0.02);
  start.velocity.assign(start.size(), {1, 0, 0});
  double energy = 0;
  for (const char* method : {"lbfgs", "fire", "newton"}) {
    MinimiseOptions with = o;
    with.method = method;
    const Minimise m = minimise(start, with);
    EXPECT_TRUE(m.converged);
    EXPECT_LE(m.residual_force, 1e-9);
    EXPECT_LT(m.energy, m.energy_start);
    if (energy == 0) energy = m.energy;
    EXPECT_NEAR(m.energy, energy, 1e-10 * std::abs(energy)) << method;
    EXPECT_EQ(m.configuration[0].velocity[7], Vec3{});
    double sum = 0;
    for (const double e : m.potential_energy) sum += e;
    EXPECT_NEAR(sum, m.energy, 1e-10 * std::abs(energy));
    const Minimise again = minimise(m.configuration[0], with);
    EXPECT_LE(again.force_evaluations, 1);
    EXPECT_LT(again.displacement_largest, 1e-12);
  }
}

TEST(Minimise, DoesNotDependOnThreadsOrPlace) {
  const MinimiseOptions o{.potential = "lj:kob-andersen", .relax_box = "full"};
  const Frame start = test::rattled(minimise(test::kob_andersen(128), o).configuration[0], 0.02);
  omp_set_num_threads(1);
  const Minimise one = minimise(start, o);
  omp_set_num_threads(3);
  const Minimise three = minimise(start, o);
  omp_set_num_threads(omp_get_num_procs());
  EXPECT_EQ(one.energy, three.energy);
  EXPECT_EQ(one.configuration[0].position, three.configuration[0].position);
  for (const double s : one.stress) EXPECT_NEAR(s, 0, 1.1e-4);
  Frame shifted = start;
  for (Vec3& r : shifted.position) r += {0.3, -0.2, 0.7};
  shifted.normalise();
  EXPECT_NEAR(minimise(shifted, o).energy, one.energy, 1e-7);
}

// LAMMPS finds the same minimum from the same start, and its stress.
TEST(Minimise, AgreesWithLammps) {
  if (!test::lammps_is_there()) GTEST_SKIP() << "lammps and lammps-data are not installed";
  const Frame inherent = minimise(test::copper_zirconium(3), {.force_tolerance = 1e-4}).configuration[0];
  const Frame start = test::rattled(inherent, 0.03);
  const Minimise m = minimise(start, {.force_tolerance = 1e-8});
  const test::LammpsOracle lammps(start);
  const std::string script =
      "pair_style eam/fs\npair_coeff * * /usr/share/lammps/potentials/CuZr_mm.eam.fs Cu Zr\nmin_style cg\n"
      "thermo_style custom step pe press pxy\nminimize 0 1e-8 20000 200000\n"
      "print \"$(pe:%20.15g) $(-press/10000:%20.15g) $(-pxy/10000:%20.15g)\" file out";
  ASSERT_TRUE(lammps.run(8, script));
  const auto out = lammps.numbers("out");
  ASSERT_EQ(out.size(), 1u);
  EXPECT_NEAR(out[0][0], m.energy, 1e-9 * std::abs(m.energy));
  EXPECT_NEAR(out[0][1], -m.pressure, 1e-4);
  EXPECT_NEAR(out[0][2], m.stress[5], 1e-4);
}

TEST(Minimise, BoxReachesItsTarget) {
  Frame f = test::fcc_crystal(4, 3.7);
  const Minimise m = minimise(f, {.relax_box = "isotropic", .stress = {-5}, .stress_tolerance = 1e-6});
  EXPECT_NEAR(m.pressure, 5, 1.1e-6);
  EXPECT_NEAR(m.density, 4 * 63.546 / std::pow(m.configuration[0].box.edges()[0][0] / 4, 3) * 1.66053906660, 1e-8);
  const Minimise sheared = minimise(f, {.relax_box = "full", .stress = {0, 0, 0, 0, 0, 0.5}, .stress_tolerance = 1e-5});
  EXPECT_NEAR(sheared.stress[5], 0.5, 1.1e-5);
  EXPECT_GT(sheared.configuration[0].box.edges()[0][1], 0);
}

TEST(Minimise, SaysWhatIsWrong) {
  const Frame f = test::fcc_crystal(3, 3.6);
  EXPECT_THROW(minimise(f, {.stress = {1}}), InputError);
  EXPECT_THROW(minimise(f, {.relax_box = "full", .stress = {1, 2}}), InputError);
  EXPECT_THROW(minimise(f, {.relax_box = "orthogonal", .stress = {0, 0, 0, 0, 0, 1}}), InputError);
  Frame other = f;
  other.species[0].name = "Au";
  EXPECT_THROW(minimise(other), InputError);
  Frame twice = f;
  twice.position[1] = twice.position[0];
  EXPECT_THROW(minimise(twice), InputError);
  Context context;
  const Minimise stopped = minimise(test::copper_zirconium(3), {.max_evaluations = 5}, context);
  EXPECT_FALSE(stopped.converged);
  ASSERT_EQ(context.warnings().size(), 1u);
  EXPECT_NE(context.warnings()[0].find("residual force"), std::string::npos);
}

}  // namespace
}  // namespace heteroglass::landscape
