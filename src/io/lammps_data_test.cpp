#include "io/lammps_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "crystals.hpp"
#include "io/test_files.hpp"

namespace heteroglass::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LammpsData : public test::Folder {};

const ReadOptions metal{UnitSystem::metal, {}, {}};

std::string data(const std::string& atoms, const std::string& title = "Atoms", const std::string& extra = "") {
  return "a title\n\n2 atoms\n2 atom types\n\n0 10 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n" + extra +
         "\nMasses\n\n1 63.55\n2 91.22 # Zr\n\n" + title + "\n\n" + atoms;
}

TEST_F(LammpsData, StylesByNameAndByColumns) {
  for (const auto& [title, atoms] : {std::pair{"Atoms", "2 2 1 2 3\n1 1 4 5 6\n"},
                                     {"Atoms # atomic", "2 2 1 2 3\n1 1 4 5 6\n"},
                                     {"Atoms", "2 2 0.5 1 2 3\n1 1 -.5 4 5 6\n"},
                                     {"Atoms # charge", "2 2 1 1 2 3\n1 1 1 4 5 6\n"},
                                     {"Atoms # molecular", "2 7 2 1 2 3\n1 7 1 4 5 6\n"},
                                     {"Atoms", "2 7 2 1 2 3\n1 7 1 4 5 6\n"},
                                     {"Atoms # full", "2 7 2 .5 1 2 3\n1 7 1 .5 4 5 6\n"},
                                     {"Atoms  # full", "2 7 2 .5 1 2 3 0 0 0\n1 7 1 .5 4 5 6 0 0 0\n"},
                                     {"Atoms", "2 2 1 2 3 0 0 0 # a comment\n1 1 4 5 6 0 0 0\n"}}) {
    const Frame f = read_frame(file("a", data(atoms, title)), metal);
    EXPECT_THAT(f.id, ElementsAre(1, 2)) << atoms;
    EXPECT_THAT(f.type, ElementsAre(0, 1)) << atoms;
    EXPECT_EQ(f.position[1], (Vec3{1, 2, 3})) << atoms;
    EXPECT_EQ(f.species[0].name, "Cu");
    EXPECT_EQ(f.species[1].name, "Zr");
    EXPECT_DOUBLE_EQ(f.species[0].mass, 63.55);
    EXPECT_TRUE(f.box.fully_periodic());
  }
  EXPECT_THAT(test::message([&] { read_frame(file("a", data("2 2 1 1 2 3\n1 1 1 4 5 6\n")), metal); }),
              HasSubstr(":17: the atom style must be told apart"));
  EXPECT_THAT(test::message([&] { read_frame(file("a", data("2 2 1 1 2 3\n1 1 1 4 5 6\n", "Atoms # dipole")), metal); }),
              HasSubstr("got 'dipole'"));
}

TEST_F(LammpsData, TiltImagesVelocitiesUnitsAndStep) {
  const std::string text =
      "LAMMPS data file via write_data, version 29 Sep 2021, timestep = 1200, units = real\n\n2 atoms\n1 atom types\n\n0 10 xlo xhi\n0 10 "
      "ylo yhi\n0 10 zlo zhi\n"
      "1 -2 3 xy xz yz\n\nPair Coeffs # lj/cut\n\n1 0.1 3\n\nAtoms # atomic\n\n2 1 1 1 1 0 -1 2\n1 1 2 2 2 0 0 0\n\nVelocities\n\n2 .001 0 "
      "0\n1 0 .002 0\n";
  const Frame f = read_frame(file("a", text), {UnitSystem::unknown, {"Cu"}, {}});
  EXPECT_EQ(f.timestep, 1200);
  EXPECT_EQ(f.box.edges()[0][2], -2);
  EXPECT_THAT(f.image[1], ElementsAre(0, -1, 2));
  EXPECT_DOUBLE_EQ(f.velocity[1].x, 1.0);
  EXPECT_DOUBLE_EQ(f.velocity[0].y, 2.0);
  EXPECT_EQ(f.species[0].name, "Cu");
  EXPECT_DOUBLE_EQ(f.species[0].mass, 63.546);
}

TEST_F(LammpsData, ReducedMassesAreNoHydrogen) {
  const std::string text = "t\n\n1 atoms\n1 atom types\n0 5 xlo xhi\n0 5 ylo yhi\n0 5 zlo zhi\n\nMasses\n\n1 1.0\n\nAtoms\n\n1 1 1 1 1\n";
  EXPECT_EQ(read_frame(file("a", text)).species[0].name, "");
  EXPECT_EQ(read_frame(file("a", text), {UnitSystem::lj, {"A"}, {}}).species[0].name, "A");
  EXPECT_EQ(test::message([&] { read_frame(path("a"), metal).require_species_names(); }).substr(0, 2), "2 ");
}

TEST_F(LammpsData, WrittenAndReadBackBitForBit) {
  Frame f = heteroglass::test::disordered(4);
  f = heteroglass::test::deformed(f, {{{{1.01, 0.07, -0.2}, {0, 0.99, 0.11}, {0, 0, 1.003}}}});
  f.normalise();
  f.timestep = 4242;
  f.time = 0.1 + 0.2;
  f.image.assign(f.size(), {0, 1, -2});
  f.velocity.assign(f.size(), {1.0 / 3, -1e-17, 12345.6789});
  write_lammps_data(path("a.data"), f);
  const Frame g = read_frame(path("a.data"));
  EXPECT_EQ(g.box.edges(), f.box.edges());
  EXPECT_EQ(g.box.origin(), f.box.origin());
  EXPECT_EQ(g.position, f.position);
  EXPECT_EQ(g.velocity, f.velocity);
  EXPECT_EQ(g.image, f.image);
  EXPECT_EQ(g.type, f.type);
  EXPECT_EQ(g.id, f.id);
  EXPECT_EQ(g.timestep, f.timestep);
  EXPECT_EQ(g.time, f.time);
  EXPECT_EQ(g.units, f.units);
  EXPECT_EQ(g.species[1].name, "Zr");
  EXPECT_EQ(g.species[1].mass, f.species[1].mass);
  Frame turned = f;
  turned.box = Box({{{{0, -10, 0}, {10, 0, 0}, {0, 0, 10}}}});
  EXPECT_THAT(test::message([&] { write_lammps_data(path("b"), turned); }), HasSubstr("a along x"));
  EXPECT_FALSE(std::filesystem::exists(path("b")));
}

