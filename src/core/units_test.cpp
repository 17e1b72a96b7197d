#include "core/units.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace heteroglass {
namespace {

double q(const char* text, const char* unit) { return parse_quantity(text, unit, "--x"); }

TEST(Units, BareNumberHasTheDocumentedUnit) { EXPECT_EQ(q("3.5", "angstrom"), 3.5); }

TEST(Units, ConvertsBySIFactors) {
  EXPECT_DOUBLE_EQ(q("37.4GPa", "Pa"), 37.4e9);
  EXPECT_DOUBLE_EQ(q("1.7nm^3", "angstrom^3"), 1700);
  EXPECT_DOUBLE_EQ(q("20 K/min", "K/s"), 20.0 / 60);
  EXPECT_NEAR(q("294.5degC", "K"), 567.65, 1e-12);
  EXPECT_NEAR(q("1e10/s", "1/ps"), 0.01, 1e-15);
  EXPECT_NEAR(q("180deg", "rad"), 3.14159265358979, 1e-14);
  EXPECT_NEAR(q("6.7g/cm^3", "kg/m^3"), 6700, 1e-9);
  EXPECT_DOUBLE_EQ(q("0.03468/A^3", "1/angstrom^3"), 0.03468);
}

TEST(Units, SlashDividesByTheNextFactorOnlyAndParenthesesGroup) {
  EXPECT_DOUBLE_EQ(q("0.55J/g/K", "J/(kg K)"), 550);
  EXPECT_DOUBLE_EQ(q("0.55 J/(g K)", "J/g/K"), 0.55);
  EXPECT_DOUBLE_EQ(q("2m/s*K", "m K/s"), 2);
}

TEST(Units, SpellingsOfMicroDegreeAndAngstrom) {
  for (const char* micro : {"2um", "2µm", "2μm"}) EXPECT_NEAR(q(micro, "nm"), 2000, 1e-9) << micro;
  for (const char* a : {"2A", "2Å", "2Å", "2angstrom", "2Angstrom"}) EXPECT_DOUBLE_EQ(q(a, "angstrom"), 2) << a;
  for (const char* c : {"20degC", "20°C", "20℃", "20 deg C"}) EXPECT_DOUBLE_EQ(q(c, "K"), 293.15) << c;
}

TEST(Units, EnergyPerMoleConvertsByAvogadro) { EXPECT_NEAR(q("1eV", "kJ/mol"), 96.48533212, 1e-7); }

TEST(Units, HertzForAngularFrequencyIsRefusedWithTheConvertedValue) {
  try {
    q("1Hz", "rad/s");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("6.283185307 rad/s"), std::string::npos) << e.what();
  }
}

TEST(Units, ATemperatureDifferenceTakesKelvinOnly) {
  EXPECT_EQ(parse_quantity("6.5K", "K", "--dt", true), 6.5);
  EXPECT_THROW(parse_quantity("6.5degC", "K", "--dt", true), InputError);
}

TEST(Units, ARatioOfAmplitudesIsNoUnit) { EXPECT_THROW(parse_unit("A0"), InputError); }

TEST(Units, WrongDimensionUnknownUnitAndNonsenseAreRefused) {
  EXPECT_THROW(q("3GPa", "angstrom"), InputError);
  EXPECT_THROW(q("3foo", "angstrom"), InputError);
  EXPECT_THROW(q("abc", "angstrom"), InputError);
  EXPECT_THROW(q("nan", "angstrom"), InputError);
  EXPECT_THROW(q("", "angstrom"), InputError);
}

TEST(Units, LennardJonesDataNeverTakePhysicalUnits) {
  EXPECT_EQ(unit_in(UnitSystem::lj, "angstrom"), "sigma");
  EXPECT_EQ(unit_in(UnitSystem::lj, "GPa"), "epsilon/sigma^3");
  EXPECT_EQ(unit_in(UnitSystem::lj, "1/angstrom^3"), "1/sigma^3");
  EXPECT_EQ(unit_in(UnitSystem::lj, "1/s"), "1/tau");
  EXPECT_EQ(unit_in(UnitSystem::lj, "K"), "epsilon");
  EXPECT_EQ(unit_in(UnitSystem::lj, "eV"), "epsilon");
  EXPECT_EQ(unit_in(UnitSystem::metal, "GPa"), "GPa");
  EXPECT_THROW(q("2GPa", "epsilon/sigma^3"), InputError);
}

}  // namespace
}  // namespace heteroglass
