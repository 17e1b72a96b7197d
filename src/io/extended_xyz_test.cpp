#include "io/extended_xyz.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "crystals.hpp"
#include "io/test_files.hpp"
#include "io/xyz_comment.hpp"

namespace heteroglass::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ExtendedXyz : public test::Folder {};

const ReadOptions metal{UnitSystem::metal, {}, {}};

Frame full_frame() {
  Frame f = heteroglass::test::disordered(3);
  f = heteroglass::test::deformed(f, {{{{1.01, 0.07, -0.2}, {0.3, 0.99, 0.11}, {-0.1, 0, 1.003}}}});
  f.box = Box(f.box.edges(), {1.0 / 3, -7, 1e-3}, {true, true, false});
  for (Vec3& r : f.position) r += f.box.origin();
  f.normalise();
  f.timestep = -3;
  f.time = 2.5;
  for (std::size_t i = 0; i < f.size(); ++i) f.id[i] = 10 + 3 * static_cast<std::int64_t>(i);
  f.image.assign(f.size(), {3, 1, -2});
  f.velocity.assign(f.size(), {1.0 / 3, -1e-300, 12345.6789});
  std::vector<double> index(4 * f.size()), d2min(f.size());
  for (std::size_t i = 0; i < index.size(); ++i) index[i] = double(i % 13);
  for (std::size_t i = 0; i < d2min.size(); ++i) d2min[i] = std::sin(double(i));
  d2min[3] = std::numeric_limits<double>::quiet_NaN();
  f.properties = {{"Voronoi Index", "1", 4, index}, {"d2min", "angstrom^2", 1, d2min}};
  return f;
}

void expect_same(const Frame& g, const Frame& f) {
  EXPECT_EQ(g.box.edges(), f.box.edges());
  EXPECT_EQ(g.box.origin(), f.box.origin());
  EXPECT_EQ(g.box.periodicity(), f.box.periodicity());
  EXPECT_EQ(g.position, f.position);
  EXPECT_EQ(g.velocity, f.velocity);
  EXPECT_EQ(g.image, f.image);
  EXPECT_EQ(g.id, f.id);
  EXPECT_EQ(g.type, f.type);
  EXPECT_EQ(g.timestep, f.timestep);
  EXPECT_EQ(g.time, f.time);
  EXPECT_EQ(g.units, f.units);
  ASSERT_EQ(g.species.size(), f.species.size());
  for (std::size_t s = 0; s < f.species.size(); ++s) {
    EXPECT_EQ(g.species[s].name, f.species[s].name);
    EXPECT_EQ(g.species[s].mass, f.species[s].mass);
  }
  ASSERT_EQ(g.properties.size(), f.properties.size());
  for (std::size_t p = 0; p < f.properties.size(); ++p) {
    EXPECT_EQ(g.properties[p].name, extended_xyz_name(f.properties[p].name));
    EXPECT_EQ(g.properties[p].unit, f.properties[p].unit);
    EXPECT_EQ(g.properties[p].components, f.properties[p].components);
    ASSERT_EQ(g.properties[p].values.size(), f.properties[p].values.size());
    for (std::size_t i = 0; i < f.properties[p].values.size(); ++i) {
      const double a = g.properties[p].values[i], b = f.properties[p].values[i];
      EXPECT_TRUE(a == b || (std::isnan(a) && std::isnan(b)));
    }
  }
}

TEST_F(ExtendedXyz, WrittenAndReadBackBitForBit) {
  Frame f = full_frame();
  write_extxyz(path("a.xyz"), {f});
  expect_same(read_frame(path("a.xyz")), f);
  f.species = {{"", 1}, {"", 0}};  // a Lennard-Jones frame without names
  f.units = UnitSystem::lj;
  f.properties.clear(), f.velocity.clear(), f.image.clear();
  Frame g = f;
  g.timestep = 5;
  write_extxyz(path("b.xyz.gz"), {f, g});
  const auto t = open_trajectory(path("b.xyz.gz"));
  ASSERT_EQ(t->size(), 2U);
  EXPECT_TRUE(t->warnings().empty());
  EXPECT_EQ(t->timestep(1), 5);
  expect_same(t->frame(0), f);
  expect_same(t->frame(1), g);
}

TEST_F(ExtendedXyz, CommentLine) {
  const auto c = parse_xyz_comment(R"(Lattice="1 0 0" Time = 0.5 flag pbc='T T F' name={a b} Odd="say \"x\"" last)");
  EXPECT_EQ(c.at("lattice"), "1 0 0");
  EXPECT_EQ(c.at("time"), "0.5");
  EXPECT_EQ(c.at("flag"), "T");
  EXPECT_EQ(c.at("pbc"), "T T F");
  EXPECT_EQ(c.at("name"), "a b");
  EXPECT_EQ(c.at("odd"), "say \"x\"");
  EXPECT_EQ(c.at("last"), "T");
  EXPECT_TRUE(parse_xyz_columns("species:S").empty());
  EXPECT_TRUE(parse_xyz_columns("species:S:x").empty());
  ASSERT_EQ(parse_xyz_columns("a:S:1:b:R:3").size(), 2U);
}

