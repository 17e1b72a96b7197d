#include "relaxation/mixing_enthalpy.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "relaxation/miedema.hpp"

namespace heteroglass::relaxation {
namespace {

// Pairs quoted in many papers from the table.
TEST(Miedema, HasTheTabulatedPairs) {
  EXPECT_EQ(miedema_enthalpy("Cu", "Zr"), -23);
  EXPECT_EQ(miedema_enthalpy("Zr", "Cu"), -23);
  EXPECT_EQ(miedema_enthalpy("Zr", "Ni"), -49);
  EXPECT_EQ(miedema_enthalpy("Zr", "Al"), -44);
  EXPECT_EQ(miedema_enthalpy("Zr", "Be"), -43);
  EXPECT_EQ(miedema_enthalpy("Ti", "Ni"), -35);
  EXPECT_EQ(miedema_enthalpy("Fe", "B"), -26);
  EXPECT_EQ(miedema_enthalpy("Fe", "P"), -39.5);
  EXPECT_EQ(miedema_enthalpy("Pd", "P"), -36.5);
  EXPECT_EQ(miedema_enthalpy("Pd", "Si"), -55);
  EXPECT_EQ(miedema_enthalpy("La", "Ni"), -27);
  EXPECT_EQ(miedema_enthalpy("Al", "La"), -38);
  EXPECT_EQ(miedema_enthalpy("Gd", "Y"), 0);
  EXPECT_EQ(miedema_enthalpy("Au", "Pt"), 4);
  EXPECT_EQ(miedema_enthalpy("Yb", "Er"), 12);
  EXPECT_EQ(miedema_enthalpy("Nb", "Y"), 30);
  EXPECT_FALSE(miedema_enthalpy("Cu", "Xe"));
  EXPECT_FALSE(miedema_enthalpy("Cu", "Cu"));
}

// Chemically similar lanthanides mix with no heat, and have like enthalpies with every partner.
TEST(Miedema, TreatsNeighbouringLanthanidesAlike) {
  for (const char* e : miedema_elements()) {
    const std::string partner = e;
    if (partner == "La" || partner == "Ce" || partner == "Gd" || partner == "Tb") continue;
    EXPECT_NEAR(*miedema_enthalpy("La", partner), *miedema_enthalpy("Ce", partner), 2) << partner;
    EXPECT_NEAR(*miedema_enthalpy("Gd", partner), *miedema_enthalpy("Tb", partner), 2) << partner;
  }
}

// La60Ni15Al25: 4 (.09 x -27 + .15 x -38 + .0375 x -22) = -35.82 kJ/mol.
TEST(MixingEnthalpy, OfLaNiAlIsAlikeInAllPairs) {
  const MixingEnthalpy m = mixing_enthalpy({.composition = "La60Ni15Al25"});
  EXPECT_NEAR(m.mixing_enthalpy, -35.82, 1e-9);
  EXPECT_NEAR(m.pair_mean, -35.82 / 4 / 0.2775, 1e-9);
  EXPECT_EQ(m.verdict, "pronounced");
  EXPECT_EQ(m.pairs.rows(), 3u);
}

TEST(MixingEnthalpy, JudgesPairsThatRepelOrDiffer) {
  EXPECT_EQ(mixing_enthalpy({.composition = "Pd40Ni10Cu30P20"}).verdict, "suppressed") << "Ni-Cu +4";
  EXPECT_EQ(mixing_enthalpy({.composition = "Cu46Zr46Al8"}).verdict, "shoulder") << "-23, -44, -1";
  EXPECT_EQ(mixing_enthalpy({.composition = "Cu46Zr46Al8", .alike = 0.6}).verdict, "pronounced");
  EXPECT_EQ(mixing_enthalpy({.composition = "Cu64Zr36"}).verdict, "undecided");
  EXPECT_EQ(mixing_enthalpy({.composition = "Cu64Zr36"}).pair_spread, 0);
}

TEST(MixingEnthalpy, TakesPairsThatAreGiven) {
  const MixingEnthalpy m = mixing_enthalpy({.composition = "La50Ni50", .enthalpies = {{"Ni-La", -30}}});
  EXPECT_NEAR(m.mixing_enthalpy, -30, 1e-12);
  EXPECT_THROW(mixing_enthalpy({.composition = "La50Ni50", .enthalpies = {{"Ni-Cu", -30}}}), InputError);
  EXPECT_THROW(mixing_enthalpy({.composition = "La50Rb50"}), InputError);
  EXPECT_NEAR(mixing_enthalpy({.composition = "La50Rb50", .enthalpies = {{"La-Rb", 52}}}).mixing_enthalpy, 52, 1e-12);
}

TEST(MixingEnthalpy, IsTheTableWithoutAComposition) { EXPECT_EQ(mixing_enthalpy().pairs.rows(), 780u); }

}  // namespace
}  // namespace heteroglass::relaxation
