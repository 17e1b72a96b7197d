// The program from outside: what a user types, sees, and gets as exit code.
#include "cli/command_line.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "crystals.hpp"
#include "io/atomic_file.hpp"
#include "io/configuration.hpp"
#include "program.hpp"

namespace heteroglass {
namespace {

using test::program;
using test::ProgramRun;
using testing::HasSubstr;

class CommandLine : public testing::Test {
 protected:
  /// A crystal with a few atoms out of place, as extended XYZ.
  std::string glass(const std::string& name = "glass.extxyz", unsigned seed = 1, UnitSystem units = UnitSystem::metal) {
    Frame f = test::disordered(4, 0.06, seed, 0.1);
    f.units = units;
    const std::string path = (scratch_.path() / name).string();
    io::write_extxyz(path, {f});
    return path;
  }
  std::string folder(const std::string& name) const { return (scratch_.path() / name).string(); }
  /// One line, nothing on standard output, the exit code expected.
  static void expect_refused(const ProgramRun& r, int code, const std::string& says) {
    EXPECT_EQ(r.exit_code, code) << r.err;
    EXPECT_THAT(r.err, HasSubstr(says));
    EXPECT_EQ(std::count(r.err.begin(), r.err.end(), '\n'), 1) << r.err;
    EXPECT_EQ(r.out, "");
  }

