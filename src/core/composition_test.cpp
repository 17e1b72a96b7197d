#include "core/composition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "core/elements.hpp"
#include "core/error.hpp"

namespace heteroglass {
namespace {

TEST(Composition, ReadsAmountsInTheOrderWritten) {
  const Composition c = parse_composition("Cu64Zr36");
  EXPECT_EQ(c.symbols(), (std::vector<std::string>{"Cu", "Zr"}));
  EXPECT_DOUBLE_EQ(c.components[0].fraction, 0.64);
  EXPECT_NEAR(c.molar_mass(), 0.64 * 63.546 + 0.36 * 91.224, 1e-12);
}

TEST(Composition, NormalisesAndTakesOneForNoAmount) {
  EXPECT_DOUBLE_EQ(parse_composition("CuZr").components[1].fraction, 0.5);
  EXPECT_DOUBLE_EQ(parse_composition("Cu0.64Zr0.36").components[0].fraction, 0.64);
  const Composition vitreloy = parse_composition("Zr41.2Ti13.8Cu12.5Ni10Be22.5");
  EXPECT_DOUBLE_EQ(vitreloy.components[4].fraction, 0.225);
}

// 64 % of 2000 is whole; of 101 it is 64.64 + 36.36: the larger remainder gets the odd atom.
TEST(Composition, CountsAreExactAndSumToTheAtoms) {
  EXPECT_EQ(parse_composition("Cu64Zr36").counts(2000), (std::vector<int>{1280, 720}));
  EXPECT_EQ(parse_composition("Cu64Zr36").counts(101), (std::vector<int>{65, 36}));
  for (int n = 1; n < 50; ++n) {
    const std::vector<int> counts = parse_composition("Zr41.2Ti13.8Cu12.5Ni10Be22.5").counts(n);
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0), n);
  }
}

TEST(Composition, RefusesWhatIsNoComposition) {
  for (const char* text : {"", "64", "cu64", "Xx50Zr50", "Cu64Zr36Cu1", "Cu6.4.1Zr3", "Cu0Zr1", "Cu64,Zr36"})
    EXPECT_THROW(parse_composition(text), InputError) << text;
  try {
    parse_composition("Cu64Zn36Zx1", "--composition");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), testing::AllOf(testing::StartsWith("--composition"), testing::HasSubstr("'Zx'")));
  }
}

TEST(Elements, NumbersFollowEachOther) {
  int number = 0;
  for (const Element& e : elements()) EXPECT_EQ(e.number, ++number);
  EXPECT_EQ(find_element("U")->number, 92);
  EXPECT_EQ(find_element("cu"), nullptr);
}

}  // namespace
}  // namespace heteroglass
