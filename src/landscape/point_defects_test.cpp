#include "landscape/point_defects.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.hpp"
#include "crystals.hpp"
#include "landscape/defect_sites.hpp"
#include "landscape/minimise.hpp"
#include "sample/crystal.hpp"
#include "sample/point_defects.hpp"

namespace heteroglass::landscape {
namespace {

const char* const copper = "Cu_mishin1.eam.alloy";

class CopperDefects : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(std::string("/usr/share/lammps/potentials/") + copper))
      GTEST_SKIP() << "no potential of copper (lammps-data)";
  }
  const Frame crystal = sample::crystal({.lattice_constant = 3.615, .cells = {4}}).configuration[0];
};

double of(const Table& t, const std::string& column, std::size_t row) { return t.find(column)->number.at(row); }

// Mishin et al., Phys. Rev. B 63, 224106 (2001): 1.272 eV for the vacancy with this potential. An EAM potential of copper in table 1 of
// Lysogorskiy et al., npj Comput. Mater. 7, 97 (2021): 3.12 eV for the <100> dumbbell, 0.17 eV more for the octahedral interstitial.
TEST_F(CopperDefects, FormationEnergiesOfThePotentialAsPublished) {
  const PointDefects vacancy = point_defects(crystal, {.potential = copper, .defect = "vacancy", .counts = {1}, .modes = 12}),
                     split = point_defects(crystal, {.potential = copper, .counts = {1}, .modes = 6});
  EXPECT_NEAR(vacancy.formation_enthalpy.value, 1.272, 0.003);
  EXPECT_NEAR(split.formation_enthalpy.value, 3.12, 0.1);
  EXPECT_NEAR(vacancy.relaxation_volume.value, -0.3, 0.02);
  EXPECT_DOUBLE_EQ(vacancy.formation_volume.value, vacancy.relaxation_volume.value + 1);
  EXPECT_DOUBLE_EQ(split.formation_volume.value, split.relaxation_volume.value - 1);
  EXPECT_NEAR(split.alpha.value, split.formation_enthalpy.value / split.shear_volume_energy, 1e-12);
  // c11 = 169.9, c12 = 122.6, c44 = 76.2 GPa of the same paper.
  EXPECT_NEAR(of(split.moduli, "crystal", 1), 76.2, 0.1);
  EXPECT_NEAR(of(split.moduli, "crystal", 2), (169.9 - 122.6) / 2, 0.1);
  EXPECT_NEAR(of(split.moduli, "crystal", 3), (169.9 + 2 * 122.6) / 3, 0.1);
  EXPECT_EQ(vacancy.resonances.rows(), 0u);
  EXPECT_TRUE(std::isnan(vacancy.resonance_frequency.value));
  // Granato: interstitials soften c44 by tens of times c, vacancies by a few; the bulk modulus hardly changes.
  EXPECT_GT(of(split.moduli, "softening", 1), 20);
  EXPECT_LT(of(vacancy.moduli, "softening", 1), 5);
  EXPECT_LT(std::abs(of(split.moduli, "softening", 3)), 3);
}

// The definition, by hand: E(N+1) - (N+1)/N E(N) of two relaxed cells.
TEST_F(CopperDefects, EnthalpyIsTheDifferenceOfTwoMinima) {
  const MinimiseOptions how{.potential = copper, .relax_box = "full", .stress_tolerance = 1e-5};
  const Minimise before = minimise(crystal, how);
  const PointDefects r = point_defects(crystal, {.potential = copper, .counts = {1}, .stress_tolerance = 1e-5, .modes = 3, .seed = 2});
  const Frame with = sample::point_defects(before.configuration[0], {.seed = 2}).configuration[0];
  const Minimise after = minimise(with, how);
  EXPECT_NEAR(r.formation_enthalpy.value, after.energy - 257.0 / 256 * before.energy, 1e-6);
  const double omega = before.configuration[0].box.volume() / 256;
  EXPECT_NEAR(r.relaxation_volume.value, (after.configuration[0].box.volume() - before.configuration[0].box.volume()) / omega, 1e-3);
  EXPECT_NEAR(r.atomic_volume, omega, 1e-4);
}

// One shared site whose two atoms lie along a cube axis, 0.6 a apart; the longest string is a <110> row; the softest modes sit on the
// dumbbell and lie below those of the crystal.
TEST_F(CopperDefects, DumbbellIsFoundWithItsStringAndModes) {
  const PointDefects r = point_defects(crystal, {.potential = copper, .counts = {1}, .modes = 6});
  ASSERT_EQ(r.sites.rows(), 1u);
  EXPECT_EQ(of(r.sites, "atoms", 0), 2);
  EXPECT_NEAR(of(r.sites, "separation", 0), 0.6 * 3.615, 0.05);
  double along = 0;
  for (const char* c : {"direction_x", "direction_y", "direction_z"}) along = std::max(along, std::abs(of(r.sites, c, 0)));
  EXPECT_NEAR(along, 1, 1e-6);
  EXPECT_THAT(r.strings.columns[0].text, testing::ElementsAre("<100>", "<110>", "<111>"));
  EXPECT_EQ(r.string_length, of(r.strings, "longest", 1));
  EXPECT_GE(r.string_length, 4);
  ASSERT_EQ(r.frequency.size(), 6u);
  EXPECT_LT(r.resonance_frequency.value, r.crystal_frequency);
  EXPECT_GT(r.core_weight[0], 5);
  EXPECT_LT(r.participating_atoms[0], 40);
  EXPECT_NEAR(r.frequency[0], r.frequency[1], 1e-4);  // two librations, by symmetry
  EXPECT_EQ(r.resonance_frequency.value, r.frequency[0]);
  EXPECT_EQ(r.distance.size(), 257u);
  ASSERT_EQ(r.configuration.size(), 2u);
  EXPECT_NE(r.configuration[1].property("Displacement"), nullptr);
}

