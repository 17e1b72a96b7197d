#include "structure/voronoi.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <numbers>

#include "core/error.hpp"
#include "crystals.hpp"

namespace heteroglass::structure {
namespace {

using testing::Each;
using testing::HasSubstr;

std::vector<double> row(const Voronoi& v, std::size_t i) {
  return {v.voronoi_index(i, 0), v.voronoi_index(i, 1), v.voronoi_index(i, 2), v.voronoi_index(i, 3)};
}

/// An atom at the origin with twelve around it on an icosahedron of edge 2.
Frame icosahedron() {
  Frame f = test::empty_frame(Box::orthogonal({40, 40, 40}, {-20, -20, -20}));
  test::add_atom(f, {});
  const double g = std::numbers::phi;
  for (double a : {-1.0, 1.0})
    for (double b : {-g, g}) test::add_atom(f, {0, a, b}), test::add_atom(f, {a, b, 0}), test::add_atom(f, {b, 0, a});
  return f;
}

// fcc: rhombic dodecahedron, 12 four-edged faces; its six 4-valent vertices are degenerate, hence the threshold.
TEST(Voronoi, FccIsTheRhombicDodecahedron) {
  const Voronoi v = voronoi(test::fcc_crystal(4, 3.6), {.edge_threshold = 0.01, .face_threshold = 1e-3});
  for (std::size_t i = 0; i < v.coordination.size(); ++i) EXPECT_EQ(row(v, i), (std::vector<double>{0, 12, 0, 0}));
  EXPECT_NEAR(v.mean_atomic_volume[0], 3.6 * 3.6 * 3.6 / 4, 1e-12);
  EXPECT_NEAR(v.cavity_radius[0], 1.8, 1e-12);  // the octahedral hole
  EXPECT_EQ(v.mean_coordination[0], 12);
}

// bcc: truncated octahedron, 6 squares and 8 hexagons, with simple vertices: no threshold needed.
TEST(Voronoi, BccIsTheTruncatedOctahedron) {
  const Voronoi v = voronoi(test::bcc_crystal(4, 2.9));
  for (std::size_t i = 0; i < v.coordination.size(); ++i) EXPECT_EQ(row(v, i), (std::vector<double>{0, 6, 0, 8}));
  ASSERT_EQ(v.index.rows(), 1u);
  EXPECT_EQ(v.index.find("index")->text[0], "<0,6,0,8>");
  EXPECT_EQ(v.index.find("count")->number[0], 128);
}

TEST(Voronoi, HcpHasTwelveFaces) {
  const Voronoi v = voronoi(test::hcp_crystal(4, 2.9), {.edge_threshold = 0.01, .face_threshold = 1e-3});
  EXPECT_THAT(v.coordination, Each(12));
}

TEST(Voronoi, PerfectIcosahedron) {
  const Voronoi v = voronoi(icosahedron());
  EXPECT_EQ(row(v, 0), (std::vector<double>{0, 0, 12, 0}));
  EXPECT_EQ(v.coordination[0], 12);
  EXPECT_EQ(v.five_fold[0], 1);
  EXPECT_EQ(v.kasper_distance[0], 0);
  EXPECT_NEAR(v.full_icosahedra_fraction[0], 1.0 / 13, 1e-12);
  EXPECT_GT(v.full_icosahedra_fraction_error[0], 0);
}

TEST(Voronoi, VolumesFillTheBoxAndCountsAddUp) {
  const Frame f = test::disordered(6);
  for (const VoronoiOptions& o : {VoronoiOptions{}, VoronoiOptions{.radical = true}}) {
    const Voronoi v = voronoi(f, o);
    EXPECT_NEAR(v.volume_sum / v.box_volume, 1, 1e-12);
    const auto& count = v.index.find("count")->number;
    EXPECT_EQ(std::accumulate(count.begin(), count.end(), 0.0), double(f.size()));
    // every cell of a disordered packing has simple vertices: sum over faces of (6 - order) = 12 (Euler)
    for (std::size_t i = 0; i < f.size(); ++i) {
      if (v.max_face_order[i] > 6) continue;
      EXPECT_EQ(3 * v.voronoi_index(i, 0) + 2 * v.voronoi_index(i, 1) + v.voronoi_index(i, 2), 12);
    }
  }
}

TEST(Voronoi, MetallicRadiiAreTheDefaultAndEchoed) {
  const Frame f = test::disordered(4);
  const Voronoi a = voronoi(f, {.radical = true}), b = voronoi(f, {.radical = true, .radii = {{"Cu", 1.28}, {"Zr", 1.60}}});
  EXPECT_EQ(a.radii, (std::vector<double>{1.28, 1.60}));
  EXPECT_EQ(a.atomic_volume, b.atomic_volume);
  EXPECT_NE(a.atomic_volume, voronoi(f).atomic_volume);
  EXPECT_TRUE(voronoi(f).radii.empty());
}

// Only R_i^2 - R_j^2 matters.
TEST(Voronoi, EqualRadiiAreTheOrdinaryTessellation) {
  const Frame f = test::disordered(4);
  const Voronoi a = voronoi(f), b = voronoi(f, {.radical = true, .radii = {{"Cu", 1.4}, {"Zr", 1.4}}});
  for (std::size_t i = 0; i < f.size(); ++i) EXPECT_NEAR(a.atomic_volume[i], b.atomic_volume[i], 1e-11);
  EXPECT_EQ(a.voronoi_index.values, b.voronoi_index.values);
}

TEST(Voronoi, LargeThresholdsDropEverything) {
  const Frame f = test::disordered(3);
  const Voronoi all = voronoi(f), none = voronoi(f, {.face_threshold = 1000});
  EXPECT_THAT(none.coordination, Each(0));
  EXPECT_EQ(none.faces_dropped, double(std::accumulate(all.coordination.begin(), all.coordination.end(), 0)));
  EXPECT_EQ(none.atomic_volume, all.atomic_volume);
  EXPECT_THAT(voronoi(f, {.edge_threshold = 100}).coordination, Each(0));
  EXPECT_THAT(voronoi(f, {.relative_face_threshold = 1}).coordination, Each(0));
}

// A cube with one corner cut off by a far atom: the cut face has area sqrt(3)/2 e^2 and edges sqrt(2) e.
TEST(Voronoi, ThresholdsCutWhereTheySay) {
  Frame f = test::empty_frame(Box::orthogonal({20, 20, 20}, {-10, -10, -10}, {false, false, false}));
  test::add_atom(f, {});
  for (double s : {-2.0, 2.0}) test::add_atom(f, {s, 0, 0}), test::add_atom(f, {0, s, 0}), test::add_atom(f, {0, 0, s});
  const double e = 0.3;  // plane x + y + z = 3 - e
  const double reach = 2 * (3 - e) / 3;
  test::add_atom(f, {reach, reach, reach});
  const double area = std::sqrt(3.0) / 2 * e * e, edge = std::sqrt(2.0) * e, surface = 24 - 3 * e * e / 2 + area;
  EXPECT_EQ(row(voronoi(f), 0), (std::vector<double>{1, 3, 3, 0}));
  EXPECT_EQ(row(voronoi(f, {.edge_threshold = edge * 0.999}), 0), (std::vector<double>{1, 3, 3, 0}));
  EXPECT_EQ(row(voronoi(f, {.edge_threshold = edge * 1.001}), 0), (std::vector<double>{0, 6, 0, 0}));
  EXPECT_EQ(row(voronoi(f, {.face_threshold = area * 0.999}), 0), (std::vector<double>{1, 3, 3, 0}));
  EXPECT_EQ(row(voronoi(f, {.face_threshold = area * 1.001}), 0), (std::vector<double>{0, 3, 3, 0}));
  EXPECT_EQ(row(voronoi(f, {.relative_face_threshold = area / surface * 0.999}), 0), (std::vector<double>{1, 3, 3, 0}));
  EXPECT_EQ(row(voronoi(f, {.relative_face_threshold = area / surface * 1.001}), 0), (std::vector<double>{0, 3, 3, 0}));
}

TEST(Voronoi, ReplicationRepeatsTheResult) {
  const Frame f = test::disordered(3);
  Frame g = f;
  const double l = f.box.edges()[0][0];
  g.box = Box::orthogonal({2 * l, l, l});
  for (std::size_t i = 0; i < f.size(); ++i) test::add_atom(g, f.position[i] + Vec3{l, 0, 0}, f.type[i]);
  g.normalise();
  const Voronoi a = voronoi(f, {.radical = true}), b = voronoi(g, {.radical = true});
  for (std::size_t i = 0; i < g.size(); ++i) {
    EXPECT_NEAR(b.atomic_volume[i], a.atomic_volume[i % f.size()], 1e-10);
    EXPECT_EQ(row(b, i), row(a, i % f.size()));
  }
  EXPECT_NEAR(a.five_fold_fraction[0], b.five_fold_fraction[0], 1e-12);
}

TEST(Voronoi, TopKeepsTheMostPopulated) {
  const Voronoi v = voronoi(test::disordered(5), {.top = 3});
  EXPECT_EQ(v.index.rows(), 6u);  // of each species
  const auto& n = v.index.find("count")->number;
  EXPECT_GE(n[0], n[1]);
  EXPECT_GE(n[1], n[2]);
  const auto& d = v.motifs.find("kasper_distance")->number;
  EXPECT_LE(d[0], d[1]);
}

TEST(Voronoi, TellsWhatIsWrongWithRadii) {
  const Frame f = test::disordered(3);
  const auto message = [](auto&& run) {
    try {
      run();
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_THAT(message([&] { voronoi(f, {.radical = true, .radii = {{"Cu", 1.28}}}); }), HasSubstr("Zr"));
  EXPECT_THAT(message([&] { voronoi(f, {.radical = true, .radii = {{"Cu", 1.28}, {"Zn", 1.6}}}); }), HasSubstr("Zn"));
  EXPECT_THAT(message([&] { voronoi(f, {.radii = {{"Cu", 1.28}}}); }), HasSubstr("radical"));
  Frame g = f;
  g.species[1].name = "";
  EXPECT_THAT(message([&] { voronoi(g, {.radical = true}); }), HasSubstr("2=1.28"));
}

}  // namespace
}  // namespace heteroglass::structure
