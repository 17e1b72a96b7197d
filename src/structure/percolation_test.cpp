#include "structure/percolation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"
#include "crystals.hpp"

namespace heteroglass::structure {
namespace {

/// A simple cubic lattice of edge 1 with a property "mark".
template <class F> Frame lattice(int n, F mark) {
  Frame f = test::crystal(n, 1.0, {{0.25, 0.25, 0.25}});
  AtomProperty p{"mark", "1", 1, {}};
  for (const Vec3& r : f.position) p.values.push_back(mark(r));
  f.properties.push_back(std::move(p));
  return f;
}

// A row along x wraps, one that stops short does not, a single atom is a cluster of its own.
TEST(Percolation, ARowWrapsOrDoesNot) {
  const auto row = [](int length) {
    return lattice(8, [=](const Vec3& r) {
      const bool on_row = r.y < 1 && r.z < 1 && r.x<length, alone = r.x> 4 && r.x < 5 && r.y > 4 && r.y < 5 && r.z > 4 && r.z < 5;
      return on_row || alone ? 1.0 : 0.0;
    });
  };
  const Percolation whole = percolation(row(8), {.choose = {.property = "mark", .at_least = 1}, .r_cut = 1.1, .surrogates = 0});
  EXPECT_EQ(whole.percolates, "a");
  EXPECT_EQ(whole.clusters, 2);
  EXPECT_EQ(whole.largest, 8);
  EXPECT_NEAR(whole.directions.columns[2].number[0], 1, 1e-9);
  const Percolation cut = percolation(row(6), {.choose = {.property = "mark", .at_least = 1}, .r_cut = 1.1, .surrogates = 0});
  EXPECT_EQ(cut.percolates, "none");
  EXPECT_EQ(cut.largest, 6);
  // Six atoms in a row: mean square distance from the centre (6^2 - 1) / 12; the gap of three lattice constants is the critical link.
  EXPECT_NEAR(cut.table.columns[4].number[0], std::sqrt(35.0 / 12), 1e-9);
  EXPECT_NEAR(cut.directions.columns[2].number[0], 3, 1e-9);
}

// The cluster that straddles the boundary is in one piece for its gyration.
TEST(Percolation, GyrationDoesNotSeeTheBoundary) {
  const auto ball = [](double shift) {
    Frame f = lattice(10, [](const Vec3& r) { return norm(r - Vec3{5.25, 5.25, 5.25}) < 2.5 ? 1.0 : 0.0; });
    for (Vec3& r : f.position) r = f.box.wrap(r + Vec3{shift, shift, shift});
    return percolation(f, {.choose = {.property = "mark", .at_least = 1}, .r_cut = 1.1, .surrogates = 0});
  };
  const Percolation a = ball(0), b = ball(5);
  EXPECT_EQ(a.clusters, 1);
  EXPECT_EQ(b.clusters, 1);
  EXPECT_NEAR(a.table.columns[4].number[0], b.table.columns[4].number[0], 1e-9);
  EXPECT_NEAR(a.aspect_ratio.value, 1, 1e-6);
  EXPECT_NEAR(b.aspect_ratio.value, 1, 1e-6);
}

// Open along x: the row is cut at the boundary, yet reaches both ends.
TEST(Percolation, OpenEdgesPercolateFromEndToEnd) {
  Frame f = lattice(6, [](const Vec3& r) { return r.y < 1 && r.z < 1 ? 1.0 : 0.0; });
  f.box = Box::orthogonal({6, 6, 6}, {}, {false, true, true});
  const PercolationOptions o{.choose = {.property = "mark", .at_least = 1}, .r_cut = 1.1, .surrogates = 0};
  EXPECT_EQ(percolation(f, o).percolates, "a");
  f.properties[0].values[f.size() / 2] = 0;  // not on the row
  for (std::size_t i = 0; i < f.size(); ++i)
    if (f.position[i].x > 3 && f.position[i].x < 4) f.properties[0].values[i] = 0;
  EXPECT_EQ(percolation(f, o).percolates, "none");
}

// Site percolation on the simple cubic lattice: p_c = 0.3116. Random values, so nothing differs from the shuffled control.
TEST(Percolation, CriticalFractionOfTheSimpleCubicLattice) {
  std::mt19937_64 random(4);
  std::uniform_real_distribution<double> u;
  const Frame f = lattice(20, [&](const Vec3&) { return u(random); });
  const Percolation r = percolation(f, {.choose = {.property = "mark", .top = 0.25}, .r_cut = 1.1, .surrogates = 9});
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(r.directions.columns[3].number[k], 0.3116, 0.06);  // one cell of 20^3
    EXPECT_NEAR(r.directions.columns[4].number[k], 0.3116, 0.02);
    EXPECT_LT(r.directions.columns[5].number[k], 0.03);
  }
  EXPECT_EQ(r.chosen, 2000);
  for (std::size_t row = 0; row < r.noise.rows(); ++row)
    EXPECT_LT(std::abs(r.noise.find("measured")->number[row] - r.noise.find("surrogate_mean")->number[row]),
              5 * r.noise.find("surrogate_sd")->number[row] + 1e-6)
        << r.noise.find("quantity")->text[row] << " " << r.noise.find("control")->text[row];
}

// Values smoothed over four lattice constants cluster: far from shuffled atoms, not from noise of their own spectrum.
TEST(Percolation, SmoothNoiseDiffersFromShuffledOnly) {
  const int n = 20;
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal;
  std::vector<double> white(std::size_t(n * n * n));
  for (double& w : white) w = normal(random);
  const Frame f = lattice(n, [&](const Vec3& r) {
    double sum = 0;
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b)
        for (int c = 0; c < 3; ++c) sum += white[std::size_t(((int(r.x) + a) % n * n + (int(r.y) + b) % n) * n + (int(r.z) + c) % n)];
    return sum;
  });
  const Percolation r = percolation(f, {.choose = {.property = "mark", .top = 0.1}, .r_cut = 1.1, .surrogates = 9});
  const auto z = [&](std::size_t row) {
    return std::abs(r.noise.find("measured")->number[row] - r.noise.find("surrogate_mean")->number[row]) /
           r.noise.find("surrogate_sd")->number[row];
  };
  EXPECT_GT(z(0), 10);                      // number of clusters, shuffled
  EXPECT_LT(z(r.noise.rows() / 2), 4);      // the same, smooth
  EXPECT_LT(z(r.noise.rows() / 2 + 1), 4);  // share of the largest, smooth
}

TEST(Percolation, SpeciesAndWrongChoices) {
  const Frame f = test::disordered(4);
  PercolationOptions o;
  o.r_cut = 4, o.surrogates = 3;
  o.choose.species = {"Zr"};
  const Percolation r = percolation(f, o);
  EXPECT_NEAR(r.selected_fraction.value, double(f.species_counts()[1]) / double(f.size()), 1e-12);
  o.choose.species = {"Al"};
  EXPECT_THROW(percolation(f, o), InputError);
  EXPECT_THROW(percolation(f, {.choose = {.property = "mark", .top = 0.1}}), InputError);
  o.choose = {}, o.choose.top = 0.1;
  EXPECT_THROW(percolation(f, o), InputError);
  const Frame g = lattice(4, [](const Vec3&) { return NAN; });
  EXPECT_THROW(percolation(g, {.choose = {.property = "mark", .at_least = 0}, .r_cut = 1.1}), InputError);
}

}  // namespace
}  // namespace heteroglass::structure
