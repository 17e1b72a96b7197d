#include "run/combine.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "crystals.hpp"
#include "sample_analysis.hpp"

namespace heteroglass::run {
namespace {

/// Results of three boxes of volume 1, 2 and 6: mean 3, sample standard deviation sqrt(7).
Outcome three_frames() {
  Outcome out;
  out.analysis = &test::sample_analysis();
  out.options = out.analysis->new_options();
  std::vector<std::shared_ptr<void>> results;
  for (double v : {1.0, 2.0, 6.0}) {
    Frame f = test::empty_frame(Box::orthogonal({v, 1, 1}));
    test::add_atom(f, {0.5, 0.5, 0.5});
    Inputs in;
    in.frames = {f};
    results.push_back(out.analysis->run(in, out.options.get(), Context::quiet()));
  }
  combine(out, results, Context::quiet());
  return out;
}

TEST(Combine, NumbersBecomeMeansWithTheirSpread) {
  const Outcome out = three_frames();
  const auto& r = *static_cast<const test::SampleResult*>(out.result.get());
  EXPECT_DOUBLE_EQ(r.volume, 3);
  EXPECT_DOUBLE_EQ(out.spread.at("volume").sd[0], std::sqrt(7.0));
  EXPECT_EQ(out.frames, 3u);
}

// Scatter gives sqrt(7/3) = 1.53 for g[0]; g[1] does not scatter, so its own errors stay: 0.25 / sqrt(3).
TEST(Combine, TheErrorOfAMeanIsTheLargerOfScatterAndTheFramesOwn) {
  const auto out = three_frames();
  const auto& r = *static_cast<const test::SampleResult*>(out.result.get());
  EXPECT_DOUBLE_EQ(r.g[0], 3);
  EXPECT_DOUBLE_EQ(r.g_error[0], std::sqrt(7.0 / 3));
  EXPECT_DOUBLE_EQ(r.g_error[1], 0.25 / std::sqrt(3.0));
  EXPECT_NEAR(r.density.value, (1 + 0.5 + 1.0 / 6) / 3, 1e-15);
}

TEST(Combine, TablesAreJoinedByTheirTextColumns) {
  const auto out = three_frames();
  const auto& r = *static_cast<const test::SampleResult*>(out.result.get());
  ASSERT_EQ(r.index.rows(), 1u);
  EXPECT_DOUBLE_EQ(r.index.find("count")->number[0], 3);
  EXPECT_DOUBLE_EQ(r.index.find("count_error")->number[0], std::sqrt(7.0 / 3));
}

TEST(Combine, OneFrameIsLeftAlone) {
  Outcome out;
  out.analysis = &test::sample_analysis();
  auto result = std::make_shared<test::SampleResult>();
  result->volume = 7;
  combine(out, {result}, Context::quiet());
  EXPECT_EQ(static_cast<const test::SampleResult*>(out.result.get())->volume, 7);
  EXPECT_TRUE(out.spread.empty());
}

}  // namespace
}  // namespace heteroglass::run
