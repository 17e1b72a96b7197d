#include "neighbor/neighbor_list.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <tuple>

#include "core/error.hpp"
#include "crystals.hpp"

namespace heteroglass::neighbor {
namespace {

using test::add_atom;
using test::empty_frame;

/// Every image in a range that surely holds all within r_cut, by plain sums.
std::vector<std::vector<Neighbor>> brute_force(const Frame& f, double r_cut) {
  std::vector<std::vector<Neighbor>> rows(f.size());
  std::array<int, 3> reach{};
  for (std::size_t k = 0; k < 3; ++k)
    if (f.box.periodic(k)) reach[k] = static_cast<int>(std::ceil(r_cut / f.box.heights()[k])) + 1;
  for (std::size_t i = 0; i < f.size(); ++i)
    for (std::size_t j = 0; j < f.size(); ++j)
      for (int a = -reach[0]; a <= reach[0]; ++a)
        for (int b = -reach[1]; b <= reach[1]; ++b)
          for (int c = -reach[2]; c <= reach[2]; ++c) {
            if (i == j && a == 0 && b == 0 && c == 0) continue;
            const Vec3 d = f.position[j] + f.box.edges() * Vec3{double(a), double(b), double(c)} - f.position[i];
            if (norm(d) < r_cut) rows[i].push_back({static_cast<std::int32_t>(j), d});
          }
  for (auto& row : rows)
    std::sort(row.begin(), row.end(), [](const Neighbor& p, const Neighbor& q) {
      return std::pair(p.index, norm2(p.separation)) < std::pair(q.index, norm2(q.separation));
    });
  return rows;
}

Frame random_frame(std::mt19937_64& random, std::size_t atoms) {
  std::uniform_real_distribution<double> u(0, 1), tilt(-2.5, 2.5), length(2, 9);
  std::bernoulli_distribution periodic(0.75), tilted(0.6);
  const double t = tilted(random) ? 1 : 0;
  const Box box = Box::lammps({u(random), -u(random), 3}, {length(random) + 1, length(random), length(random) + 3}, t * tilt(random) * 4,
                              t * tilt(random) * 4, t * tilt(random) * 4, {periodic(random), periodic(random), periodic(random)});
  Frame f = empty_frame(box);
  for (std::size_t i = 0; i < atoms; ++i) add_atom(f, box.cartesian({u(random), u(random), u(random)}));
  f.normalise();
  return f;
}

void expect_equal(const NeighborList& list, const std::vector<std::vector<Neighbor>>& rows) {
  ASSERT_EQ(list.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(list.of(i).size(), rows[i].size()) << "atom " << i;
    for (std::size_t k = 0; k < rows[i].size(); ++k) {
      EXPECT_EQ(list.of(i)[k].index, rows[i][k].index);
      EXPECT_NEAR(norm(list.of(i)[k].separation), norm(rows[i][k].separation), 1e-9);
    }
    // The same set of separations: order among equal distances is free.
    for (const Neighbor& n : list.of(i))
      EXPECT_TRUE(std::any_of(rows[i].begin(), rows[i].end(),
                              [&](const Neighbor& m) { return m.index == n.index && norm(m.separation - n.separation) < 1e-9; }));
  }
}

TEST(NeighborList, EqualsImageSumInRandomBoxes) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> cut(0.8, 6);
  std::uniform_int_distribution<std::size_t> atoms(1, 24);
  for (int trial = 0; trial < 60; ++trial) {
    SCOPED_TRACE(trial);
    const Frame f = random_frame(random, atoms(random));
    const double r_cut = cut(random);
    expect_equal(neighbor_list(f, r_cut), brute_force(f, r_cut));
    if (HasFailure()) return;
  }
}

TEST(NeighborList, EqualsImageSumOfManyAtoms) {
  for (const auto& periodic : {std::array{true, true, true}, std::array{true, false, true}, std::array{false, false, false}}) {
    Frame f = test::disordered(3);
    f.box = Box(f.box.edges(), f.box.origin(), periodic);
    f = test::deformed(f, {{{{1, 0.4, -0.3}, {0, 1, 0.45}, {0, 0, 1}}}});
    expect_equal(neighbor_list(f, 4.1), brute_force(f, 4.1));
  }
}

TEST(NeighborList, HalfHoldsEachPairOnce) {
  std::mt19937_64 random(11);
  for (int trial = 0; trial < 40; ++trial) {
    const Frame f = random_frame(random, 9);
    const NeighborList full = neighbor_list(f, 5), half = neighbor_list(f, 5, true);
    ASSERT_EQ(2 * half.pairs(), full.pairs());
    for (std::size_t i = 0; i < f.size(); ++i)
      for (const Neighbor& n : half.of(i)) {
        EXPECT_GE(n.index, static_cast<std::int32_t>(i));
        const auto row = full.of(i);
        EXPECT_TRUE(
            std::any_of(row.begin(), row.end(), [&](const Neighbor& m) { return m.index == n.index && m.separation == n.separation; }));
      }
  }
}

TEST(NeighborList, SeparationsAreSymmetricBitForBit) {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 20; ++trial) {
    const Frame f = random_frame(random, 12);
    const NeighborList list = neighbor_list(f, 4.5);
    for (std::size_t i = 0; i < f.size(); ++i)
      for (const Neighbor& n : list.of(i)) {
        const auto back = list.of(static_cast<std::size_t>(n.index));
        EXPECT_EQ(
            std::count_if(back.begin(), back.end(),
                          [&](const Neighbor& m) { return m.index == static_cast<std::int32_t>(i) && m.separation == -n.separation; }),
            1);
      }
  }
}

