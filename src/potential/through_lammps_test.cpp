#include "potential/through_lammps.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "glasses.hpp"
#include "lammps.hpp"
#include "potential/kim_table.hpp"

namespace heteroglass::potential {
namespace {

class LammpsPotential : public test::WithLammps {
 protected:
  std::string script(const std::string& text) {
    std::ofstream(folder / "pair.in") << text;
    return "lammps:" + (folder / "pair.in").string();
  }
  std::string eam_script() { return script("pair_style eam/fs\npair_coeff * * /usr/share/lammps/potentials/CuZr_mm.eam.fs {species}\n"); }
};

/// A cell that LAMMPS cannot hold as it is: turned, and tilted.
Frame turned_glass() {
  const double c = std::cos(0.7), s = std::sin(0.7);
  const Mat3 turn{{{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}}}, tilt{{{{1, 0.1, -0.2}, {0, 1, 0.15}, {0, 0, 1}}}};
  return test::deformed(test::copper_zirconium(2), turn * tilt);
}

TEST_F(LammpsPotential, EqualsTheNativePotentialInEverything) {
  const Frame f = turned_glass();
  Context context;
  const auto through = load(eam_script(), f, context), native = load("CuZr-Mendelev2007", f, context);
  ASSERT_EQ(context.warnings().size(), 1);
  EXPECT_NE(context.warnings()[0].find("slower"), std::string::npos);
  EXPECT_NEAR(through->cutoff(), 7.6, 1e-3);
  const auto a = through->calculator(f), b = native->calculator(f);
  std::vector<Vec3> fa(f.size()), fb(f.size());
  Voigt wa{}, wb{};
  for (const double shift : {0.0, 0.37}) {  // the process goes on with other positions in another cell
    Frame g = test::deformed(f, {{{{1, shift / 10, 0}, {0, 1, 0}, {0, 0, 1}}}});
    g.position[3].x += shift;
    EXPECT_NEAR(a->forces(g.box, g.position, fa, &wa), b->forces(g.box, g.position, fb, &wb), 1e-9);
    for (std::size_t i = 0; i < f.size(); ++i) EXPECT_LT(norm(fa[i] - fb[i]), 1e-9);
    for (std::size_t k = 0; k < 6; ++k) EXPECT_NEAR(wa[k], wb[k], 1e-6) << k;
  }
  const PerAtom pa = a->per_atom(f.box, f.position), pb = b->per_atom(f.box, f.position);
  a->expand(f.box, f.position), b->expand(f.box, f.position);
  const BornTerms ba = a->born(), bb = b->born();
  const auto sa = a->born_per_atom(), sb = b->born_per_atom();
  std::vector<Vec3> v(f.size(), Vec3{});
  v[1] = {0.3, -0.2, 0.5}, v[7] = {0, 1, 0};
  a->hessian_product(v, fa), b->hessian_product(v, fb);
  for (std::size_t i = 0; i < f.size(); ++i) {
    EXPECT_NEAR(pa.energy[i], pb.energy[i], 1e-9);
    for (std::size_t k = 0; k < 6; ++k) EXPECT_NEAR(pa.virial[i][k], pb.virial[i][k], 1e-8);
    EXPECT_LT(norm(fa[i] - fb[i]), 2e-3) << i;  // differences over a hundred knots of the table
    for (std::size_t k = 0; k < 6; ++k) EXPECT_LT(norm(ba.force[i][k] - bb.force[i][k]), 0.03) << i;
    for (std::size_t k = 0; k < 6; ++k) EXPECT_NEAR(sa[i][k][k], sb[i][k][k], 0.1);
  }
  for (std::size_t j = 0; j < 6; ++j)
    for (std::size_t k = 0; k < 6; ++k) EXPECT_NEAR(ba.stiffness[j][k], bb.stiffness[j][k], 1e-3 * bb.stiffness[0][0]);
}

TEST_F(LammpsPotential, OpenEndsAndLennardJonesUnits) {
  Frame f = test::kob_andersen(30);
  f.box = Box(f.box.edges(), f.box.origin(), {true, false, false});
  const auto calculator = load(script("pair_style lj/cut 2.5\npair_coeff * * 1 1\n"), f)->calculator(f);
  std::vector<Vec3> force(f.size());
  const double e = calculator->forces(f.box, f.position, force);
  double sum = 0;
  for (std::size_t i = 0; i < f.size(); ++i)
    for (std::size_t j = 0; j < f.size(); ++j)
      for (int image = -2; image <= 2; ++image) {
        const double r2 = norm2(f.position[j] - f.position[i] + image * f.box.edge(0));
        if (r2 > 0 && r2 < 6.25) sum += 2 * (std::pow(r2, -6) - std::pow(r2, -3));
      }
  EXPECT_NEAR(e, sum, 1e-9 * std::abs(sum));
}

TEST_F(LammpsPotential, WholeHessianOfAFewAtoms) {
  const Frame f = test::copper_zirconium(1);
  const auto a = load(eam_script(), f)->calculator(f), b = load("CuZr-Mendelev2007", f)->calculator(f);
  a->expand(f.box, f.position), b->expand(f.box, f.position);
  const BlockMatrix h = a->hessian(), g = b->hessian();
  ASSERT_EQ(h.column, g.column);
  for (std::size_t k = 0; k < h.block.size(); ++k)
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(h.block[k][i][j], g.block[k][i][j], 0.01);
}

/// A model's table is used natively; through LAMMPS its own driver must find nearly the same.
TEST_F(LammpsPotential, OpenKimModelsWithTablesAreNative) {
  for (const std::string model : {"EAM_Dynamo_MendelevSordeletKramer_2007_CuZr__MO_120596890176_005",
                                  "EAM_Dynamo_MendelevKramerOtt_2009_CuZr__MO_600021860456_005"}) {
    if (!kim_table(model)) GTEST_SKIP() << "openkim-models is not installed";
    const Frame f = test::copper_zirconium(3);
    std::vector<Vec3> a(f.size()), b(f.size());
    const auto native = load("kim:" + model, f), driver = lammps("kim:" + model, f);
    EXPECT_TRUE(native->caution().empty());
    const double e = native->calculator(f)->forces(f.box, f.position, a);
    EXPECT_NEAR(driver->calculator(f)->forces(f.box, f.position, b), e, 1e-6 * std::abs(e));
    for (std::size_t i = 0; i < f.size(); ++i) EXPECT_LT(norm(a[i] - b[i]), 1e-4);
  }
}

TEST_F(LammpsPotential, OpenKimModelsOfOtherKindsGoThroughLammps) {
  const std::string model = "MEAM_LAMMPS_KangSaLee_2009_ZrAgCu__MO_813575892799_000";
  if (!std::filesystem::exists("/usr/lib/x86_64-linux-gnu/kim-api/portable-models/" + model))
    GTEST_SKIP() << "openkim-models is not installed";
  const Frame f = test::copper_zirconium(2);
  const auto potential = load("kim:" + model, f);
  EXPECT_FALSE(potential->caution().empty());
  const auto calculator = potential->calculator(f);
  std::vector<Vec3> r = f.position, force(f.size()), ignored(f.size());
  calculator->forces(f.box, r, force);
  r[2].y += 1e-4;
  const double plus = calculator->forces(f.box, r, ignored);
  r[2].y -= 2e-4;
  EXPECT_NEAR(force[2].y, (calculator->forces(f.box, r, ignored) - plus) / 2e-4, 1e-4);
}

TEST_F(LammpsPotential, SaysWhatLammpsSays) {
  const Frame f = test::copper_zirconium(1);
  try {
    load(script("pair_style eam/fs\npair_coeff * * no-such-file {species}\n"), f);
    FAIL() << "accepted";
  } catch (const EngineError& e) {
    EXPECT_NE(std::string(e.what()).find("no-such-file"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("ERROR"), std::string::npos) << e.what();
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
  }
  EXPECT_THROW(load("lammps:/no/such/script", f), InputError);
  try {
    load("kim:no_such_model", f);
    FAIL() << "accepted";
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(),
                 "potential: kim:MODEL must be an installed OpenKIM model, got 'no_such_model'; see kim-api-collections-management list");
  }
}

}  // namespace
}  // namespace heteroglass::potential
