#include "run/json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "crystals.hpp"
#include "sample_analysis.hpp"

namespace heteroglass::run {
namespace {

nlohmann::json sample_json(UnitSystem units = UnitSystem::metal) {
  Outcome out;
  out.analysis = &test::sample_analysis();
  out.options = out.analysis->new_options();
  out.units = units;
  Inputs in;
  in.frames = {test::b2_crystal(2, 3.0)};
  in.frames[0].position[0].z = 0.1;
  out.result = out.analysis->run(in, out.options.get(), Context::quiet());
  out.atoms = in.frames;
  out.inputs = {{"b2.data", "abc"}};
  return nlohmann::json::parse(json(out));
}

TEST(Json, HoldsTheContractsKeys) {
  const nlohmann::json j = sample_json();
  for (const char* key : {"analysis", "version", "inputs", "options", "results", "warnings", "references"})
    EXPECT_TRUE(j.contains(key)) << key;
  EXPECT_EQ(j["inputs"][0]["sha256"], "abc");
  EXPECT_EQ(j["options"]["r_cut"]["value"], 3.5);
  EXPECT_EQ(j["options"]["r_cut"]["default"], true);
  EXPECT_TRUE(j["options"]["limit"]["value"].is_null());
}

TEST(Json, ValuesHaveUnitsAndErrorsInsideThem) {
  const nlohmann::json r = sample_json()["results"];
  EXPECT_EQ(r["density"]["unit"], "1/angstrom^3");
  EXPECT_GT(r["density"]["error"], 0);
  EXPECT_EQ(r["g"]["error"], (std::vector<double>{0.5, 0.25}));
  EXPECT_FALSE(r.contains("g_error"));
  EXPECT_EQ(r["partial"]["value"].size(), 1u);
  EXPECT_EQ(r["index"]["value"][0]["kind"], "a");
  EXPECT_NE(r["atoms"]["note"].get<std::string>().find("a count"), std::string::npos);
}

TEST(Json, PerAtomArraysComeWithAscendingIds) {
  const nlohmann::json r = sample_json()["results"];
  EXPECT_EQ(r["id"]["value"].size(), r["height"]["value"].size());
  EXPECT_EQ(r["id"]["value"][0], 1);
  EXPECT_EQ(r["height"]["value"][0], 0.1);
}

TEST(Json, LennardJonesResultsAreNeverInPhysicalUnits) {
  const std::string text = sample_json(UnitSystem::lj)["results"].dump();
  EXPECT_EQ(text.find("angstrom"), std::string::npos) << text;
}

}  // namespace
}  // namespace heteroglass::run