  test::Scratch scratch_;
};

TEST_F(CommandLine, ListAndDescribeComeFromTheRegistry) {
  EXPECT_THAT(program("list").out, HasSubstr("voronoi"));
  const ProgramRun d = program("describe structure voronoi");
  EXPECT_THAT(d.out, HasSubstr("--edge-threshold [angstrom]"));
  EXPECT_THAT(d.out, HasSubstr("quantity := number [unit]"));
  EXPECT_THAT(program("describe structure voronoi --markdown").out, HasSubstr("| `--radical` |"));
  EXPECT_THAT(program("--version").out, testing::StartsWith("heteroglass "));
}

TEST_F(CommandLine, JsonIsOneObjectWithTheContractsKeys) {
  const auto j = nlohmann::json::parse(program("structure voronoi " + glass() + " --radical --radii Cu=1.28,Zr=1.60 --json").out);
  EXPECT_EQ(j["analysis"], "structure/voronoi");
  EXPECT_EQ(j["inputs"][0]["sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(j["results"]["id"]["value"].size(), 256u);
  EXPECT_EQ(j["results"]["voronoi_index"]["value"].size(), 256u);
  const auto row = j["results"]["index"]["value"][0];
  for (const char* column : {"species", "index", "count", "fraction"}) EXPECT_TRUE(row.contains(column)) << column;
  EXPECT_EQ(j["options"]["radii"]["value"]["Zr"], 1.6);
}

TEST_F(CommandLine, ResultsDoNotDependOnTheNumberOfThreads) {
  const std::string file = glass();
  for (const std::string analysis : {"structure voronoi", "structure pdf", "structure bond-order", "structure chemical-order"})
    EXPECT_EQ(program(analysis + " " + file + " --json --threads 1").out, program(analysis + " " + file + " --json --threads 2").out)
        << analysis;
}

TEST_F(CommandLine, AFolderHoldsEveryFormAndReadsBack) {
  const std::string out = folder("out");
  ASSERT_EQ(program("structure voronoi " + glass() + " --radical -o " + out).exit_code, 0);
  for (const char* file : {"result.json", "result.h5", "report.html", "atoms.extxyz", "index.csv"})
    EXPECT_TRUE(std::filesystem::exists(out + "/" + file)) << file;
  EXPECT_EQ(program("structure pdf " + out + "/atoms.extxyz").exit_code, 0);
  EXPECT_EQ(program("report " + out).exit_code, 0);
}

TEST_F(CommandLine, AFolderOfOtherContentIsRefusedWithoutOverwrite) {
  const std::string out = folder("out"), file = glass();
  ASSERT_EQ(program("structure pdf " + file + " -o " + out).exit_code, 0);
  ASSERT_EQ(program("structure pdf " + file + " -o " + out).exit_code, 0) << "the same result again is no other content";
  expect_refused(program("structure pdf " + file + " --bins 50 -o " + out), 2, "--overwrite");
  EXPECT_EQ(program("structure pdf " + file + " --bins 50 --overwrite -o " + out).exit_code, 0);
  scratch_.file("precious.txt", "mine");
  expect_refused(program("structure pdf " + file + " --overwrite -o " + scratch_.path().string()), 2, "not a result folder");
}

TEST_F(CommandLine, ARangeOfFramesGivesMeanAndSpread) {
  std::vector<Frame> frames;
  for (unsigned seed : {1u, 2u, 3u}) frames.push_back(test::disordered(3, 0.06, seed, 0.1));
  const std::string file = folder("three.extxyz");
  io::write_extxyz(file, frames);
  const auto all = nlohmann::json::parse(program("structure voronoi " + file + "@: --json").out)["results"];
  double sum = 0;
  for (int i = 0; i < 3; ++i)
    sum += nlohmann::json::parse(
               program(fmt::format("structure voronoi {}@{} --json", file, i)).out)["results"]["high_order_fraction"]["value"]
               .get<double>();
  EXPECT_NEAR(all["high_order_fraction"]["value"], sum / 3, 1e-12);
  EXPECT_EQ(all["high_order_fraction"]["frames"], 3);
  EXPECT_GT(all["high_order_fraction"]["spread"], 0);
  EXPECT_THAT(program("structure voronoi " + file).out, HasSubstr("3 frames; the last one is used"));
  expect_refused(program("structure voronoi " + file + "@7"), 2, "7");
}

TEST_F(CommandLine, MisspeltNamesGetTheNearest) {
  expect_refused(program("structure vornoi x"), 2, "did you mean 'voronoi'");
  expect_refused(program("structura voronoi x"), 2, "did you mean 'structure'");
  expect_refused(program("structure voronoi " + glass() + " --radial"), 2, "did you mean 'radical'");
  expect_refused(program("structure pdf " + glass() + " --weights xrey"), 2, "did you mean 'xray'");
}

TEST_F(CommandLine, ValuesOutOfRangeOrInWrongUnitsAreRefused) {
  const std::string file = glass();
  expect_refused(program("structure pdf " + file + " --r-max -3"), 2, "--r-max: must be");
  expect_refused(program("structure pdf " + file + " --r-max 3GPa"), 2, "must be in angstrom, got 3 GPa");
  expect_refused(program("structure pdf " + file + " --bins many"), 2, "--bins: must be a whole number, got 'many'");
  expect_refused(program("structure pdf " + file + " --threads 0x"), 2, "threads");
  expect_refused(program("structure pdf"), 2, "takes one configuration file, got 0 inputs");
  expect_refused(program("deform strain " + file), 2, "takes two configuration files (reference, current), got 1 input");
}

TEST_F(CommandLine, LennardJonesDataAreNeverInPhysicalUnits) {
  const std::string file = glass("lj.extxyz", 1, UnitSystem::lj);
  const ProgramRun r = program("structure voronoi " + file + " --units lj --radical --radii Cu=1.0,Zr=1.2 --json");
  ASSERT_EQ(r.exit_code, 0) << r.err;
  EXPECT_EQ(r.out.find("\"angstrom"), std::string::npos);
  EXPECT_THAT(r.out, HasSubstr("\"unit\":\"sigma^3\""));
  expect_refused(program("structure pdf " + file + " --units lj --r-max 5angstrom"), 2, "Lennard-Jones units");
}

TEST_F(CommandLine, BadFilesAreRefusedWithPathAndNothingIsWritten) {
  const std::string header =
      "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 5\n0 5\n0 5\nITEM: ATOMS id type x y z\n";
  const struct {
    const char* name;
    std::string text;
    const char* says;
  } cases[] = {
      {"cut.dump", header + "1 1 0 0 0\n", "cut.dump"},
      {"nan.dump", header + "1 1 0 0 0\n2 1 nan 0 0\n", "nan"},
      {"twice.dump", header + "1 1 0 0 0\n1 1 1 0 0\n", "unique"},
      {"empty.txt", "", "empty.txt"},
      {"words.txt", "hello\nworld\n", "words.txt"},
  };
  for (const auto& c : cases) {
    const std::string file = scratch_.file(c.name, c.text), out = folder("never");
    const ProgramRun r = program("structure pdf " + file + " --units metal -o " + out);
    expect_refused(r, 3, c.says);
    EXPECT_FALSE(std::filesystem::exists(out)) << c.name;
  }
  expect_refused(program("structure pdf " + folder("missing.dump")), 3, "missing.dump");
}

TEST_F(CommandLine, ChangedAtomsBetweenReferenceAndCurrentAreRefused) {
  Frame f = test::disordered(3);
  f.id.back() = 9999;
  io::write_extxyz(folder("other.extxyz"), {f});
  io::write_extxyz(folder("one.extxyz"), {test::disordered(3)});
  const ProgramRun r = program("deform strain " + folder("one.extxyz") + " " + folder("other.extxyz"));
  EXPECT_TRUE(r.exit_code == 2 || r.exit_code == 3) << r.exit_code;
  EXPECT_THAT(r.err, HasSubstr("atom"));
}

TEST_F(CommandLine, AFullDiskLeavesNothingBehind) {
  const std::string out = folder("out");
  const ProgramRun r =
      test::shell(fmt::format("trap '' XFSZ; ulimit -f 20; {} structure voronoi {} -o {}", HETEROGLASS_PROGRAM, glass(), out));
  expect_refused(r, 3, out);
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(CommandLine, ADryRunWritesNothingAndSaysWhatItWouldDo) {
  const ProgramRun r = program("structure voronoi " + glass() + " --dry-run -o " + folder("out"));
  EXPECT_EQ(r.exit_code, 0);
  EXPECT_THAT(r.out, HasSubstr("256 atoms"));
  EXPECT_FALSE(std::filesystem::exists(folder("out")));
}

// G' of a Maxwell element at four frequencies, for two files that the spectrum reads.
TEST_F(CommandLine, SeveralFilesOfCurvesAreRunsWithOneSummary) {
  for (const auto& [name, tau] : {std::pair{"a.csv", 1.0}, {"b.csv", 10.0}}) {
    std::string text = "omega,storage,loss\nrad/s,GPa,GPa\n";
    for (double w = 1e-3; w < 2e3; w *= 2)
      text += fmt::format("{},{},{}\n", w, w * w * tau * tau / (1 + w * w * tau * tau), w * tau / (1 + w * w * tau * tau));
    io::write_file(scratch_.path() / name, text);
  }
  io::write_file(scratch_.path() / "c.csv", "just words\n");
  const std::string pattern = folder("*.csv");
  const ProgramRun r = program("relaxation spectrum '" + pattern + "' --range 0.01rad/s:100rad/s --json -o " + folder("out"));
  EXPECT_EQ(r.exit_code, 3) << "one of three could not be read";
  EXPECT_THAT(r.err, HasSubstr("c.csv"));
  const nlohmann::json j = nlohmann::json::parse(r.out);
  ASSERT_EQ(j["runs"].size(), 2U);
  EXPECT_EQ(j["results"]["summary"]["value"].size(), 2U);
  EXPECT_EQ(j["runs"][0]["options"]["range"]["value"], "0.01rad/s:100rad/s");
  EXPECT_EQ(j["runs"][0]["columns"][0]["column"], "omega");
  EXPECT_EQ(j["problems"][0]["exit_code"], 3);
  for (const char* name : {"summary.csv", "report.html", "storage.svg", "a/result.h5", "b/storage.svg"})
    EXPECT_TRUE(std::filesystem::exists(scratch_.path() / "out" / name)) << name;
  EXPECT_EQ(program("report " + folder("out")).exit_code, 0);
  expect_refused(program("relaxation spectrum " + folder("a.csv") + " --column-units omega=GPa"), 2, "must be in rad/s");
}

TEST_F(CommandLine, InspectOfAnUnknownFileFails) {
  io::write_file(scratch_.path() / "words", "just words\n");
  EXPECT_EQ(program("inspect " + folder("words")).exit_code, 3);
  io::write_file(scratch_.path() / "empty.csv", "");
  EXPECT_THAT(program("inspect " + folder("empty.csv")).out, HasSubstr("the file is empty"));
  io::write_file(scratch_.path() / "dsc.csv", "t,T,DSC\ns,K,W/g\n0,300,1\n1,301,1\n2,302,1.1\n");
  const std::string dsc = program("inspect " + folder("dsc.csv")).out;
  EXPECT_NE(dsc.find("next"), std::string::npos);
  EXPECT_EQ(dsc.find("heteroglass "), dsc.find("heteroglass calorimetry dsc ")) << dsc;
  io::write_file(scratch_.path() / "scan.csv", "T (K),f (Hz),E' (GPa),E'' (GPa)\n300,1,50,1\n310,1,49,2\n");
  const ProgramRun r = program("inspect " + folder("scan.csv"));
  EXPECT_EQ(r.exit_code, 0);
  EXPECT_THAT(r.out, HasSubstr("next        heteroglass relaxation"));
}

}  // namespace
}  // namespace heteroglass
