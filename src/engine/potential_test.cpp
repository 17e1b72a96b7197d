#include "engine/potential.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "core/error.hpp"

namespace heteroglass::engine {
namespace {

namespace fs = std::filesystem;

class PotentialTest : public testing::Test {
 protected:
  PotentialTest() { fs::create_directories(folder); }
  ~PotentialTest() override { fs::remove_all(folder); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
    return (folder / name).string();
  }
  fs::path folder = fs::temp_directory_path() / ("heteroglass_potential_" + std::to_string(getpid()));
};

// Two elements, 2 density and 3 distance points: an EAM file has 2 + 3 values after the first element, Finnis-Sinclair 2 + 2 * 3.
const char* eam = "who\n2\n3\n2 Ni Zr\n2 0.1 3 0.2 6.5\n28 58.69 3.52 fcc\n1 2 3 4 5\n40 91.22 3.2 hcp\n1 2 3 4 5\n1 2 3 4 5 6 7 8 9\n";
const char* finnis = "who\n2\n3\n2 Ni Zr\n2 0.1 3 0.2 6.5\n28 58.69 3.52 fcc\n1 2 3 4 5 6 7 8\n40 91.22 3.2 hcp\n1 2 3 4 5 6 7 8\n";

TEST_F(PotentialTest, ReadsTheHeaderOfBothKinds) {
  const Potential a = find_potential(file("x.eam.alloy", eam), {"Zr"}), f = find_potential(file("x.eam.fs", finnis), {"Zr", "Ni"});
  EXPECT_EQ(a.style, "eam/alloy");
  EXPECT_EQ(f.style, "eam/fs");
  for (const Potential& p : {a, f}) {
    EXPECT_DOUBLE_EQ(p.mass("Ni"), 58.69);
    EXPECT_DOUBLE_EQ(p.mass("Zr"), 91.22);
    EXPECT_DOUBLE_EQ(p.cutoff, 6.5);
    EXPECT_EQ(p.reference, "who");
  }
  EXPECT_EQ(f.commands_after({"Zr", "Ni"}), "pair_style eam/fs\npair_coeff * * x.eam.fs Zr Ni\n");
}

TEST_F(PotentialTest, LackOfASpeciesNamesThoseThereAre) {
  try {
    find_potential(file("x.eam.fs", finnis), {"Ni", "Cu"});
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), testing::AllOf(testing::HasSubstr("no Cu"), testing::HasSubstr("Ni, Zr")));
  }
}

TEST_F(PotentialTest, BadFilesNameTheLine) {
  EXPECT_THROW(find_potential(file("a.eam.fs", "only\ntwo\n"), {}), FormatError);
  EXPECT_THROW(find_potential(file("b.eam.fs", std::string(finnis).substr(0, 60)), {}), FormatError);
  try {
    find_potential(file("c.eam.fs", "1\n2\n3\nCu Zr\n"), {});
    FAIL();
  } catch (const FormatError& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("c.eam.fs:4:"));
  }
}

TEST(Potential, UnknownNamesSuggestTheNearest) {
  try {
    find_potential("CuZr-Mendelev2008", {"Cu"});
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("did you mean 'CuZr-Mendelev2007'"));
  }
  EXPECT_THROW(find_potential("lj:kob-andersen", {}), InputError);
  EXPECT_THROW(find_potential("kim:", {}), InputError);
}

TEST(Potential, OpenKimModelsAreNamedToLammps) {
  const Potential p = find_potential("kim:EAM_X__MO_1_005", {"Cu", "Zr"});
  EXPECT_EQ(p.commands_before(), "kim init EAM_X__MO_1_005 metal\n");
  EXPECT_EQ(p.commands_after({"Cu", "Zr"}), "kim interactions Cu Zr\n");
  EXPECT_NEAR(p.mass("Cu"), 63.546, 1e-3);
}

TEST(Potential, AliasFindsTheFileOfLammps) {
  if (!fs::exists("/usr/share/lammps/potentials/CuZr_mm.eam.fs")) GTEST_SKIP() << "lammps-data is not installed";
  const Potential p = find_potential("CuZr-Mendelev2007", {"Cu", "Zr"});
  EXPECT_EQ(p.style, "eam/fs");
  EXPECT_NEAR(p.cutoff, 7.6, 1e-12);
  EXPECT_NEAR(p.mass("Zr"), 91.224, 0.01);
  EXPECT_THAT(p.reference, testing::HasSubstr("Mendelev"));
}

}  // namespace
}  // namespace heteroglass::engine
