// Studies from outside: what runs, what is found done, what is refused.
#include "study/runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crystals.hpp"
#include "io/configuration.hpp"
#include "program.hpp"

namespace heteroglass::study {
namespace {

using testing::HasSubstr;

class StudyRun : public testing::Test {
 protected:
  void SetUp() override { io::write_extxyz((scratch_.path() / "glass.extxyz").string(), {test::disordered(3)}); }
  test::ProgramRun study(const std::string& options, const std::string& output = "out") {
    const std::string file = scratch_.file("study.toml",
                                           "title = 'T'\n[[step]]\nname = 'cells'\nrun = 'structure/voronoi'\ninputs = ['glass.extxyz']\n"
                                           "[[step]]\nname = 'order'\nrun = 'structure/bond_order'\ninputs = ['cells.atoms']\n" +
                                               options);
    return test::program("study " + file + " -o " + (scratch_.path() / output).string());
  }
  test::Scratch scratch_;
};

TEST_F(StudyRun, FinishedStepsAreNotRunAgainAndChangedOnesAre) {
  EXPECT_THAT(study("").err, HasSubstr("2 steps run, 0 already done"));
  EXPECT_THAT(study("").err, HasSubstr("0 steps run, 2 already done"));
  EXPECT_THAT(study("options = { l = [6] }\n").err, HasSubstr("1 steps run, 1 already done"));
  EXPECT_THAT(study("").err, HasSubstr("0 steps run, 2 already done")) << "the first result is still in the store";
  EXPECT_TRUE(std::filesystem::exists(scratch_.path() / "out/report.html"));
}

TEST_F(StudyRun, AFolderOfOtherContentIsLeftAlone) {
  std::filesystem::create_directory(scratch_.path() / "mine");
  scratch_.file("mine/report.html", "precious");
  const test::ProgramRun r = study("", "mine");
  EXPECT_EQ(r.exit_code, 2);
  EXPECT_THAT(r.err, HasSubstr("holds something else"));
  EXPECT_EQ(test::text_of(scratch_.path() / "mine/report.html"), "precious");
}

TEST_F(StudyRun, MistakesAreToldWithTheirLineBeforeAnythingRuns) {
  const test::ProgramRun r = study("options = { r_cut = '3GPa' }\n");
  EXPECT_EQ(r.exit_code, 2);
  EXPECT_THAT(r.err, HasSubstr("study.toml:10: --r-cut: must be in angstrom, got 3 GPa"));
  EXPECT_FALSE(std::filesystem::exists(scratch_.path() / "out"));
}

}  // namespace
}  // namespace heteroglass::study
