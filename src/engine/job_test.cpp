#include "engine/job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "crystals.hpp"
#include "engine/run.hpp"

namespace heteroglass::engine {
namespace {

Job example() {
  Job job;
  job.title = "example";
  job.start = test::b2_crystal(3, 3.2);
  job.potential.style = "eam/fs", job.potential.file = "/somewhere/CuZr.eam.fs";
  job.checkpoint_interval = 100;
  job.stages = {
      {.name = "melt", .steps = 250, .commands = "fix integrate all nve\n"},
      {.kind = Stage::Kind::minimise, .name = "liquid", .from = "melt", .commands = "minimize 0 1e-3 10 10\n"},
      {.name = "shear", .from = "melt", .steps = 150, .commands = "fix integrate all nve\n", .keep = {0, 50, 150}},
      {.kind = Stage::Kind::minimise, .name = "inherent", .from = "shear", .from_step = 50, .commands = "minimize 0 1e-3 10 10\n"}};
  return job;
}

TEST(Job, ChunksEndAtIntervalsAndKeptSteps) {
  const std::vector<Chunk> all = chunks(example());
  std::vector<std::string> names;
  std::vector<long> until;
  for (const Chunk& c : all) names.push_back(c.name), until.push_back(c.until);
  EXPECT_EQ(names, (std::vector<std::string>{"00-start.0000", "01-melt.0000", "01-melt.0001", "01-melt.0002", "02-liquid.0000",
                                             "03-shear.0000", "03-shear.0001", "03-shear.0002", "04-inherent.0000"}));
  EXPECT_EQ(until, (std::vector<long>{0, 100, 200, 250, 250, 300, 350, 400, 300}));
  EXPECT_EQ(all[5].from, "01-melt.0002");
  EXPECT_EQ(all[8].from, "03-shear.0000");
  EXPECT_TRUE(all[3].keep && all[4].keep && all[5].keep && all[7].keep);
  EXPECT_FALSE(all[1].keep || all[6].keep);
}

TEST(Job, StagesFromNowhereAreRefused) {
  Job job = example();
  job.stages[1].from = "none";
  EXPECT_THROW(chunks(job), InputError);
  job.stages[1].from = "shear";
  EXPECT_THROW(chunks(job), InputError);
  job.stages[1].from = "melt", job.stages[1].from_step = 30;
  EXPECT_THROW(chunks(job), InputError);
}

// The whole protocol that makes resuming exact, in order.
TEST(Job, StageScriptStatesEverythingAgain) {
  const std::string s = stage_script(example(), 3);
  std::size_t at = 0;
  for (const char* part : {"clear\n", "log ${this}.log\n", "read_restart ${from}.restart\n", "pair_coeff * * CuZr.eam.fs Cu Zr\n",
                           "flush yes", "timestep 0.005\n", "fix integrate all nve\n", "run ${until} upto start 250 stop 400\n",
                           "write_restart ${this}.tmp\n", "log none\n", "shell mv ${this}.tmp ${this}.restart\n"}) {
    at = s.find(part, at);
    ASSERT_NE(at, std::string::npos) << part << "\n" << s;
  }
}

// A restart file goes when no later chunk reads it: 01-melt.0002 is read twice, by liquid and shear.
TEST(Job, MasterScriptRemovesWhatIsNotReadAgain) {
  const Job job = example();
  const std::vector<Chunk> all = chunks(job);
  const std::string s = master_script(job, all, 0);
  EXPECT_THAT(s, testing::HasSubstr("shell rm 01-melt.0001.restart\n"));
  const std::size_t removed = s.find("shell rm 01-melt.0002.restart");
  EXPECT_GT(removed, s.find("variable this string 03-shear.0000"));
  EXPECT_LT(removed, s.find("variable this string 03-shear.0001"));
  EXPECT_EQ(s.find("shell rm 04"), std::string::npos);
  EXPECT_THAT(master_script(job, all, 6), testing::Not(testing::HasSubstr("variable this string 01-melt")));
}

class JobFiles : public testing::Test {
 protected:
  JobFiles() { std::filesystem::create_directories(folder); }
  ~JobFiles() override { std::filesystem::remove_all(folder); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder / name) << text; }
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("heteroglass_job_" + std::to_string(getpid()));
};

TEST_F(JobFiles, ProgressFollowsTheLog) {
  Job job = example();
  job.directory = folder;
  job.stages.resize(1);
  const std::vector<Chunk> all = chunks(job);
  EXPECT_EQ(first_missing(job, all), 0u);
  write("01-melt.0000.restart", "");
  EXPECT_EQ(first_missing(job, all), 2u);
  EXPECT_NEAR(done_fraction(job, all), 100.0 / 250, 1e-12);
  // The last row is not whole yet, so it does not count.
  write("01-melt.0001.log",
        "Step Time Temp PotEng\n     100 0.5 300.1 -4.2\n     150 0.75 301.2 -4.2\nWARNING: x 1.0 2.0 3.0\n     200 1.0");
  EXPECT_EQ(last_logged_step(folder / "01-melt.0001.log"), 150);
  EXPECT_NEAR(done_fraction(job, all), 150.0 / 250, 1e-12);
}

TEST_F(JobFiles, ErrorIsOneLineWithTheFailingCommand) {
  write("lammps.out",
        "LAMMPS (29 Sep 2021)\nReading\nERROR: Unknown fix style nonsense (src/modify.cpp:898)\nLast command: fix 1 all nonsense\n");
  const std::string text = error_summary(folder / "lammps.out");
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_THAT(text, testing::AllOf(testing::HasSubstr("Unknown fix style nonsense"),
                                   testing::HasSubstr("failing command: fix 1 all nonsense"), testing::HasSubstr("Reading")));
}

}  // namespace
}  // namespace heteroglass::engine
