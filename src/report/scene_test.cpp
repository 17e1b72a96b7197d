#include "report/scene.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "crystals.hpp"
#include "io/configuration.hpp"

using namespace heteroglass;
using namespace heteroglass::report;

namespace {

Frame with_property(Frame f, const std::string& name, double scale) {
  AtomProperty p{name, "1", 1, {}};
  for (std::size_t i = 0; i < f.size(); ++i) p.values.push_back(scale * static_cast<double>(i));
  f.properties.push_back(p);
  return f;
}

}  // namespace

TEST(ReportScene, Base64MatchesTheStandard) {  // RFC 4648, section 10
  EXPECT_EQ(base64("", 0), "");
  EXPECT_EQ(base64("f", 1), "Zg==");
  EXPECT_EQ(base64("fo", 2), "Zm8=");
  EXPECT_EQ(base64("foobar", 6), "Zm9vYmFy");
}

TEST(ReportScene, SameAtomsAreOneSceneMovedAtomsAnother) {
  const Frame f = test::fcc_crystal(3, 3.6);
  std::vector<Scene> scenes;
  add_scene("a", {}, with_property(f, "one", 1), scenes);
  Frame wrapped = with_property(f, "two", 2);
  wrapped.position[0].x += f.box.edge(0).x;  // the same place
  add_scene("b", {}, wrapped, scenes);
  ASSERT_EQ(scenes.size(), 1u);
  ASSERT_EQ(scenes[0].properties.size(), 2u);
  EXPECT_EQ(scenes[0].properties[1].source, "b");
  Frame moved = with_property(f, "three", 3);
  moved.position[5].y += 0.1;
  add_scene("c", {}, moved, scenes);
  EXPECT_EQ(scenes.size(), 2u);
}

TEST(ReportScene, ResultsAreKeptBeforePlainConfigurations) {
  std::vector<Scene> scenes;
  for (int i = 0; i < 30; ++i) add_scene("plain", {}, test::fcc_crystal(2, 3 + 0.1 * i), scenes);
  add_scene("last", {}, with_property(test::fcc_crystal(2, 9), "p", 1), scenes);
  drop_plain_scenes(scenes);
  EXPECT_EQ(scenes.size(), 9u);
  EXPECT_EQ(scenes.back().label, "last");
}

TEST(ReportScene, ManyAtomsAreCutToASlabAndSaid) {
  const Frame f = with_property(test::fcc_crystal(20, 3.6), "p", 1);  // 32,000 atoms
  std::vector<Scene> scenes;
  add_scene("big", {}, f, scenes);
  ASSERT_EQ(scenes.size(), 1u);
  EXPECT_LE(scenes[0].frame.size(), 20000u);
  EXPECT_GT(scenes[0].frame.size(), 15000u);
  EXPECT_EQ(scenes[0].properties[0].values.size(), scenes[0].frame.size());
  EXPECT_EQ(scenes[0].properties[0].values[7], static_cast<double>(scenes[0].frame.id[7] - 1)) << "values stay with their atoms";
  EXPECT_NE(scenes[0].note.find("slab"), std::string::npos);
  add_scene("again", {}, f, scenes);
  EXPECT_EQ(scenes.size(), 1u);
}

TEST(ReportScene, ColumnsOfTheFileFindTheirUnits) {
  const auto folder = std::filesystem::temp_directory_path() / ("heteroglass-scene-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  io::write_extxyz((folder / "atoms.extxyz").string(), {with_property(test::fcc_crystal(2, 3.6), "Atomic Volume", 1)});
  Part part;
  part.results.emplace_back();
  part.results[0].field.per_atom = true, part.results[0].field.column = "Atomic Volume", part.results[0].field.unit = "angstrom^3";
  std::vector<Scene> scenes;
  std::vector<std::string> warnings;
  add_scenes("v", part, folder, scenes, warnings);
  ASSERT_EQ(scenes.size(), 1u);
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(scenes[0].properties.at(0).name, "Atomic Volume");
  EXPECT_EQ(scenes[0].properties.at(0).unit, "angstrom^3");
  std::filesystem::remove_all(folder);
}
