#include "sample/quench.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "core/error.hpp"
#include "crystals.hpp"
#include "io/configuration.hpp"
#include "lammps.hpp"

namespace heteroglass::sample {
namespace {

using QuenchTest = test::WithLammps;

class InFolder : public Context {
 public:
  explicit InFolder(const std::filesystem::path& folder) { directory = folder; }
};

/// 200 atoms, two members, 2.5 ps each: seconds.
QuenchOptions tiny() {
  QuenchOptions o;
  o.atoms = 200, o.members = 2;
  o.melt_time = 0.5, o.schedule = {"1000K:1e15K/s", "300K:1e15K/s"}, o.hold_time = 0.25, o.bin = 100;
  o.engine.checkpoint_interval = 40;
  return o;
}

TEST_F(QuenchTest, GivesConfigurationsAndCurves) {
  InFolder context(folder);
  const Quench q = quench(tiny(), context);
  ASSERT_EQ(q.configuration.size(), 2u);
  ASSERT_EQ(q.glass.size(), 2u);
  ASSERT_EQ(q.liquid.size(), 2u);
  ASSERT_EQ(q.melt.size(), 2u);
  EXPECT_GT(q.melt[0].box.volume(), q.glass[0].box.volume());
  EXPECT_EQ(q.configuration[0].species_counts(), (std::vector<std::size_t>{128, 72}));
  EXPECT_NE(q.configuration[0].position, q.configuration[1].position);
  EXPECT_EQ(q.temperature.size(), q.volume.size());
  EXPECT_GT(q.temperature.front(), q.temperature.back());
  EXPECT_GT(q.volume.front(), q.volume.back());
  EXPECT_NEAR(q.density.value, 7.3, 0.4);
  EXPECT_NEAR(q.energy.value, -4.40, 0.05);
  EXPECT_LT(q.energy.value, q.liquid_energy.value);
  EXPECT_FALSE(q.crystallised);
  EXPECT_LT(q.laves_fraction.value, 0.05);
  EXPECT_EQ(q.samples.rows(), 2u);
  EXPECT_THAT(q.potential_reference, testing::HasSubstr("Mendelev"));
  EXPECT_THAT(q.engine_version, testing::StartsWith("LAMMPS"));
}

TEST_F(QuenchTest, WritesOnlyWhenAsked) {
  InFolder context(folder);
  QuenchOptions o = tiny();
  o.engine.write_only = true;
  const Quench q = quench(o, context);
  EXPECT_TRUE(q.written_only);
  EXPECT_TRUE(std::filesystem::exists(folder / "member-2" / "run.in"));
  ASSERT_FALSE(context.warnings().empty());
  EXPECT_THAT(context.warnings().back(), testing::HasSubstr("run.in"));
}

// A melt hold, a minimisation, the cooling, a minimisation that keeps the temperature; the enthalpy column is of another pressure.
TEST_F(QuenchTest, AdoptsOnlyTheCoolingOfALog) {
  const double n = 256, pressure = 2;
  std::ofstream log(folder / "log.lammps");
  log << "LAMMPS (test)\nStep Temp Volume PotEng Enthalpy Press\n";
  const auto row = [&](double t, double v) { log << "0 " << t << ' ' << v * n << ' ' << -5 * n << " 77 20000\n"; };
  for (int i = 0; i < 40; ++i) row(i % 2 ? 1990 : 2010, 30);
  for (int i = 0; i < 10; ++i) row(0, 40);
  for (double t = 2000; t >= 300; t -= 5) row(t, 15 + 4e-4 * t + (t > 800 ? 6e-4 * (t - 800) : 0));
  for (int i = 0; i < 10; ++i) row(300, 10);
  log << "Loop time of 1\n" << std::flush;
  io::write_lammps_data((folder / "glass.data").string(), test::disordered(4));
  QuenchOptions o = tiny();
  o.engine.adopt = folder.string(), o.pressure = pressure, o.bin = 20;
  Context& context = Context::quiet();
  const Quench q = quench(o, context);
  EXPECT_NEAR(static_cast<double>(q.temperature.size()), 1564 / o.bin, 2);  // 1700 K less 4 % at both ends, in bins
  for (std::size_t i = 0; i < q.temperature.size(); ++i) {
    EXPECT_NEAR(q.volume[i], 15 + 4e-4 * q.temperature[i] + 6e-4 * std::max(0.0, q.temperature[i] - 800), 0.02);
    const double kinetic = 1.5 * (1 - 1 / n) * 8.617333e-5 * q.temperature[i];
    EXPECT_NEAR(q.enthalpy[i], -5 + kinetic + pressure / 160.21766 * q.volume[i], 1e-4);
  }
  EXPECT_NEAR(q.glass_transition_volume.value, 800, 3);
}

TEST(Quench, RefusesBadOptions) {
  const auto refused = [](auto change) {
    QuenchOptions o = tiny();
    change(o);
    EXPECT_THROW(quench(o), InputError);
  };
  refused([](QuenchOptions& o) { o.composition = "Cu64Zz36"; });
  refused([](QuenchOptions& o) { o.schedule = {"300K"}; });
  refused([](QuenchOptions& o) { o.schedule = {"2500K:1e14K/s"}; });
  refused([](QuenchOptions& o) { o.potential = "no-such-potential"; });
  refused([](QuenchOptions& o) { o.members = 0; });
}

TEST_F(QuenchTest, PotentialThatLacksASpeciesIsNamed) {
  QuenchOptions o = tiny();
  o.composition = "Cu50Ni50";
  try {
    quench(o);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), testing::AllOf(testing::HasSubstr("no Ni"), testing::HasSubstr("Cu, Zr")));
  }
}

// Run by the test below in a process of its own.
TEST(Driver, DISABLED_Quench) {
  InFolder context(std::filesystem::path(std::getenv("HETEROGLASS_TEST_FOLDER")) / "run");
  quench(tiny(), context);
}

// Kill -9 at random times, again and again, ends bit for bit as an undisturbed run (takes about 10 s).
TEST_F(QuenchTest, KilledAndResumedIsBitIdentical) {
  std::filesystem::create_directories(folder / "killed");
  std::filesystem::create_directories(folder / "whole");
  const int hits = test::run_and_kill("Driver.DISABLED_Quench", folder / "killed", 8, 17);
  EXPECT_GE(hits, 2);
  InFolder killed(folder / "killed" / "run"), whole(folder / "whole" / "run");
  const Quench a = quench(tiny(), killed), b = quench(tiny(), whole);
  for (std::size_t m = 0; m < 2; ++m) {
    EXPECT_TRUE(test::same_frames(a.configuration[m], b.configuration[m]));
    EXPECT_TRUE(test::same_frames(a.glass[m], b.glass[m]));
    EXPECT_TRUE(test::same_frames(a.liquid[m], b.liquid[m]));
  }
  EXPECT_EQ(a.volume, b.volume);
  EXPECT_EQ(a.enthalpy, b.enthalpy);
  EXPECT_EQ(a.temperature, b.temperature);
  EXPECT_EQ(a.density.value, b.density.value);
}

}  // namespace
}  // namespace heteroglass::sample
