#include "run/hdf5.hpp"

#include <gtest/gtest.h>

#include "crystals.hpp"
#include "io/hdf5_store.hpp"
#include "program.hpp"
#include "sample_analysis.hpp"

namespace heteroglass::run {
namespace {

TEST(OutcomeHdf5, ArraysReadBackBitForBitWithUnitsAndErrors) {
  Outcome out;
  out.analysis = &test::sample_analysis();
  out.options = out.analysis->new_options();
  Inputs in;
  in.frames = {test::b2_crystal(2, 3.1)};
  out.result = out.analysis->run(in, out.options.get(), Context::quiet());
  out.atoms = in.frames;
  out.warnings = {"one"};
  const auto& expected = *static_cast<const test::SampleResult*>(out.result.get());
  const test::Scratch scratch;
  write_hdf5(scratch.path() / "r.h5", out);

  const io::Hdf5Reader h((scratch.path() / "r.h5").string());
  EXPECT_EQ(h.reals("results/g"), expected.g);
  EXPECT_EQ(h.reals("results/density"), std::vector<double>{expected.density.value});
  EXPECT_EQ(h.reals("results/density_error"), std::vector<double>{expected.density.error});
  EXPECT_EQ(h.attribute("results/r", "unit"), "angstrom");
  EXPECT_EQ(h.shape("results/partial"), (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(h.integers("results/id").size(), in.frames[0].size());
  EXPECT_EQ(h.texts("results/index/kind"), std::vector<std::string>{"a"});
  EXPECT_EQ(h.texts("warnings"), std::vector<std::string>{"one"});
  EXPECT_EQ(h.texts("options/r_cut"), std::vector<std::string>{"3.5angstrom"});
}

}  // namespace
}  // namespace heteroglass::run
