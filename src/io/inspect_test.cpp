#include "io/inspect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crystals.hpp"
#include "io/hdf5_store.hpp"
#include "io/test_files.hpp"

namespace heteroglass::io {
namespace {

using testing::HasSubstr;

class Inspect : public test::Folder {
 protected:
  static std::vector<std::string> all(const Inspection& i, const std::string& key) {
    std::vector<std::string> values;
    for (const InspectRow& row : i.rows)
      if (row.key == key) values.push_back(row.value);
    return values;
  }
};

TEST_F(Inspect, DumpWithoutUnitsAndElements) {
  std::string text;
  for (int step : {0, 100, 200})
    text += fmt::format(
        "ITEM: TIMESTEP\n{}\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp ff\n0 10\n0 10\n0 10\nITEM: ATOMS id type x y z c_pe\n1 1 1 "
        "1 1 -3\n2 2 2 2 2 -4\n",
        step);
  const Inspection i = inspect(file("a.dump", text));
  EXPECT_EQ(i.value("format"), "LAMMPS text dump");
  EXPECT_EQ(i.value("columns"), "id type x y z c_pe");
  EXPECT_EQ(i.value("frames"), "3");
  EXPECT_EQ(i.value("timesteps"), "0 to 200 every 100");
  EXPECT_EQ(i.value("boundaries"), "periodic periodic open");
  EXPECT_EQ(i.value("property"), "c_pe");
  EXPECT_THAT(all(i, "missing"), testing::ElementsAre(HasSubstr("units"), HasSubstr("elements"), HasSubstr("time"), HasSubstr("images")));
  EXPECT_THAT(i.value("next"), HasSubstr("--elements Cu,Zr"));
}

// One Cu in a cube of 2.5 A is 63.546 / 0.602214076 / 15.625 g/cm^3.
TEST_F(Inspect, DataHasDensityAndSpecies) {
  const Frame f = heteroglass::test::crystal(1, 2.5, {{0, 0, 0}});
  write_lammps_data(path("a.data"), f);
  const Inspection i = inspect(path("a.data"));
  EXPECT_EQ(i.value("format"), "LAMMPS data");
  EXPECT_EQ(i.value("density"), "6.75332 g/cm^3");
  EXPECT_EQ(i.value("species"), "Cu: type 1, 1 atoms (100 %), mass 63.546 g/mol");
  EXPECT_EQ(i.value("units"), "metal");
}

TEST_F(Inspect, LogAndTable) {
  const Inspection log = inspect(file("log.lammps",
                                      "LAMMPS (29 Sep 2021)\nunits metal\nPer MPI rank memory allocation (min/avg/max) = 1\nStep Temp "
                                      "v_x\n0 300 1\n1 301 2\nLoop time of 1\n"));
  EXPECT_EQ(log.value("format"), "LAMMPS log");
  EXPECT_THAT(all(log, "column"), testing::ElementsAre("Step [1]: 0 to 1", "Temp [K]: 300 to 301", "v_x [?]: 1 to 2"));
  EXPECT_EQ(log.value("missing"), "units of v_x: give --column-units v_x=UNIT");
  EXPECT_EQ(inspect(file("a.csv", "T,E\nK,GPa\n1,2\n")).value("format"), "table (CSV)");
}

TEST_F(Inspect, AMatrixOfNumbersIsOneLine) {
  std::string rows;
  for (int y = 0; y < 14; ++y)
    for (int x = 0; x < 16; ++x) rows += fmt::format("{}{}", 50 + x * y % 7 + 0.5, x < 15 ? ' ' : '\n');
  const Inspection i = inspect(file("phase.txt", rows));
  EXPECT_EQ(i.value("matrix"), "14 rows of 16 numbers without names");
  EXPECT_TRUE(all(i, "column").empty());
  EXPECT_THAT(i.value("next"), HasSubstr("--pixel-size"));
}

TEST_F(Inspect, Store) {
  Hdf5Writer out(path("a.h5"));
  out.write("results/r", std::vector<double>{1, 2}, {2, 1}, {{"unit", "angstrom"}});
  out.commit();
  EXPECT_EQ(inspect(path("a.h5")).value("array"), "results/r: real (2, 1) angstrom");
}

TEST_F(Inspect, RecognisedButNotRead) {
  const std::string zeros(100, '\0');
  for (const auto& [content, expected] : {std::pair<std::string, std::string>{"CDF\x02" + zeros, "NetCDF"},
                                          {"Instrument DSC Q2000\nSig1 Time (min)\nSig2 Heat Flow (mW)\n", "instrument"}}) {
    const Inspection i = inspect(file("a.bin", content));
    EXPECT_THAT(i.value("understood"), HasSubstr(expected));
    EXPECT_THAT(i.value("understood"), HasSubstr("does not read it"));
  }
  EXPECT_THAT(inspect(file("b", "just words\n")).value("understood"), HasSubstr("nothing"));
  EXPECT_THAT(test::message([&] { inspect(path("none")); }), testing::StartsWith("3 "));
  EXPECT_THAT(test::message([&] { inspect(file("c.gwy", "GWYP" + zeros)); }), testing::StartsWith("3 "));
}

}  // namespace
}  // namespace heteroglass::io
