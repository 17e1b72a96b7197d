// The studies in examples/relaxation with generated curves run as they stand and give back what was put in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "program.hpp"

namespace heteroglass::relaxation {
namespace {

double number_after(const std::string& text, const std::string& key) {
  const std::size_t at = text.find(key);
  if (at == std::string::npos) return NAN;
  std::smatch m;
  const std::string rest = text.substr(at + key.size(), 400);
  return std::regex_search(rest, m, std::regex("\"value\": *([-+0-9.eE]+)")) ? std::stod(m[1]) : NAN;
}

TEST(RelaxationExamples, LanthanumGlassGivesBackWhatWasPutIn) {
  const test::Scratch scratch;
  const std::string out = (scratch.path() / "la60").string();
  const test::ProgramRun run = test::program("study " HETEROGLASS_SOURCE_DIR "/examples/relaxation/la60ni15al25/study.toml -o " + out);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string scan = test::text_of(out + "/scan/result.json");
  EXPECT_NEAR(number_after(scan, "\"cole-cole.activation_energy\""), 1.0329, 0.01);
  EXPECT_NEAR(number_after(scan, "\"peak_energy_r_tg\""), 26, 2);
  EXPECT_NEAR(number_after(test::text_of(out + "/double_well/result.json"), "\"ratio\""), 2, 0.15);
}

TEST(RelaxationExamples, PalladiumGlassRuns) {
  const test::Scratch scratch;
  const std::string out = (scratch.path() / "pd42").string();
  const test::ProgramRun run = test::program("study " HETEROGLASS_SOURCE_DIR "/examples/relaxation/pd42cu30/study.toml -o " + out);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string scan = test::text_of(out + "/scan/result.json");
  EXPECT_NEAR(number_after(scan, "\"cole-cole2.activation_energy\""), 0.25, 0.005);
  EXPECT_THAT(test::text_of(out + "/kramers_kronig/result.json"), testing::HasSubstr("\"consistent\""));
}

}  // namespace
}  // namespace heteroglass::relaxation
