#include "engine/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "core/error.hpp"
#include "crystals.hpp"
#include "engine/commands.hpp"
#include "engine/output.hpp"
#include "engine/process.hpp"

namespace heteroglass::engine {
namespace {

namespace fs = std::filesystem;

class RunTest : public testing::Test {
 protected:
  void SetUp() override {
    if (find_program("lmp").empty()) GTEST_SKIP() << "LAMMPS (lmp) is not installed";
    if (!fs::exists("/usr/share/lammps/potentials/CuZr_mm.eam.fs")) GTEST_SKIP() << "lammps-data is not installed";
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  /// 128 atoms of B2 CuZr for 60 steps in three chunks, then minimised.
  Job job(const std::string& name) const {
    Job j;
    j.directory = folder / name;
    j.title = name;
    j.potential = find_potential("CuZr-Mendelev2007", {"Cu", "Zr"});
    j.start = test::b2_crystal(4, 3.27);
    j.start_commands = velocity_commands(600, 7);
    j.checkpoint_interval = 20;
    j.stages = {
        {.name = "heat", .steps = 60, .commands = "fix integrate all npt temp 600 300 0.1 iso 0 0 2\n", .log_every = 10, .keep = {30}},
        {.kind = Stage::Kind::minimise, .name = "inherent", .commands = minimise_commands(1e-3)}};
    return j;
  }
  fs::path folder = fs::temp_directory_path() / ("heteroglass_run_" + std::to_string(getpid()));
};

TEST_F(RunTest, JoinsChunksAndReadsConfigurations) {
  const Job j = job("whole");
  ASSERT_TRUE(run_jobs({&j, 1}, {}, Context::quiet()));
  const Curve log = stage_log(j, "heat");
  EXPECT_EQ(log.at("Step").values, (std::vector<double>{0, 10, 20, 30, 40, 50, 60}));
  EXPECT_NEAR(log.at("Temp").values.front(), 600, 1e-6);
  const Frame f = kept_frame(j, "heat", 30), minimised = kept_frame(j, "inherent");
  EXPECT_EQ(f.size(), 128u);
  EXPECT_EQ(f.species[1].name, "Zr");
  EXPECT_EQ(f.velocity.size(), 128u);
  EXPECT_LT(stage_log(j, "inherent").at("Fmax").values.back(), 1e-3);
  EXPECT_EQ(minimised.size(), 128u);
  EXPECT_THAT(engine_version(j), testing::StartsWith("LAMMPS ("));
}

TEST_F(RunTest, FinishedChunksAreNotRunAgain) {
  const Job j = job("again");
  run_jobs({&j, 1}, {}, Context::quiet());
  const auto written = fs::last_write_time(j.directory / "lammps.out");
  run_jobs({&j, 1}, {}, Context::quiet());
  EXPECT_EQ(fs::last_write_time(j.directory / "lammps.out"), written);
}

TEST_F(RunTest, DirectoryOfOtherInputsIsRefused) {
  Job j = job("other");
  run_jobs({&j, 1}, {}, Context::quiet());
  j.stages[0].commands = "fix integrate all nve\n";
  try {
    run_jobs({&j, 1}, {}, Context::quiet());
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), testing::AllOf(testing::HasSubstr("other inputs"), testing::HasSubstr("01-heat.in")));
  }
}

TEST_F(RunTest, ErrorsOfLammpsNameTheCommand) {
  Job j = job("bad");
  j.stages[0].commands = "fix wrong all nonsense\n";
  try {
    run_jobs({&j, 1}, {}, Context::quiet());
    FAIL();
  } catch (const EngineError& e) {
    EXPECT_EQ(e.exit_code(), 4);
    EXPECT_THAT(e.what(), testing::AllOf(testing::HasSubstr("stage heat"), testing::HasSubstr("failing command: fix wrong all nonsense"),
                                         testing::Not(testing::HasSubstr("\n"))));
  }
}

// Scripts that are written and run by hand are then taken as they are.
TEST_F(RunTest, WriteOnlyThenByHand) {
  const Job j = job("hand");
  LammpsOptions o;
  o.write_only = true;
  EXPECT_FALSE(run_jobs({&j, 1}, o, Context::quiet()));
  EXPECT_EQ(first_missing(j, chunks(j)), 0u);
  const std::string by_hand = "cd " + j.directory.string() + " && lmp -sf opt -in run.in > /dev/null 2>&1";
  ASSERT_EQ(std::system(by_hand.c_str()), 0);
  o.write_only = false;
  EXPECT_TRUE(run_jobs({&j, 1}, o, Context::quiet()));
  EXPECT_FALSE(fs::exists(j.directory / "lammps.out"));
  EXPECT_EQ(stage_log(j, "heat").size(), 7u);
}

TEST_F(RunTest, TwoRanksUnderMpirun) {
  if (find_program("mpirun").empty()) GTEST_SKIP() << "mpirun is not installed";
  const Job j = job("ranks");
  LammpsOptions o;
  o.ranks = 2;
  ASSERT_TRUE(run_jobs({&j, 1}, o, Context::quiet()));
  EXPECT_EQ(stage_log(j, "heat").size(), 7u);
}

TEST_F(RunTest, MissingLammpsSaysHowToGetIt) {
  const Job j = job("missing");
  LammpsOptions o;
  o.lammps = "no-such-lmp";
  try {
    run_jobs({&j, 1}, o, Context::quiet());
    FAIL();
  } catch (const EngineError& e) {
    EXPECT_THAT(e.what(), testing::AllOf(testing::HasSubstr("no-such-lmp"), testing::HasSubstr("apt install lammps"),
                                         testing::HasSubstr("--lammps")));
  }
}

TEST(Workspace, WriteOnlyNeedsAFolder) {
  LammpsOptions o;
  o.write_only = true;
  EXPECT_THROW(Workspace(Context::quiet(), o), InputError);
}

}  // namespace
}  // namespace heteroglass::engine