TEST_F(ExtendedXyz, ColumnsInAnyOrder) {
  const Frame f =
      read_frame(file("a.xyz",
                      "2\nproperties=q:R:1:pos:R:3:name:S:1:species:S:1:id:I:1:flag:L:1:velo:R:3 Lattice=\"5 0 0 0 5 0 0 0 5\"\n"
                      ".5 1 2 3 ca Zr 8 T 1 0 0\n.25 2 3 4 cb Cu 7 F 0 1 0\n"),
                 metal);
  EXPECT_THAT(f.id, ElementsAre(7, 8));
  EXPECT_EQ(f.species_name(static_cast<std::size_t>(f.type[0])), "Cu");
  EXPECT_EQ(f.position[0], (Vec3{2, 3, 4}));
  EXPECT_EQ(f.velocity[0], (Vec3{0, 1, 0}));
  ASSERT_EQ(f.properties.size(), 1U);
  EXPECT_THAT(f.properties[0].values, ElementsAre(.25, .5));
  EXPECT_TRUE(f.box.fully_periodic());
}

TEST_F(ExtendedXyz, PlainXyzHasNoBox) {
  const auto t = open_trajectory(file("a.xyz", "2\nwater? no\nCu 0 0 0 9 9\nZr 1 2 3 9 9\n2\n\nCu 0 0 0 9 9\nZr 1 2 3 9 9"), metal);
  ASSERT_EQ(t->size(), 2U);
  EXPECT_THAT(t->warnings()[0], HasSubstr("no Lattice"));
  const Frame f = t->frame(1);
  EXPECT_THAT(f.box.periodicity(), ElementsAre(false, false, false));
  EXPECT_EQ(f.box.edges()[2][2], 5);
  EXPECT_EQ(f.size(), 2U);
}

TEST_F(ExtendedXyz, BadInputIsNamed) {
  const auto says = [&](const std::string& text) {
    const std::string name = file("bad.xyz", text);
    std::string m = test::message([&] { read_frame(name, metal); });
    if (const std::size_t at = m.find(name); at != std::string_view::npos) m.replace(at, name.size(), "F");
    return m;
  };
  const std::string head = "2\nLattice=\"5 0 0 0 5 0 0 0 5\"";
  EXPECT_EQ(says(head + "\nCu 1 2 3\n"), "3 F:3: a frame must have 2 atoms, got 1 lines before the end of the file");
  EXPECT_EQ(says(head + "\nCu 1 2 3\nZr 1 nan 3\n"), "3 F:4: column 3 must be a finite coordinate, got 'nan'");
  EXPECT_EQ(says(head + "\nCu 1 2 3\nZr 1 2 3\nxy\n"), "3 F:5: a frame must begin with its number of atoms, got 'xy'");
  EXPECT_EQ(says(head + " pbc=\"T T\"\nCu 1 2 3\nZr 1 2 3\n"), "3 F:2: pbc must be three of T and F, got 'T T'");
  EXPECT_EQ(says(head + " Properties=pos:R\nCu 1 2 3\nZr 1 2 3\n"),
            "3 F:2: Properties must be name:kind:count triples with kind S, R, I or L, got 'pos:R'");
  EXPECT_EQ(says(head + " Properties=species:S:1\nCu\nZr\n"), "3 F:2: Properties must hold pos:R:3 once, got 0 coordinates");
  EXPECT_THAT(says("1\nLattice=\"5 0 0 0 5 0 0 0 -5\"\nCu 1 2 3\n"), HasSubstr("F:2: box: the volume must be positive, got -125"));
  EXPECT_THAT(says(head + " pbc=\"T T F\"\nCu 1 2 3\nZr 1 2 7\n"),
              HasSubstr("F:4: atoms must lie inside the non-periodic boundary along z, got 7"));
}

TEST_F(ExtendedXyz, AseReadsWhatIsWrittenAndBack) {
  if (std::system("/usr/bin/python3 -c 'import ase.io' > /dev/null 2>&1") != 0) GTEST_SKIP() << "no ASE here";
  const Frame f = full_frame();
  write_extxyz(path("a.xyz"), {f, f});
  file("ase_round_trip.py",
       "import numpy as np\nfrom ase.io import read, write\n"
       "frames = read('a.xyz', ':')\nassert len(frames) == 2\na = frames[1]\n"
       "assert list(a.pbc) == [True, True, False], a.pbc\n"
       "assert a.arrays['Voronoi_Index'].shape == (len(a), 4)\nassert a.arrays['velo'].shape == (len(a), 3)\n"
       "assert a.info['Timestep'] == -3 and a.info['Time'] == 2.5\n"
       "np.savetxt('positions.txt', a.positions, fmt='%.17g')\nnp.savetxt('cell.txt', a.cell[:], fmt='%.17g')\n"
       "open('symbols.txt', 'w').write(' '.join(a.get_chemical_symbols()))\n"
       "write('b.xyz', a, format='extxyz')\n");
  const std::string command = "cd '" + path("") + "' && /usr/bin/python3 ase_round_trip.py > out.txt 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0) << read_file(path("out.txt"));
  std::string expected, symbols;
  for (const Vec3& r : f.position) expected += fmt::format("{:.17g} {:.17g} {:.17g}\n", r.x, r.y, r.z);
  for (int t : f.type) symbols += (symbols.empty() ? "" : " ") + f.species[static_cast<std::size_t>(t)].name;
  EXPECT_EQ(read_file(path("positions.txt")), expected);
  EXPECT_EQ(read_file(path("symbols.txt")), symbols);
  const Frame g = read_frame(path("b.xyz"));  // ASE writes eight decimals
  ASSERT_EQ(g.size(), f.size());
  EXPECT_EQ(g.type, f.type);
  EXPECT_EQ(g.id, f.id);
  for (std::size_t i = 0; i < f.size(); ++i) EXPECT_LT(norm(g.position[i] - f.position[i]), 1e-7);
}

}  // namespace
}  // namespace heteroglass::io
