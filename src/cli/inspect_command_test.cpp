// Images from outside: what inspect says of them, and what analyses ask for.
#include "cli/inspect_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/atomic_file.hpp"
#include "program.hpp"
#include "sample_image.hpp"

namespace heteroglass {
namespace {

using test::program;
using test::ProgramRun;
using testing::HasSubstr;
using testing::Not;

class InspectCommand : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& content) const {
    io::write_file(scratch_.path() / name, content);
    return (scratch_.path() / name).string();
  }
  test::Scratch scratch_;
};

TEST_F(InspectCommand, ImagesAndWhatToTryNext) {
  const std::string scan = file("scan.gwy", test::gwyddion_file());
  const ProgramRun r = program("inspect " + scan);
  EXPECT_EQ(r.exit_code, 0) << r.err;
  EXPECT_THAT(r.out, HasSubstr("channel     Phase [deg]: 0 to 23, 1 masked pixels"));
  EXPECT_THAT(r.out, HasSubstr("next        heteroglass probes tapping-afm '" + scan + "'"));
  EXPECT_THAT(r.out, Not(HasSubstr("modulus-map")));
  const std::string map = file("map.gsf", test::gwyddion_field_file("XRes = 4\nYRes = 3\nZUnits = Pa\nTitle = Young's modulus\n"));
  EXPECT_THAT(program("inspect " + map).out, HasSubstr("missing     size of pixels: give --pixel-size"));
  const ProgramRun cut = program("inspect " + file("cut.gwy", test::gwyddion_file().substr(0, 300)));
  EXPECT_EQ(cut.exit_code, 3);
  EXPECT_EQ(std::count(cut.err.begin(), cut.err.end(), '\n'), 1) << cut.err;
}

TEST_F(InspectCommand, WhatAMapLacksIsAskedForByName) {
  std::string rows;
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) rows += std::to_string(60 + 40 * ((x / 4 + y / 4) % 2) + (7 * x + 3 * y) % 5) + " ";
    rows += "\n";
  }
  const std::string map = file("map.txt", rows);
  const ProgramRun unit = program("probes modulus-map " + map + " --pixel-size 5nm");
  EXPECT_EQ(unit.exit_code, 2);
  EXPECT_THAT(unit.err, HasSubstr("--channel-units"));
  const ProgramRun size = program("probes modulus-map " + map + " --channel-units modulus=GPa");
  EXPECT_EQ(size.exit_code, 2);
  EXPECT_THAT(size.err, HasSubstr("--pixel-size"));
  const ProgramRun good = program("probes modulus-map " + map + " --channel-units modulus=GPa --pixel-size 5nm --surrogates 0 --groups 2");
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("pixels                 256"));
}

}  // namespace
}  // namespace heteroglass