TEST(NeighborList, OneAtomCellMeetsItsImages) {
  Frame f = empty_frame(Box::orthogonal({2, 2, 2}));
  add_atom(f, {1, 1, 1});
  // Shells of the simple cubic lattice within 2.1 edges: 6 + 12 + 8 + 6.
  EXPECT_EQ(neighbor_list(f, 4.2).of(0).size(), 32u);
  EXPECT_EQ(neighbor_list(f, 4.2, true).of(0).size(), 16u);
}

TEST(NeighborList, ShellsOfFcc) {
  const double a = 3.6;
  for (const auto& [r, count] : {std::pair{0.8, 12u}, std::pair{1.1, 18u}, std::pair{1.3, 42u}, std::pair{1.5, 54u}})
    for (std::size_t i : {0u, 17u}) EXPECT_EQ(neighbor_list(test::fcc_crystal(3, a), r * a).of(i).size(), count);
}

TEST(NeighborList, SameForAnyNumberOfThreads) {
  const Frame f = test::disordered(9);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const NeighborList one = neighbor_list(f, 6.5);
  omp_set_num_threads(3);
  const NeighborList three = neighbor_list(f, 6.5);
  omp_set_num_threads(before);
  ASSERT_EQ(one.pairs(), three.pairs());
  for (std::size_t i = 0; i < f.size(); ++i) {
    ASSERT_EQ(one.of(i).size(), three.of(i).size());
    for (std::size_t k = 0; k < one.of(i).size(); ++k) {
      ASSERT_EQ(one.of(i)[k].index, three.of(i)[k].index);
      ASSERT_EQ(one.of(i)[k].separation, three.of(i)[k].separation);
    }
  }
}

TEST(NeighborList, SameForAnotherCellOfTheLattice) {
  Frame f = test::disordered(4);
  const NeighborList straight = neighbor_list(f, 5);
  const Mat3 h = f.box.edges();
  f.box = Box(Mat3::columns(h.column(0), h.column(1) + 3 * h.column(0), h.column(2) - 2 * h.column(1) + h.column(0)));
  f.normalise();
  const NeighborList tilted = neighbor_list(f, 5);
  for (std::size_t i = 0; i < f.size(); ++i) {
    ASSERT_EQ(straight.of(i).size(), tilted.of(i).size());
    for (std::size_t k = 0; k < straight.of(i).size(); ++k) {
      ASSERT_EQ(straight.of(i)[k].index, tilted.of(i)[k].index);
      ASSERT_LT(norm(straight.of(i)[k].separation - tilted.of(i)[k].separation), 1e-10);
    }
  }
}

TEST(CellList, OnceVisitsEachPairOnce) {
  std::mt19937_64 random(5);
  for (int trial = 0; trial < 40; ++trial) {
    const Frame f = random_frame(random, 14);
    std::size_t once = 0, all = 0;
    double sum_once = 0, sum_all = 0;
    const CellList cells(f, 4);
    for (std::size_t b = 0; b < cells.blocks(); ++b) {
      cells.visit(b, Pairs::once, [&](std::size_t, std::span<const Neighbor> near) {
        for (const Neighbor& n : near) ++once, sum_once += norm(n.separation);
      });
      cells.visit(b, Pairs::all, [&](std::size_t, std::span<const Neighbor> near) {
        for (const Neighbor& n : near) ++all, sum_all += norm(n.separation);
      });
    }
    EXPECT_EQ(2 * once, all);
    EXPECT_NEAR(2 * sum_once, sum_all, 1e-9 * (1 + sum_all));
  }
}

TEST(NeighborList, RefusesCutOffs) {
  const Frame f = test::fcc_crystal(2, 3.6);
  for (double r : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::nan("")}) EXPECT_THROW(neighbor_list(f, r), InputError);
  EXPECT_THROW(neighbor_list(f, 1e6), InputError);
}

}  // namespace
}  // namespace heteroglass::neighbor
