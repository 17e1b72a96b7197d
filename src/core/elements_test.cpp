#include "core/elements.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace heteroglass {
namespace {

TEST(Elements, AreInOrderAndFound) {
  ASSERT_EQ(elements().size(), 118U);
  for (std::size_t i = 0; i < elements().size(); ++i) {
    EXPECT_EQ(elements()[i].number, static_cast<int>(i) + 1);
    EXPECT_EQ(find_element(elements()[i].symbol), &elements()[i]);
  }
  EXPECT_EQ(find_element("Zz"), nullptr);
}

// Cu and Zr as in every Cu-Zr paper; lengths by Sears (1992).
TEST(Elements, CopperAndZirconium) {
  const Element &cu = element("Cu", "test"), &zr = element("Zr", "test");
  EXPECT_DOUBLE_EQ(cu.mass, 63.546);
  EXPECT_DOUBLE_EQ(zr.mass, 91.224);
  EXPECT_DOUBLE_EQ(cu.metallic_radius, 1.28);
  EXPECT_DOUBLE_EQ(zr.metallic_radius, 1.60);
  EXPECT_DOUBLE_EQ(cu.neutron_length, 7.718);
  EXPECT_DOUBLE_EQ(zr.neutron_length, 7.16);
  EXPECT_LT(element("Ti", "test").neutron_length, 0);
}

// A close-packed metal of radius r holds one atom in 4 sqrt(2) r^3; with the measured densities (g/cm^3) of fcc and hcp metals
// the radii must come out within 1.5 %.
TEST(Elements, RadiiGiveTheDensitiesOfClosePackedMetals) {
  for (const auto& [symbol, density] : {std::pair{"Al", 2.70},
                                        {"Ni", 8.91},
                                        {"Cu", 8.96},
                                        {"Ag", 10.49},
                                        {"Au", 19.30},
                                        {"Pd", 12.02},
                                        {"Pt", 21.45},
                                        {"Zr", 6.52},
                                        {"Ti", 4.51},
                                        {"Mg", 1.738},
                                        {"Y", 4.47},
                                        {"Gd", 7.90},
                                        {"Ca", 1.55}}) {
    const Element& e = element(symbol, "test");
    const double r = std::cbrt(e.mass / 0.602214076 / density / (4 * std::sqrt(2.0)));
    EXPECT_NEAR(r / e.metallic_radius, 1, 0.015) << symbol;
  }
}

TEST(Elements, AreFoundByMass) {
  EXPECT_EQ(element_of_mass(63.55)->symbol, "Cu");
  EXPECT_EQ(element_of_mass(58.69)->symbol, "Ni");
  EXPECT_EQ(element_of_mass(58.93)->symbol, "Co");
  EXPECT_EQ(element_of_mass(1.0, 0.005), nullptr);
  EXPECT_EQ(element_of_mass(43.0), nullptr);
}

TEST(Elements, MassesThatContradictAName) {
  EXPECT_FALSE(mass_contradicts(element("Cu", "test"), 63.5));
  EXPECT_FALSE(mass_contradicts(element("Zr", "test"), 91));
  EXPECT_TRUE(mass_contradicts(element("Cu", "test"), 91.224));
  EXPECT_TRUE(mass_contradicts(element("Co", "test"), 58.6934));  // nickel's
}

TEST(Elements, UnknownSymbolNamesTheNearest) {
  try {
    element("cu", "--elements");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(), "--elements: must be the symbol of an element, got 'cu' (did you mean 'Cu'?)");
  }
}

}  // namespace
}  // namespace heteroglass
