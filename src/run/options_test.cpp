#include "run/options.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "sample_analysis.hpp"

namespace heteroglass::run {
namespace {

using test::SampleOptions;

SampleOptions with(const std::string& name, const std::string& text, UnitSystem system = UnitSystem::metal) {
  SampleOptions o;
  set_option(find_option(SampleOptions::fields(), name, "test"), &o, text, system);
  return o;
}

std::string error_of(const std::string& name, const std::string& text, UnitSystem system = UnitSystem::metal) {
  try {
    with(name, text, system);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Options, ReadsEveryKindWithItsUnit) {
  EXPECT_DOUBLE_EQ(with("r-cut", "0.35nm").r_cut, 3.5);
  EXPECT_DOUBLE_EQ(with("cutoff", "4").r_cut, 4);
  EXPECT_DOUBLE_EQ(*with("limit", "500MPa").limit, 0.5);
  EXPECT_EQ(with("bins", "1e2").bins, 100);
  EXPECT_TRUE(with("smooth", "").smooth);
  EXPECT_FALSE(with("smooth", "false").smooth);
  EXPECT_EQ(with("weights", "xray").weights, "xray");
  EXPECT_EQ(with("omega", "0.1rad/s, 1rad/s").omega, (std::vector<double>{0.1, 1}));
  EXPECT_EQ(with("names", "a,b").names, (std::vector<std::string>{"a", "b"}));
  EXPECT_DOUBLE_EQ(with("radii", "Cu=1.28,Zr=0.16nm").radii.at("Zr"), 1.6);
}

TEST(Options, TextReadsBackToTheSameValue) {
  const SampleOptions o = with("radii", "Cu=1.28,Zr=1.6");
  for (const Field& f : SampleOptions::fields()) {
    const std::string text = option_text(f, &o, UnitSystem::metal);
    if (text.empty()) continue;
    SampleOptions back;
    set_option(f, &back, text, UnitSystem::metal);
    EXPECT_EQ(option_text(f, &back, UnitSystem::metal), text) << f.name;
  }
}

TEST(Options, MessagesSayWhereWhatAndTheValueGot) {
  EXPECT_EQ(error_of("r-cut", "-1"), "--r-cut: must be greater than 0 angstrom, got -1 angstrom");
  EXPECT_EQ(error_of("bins", "0"), "--bins: must be at least 1 and at most 1000, got 0");
  EXPECT_EQ(error_of("bins", "2.5"), "--bins: must be a whole number, got '2.5'");
  EXPECT_NE(error_of("weights", "xrays").find("did you mean 'xray'"), std::string::npos);
  EXPECT_NE(error_of("r-cut", "3GPa").find("--r-cut: must be in angstrom, got 3 GPa"), std::string::npos) << error_of("r-cut", "3GPa");
  EXPECT_NE(error_of("omega", "1Hz").find("6.283185307 rad/s"), std::string::npos);
  EXPECT_NE(error_of("width", "3degC").find("difference in K"), std::string::npos);
  EXPECT_NE(error_of("radii", "1.28").find("NAME=VALUE"), std::string::npos);
  EXPECT_NE(error_of("omega", "1,-2").find("got -2 rad/s"), std::string::npos);
}

TEST(Options, UnknownNameGetsTheNearest) {
  try {
    find_option(SampleOptions::fields(), "rcut", "test/sample");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("did you mean 'r-cut'"), std::string::npos) << e.what();
  }
}

TEST(Options, LennardJonesOptionsAreInSigma) {
  EXPECT_DOUBLE_EQ(with("r-cut", "2.5sigma", UnitSystem::lj).r_cut, 2.5);
  EXPECT_DOUBLE_EQ(with("r-cut", "2.5", UnitSystem::lj).r_cut, 2.5);
  EXPECT_NE(error_of("limit", "2GPa", UnitSystem::lj).find("epsilon/sigma^3"), std::string::npos);
}

}  // namespace
}  // namespace heteroglass::run
