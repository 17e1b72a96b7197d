#include "sample/start.hpp"

#include <gtest/gtest.h>

#include <set>

#include "neighbor/neighbor_list.hpp"

namespace heteroglass::sample {
namespace {

TEST(LatticeStart, HasExactCompositionAndNoOverlaps) {
  const Composition c = parse_composition("Cu64Zr36");
  for (const int atoms : {100, 256, 1000, 2000}) {
    const Frame f = lattice_start(c, {63.5, 91.2}, atoms, 3);
    EXPECT_EQ(f.size(), static_cast<std::size_t>(atoms));
    EXPECT_EQ(f.species_counts()[0], static_cast<std::size_t>(c.counts(atoms)[0]));
    EXPECT_EQ(neighbor::neighbor_list(f, 2.2).pairs(), 0u) << atoms;
    EXPECT_NEAR(f.box.volume() / atoms, 17, 2);
  }
}

TEST(LatticeStart, DependsOnTheSeedAlone) {
  const Composition c = parse_composition("Cu50Zr50");
  const Frame a = lattice_start(c, {63.5, 91.2}, 200, 1), b = lattice_start(c, {63.5, 91.2}, 200, 1),
              d = lattice_start(c, {63.5, 91.2}, 200, 2);
  EXPECT_EQ(a.position, b.position);
  EXPECT_EQ(a.type, b.type);
  EXPECT_NE(a.type, d.type);
}

TEST(MemberSeed, MembersOfNeighbouringSeedsDiffer) {
  std::set<int> seen;
  for (int seed = 0; seed < 100; ++seed)
    for (int member = 0; member < 20; ++member) seen.insert(member_seed(seed, member));
  EXPECT_EQ(seen.size(), 2000u);
  EXPECT_GE(*seen.begin(), 1);
}

}  // namespace
}  // namespace heteroglass::sample
