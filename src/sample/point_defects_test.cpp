#include "sample/point_defects.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "crystals.hpp"
#include "neighbor/neighbor_list.hpp"
#include "sample/cubic_lattice.hpp"

namespace heteroglass::sample {
namespace {

using test::bcc_crystal;
using test::fcc_crystal;

std::size_t within(const Frame& f, std::size_t i, double r_cut) { return neighbor::neighbor_list(f, r_cut).of(i).size(); }

std::size_t last(const Frame& f) { return f.size() - 1; }

TEST(CubicLattice, FamiliesHaveTheirMultiplicity) {
  EXPECT_EQ(family({1, 0, 0}).size(), 6u);
  EXPECT_EQ(family({1, 1, 0}).size(), 12u);
  EXPECT_EQ(family({1, 1, 1}).size(), 8u);
  EXPECT_EQ(family({2, 1, 0}).size(), 24u);
}

TEST(CubicLattice, KnowsCrystalsAndRefusesOthers) {
  const CubicLattice fcc = cubic_lattice(fcc_crystal(3, 3.6), "test"), bcc = cubic_lattice(bcc_crystal(4, 2.9), "test");
  EXPECT_EQ(fcc.type, "fcc");
  EXPECT_NEAR(fcc.constant, 3.6, 1e-12);
  EXPECT_EQ(bcc.type, "bcc");
  EXPECT_NEAR(bcc.neighbour, 2.9 * std::sqrt(0.75), 1e-12);
  EXPECT_THROW(cubic_lattice(test::hcp_crystal(4, 2.5), "test"), InputError);
  EXPECT_THROW(cubic_lattice(test::disordered(4), "test"), InputError);
  const double c = std::sqrt(0.5);
  EXPECT_THROW(cubic_lattice(test::deformed(fcc_crystal(3, 3.6), Mat3{{{{c, c, 0}, {-c, c, 0}, {0, 0, 1}}}}), "test"), InputError);
}

// A vacancy leaves its 12 neighbours with 11.
TEST(PointDefectsMaker, VacancyTakesAnAtom) {
  const Frame f = fcc_crystal(4, 3.6);
  const PointDefects r = point_defects(f, {.defect = "vacancy", .sites = {7}});
  EXPECT_EQ(r.atoms, 255);
  EXPECT_EQ(r.concentration, 1.0 / 256);
  const Frame& v = r.configuration[0];
  EXPECT_THAT(v.id, testing::Not(testing::Contains(7)));
  const neighbor::NeighborList list = neighbor::neighbor_list(v, 2.7);
  int eleven = 0;
  for (std::size_t i = 0; i < v.size(); ++i) eleven += list.of(i).size() == 11;
  EXPECT_EQ(eleven, 12);
}

// The two atoms of a <100> dumbbell are 0.85 d apart, and their middle is the site.
TEST(PointDefectsMaker, SplitInterstitialIsADumbbell) {
  const Frame f = fcc_crystal(4, 3.6);
  for (const auto& [kind, zeros] : {std::pair{"split-100", 2}, {"split-110", 1}, {"split-111", 0}}) {
    const Frame s = point_defects(f, {.defect = kind, .sites = {100}}).configuration[0];
    ASSERT_EQ(s.size(), 257u);
    EXPECT_EQ(s.id.back(), 257);
    const Vec3 d = s.box.minimum_image(s.position[99] - s.position[256]);
    EXPECT_NEAR(norm(d), 0.85 * 3.6 / std::sqrt(2.0), 1e-12);
    EXPECT_NEAR(norm(s.box.minimum_image(s.position[256] + d / 2 - f.position[99])), 0, 1e-12);
    EXPECT_EQ((std::abs(d.x) < 1e-9) + (std::abs(d.y) < 1e-9) + (std::abs(d.z) < 1e-9), zeros) << kind;
  }
}

// In fcc the octahedral hole has 6 neighbours at a/2, the tetrahedral 4 at a sqrt 3/4, the crowdion 2 at d/2; in bcc the octahedral hole
// has 2 at a/2 and 4 at a/sqrt 2, the tetrahedral 4 at a sqrt 5/4.
TEST(PointDefectsMaker, HolesHaveTheirNeighbours) {
  const auto hole = [](const Frame& f, const char* kind, double distance) {
    const Frame s = point_defects(f, {.defect = kind, .seed = 3}).configuration[0];
    EXPECT_EQ(within(s, last(s), 0.99 * distance), 0u) << kind;
    return within(s, last(s), 1.01 * distance);
  };
  const Frame fcc = fcc_crystal(3, 3.6), bcc = bcc_crystal(4, 2.9);
  EXPECT_EQ(hole(fcc, "octahedral", 1.8), 6u);
  EXPECT_EQ(hole(fcc, "tetrahedral", 3.6 * std::sqrt(3.0) / 4), 4u);
  EXPECT_EQ(hole(fcc, "crowdion", 3.6 / std::sqrt(8.0)), 2u);
  EXPECT_EQ(hole(bcc, "octahedral", 1.45), 2u);
  EXPECT_EQ(hole(bcc, "tetrahedral", 2.9 * std::sqrt(5.0) / 4), 4u);
}

TEST(PointDefectsMaker, RandomOnesKeepTheirDistanceAndTheSeedDecides) {
  const Frame f = fcc_crystal(6, 3.6);
  PointDefectsOptions o{.concentration = 0.02, .minimum_distance = 5, .seed = 4};
  const PointDefects r = point_defects(f, o), again = point_defects(f, o);
  EXPECT_EQ(r.defects.rows(), 17u);  // 0.02 x 864 = 17.3
  EXPECT_EQ(r.configuration[0].size(), 864u + 17);
  EXPECT_EQ(r.configuration[0].position, again.configuration[0].position);
  o.seed = 5;
  EXPECT_NE(r.configuration[0].position, point_defects(f, o).configuration[0].position);
  const auto at = [&](std::size_t k) {
    return Vec3{r.defects.columns[1].number[k], r.defects.columns[2].number[k], r.defects.columns[3].number[k]};
  };
  for (std::size_t k = 0; k < 17; ++k)
    for (std::size_t l = 0; l < k; ++l) EXPECT_GE(norm(f.box.minimum_image(at(k) - at(l))), 5);
}

TEST(PointDefectsMaker, ForeignInterstitialBecomesASpecies) {
  const Frame s = point_defects(fcc_crystal(3, 3.6), {.defect = "octahedral", .species = "Zr"}).configuration[0];
  ASSERT_EQ(s.species.size(), 2u);
  EXPECT_EQ(s.species_counts(), (std::vector<std::size_t>{108, 1}));
  EXPECT_NEAR(s.species[1].mass, 91.224, 1e-3);
}

TEST(PointDefectsMaker, RefusesWhatCannotBe) {
  const Frame f = fcc_crystal(3, 3.6);
  EXPECT_THROW(point_defects(f, {.count = 50}), InputError);
  EXPECT_THROW(point_defects(f, {.sites = {0}}), InputError);
  EXPECT_THROW(point_defects(f, {.sites = {5, 5}}), InputError);
  EXPECT_THROW(point_defects(f, {.concentration = 1e-4}), InputError);
  EXPECT_THROW(point_defects(test::disordered(4), {.defect = "split-100"}), InputError);
  EXPECT_NO_THROW(point_defects(test::disordered(4), {.defect = "vacancy"}));
}

}  // namespace
}  // namespace heteroglass::sample
