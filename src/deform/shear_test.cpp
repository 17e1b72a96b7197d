#include "deform/shear.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/error.hpp"
#include "crystals.hpp"
#include "lammps.hpp"

namespace heteroglass::deform {
namespace {

using ShearTest = test::WithLammps;

class InFolder : public Context {
 public:
  explicit InFolder(const std::filesystem::path& folder) { directory = folder; }
};

/// B2 CuZr, 128 atoms, 5 % in 400 steps.
Frame crystal() { return test::b2_crystal(4, 3.26); }
ShearOptions tiny() {
  ShearOptions o;
  o.test.rate = 2.5e10, o.test.max_strain = 0.05, o.test.temperature = 50, o.test.equilibration_time = 0.5, o.test.frames = 3;
  o.test.inherent = true, o.test.windows = 20;
  o.test.engine.checkpoint_interval = 90;
  return o;
}

TEST_F(ShearTest, StrainsAsAskedAndKeepsConfigurations) {
  InFolder context(folder);
  const Shear s = shear(crystal(), tiny(), context);
  EXPECT_NEAR(s.strain_raw.front(), 0, 1e-12);
  EXPECT_NEAR(s.strain_raw.back(), 0.05, 1e-9);
  ASSERT_EQ(s.frame_strain.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(s.frame_strain[k], 0.025 * static_cast<double>(k), 1e-12);
  ASSERT_EQ(s.configuration.size(), 3u);
  ASSERT_EQ(s.inherent.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) {
    for (const Frame& f : {s.configuration[k], s.inherent[k]})
      EXPECT_NEAR(f.box.edges()[0][1] / f.box.edges()[1][1], s.frame_strain[k], 1e-9);
    EXPECT_NEAR(s.configuration[k].box.volume(), s.configuration[0].box.volume(), 1e-6);
  }
  EXPECT_GT(s.stress.back(), 0);
  EXPECT_GT(s.shear_modulus.value, 10);
  EXPECT_LT(s.shear_modulus.value, 120);
}

TEST_F(ShearTest, OtherPlanesTiltTheirOwnEdge) {
  ShearOptions o = tiny();
  o.plane = "yz", o.test.inherent = false;
  InFolder context(folder);
  const Shear s = shear(crystal(), o, context);
  const Mat3& h = s.configuration.back().box.edges();
  EXPECT_NEAR(h[1][2] / h[2][2], 0.05, 1e-9);
  EXPECT_EQ(h[0][1], 0);
  EXPECT_TRUE(s.inherent.empty());
}

TEST(Shear, RefusesBadInput) {
  ShearOptions o = tiny();
  o.test.rate = 1e13;
  EXPECT_THROW(shear(crystal(), o), InputError);
  o = tiny(), o.test.modulus_strain = 0.06;
  EXPECT_THROW(shear(crystal(), o), InputError);
  o = tiny();
  Frame lj = crystal();
  lj.units = UnitSystem::lj;
  EXPECT_THROW(shear(lj, o), InputError);
  Frame unnamed = crystal();
  unnamed.species[0].name.clear();
  EXPECT_THROW(shear(unnamed, o), InputError);
}

// Run by the test below in a process of its own.
TEST(Driver, DISABLED_Shear) {
  InFolder context(std::filesystem::path(std::getenv("HETEROGLASS_TEST_FOLDER")) / "run");
  shear(crystal(), tiny(), context);
}

// Kill -9 at random times, again and again, ends bit for bit as an undisturbed run (takes about 5 s).
TEST_F(ShearTest, KilledAndResumedIsBitIdentical) {
  std::filesystem::create_directories(folder / "killed");
  std::filesystem::create_directories(folder / "whole");
  const int hits = test::run_and_kill("Driver.DISABLED_Shear", folder / "killed", 6, 23);
  EXPECT_GE(hits, 1);
  InFolder killed(folder / "killed" / "run"), whole(folder / "whole" / "run");
  const Shear a = shear(crystal(), tiny(), killed), b = shear(crystal(), tiny(), whole);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_TRUE(test::same_frames(a.configuration[k], b.configuration[k]));
    EXPECT_TRUE(test::same_frames(a.inherent[k], b.inherent[k]));
  }
  EXPECT_EQ(a.stress_raw, b.stress_raw);
  EXPECT_EQ(a.strain_raw, b.strain_raw);
}

}  // namespace
}  // namespace heteroglass::deform
