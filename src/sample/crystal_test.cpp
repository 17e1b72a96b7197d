#include "sample/crystal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "neighbor/neighbor_list.hpp"

namespace heteroglass::sample {
namespace {

std::vector<std::size_t> neighbours(const Frame& f, double r_cut) {
  const neighbor::NeighborList list = neighbor::neighbor_list(f, r_cut);
  std::vector<std::size_t> counts;
  for (std::size_t i = 0; i < f.size(); ++i) counts.push_back(list.of(i).size());
  return counts;
}

// First shells: fcc and hcp 12 at a/sqrt 2 and a, bcc 8 at a sqrt 3/2, diamond 4 at a sqrt 3/4.
TEST(Crystal, FirstShells) {
  const auto all = [](const CrystalOptions& o, double distance, std::size_t count) {
    const Crystal c = crystal(o);
    EXPECT_NEAR(c.nearest_neighbour, distance, 1e-12) << o.lattice;
    EXPECT_THAT(neighbours(c.configuration[0], 1.02 * distance), testing::Each(count)) << o.lattice;
  };
  all({.lattice = "fcc", .lattice_constant = 3.615}, 3.615 / std::sqrt(2.0), 12);
  all({.lattice = "bcc", .species = {"Fe"}, .lattice_constant = 2.87}, 2.87 * std::sqrt(0.75), 8);
  all({.lattice = "hcp", .species = {"Zr"}, .lattice_constant = 3.2}, 3.2, 12);
  all({.lattice = "diamond", .species = {"Si"}, .lattice_constant = 5.43}, 5.43 * std::sqrt(3.0) / 4, 4);
}

// Copper, a = 3.615 A: 4 x 63.546 g/mol in a^3 are 8.934 g/cm^3.
TEST(Crystal, CopperHasItsDensity) {
  const Crystal c = crystal({.lattice_constant = 3.615, .cells = {2, 3, 4}});
  EXPECT_EQ(c.atoms, 96);
  EXPECT_NEAR(c.density, 8.934, 1e-3);
  EXPECT_NEAR(c.configuration[0].box.edge(2).z, 4 * 3.615, 1e-12);
}

// B2: 8 unlike neighbours. L1_2: A has 4 B and 8 A, B has 12 A. C15: A has 6 A at a sqrt 2/4, B has 4 B at a sqrt 3/4 and 12 A at a sqrt 11/8.
TEST(Crystal, OrderedAlloys) {
  const auto shell = [](const CrystalOptions& o, double distance) {
    const Frame f = crystal(o).configuration[0];
    const neighbor::NeighborList list = neighbor::neighbor_list(f, 1.01 * distance);
    std::set<std::array<int, 3>> found;  // own species, neighbours A, neighbours B
    for (std::size_t i = 0; i < f.size(); ++i) {
      std::array<int, 3> count = {f.type[i], 0, 0};
      for (const neighbor::Neighbor& n : list.of(i)) ++count[1 + static_cast<std::size_t>(f.type[n.index])];
      found.insert(count);
    }
    return found;
  };
  using Shells = std::set<std::array<int, 3>>;
  EXPECT_EQ(shell({.lattice = "b2", .species = {"Cu", "Zr"}, .lattice_constant = 3.3}, 3.3 * std::sqrt(0.75)),
            (Shells{{0, 0, 8}, {1, 8, 0}}));
  EXPECT_EQ(shell({.lattice = "l1_2", .species = {"Cu", "Au"}, .lattice_constant = 3.7}, 3.7 / std::sqrt(2.0)),
            (Shells{{0, 8, 4}, {1, 12, 0}}));
  const CrystalOptions laves{.lattice = "c15", .species = {"Cu", "Zr"}, .lattice_constant = 7.3, .cells = {2}};
  EXPECT_EQ(shell(laves, 7.3 * std::sqrt(2.0) / 4), (Shells{{0, 6, 0}, {1, 0, 0}}));
  EXPECT_EQ(shell(laves, 7.3 * std::sqrt(3.0) / 4), (Shells{{0, 6, 6}, {1, 12, 4}}));
  EXPECT_EQ(crystal(laves).configuration[0].species_counts(), (std::vector<std::size_t>{128, 64}));
}

// Copper spheres of 1.28 A touch at a = 2 sqrt(2) 1.28 A; it is said that this is a guess.
TEST(Crystal, MetallicRadiiGiveAStart) {
  Context context;
  EXPECT_NEAR(crystal({}, context).lattice_constant, 2 * std::sqrt(2.0) * 1.28, 1e-12);
  ASSERT_EQ(context.warnings().size(), 1u);
  EXPECT_THAT(context.warnings()[0], testing::HasSubstr("metallic radii"));
}

TEST(Crystal, RefusesWhatFitsNoLattice) {
  EXPECT_THROW(crystal({.species = {"Cu", "Zr"}}), InputError);
  EXPECT_THROW(crystal({.lattice = "b2"}), InputError);
  EXPECT_THROW(crystal({.species = {"Xx"}}), InputError);
  EXPECT_THROW(crystal({.cells = {2, 2}}), InputError);
  EXPECT_THROW(crystal({.cells = {0}}), InputError);
  EXPECT_THROW(crystal({.lattice = "fcc", .species = {"Ar"}}), InputError);
}

}  // namespace
}  // namespace heteroglass::sample