// The modulus falls as exp(-alpha beta c) through the crystal's; the model is drawn with the slope of the table.
TEST_F(CopperDefects, SofteningIsALineThroughTheCrystal) {
  const PointDefects r = point_defects(crystal, {.potential = copper, .counts = {2, 1}, .minimum_distance = 5, .modes = 3});
  ASSERT_EQ(r.concentration.size(), 3u);
  EXPECT_EQ(r.concentration[0], 0);
  EXPECT_EQ(r.concentration[1], 1.0 / 256);
  EXPECT_EQ(r.concentration[2], 2.0 / 256);
  EXPECT_GT(r.shear_modulus[0], r.shear_modulus[1]);
  EXPECT_GT(r.shear_modulus[1], r.shear_modulus[2]);
  EXPECT_DOUBLE_EQ(r.shear_modulus_model[0], r.shear_modulus[0]);
  EXPECT_NEAR(std::log(r.shear_modulus_model[0] / r.shear_modulus_model[2]) * 128, of(r.moduli, "softening", 0), 1e-9);
  EXPECT_NEAR(r.beta.value * r.alpha.value, of(r.moduli, "softening", 0), 1e-9);
  EXPECT_EQ(of(r.configurations, "kept", 0), 1);
}

// The octahedral interstitial of copper is a saddle between dumbbells: symmetry keeps it there, and this is said.
TEST_F(CopperDefects, SaddlesAreNamed) {
  Context context;
  const PointDefects r = point_defects(crystal, {.potential = copper, .defect = "octahedral", .counts = {1}, .modes = 3}, context);
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("saddle")));
  EXPECT_LT(r.frequency.front(), 0);
  const double split = point_defects(crystal, {.potential = copper, .counts = {1}, .modes = 3}).formation_enthalpy.value;
  EXPECT_NEAR(r.formation_enthalpy.value - split, 0.17, 0.03);
  EXPECT_TRUE(std::isnan(r.beta.value));
}

// Two dumbbells five angstrom apart and more at 3 % of the sites: they join, and do not count as isolated ones.
TEST_F(CopperDefects, JoinedDefectsAreTold) {
  Context context;
  const PointDefects r = point_defects(crystal, {.potential = copper, .counts = {6}, .minimum_distance = 4, .modes = 3}, context);
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("moved or joined")));
  EXPECT_EQ(of(r.configurations, "kept", 0), 0);
}

TEST(DefectSites, CountsAtomsOnSites) {
  const Frame f = test::fcc_crystal(3, 3.6);
  const Frame two = sample::point_defects(sample::point_defects(f, {.defect = "split-110", .sites = {20}}).configuration[0],
                                          {.defect = "vacancy", .sites = {80}})
                        .configuration[0];
  const DefectSites d = defect_sites(f, test::deformed(two, Mat3{{{{1.01, 0.002, 0}, {0, 0.99, 0}, {0, 0, 1}}}}));
  EXPECT_THAT(d.defective, testing::ElementsAre(19, 79));
  EXPECT_EQ(d.occupancy[19], 2);
  EXPECT_EQ(d.occupancy[79], 0);
  for (std::size_t i = 0; i < two.size(); ++i)
    if (d.home[i] != 19) EXPECT_NEAR(norm(d.displacement[i]), 0, 1e-9);
}

TEST(PointDefectsOfGlasses, AreRefused) {
  EXPECT_THROW(point_defects(test::disordered(4), {.counts = {1}}), InputError);
  EXPECT_THROW(point_defects(test::fcc_crystal(3, 3.6), {.potential = copper, .counts = {}}), InputError);
}

// A compound needs chemical potentials: which reservoir the atom comes from is not the program's to guess.
TEST(PointDefectsOfCompounds, NeedChemicalPotentials) {
  if (!std::filesystem::exists("/usr/share/lammps/potentials/CuZr_mm.eam.fs")) GTEST_SKIP() << "no potential of Cu-Zr (lammps-data)";
  const Frame b2 = sample::crystal({.lattice = "b2", .species = {"Cu", "Zr"}, .lattice_constant = 3.3, .cells = {4}}).configuration[0];
  PointDefectsOptions o{.defect = "vacancy", .counts = {1}, .modes = 3};
  EXPECT_THROW(point_defects(b2, o), InputError);
  o.chemical_potential = {{"Cu", -3.3}, {"Zr", -6.5}};
  const double h = point_defects(b2, o).formation_enthalpy.value;
  o.chemical_potential = {{"Cu", -3.4}, {"Zr", -6.6}};
  EXPECT_NEAR(point_defects(b2, o).formation_enthalpy.value, h - 0.1, 1e-9);
}

}  // namespace
}  // namespace heteroglass::landscape
