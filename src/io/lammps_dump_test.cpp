#include "io/lammps_dump.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include "io/file_sequence.hpp"
#include "io/test_files.hpp"

namespace heteroglass::io {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

class LammpsDump : public test::Folder {};

std::string header(long step, int n, const std::string& columns = "id type x y z") {
  return fmt::format("ITEM: TIMESTEP\n{}\nITEM: NUMBER OF ATOMS\n{}\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\nITEM: ATOMS {}\n", step,
                     n, columns);
}

const ReadOptions metal{UnitSystem::metal, {}, {}};

TEST_F(LammpsDump, AnyColumnOrderSortedById) {
  const Frame f = read_frame(
      file("a", header(7, 2, "z c_pe type y id x vx vy vz f_s[1]") + "3 -4.5 2 2 9 1 .1 .2 .3 8 \n6 -4.25 1 5 4 4 .4 .5 .6 7 \n"), metal);
  EXPECT_EQ(f.timestep, 7);
  EXPECT_THAT(f.id, ElementsAre(4, 9));
  EXPECT_THAT(f.type, ElementsAre(0, 1));
  EXPECT_EQ(f.position[1], (Vec3{1, 2, 3}));
  EXPECT_EQ(f.velocity[0], (Vec3{.4, .5, .6}));
  ASSERT_NE(f.property("f_s[1]"), nullptr);
  EXPECT_THAT(f.property("f_s[1]")->values, ElementsAre(7, 8));
  EXPECT_THAT(f.property("c_pe")->values, ElementsAre(-4.25, -4.5));
  EXPECT_TRUE(f.image.empty());
}

// One atom at fractional (0.25, 0.5, 0.75) in the cell (-1, -1, 1), written in every way LAMMPS knows.
TEST_F(LammpsDump, ScaledAndUnwrappedCoordinatesAgree) {
  for (const auto& [columns, values] : {std::pair{"id type x y z ix iy iz", "1 1 2.5 5 7.5 -1 -1 1"},
                                        {"id type xs ys zs ix iy iz", "1 1 .25 .5 .75 -1 -1 1"},
                                        {"id type xu yu zu", "1 1 -7.5 -5 17.5"},
                                        {"id type xsu ysu zsu", "1 1 -.75 -.5 1.75"},
                                        {"id type x y z xu yu zu", "1 1 2.5 5 7.5 -7.5 -5 17.5"}}) {
    const Frame f = read_frame(file("a", header(0, 1, columns) + values + "\n"), metal);
    EXPECT_EQ(f.position[0], (Vec3{2.5, 5, 7.5})) << columns;
    ASSERT_EQ(f.image.size(), 1U) << columns;
    EXPECT_THAT(f.image[0], ElementsAre(-1, -1, 1)) << columns;
    EXPECT_TRUE(f.properties.empty()) << columns;
  }
}

TEST_F(LammpsDump, TriclinicBoundsAreOfTheBoundingBox) {
  const std::string text =
      "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS xy xz yz pp pp ff\n-3 14 -3\n1 11.5 4\n0 8 .5\nITEM: ATOMS id type xs "
      "ys zs\n1 1 .5 .5 .5\n";
  const Frame f = read_frame(file("a", text), metal);
  // xlo = -3 - min(0, -3, 4, 1) = 0, xhi = 14 - max(0, -3, 4, 1) = 10, yhi = 11.5 - 0.5
  EXPECT_EQ(f.box.edges(), (Mat3{{{{10, -3, 4}, {0, 10, .5}, {0, 0, 8}}}}));
  EXPECT_EQ(f.box.origin(), (Vec3{0, 1, 0}));
  EXPECT_THAT(f.box.periodicity(), ElementsAre(true, true, false));
  EXPECT_EQ(f.position[0], (Vec3{5.5, 6.25, 4}));
}

TEST_F(LammpsDump, GeneralTriclinicBox) {
  const std::string text =
      "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS abc origin pp pp pp\n0 8 0 1\n-8 0 0 2\n0 0 8 3\nITEM: ATOMS id type "
      "x y z\n1 1 0 3 4\n";
  const Frame f = read_frame(file("a", text), metal);
  EXPECT_EQ(f.box.edge(0), (Vec3{0, 8, 0}));
  EXPECT_EQ(f.box.edge(1), (Vec3{-8, 0, 0}));
  EXPECT_EQ(f.box.origin(), (Vec3{1, 2, 3}));
}

TEST_F(LammpsDump, UnitsAndTime) {
  const std::string text = "ITEM: UNITS\nreal\nITEM: TIME\n500\n" + header(250, 1, "id type x y z vx vy vz") +
                           "1 1 1 2 3 1e-3 0 0\nITEM: TIME\n1000\n" + header(500, 1, "id type x y z vx vy vz") + "1 1 1 2 3 2e-3 0 0\n";
  const std::string name = file("a", text);
  const auto t = open_trajectory(name);
  ASSERT_EQ(t->size(), 2U);
  EXPECT_EQ(t->timestep(1), 500);
  EXPECT_TRUE(t->warnings().empty());
  const Frame f = t->frame(1);
  EXPECT_EQ(f.units, UnitSystem::metal);  // converted
  EXPECT_DOUBLE_EQ(*f.time, 1.0);
  EXPECT_DOUBLE_EQ(f.velocity[0].x, 2.0);
  EXPECT_EQ(test::message([&] { read_frame(name, {UnitSystem::lj, {}, {}}); }), "2 --units: must agree with " + name + " (real), got lj");
}

TEST_F(LammpsDump, TimeFromTheTimestep) {
  const Frame f = read_frame(file("a", header(250, 1) + "1 1 1 2 3\n"), {UnitSystem::metal, {}, 0.002});
  EXPECT_DOUBLE_EQ(*f.time, 0.5);
}

TEST_F(LammpsDump, ElementsByColumnAndByOption) {
  const std::string by_name = file("a", header(0, 3, "id element x y z") + "1 Zr 1 1 1\n2 Cu 2 2 2\n3 Zr 3 3 3\n");
  const Frame f = read_frame(by_name, metal);
  ASSERT_EQ(f.species.size(), 2U);
  EXPECT_EQ(f.species[0].name, "Cu");
  EXPECT_DOUBLE_EQ(f.species[1].mass, 91.224);
  EXPECT_THAT(f.type, ElementsAre(1, 0, 1));
  EXPECT_THAT(read_frame(by_name, {UnitSystem::metal, {"Zr", "Cu"}, {}}).type, ElementsAre(0, 1, 0));
  const std::string by_type = file("b", header(0, 2) + "1 1 1 1 1\n2 2 2 2 2\n");
  EXPECT_EQ(read_frame(by_type, {UnitSystem::metal, {"Cu", "Zr"}, {}}).species[1].name, "Zr");
  EXPECT_EQ(test::message([&] {
              read_frame(by_type, {UnitSystem::metal, {"Cu"}, {}});
            }),
            "2 --elements: must name all 2 types of " + by_type + ", got 1");
  EXPECT_EQ(test::message([&] {
              read_frame(by_type, {UnitSystem::metal, {"Cu", "Zz"}, {}});
            }),
            "2 --elements: must be the symbol of an element, got 'Zz'" + std::string(" (did you mean 'Zn'?)"));
}

TEST_F(LammpsDump, ElementsAgainstMasses) {
  const std::string name = file("a", header(0, 2, "id type mass x y z") + "1 1 63.55 1 1 1\n2 2 91.22 2 2 2\n");
  EXPECT_EQ(read_frame(name, metal).species[0].name, "Cu");
  EXPECT_EQ(test::message([&] {
              read_frame(name, {UnitSystem::metal, {"Zr", "Cu"}, {}});
            }),
            "2 --elements: must agree with the masses in " + name + " (type 1 has 63.55 g/mol), got Zr (91.224 g/mol)");
}

TEST_F(LammpsDump, FramesBySelection) {
  std::string text;
  for (int i = 0; i < 6; ++i) text += header(100 * i, 1) + fmt::format("1 1 {} 2 3\n", i);
  const std::string name = file("a.lammpstrj", text);
  EXPECT_EQ(read_frame(name + "@0", metal).timestep, 0);
  EXPECT_EQ(read_frame(name + "@-1", metal).timestep, 500);
  EXPECT_EQ(read_frames(name + "@1:5:2", metal).size(), 2U);
  EXPECT_EQ(read_frames(name + "@::-1", metal).front().timestep, 500);
  EXPECT_EQ(read_frames(name + "@-2:", metal).front().timestep, 400);
  Context context;
  EXPECT_EQ(read_frame(name, metal, context).timestep, 500);
  ASSERT_EQ(context.warnings().size(), 1U);
  EXPECT_THAT(context.warnings()[0], HasSubstr("6 frames; the last one (step 500) is used"));
  EXPECT_THAT(test::message([&] { read_frame(name + "@6", metal); }), HasSubstr("the frame must be -6 to 5, got 6"));
  EXPECT_THAT(test::message([&] { read_frame(name + "@x", metal); }), HasSubstr("got 'x'"));
  EXPECT_THAT(test::message([&] { read_frames(name + "@4:2", metal); }), HasSubstr("got none"));
}

TEST_F(LammpsDump, CompressedIsTheSame) {
  const std::string text = header(1, 1) + "1 1 1 2 3\n" + header(2, 1) + "1 1 1 2 4\n";
  const auto t = open_trajectory(file("a.gz", text), metal);
  ASSERT_EQ(t->size(), 2U);
  EXPECT_EQ(t->frame(1).position[0].z, 4);
}

TEST_F(LammpsDump, SequenceInNumericalOrder) {
  for (int step : {10, 9, 100}) file(fmt::format("dump.{}", step), header(step, 1) + "1 1 1 2 3\n");
  const auto t = open_trajectory(path("dump.*"), metal);
  ASSERT_EQ(t->size(), 3U);
  EXPECT_EQ(t->timestep(0), 9);
  EXPECT_EQ(t->frame(2).timestep, 100);
  EXPECT_TRUE(t->warnings().empty());
  EXPECT_TRUE(numerical_less("d.9.a", "d.10.a"));
  EXPECT_FALSE(numerical_less("d.010", "d.10"));
  EXPECT_THAT(test::message([&] { open_trajectory(path("none.*")); }), HasSubstr("must match at least one file"));
}

TEST_F(LammpsDump, RepeatedAndFallingStepsAreSaid) {
  const auto t =
      open_trajectory(file("a", header(5, 1) + "1 1 1 2 3\n" + header(5, 1) + "1 1 1 2 3\n" + header(0, 1) + "1 1 1 2 3\n"), metal);
  ASSERT_EQ(t->warnings().size(), 1U);
  EXPECT_THAT(t->warnings()[0], HasSubstr("got 1 repeated and 1 falling"));
}

TEST_F(LammpsDump, MissingIdsAreSaid) {
  const auto t = open_trajectory(file("a", header(5, 2, "type x y z") + "1 1 2 3\n1 4 5 6\n"), metal);
  ASSERT_EQ(t->warnings().size(), 1U);
  EXPECT_THAT(t->warnings()[0], HasSubstr("no atom ids"));
  EXPECT_THAT(t->frame(0).id, ElementsAre(1, 2));
}

TEST_F(LammpsDump, TruncatedLastFrame) {
  const std::string whole = header(1, 2) + "1 1 1 2 3\n2 1 4 5 6\n";
  const std::string name = file("a", whole + header(2, 2) + "1 1 1 2");
  const auto t = open_trajectory(name, metal);
  ASSERT_EQ(t->warnings().size(), 1U);
  EXPECT_EQ(t->warnings()[0],
            "the last frame is not whole: " + name +
                ":21: the frame of step 2 must hold 2 atoms, got 1 lines before the end of the file; the last whole frame is " + name +
                "@0");
  EXPECT_EQ(t->frame(0).timestep, 1);
  EXPECT_THAT(test::message([&] { t->frame(1); }), testing::StartsWith("3 " + name + ":21: "));
  // cut inside the last number
  const std::string inside = file("b", header(2, 1) + "1 1 1 2 3.2");
  EXPECT_THAT(test::message([&] { read_frame(inside, metal); }), HasSubstr(":10: the last line must end with a line end"));
  // cut in the header, and a restarted run that appended
  const std::string appended = file("c", header(2, 1).substr(0, 30) + "\n" + whole);
  EXPECT_EQ(open_trajectory(appended, metal)->size(), 2U);
  EXPECT_THAT(test::message([&] { read_frame(appended + "@0", metal); }), testing::StartsWith("3 "));
}

// Each mistake with the line and the value.
TEST_F(LammpsDump, BadInputIsNamed) {
  const auto says = [&](const std::string& text) {
    const std::string name = file("bad", text);
    std::string m = test::message([&] { read_frame(name, metal); });
    if (const std::size_t at = m.find(name); at != std::string_view::npos) m.replace(at, name.size(), "F");
    return m;
  };
  EXPECT_EQ(says(header(0, 2) + "1 1 1 2 nan\n2 1 4 5 6\n"), "3 F:10: column 5 must be a finite coordinate, got 'nan'");
  EXPECT_EQ(says(header(0, 2) + "1 1 1 2 3\n2 1 4 -inf 6\n"), "3 F:11: column 4 must be a finite coordinate, got '-inf'");
  EXPECT_EQ(says(header(0, 2) + "1 1 1 2 3\n2 1 4 5,5 6\n"), "3 F:11: column 4 must be a finite coordinate, got '5,5'");
  EXPECT_EQ(says(header(0, 2) + "1 1 1 2 3\n2 1 4 5\n"), "3 F:11: an atom's line must have 5 columns, got 4 ('2 1 4 5')");
  EXPECT_EQ(says(header(0, 2) + "1 1 1 2 3\n2 1 4 5 6 7\n"), "3 F:11: an atom's line must have 5 columns, got 6 ('2 1 4 5 6 7')");
  EXPECT_EQ(says(header(0, 2) + "1 0 1 2 3\n2 1 4 5 6\n"), "3 F:10: column 2 must be an atom type (whole number from 1), got '0'");
  EXPECT_EQ(says(header(0, 2) + "2 1 1 2 3\n2 1 4 5 6\n"), "3 F:11: atom ids must be unique, got 2 again (first in line 10)");
  EXPECT_EQ(says(header(0, 1) + "1 1 1 2 3\n2 1 4 5 6\n"), "3 F:11: a new ITEM must follow the 1 atoms of step 0, got another line");
  EXPECT_EQ(says(header(0, 1, "id type vx vy vz") + "1 1 1 2 3\n"),
            "3 F:9: a dump must hold x y z, xs ys zs, xu yu zu or xsu ysu zsu, got columns 'id type vx vy vz'");
  EXPECT_EQ(says("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\nx\n"), "3 F:4: the number of atoms must be a whole number, got 'x'");
  EXPECT_EQ(says("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 0\n0 1\n0 1\nITEM: ATOMS id x y z\n1 0 0 0\n"),
            "3 F:8: box: xhi must exceed xlo, got 0 and 0");
  EXPECT_EQ(
      says("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp ff pp\n0 1\n0 1\n0 1\nITEM: ATOMS id x y z\n1 0 1.5 0\n"),
      "3 F:10: atoms must lie inside the non-periodic boundary along y, got 1.5 (box 0 to 1)");
  EXPECT_EQ(says(header(0, 0)), "3 F:10: a frame must hold at least one atom, got 0");
  EXPECT_THAT(says("ITEM: UNITS\nsi\n" + header(0, 1) + "1 1 1 2 3\n"), HasSubstr(":2: units must be metal, real or lj, got 'si'"));
}

TEST_F(LammpsDump, AtomsMayStickOutOfAShrinkWrappedBox) {
  const std::string text =
      "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp ss pp\n0 1\n0 1\n0 1\nITEM: ATOMS id x y z\n1 0 1.25 0\n2 0 0 0\n";
  const Frame f = read_frame(file("a", text), metal);
  EXPECT_DOUBLE_EQ(f.box.edges()[1][1], 1.25);
}

TEST_F(LammpsDump, SameResultOnOneAndManyThreads) {
  std::string text = header(0, 30000, "id type x y z c_1");
  for (int i = 0; i < 30000; ++i)
    text += fmt::format("{} {} {} {} {} {}\n", (i * 7919) % 30000 + 1, i % 3 + 1, i % 10 * 0.37, i % 7 * 1.1e0,
                        i % 11 * 0.123456789012345678, -i * 1e-30);
  const std::string name = file("a", text);
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);
  const Frame a = read_frame(name, metal);
  omp_set_num_threads(3);
  const Frame b = read_frame(name, metal);
  omp_set_num_threads(threads);
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.type, b.type);
  EXPECT_EQ(a.position, b.position);
  EXPECT_EQ(a.properties[0].values, b.properties[0].values);
  EXPECT_EQ(a.id.front(), 1);
  EXPECT_EQ(a.id.back(), 30000);
}

}  // namespace
}  // namespace heteroglass::io
