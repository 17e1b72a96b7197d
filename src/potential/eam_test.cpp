#include "potential/eam.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.hpp"
#include "glasses.hpp"
#include "lammps_oracle.hpp"

namespace heteroglass::potential {
namespace {

const std::string folder = "/usr/share/lammps/potentials/";

/// Energy, forces and per-atom virials of LAMMPS.
struct Answer {
  double energy = 0;
  std::vector<Vec3> force;
  std::vector<double> each;
  std::vector<Voigt> virial;
};

Answer lammps(const Frame& f, const std::string& pair) {
  const test::LammpsOracle oracle(f);
  const bool ran = oracle.run(8, pair + R"IN(
compute e all pe/atom
compute s all stress/atom NULL virial
dump d all custom 1 out id fx fy fz c_e c_s[1] c_s[2] c_s[3] c_s[6] c_s[5] c_s[4]
dump_modify d sort id format float %.17g
thermo_style custom pe
thermo_modify norm no
run 0
variable pe equal pe
print "$(v_pe:%.17g)" file energy screen no
)IN");
  EXPECT_TRUE(ran);
  Answer a;
  if (!ran) return a;
  a.energy = oracle.numbers("energy").at(0).at(0);
  for (const auto& row : oracle.numbers("out")) {
    if (row.size() != 11) continue;
    a.force.push_back({row[1], row[2], row[3]});
    a.each.push_back(row[4]);
    Voigt w{};
    for (std::size_t k = 0; k < 6; ++k) w[k] = row[5 + k] / 1.6021765e6;  // its bar angstrom^3 in an eV; positive in tension
    a.virial.push_back(w);
  }
  return a;
}

void expect_same(const std::string& style, const std::string& file, const Frame& f) {
  SCOPED_TRACE(file);
  std::string names;
  for (const Species& s : f.species) names += " " + s.name;
  const Answer expected = lammps(f, "pair_style " + style + "\npair_coeff * * " + folder + file + names);
  ASSERT_EQ(expected.force.size(), f.size());
  const auto calculator = load(folder + file, f)->calculator(f);
  std::vector<Vec3> force(f.size());
  const double e = calculator->forces(f.box, f.position, force);
  EXPECT_NEAR(e, expected.energy, 1e-12 * std::abs(e));
  double scale = 0, virial_scale = 0;
  for (const Vec3& v : force) scale = std::max(scale, norm(v));
  const PerAtom each = calculator->per_atom(f.box, f.position);
  for (const Voigt& w : each.virial) virial_scale = std::max(virial_scale, std::abs(w[0]));
  double worst = 0, worst_virial = 0, worst_energy = 0;
  for (std::size_t i = 0; i < f.size(); ++i) {
    worst = std::max(worst, norm(force[i] - expected.force[i]));
    worst_energy = std::max(worst_energy, std::abs(each.energy[i] - expected.each[i]));
    for (std::size_t k = 0; k < 6; ++k) worst_virial = std::max(worst_virial, std::abs(each.virial[i][k] - expected.virial[i][k]));
  }
  EXPECT_LT(worst, 1e-10 * scale);
  EXPECT_LT(worst_energy, 1e-10);
  EXPECT_LT(worst_virial, 1e-10 * virial_scale);
}

class EamAgainstLammps : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::has_lammps() || !std::ifstream(folder + "CuZr_mm.eam.fs")) GTEST_SKIP() << "lammps and lammps-data are not installed";
  }
};

TEST_F(EamAgainstLammps, FinnisSinclairGlass) { expect_same("eam/fs", "CuZr_mm.eam.fs", test::copper_zirconium(5)); }

TEST_F(EamAgainstLammps, TiltedBoxes) {
  for (const double sign : {1.0, -1.0}) {
    const Mat3 tilt{{{{1, 0.3 * sign, -0.2}, {0, 1, 0.35 * sign}, {0, 0, 1}}}};
    expect_same("eam/fs", "CuZr_mm.eam.fs", test::deformed(test::copper_zirconium(3), tilt));
  }
}

// An edge of 4.1 angstrom at a cut-off of 7.6: every atom meets dozens of its own images.
TEST_F(EamAgainstLammps, CellSmallerThanTheCutoff) { expect_same("eam/fs", "CuZr_mm.eam.fs", test::copper_zirconium(1)); }

TEST_F(EamAgainstLammps, AlloyFiles) {
  Frame nickel = test::rattled(test::b2_crystal(5, 2.9), 0.2);
  nickel.species = {{"Ni", 58.69}, {"Cu", 63.55}};  // the file has Cu first
  expect_same("eam/alloy", "CuNi.eam.alloy", nickel);
  expect_same("eam/alloy", "Cu_mishin1.eam.alloy", test::rattled(test::fcc_crystal(4, 3.6), 0.2));
}

// Atoms pressed together: rho beyond the table, where F goes on along its tangent.
TEST_F(EamAgainstLammps, DenserThanTheTable) {
  expect_same("eam/alloy", "Cu_mishin1.eam.alloy", test::rattled(test::fcc_crystal(5, 1.9), 0.02));
}

TEST(Eam, FastKernelsEqualThePlainOne) {
  const std::string file = folder + "CuZr_mm.eam.fs";
  if (!std::ifstream(file)) GTEST_SKIP() << "lammps-data is not installed";
  for (const Frame& f : {test::copper_zirconium(5), test::copper_zirconium(1)}) {
    std::array<std::vector<Vec3>, 3> force;
    std::array<double, 3> energy{};
    std::array<Voigt, 3> virial{};
    for (const Kernel kernel : {Kernel::plain, Kernel::avx2, Kernel::best}) {
      const auto k = static_cast<std::size_t>(kernel), plain = static_cast<std::size_t>(Kernel::plain);
      const auto calculator = eam(read_setfl(file, true), "x", "", kernel)->calculator(f);
      force[k].resize(f.size());
      energy[k] = calculator->forces(f.box, f.position, force[k], &virial[k]);
      EXPECT_NEAR(energy[k], energy[plain], 1e-12 * std::abs(energy[plain]));
      for (std::size_t i = 0; i < f.size(); ++i) EXPECT_LT(norm(force[k][i] - force[plain][i]), 1e-11);
      for (std::size_t a = 0; a < 6; ++a) EXPECT_NEAR(virial[k][a], virial[plain][a], 1e-12 * std::abs(virial[plain][0]));
    }
  }
}

TEST(Eam, RefusesDamagedFiles) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / ("heteroglass_" + std::to_string(getpid()) + ".eam.fs");
  const auto message = [&](const std::string& text) {
    std::ofstream(file) << text;
    try {
      eam(read_setfl(file, true), "x", "");
    } catch (const FormatError& e) {
      return std::string(e.what()).substr(file.string().size());
    }
    return std::string();
  };
  EXPECT_EQ(message("a\nb\nc\n2 Cu\n"), ":5: the number of elements and their names must stand in the fourth line");
  EXPECT_EQ(message("a\nb\nc\n1 Cu\n5 0.1 5 x 2\n"), ":5: dr must be a number, got 'x'");
  EXPECT_EQ(message("a\nb\nc\n1 Cu\n5 0.1 5 0.1 2\n29 63 3.6 fcc\n1 2 3 4 5\n1 2 3"),
            ":8: the density of Cu must follow, got the end of the file");
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace heteroglass::potential
