#include "study/study_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"

namespace heteroglass::study {
namespace {

class StudyFileTest : public testing::Test {
 protected:
  StudyFile read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_study(path_);
  }
  std::string error(const std::string& text) {
    try {
      read(text);
    } catch (const Error& e) {
      code_ = e.exit_code();
      return e.what();
    }
    return "";
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("study_file_test_" + std::to_string(::getpid()) + ".toml");
  int code_ = 0;
};

const std::string quench = "[[step]]\nname = 'glass'\nrun = 'sample/quench'\n";

TEST_F(StudyFileTest, StepsAreOrderedByNeedAndRepeatsAreExpanded) {
  const StudyFile s = read(
      "title = 'T'\n[[step]]\nname = 'cells_{i}'\nrepeat = 2\nrun = 'structure/voronoi'\ninputs = ['glass.configuration@{i}']\n" + quench);
  ASSERT_EQ(s.steps.size(), 3u);
  EXPECT_EQ(s.steps[0].name, "glass");
  EXPECT_EQ(s.steps[1].name, "cells_0");
  EXPECT_EQ(s.steps[2].inputs[0], "glass.configuration@1");
  EXPECT_EQ(s.steps[2].needs, std::vector<std::size_t>{0});
}

TEST_F(StudyFileTest, SyntaxErrorsNameTheLine) {
  EXPECT_NE(error("title = 'T'\n[[step]]\nname = \n").find(".toml:3: "), std::string::npos);
  EXPECT_EQ(code_, 3);
}

TEST_F(StudyFileTest, UnknownKeysAnalysesAndResultsAreNamedWithTheLine) {
  EXPECT_NE(error("titel = 'T'\n" + quench).find(".toml:1: 'titel' must be a key of the study (did you mean 'title'?)"), std::string::npos);
  EXPECT_NE(error("[[step]]\nname='a'\nrun='sample/quensh'\n").find(".toml:3: 'quensh' must be an analysis"), std::string::npos);
  EXPECT_NE(
      error(quench + "[[step]]\nname='v'\nrun='structure/voronoi'\ninputs=['glass.configuratoin']\n").find("did you mean 'configuration'"),
      std::string::npos);
  EXPECT_NE(
      error(quench + "[[step]]\nname='v'\nrun='structure/voronoi'\ninputs=['missing.data']\n").find("must be a result of a step or a file"),
      std::string::npos);
  EXPECT_NE(error(quench + "[step.options]\natoms_count = 3\n").find(":5: sample/quench: 'atoms-count' must be one of its options"),
            std::string::npos);
  EXPECT_EQ(code_, 2);
}

TEST_F(StudyFileTest, StepsStandBesideOthersOfTheSameAnalysis) {
  const std::string second = "[[step]]\nname = 'other'\nrun = 'sample/quench'\nbeside = ";
  EXPECT_EQ(read(quench + second + "['glass']\n").steps[1].beside, std::vector<std::string>{"glass"});
  EXPECT_NE(error(quench + second + "['glas']\n").find("must name another step, got 'glas' (did you mean 'glass'?)"), std::string::npos);
  EXPECT_NE(error(quench + second + "['other']\n").find("must name another step"), std::string::npos);
  EXPECT_NE(error(quench + "[[step]]\nname='cu'\nrun='sample/crystal'\nbeside=['glass']\n").find("must name a step of sample/crystal"),
            std::string::npos);
}

TEST_F(StudyFileTest, CyclesAreRefused) {
  const std::string e = error(
      "[[step]]\nname='a'\nrun='deform/shear'\ninputs=['b.configuration']\n[[step]]\nname='b'\nrun='deform/"
      "shear'\ninputs=['a.configuration']\n");
  EXPECT_NE(e.find("circle, got a <-> b"), std::string::npos) << e;
}

TEST_F(StudyFileTest, DuplicateNamesAndBadValuesAreRefused) {
  EXPECT_NE(error(quench + quench).find("must be unique, got 'glass'"), std::string::npos);
  EXPECT_NE(error(quench + "options = { atoms = -5 }\n").find("--atoms"), std::string::npos);
}

}  // namespace
}  // namespace heteroglass::study