TEST_F(LammpsData, LammpsReadsWhatIsWrittenAndWritesWhatIsRead) {
  if (std::system("command -v lmp > /dev/null 2>&1") != 0) GTEST_SKIP() << "no lmp here";
  Frame f = heteroglass::test::disordered(3);
  f = heteroglass::test::deformed(f, {{{{1, 0.1, -0.2}, {0, 1, 0.11}, {0, 0, 1}}}});
  f.normalise();
  f.velocity.assign(f.size(), {0.25, -0.5, 1});
  write_lammps_data(path("in.data"), f);
  file("in.lmp",
       "units metal\natom_style atomic\nread_data in.data\npair_style zero 3.0\npair_coeff * *\nrun 0\nwrite_data out.data\n"
       "write_dump all custom out.dump.gz type id xsu ysu zsu vx vy vz element mass modify element Cu Zr units yes time yes sort id\n"
       "write_dump all custom out.dump id type xs ys zs ix iy iz vx vy vz modify format float %.17g\n");
  const std::string command = "cd '" + path("") + "' && lmp -in in.lmp -log none > out.txt 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0) << read_file(path("out.txt"));
  for (const char* name : {"out.data", "out.dump.gz", "out.dump"}) {
    const Frame g = read_frame(path(name));
    ASSERT_EQ(g.size(), f.size()) << name;
    EXPECT_EQ(g.type, f.type) << name;
    double worst = 0;
    for (std::size_t i = 0; i < f.size(); ++i) worst = std::max(worst, norm(f.box.minimum_image(g.position[i] - f.position[i])));
    EXPECT_LT(worst, std::string(name) == "out.dump.gz" ? 1e-4 : 1e-12) << name;
    EXPECT_EQ(g.velocity[5], f.velocity[5]) << name;
    EXPECT_NEAR(g.box.volume(), f.box.volume(), 1e-9) << name;
  }
  EXPECT_EQ(read_frame(path("out.dump.gz")).species[1].name, "Zr");
  EXPECT_EQ(read_frame(path("out.data")).species[1].name, "Zr");
}

TEST_F(LammpsData, BadInputIsNamed) {
  const auto says = [&](const std::string& text) {
    const std::string name = file("bad", text);
    std::string m = test::message([&] { read_frame(name, metal); });
    if (const std::size_t at = m.find(name); at != std::string_view::npos) m.replace(at, name.size(), "F");
    return m;
  };
  EXPECT_EQ(says(data("1 1 1 2 3\n")), "3 F:17: section Atoms must have 2 lines, got 1 before the end of the file");
  EXPECT_EQ(says(data("1 1 1 2 3\n\n2 2 4 5 6\n")), "3 F:18: section Atoms must have 2 lines, got 1");
  EXPECT_EQ(says(data("1 1 1 2 3\n2 3 4 5 6\n")), "3 F:18: atom types must be 1 to 2, got 3");
  EXPECT_EQ(says(data("1 1 1 2 3\n1 2 4 5 6\n")), "3 F:18: atom ids must be unique, got 1 again (first in line 17)");
  EXPECT_EQ(says(data("1 1 1 2 inf\n2 2 4 5 6\n")), "3 F:17: column 5 must be a finite coordinate, got 'inf'");
  EXPECT_EQ(says("t\n\n1 atoms\n1 atom types\n5 0 xlo xhi\n0 5 ylo yhi\n0 5 zlo zhi\n\nAtoms\n\n1 1 1 1 1\n"),
            "3 F:7: box: xhi must exceed xlo, got 0 and 5");
  EXPECT_EQ(says("t\n\n1 atoms\n1 atom types\n0 5 xlo xhi\n0 5 ylo yhi\n\nAtoms\n\n1 1 1 1 1\n"),
            "3 F:8: the header must give the box (xlo xhi, ylo yhi, zlo zhi) before the first section, got no such lines");
  EXPECT_EQ(says("t\n\n1 atoms\n1 atom types\n0 5 xlo xhi\n0 5 ylo yhi\n0 5 zlo zhi\n\nMasses\n\n1 -3\n\nAtoms\n\n1 1 1 1 1\n"),
            "3 F:11: a line of Masses must be a type from 1 to 1 and a positive mass, got '1 -3'");
  EXPECT_THAT(test::message([&] {
                read_frame(file("m", data("1 1 1 2 3\n2 2 4 5 6\n")), {UnitSystem::metal, {"Zr", "Cu"}, {}});
              }),
              HasSubstr("must agree with the masses"));
  EXPECT_THAT(test::message([&] { read_frame(file("x", "neither fish nor fowl\n")); }), testing::StartsWith("3 "));
  EXPECT_THAT(test::message([&] { read_frame(path("none")); }), HasSubstr("No such file"));
}

}  // namespace
}  // namespace heteroglass::io
