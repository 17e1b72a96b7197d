#include "neighbor/tessellation.hpp"

#include <gtest/gtest.h>
#include <omp.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>
#include <sstream>
#include <voro++/voro++.hh>

#include "core/error.hpp"
#include "crystals.hpp"

namespace heteroglass::neighbor {
namespace {

using test::disordered;

struct Summary {
  std::vector<double> volume, surface;
  std::vector<std::vector<int>> orders, neighbors;  // sorted
  double total() const {
    double sum = 0, rest = 0;
    for (double v : volume) {
      const double y = v - rest, t = sum + y;
      rest = (t - sum) - y, sum = t;
    }
    return sum;
  }
};

Summary summary(const Frame& f, std::span<const double> radii = {}) {
  Summary s;
  s.volume.resize(f.size()), s.surface.resize(f.size()), s.orders.resize(f.size()), s.neighbors.resize(f.size());
  tessellate(f, radii, [&](const VoronoiCell& c) {
    s.volume[c.atom] = c.volume, s.surface[c.atom] = c.surface;
    for (const CellFace& face : c.faces) s.orders[c.atom].push_back(face.order), s.neighbors[c.atom].push_back(face.neighbor);
    std::sort(s.orders[c.atom].begin(), s.orders[c.atom].end());
    std::sort(s.neighbors[c.atom].begin(), s.neighbors[c.atom].end());
  });
  return s;
}

std::vector<double> species_radii(const Frame& f) {
  std::vector<double> r;
  for (int t : f.type) r.push_back(t == 0 ? 1.28 : 1.60);
  return r;
}

void expect_same_cells(const Summary& a, const Summary& b, double tolerance = 1e-10) {
  ASSERT_EQ(a.volume.size(), b.volume.size());
  for (std::size_t i = 0; i < a.volume.size(); ++i) {
    EXPECT_NEAR(a.volume[i], b.volume[i], tolerance * std::max(1.0, b.volume[i])) << "atom " << i;
    EXPECT_NEAR(a.surface[i], b.surface[i], tolerance * std::max(1.0, b.surface[i])) << "atom " << i;
    EXPECT_EQ(a.orders[i], b.orders[i]) << "atom " << i;
    EXPECT_EQ(a.neighbors[i], b.neighbors[i]) << "atom " << i;
  }
}

template <class Container, class Loop> Summary library_cells(const Frame& f, const std::vector<double>& radii, Container& con) {
  for (std::size_t i = 0; i < f.size(); ++i) con.put(static_cast<int>(i), f.position[i].x, f.position[i].y, f.position[i].z, radii[i]);
  if constexpr (requires { con.create_all_images(); }) con.create_all_images();
  Summary s;
  s.volume.resize(f.size()), s.surface.resize(f.size()), s.orders.resize(f.size()), s.neighbors.resize(f.size());
  Loop loop(con);
  voro::voronoicell_neighbor c;
  if (loop.start()) do {
      const auto i = static_cast<std::size_t>(loop.pid());
      if (!con.compute_cell(c, loop)) continue;
      s.volume[i] = c.volume(), s.surface[i] = c.surface_area();
      c.face_orders(s.orders[i]);
      c.neighbors(s.neighbors[i]);
      std::sort(s.orders[i].begin(), s.orders[i].end());
      std::sort(s.neighbors[i].begin(), s.neighbors[i].end());
    } while (loop.inc());
  return s;
}

/// The containers of the Voro++ library, one thread: the independent answer for LAMMPS boxes at the origin.
Summary library_cells(const Frame& f, const std::vector<double>& radii) {
  const Mat3& h = f.box.edges();
  const auto blocks = [](double l) { return std::clamp(static_cast<int>(l / 4), 1, 12); };
  const int nx = blocks(h[0][0]), ny = blocks(h[1][1]), nz = blocks(h[2][2]);
  if (f.box.is_orthogonal()) {
    voro::container_poly con(0, h[0][0], 0, h[1][1], 0, h[2][2], nx, ny, nz, true, true, true, 8);
    return library_cells<voro::container_poly, voro::c_loop_all>(f, radii, con);
  }
  voro::container_periodic_poly con(h[0][0], h[0][1], h[1][1], h[0][2], h[1][2], h[2][2], nx, ny, nz, 8);
  return library_cells<voro::container_periodic_poly, voro::c_loop_all_periodic>(f, radii, con);
}

Frame triclinic(double xy, double xz, double yz, int n = 5) {
  Frame f = disordered(n);
  const double l = f.box.edges()[0][0];
  f = test::deformed(f, Mat3{{{{1, xy / l, xz / l}, {0, 1, yz / l}, {0, 0, 1}}}});
  f.normalise();
  return f;
}

TEST(Tessellation, SimpleCubicCellIsTheCube) {
  Frame f = test::crystal(3, 2.0, {{0.25, 0.25, 0.25}});
  const Summary s = summary(f);
  for (double v : s.volume) EXPECT_NEAR(v, 8, 1e-12);
}

// One atom: its cell is the Wigner-Seitz cell, the neighbours are its own images.
TEST(Tessellation, OneAtomInASmallBox) {
  Frame f = test::empty_frame(Box::orthogonal({2, 3, 4}));
  test::add_atom(f, {0.3, 0.2, 0.1});
  const Summary s = summary(f);
  EXPECT_NEAR(s.volume[0], 24, 1e-12);
  EXPECT_NEAR(s.surface[0], 2 * (6 + 8 + 12), 1e-12);
  EXPECT_EQ(s.neighbors[0], std::vector<int>(6, 0));
}

TEST(Tessellation, PerfectIcosahedronHasTwelvePentagons) {
  Frame f = test::empty_frame(Box::orthogonal({40, 40, 40}, {-20, -20, -20}));
  test::add_atom(f, {});
  const double g = std::numbers::phi;
  for (int a : {-1, 1})
    for (double b : {-g, g})
      test::add_atom(f, {0, double(a), b}), test::add_atom(f, {double(a), b, 0}), test::add_atom(f, {b, 0, double(a)});
  const Summary s = summary(f);
  EXPECT_EQ(s.orders[0], std::vector<int>(12, 5));
  // dodecahedron of inradius r = |(0, 1, g)| / 2: V = 10 sqrt(130 - 58 sqrt 5) r^3
  const double r = 0.5 * std::sqrt(1 + g * g);
  EXPECT_NEAR(s.volume[0], 10 * std::sqrt(130 - 58 * std::sqrt(5.0)) * r * r * r, 1e-10);
  EXPECT_NEAR(s.total(), 64000, 64000 * 1e-12);
}

// A radical plane between two atoms lies at (d^2 + Ri^2 - Rj^2) / 2d.
TEST(Tessellation, RadicalPlaneOfTwoAtomsBetweenWalls) {
  Frame f = test::empty_frame(Box::orthogonal({10, 2, 2}, {}, {false, false, false}));
  test::add_atom(f, {4, 1, 1});
  test::add_atom(f, {7, 1, 1});
  const std::vector<double> radii = {1.0, 2.0};
  const Summary s = summary(f, radii);
  const double plane = 4 + (9 + 1 - 4) / 6.0;
  EXPECT_NEAR(s.volume[0], plane * 4, 1e-12);
  EXPECT_NEAR(s.volume[1], (10 - plane) * 4, 1e-12);
  EXPECT_EQ(s.neighbors[0], (std::vector<int>{-6, -5, -4, -3, -1, 1}));
}

TEST(Tessellation, AnAtomMayHaveNoRadicalCell) {
  Frame f = test::empty_frame(Box::orthogonal({10, 10, 10}));
  test::add_atom(f, {5, 5, 5});
  test::add_atom(f, {5.5, 5, 5});
  const Summary s = summary(f, std::vector<double>{3.0, 0.1});
  EXPECT_EQ(s.volume[1], 0);
  EXPECT_NEAR(s.volume[0], 1000, 1e-9);
}

TEST(Tessellation, VolumesFillTheBox) {
  for (const Frame& f : {disordered(5), triclinic(4, -3, 6), triclinic(-8, 5, -2), triclinic(20, 9, -30)})
    for (const auto& radii : {std::vector<double>{}, species_radii(f)}) EXPECT_NEAR(summary(f, radii).total() / f.box.volume(), 1, 1e-12);
}

TEST(Tessellation, EqualsTheVoroLibraryInTriclinicBoxes) {
  for (const Frame& f : {disordered(5), triclinic(4, -3, 6), triclinic(-8, 5, -2), triclinic(-3, -9, -7)})
    expect_same_cells(summary(f, species_radii(f)), library_cells(f, species_radii(f)));
}

// The same lattice of atoms described by another cell: b + 2 a instead of b.
TEST(Tessellation, DoesNotDependOnTheDescriptionOfTheBox) {
  const Frame f = triclinic(4, -3, 6);
  Frame g = f;
  const Vec3 a = f.box.edge(0), b = f.box.edge(1), c = f.box.edge(2);
  g.box = Box(Mat3::columns(a, b + 2 * a, c - b));
  g.normalise();
  expect_same_cells(summary(g, species_radii(g)), summary(f, species_radii(f)));
}

TEST(Tessellation, InvariantUnderRotationAndTranslation) {
  const Frame f = disordered(4);
  Frame g = test::deformed(f, Mat3{{{{0, -1, 0}, {0.6, 0, -0.8}, {0.8, 0, 0.6}}}});
  for (Vec3& r : g.position) r += {1.1, -7.3, 0.2};
  g.normalise();
  expect_same_cells(summary(g, species_radii(g)), summary(f, species_radii(f)));
}

// Opening the walls of a box holds the cells inside; a slab's cells end at the walls.
TEST(Tessellation, TriclinicSlabBetweenWallsFillsItsBox) {
  Frame f = triclinic(4, -3, 6);
  f.box = Box(f.box.edges(), f.box.origin(), {true, true, false});
  EXPECT_NEAR(summary(f, species_radii(f)).total() / f.box.volume(), 1, 1e-12);
  f.box = Box(f.box.edges(), f.box.origin(), {false, false, false});
  EXPECT_NEAR(summary(f).total() / f.box.volume(), 1, 1e-12);
}

TEST(Tessellation, ClusterInAHugeBoxIsRight) {
  Frame f = disordered(3);
  f.box = Box::orthogonal({400, 500, 600}, {-200, -250, -300});
  f.normalise();
  const Summary s = summary(f);
  EXPECT_NEAR(s.total() / f.box.volume(), 1, 1e-12);
  Frame moved = f;
  moved.box = Box::orthogonal({400, 500, 600});
  for (Vec3& r : moved.position) r += {200, 250, 300};
  expect_same_cells(s, library_cells(moved, std::vector<double>(f.size(), 1)), 1e-9);
}

// Points without any spacing, in thin, tilted, half open and very small boxes, with radii that leave some without a cell.
TEST(Tessellation, RandomGasInRandomBoxesFillsThem) {
  std::mt19937_64 random(12);
  std::uniform_real_distribution<double> u(0, 1), tilt(-2, 2);
  for (int trial = 0; trial < 60; ++trial) {
    const double thin = trial % 3 ? 1 : 0.05;
    Frame f =
        test::empty_frame(Box(Mat3{{{{10, 10 * tilt(random), 10 * tilt(random)}, {0, 10 * thin, 10 * thin * tilt(random)}, {0, 0, 10}}}},
                              {}, {trial % 5 != 0, trial % 7 != 0, trial % 4 != 0}));
    std::vector<double> radii;
    const int atoms = 1 + trial * 3;
    for (int i = 0; i < atoms; ++i) {
      test::add_atom(f, f.box.cartesian({u(random), u(random), u(random)}));
      radii.push_back(1 + 0.5 * u(random));
    }
    f.normalise();
    EXPECT_NEAR(summary(f).total() / f.box.volume(), 1, 1e-9) << trial;
    EXPECT_NEAR(summary(f, radii).total() / f.box.volume(), 1, 1e-9) << trial;
  }
}

// In nanometres or metres the same cells: Voro++'s absolute tolerances must not matter.
TEST(Tessellation, DoesNotDependOnTheUnitOfLength) {
  const Frame f = disordered(4);
  const Frame g = test::deformed(f, Mat3{{{{1e-10, 0, 0}, {0, 1e-10, 0}, {0, 0, 1e-10}}}});
  const Summary a = summary(f), b = summary(g);
  for (std::size_t i = 0; i < f.size(); ++i) {
    EXPECT_EQ(a.orders[i], b.orders[i]);
    EXPECT_NEAR(b.volume[i] * 1e30, a.volume[i], 1e-10 * a.volume[i]);
  }
}

TEST(Tessellation, OneThreadEqualsTwoBitForBit) {
  const Frame f = disordered(10);  // 4,000 atoms
  const auto radii = species_radii(f);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Summary one = summary(f, radii);
  omp_set_num_threads(2);
  const Summary two = summary(f, radii);
  omp_set_num_threads(before);
  EXPECT_EQ(one.volume, two.volume);
  EXPECT_EQ(one.surface, two.surface);
  EXPECT_EQ(one.orders, two.orders);
}

// The voro++ command: 6 printed digits, orthogonal boxes.
TEST(Tessellation, EqualsTheVoroCommand) {
  if (std::system("command -v voro++ >/dev/null 2>&1") != 0) GTEST_SKIP() << "the voro++ command is not installed";
  const Frame f = disordered(10);
  const auto radii = species_radii(f);
  const auto file = std::filesystem::temp_directory_path() / ("heteroglass_tessellation_" + std::to_string(::getpid()));
  {
    std::ofstream out(file);
    out.precision(17);
    for (std::size_t i = 0; i < f.size(); ++i)
      out << i << ' ' << f.position[i].x << ' ' << f.position[i].y << ' ' << f.position[i].z << ' ' << radii[i] << '\n';
  }
  const double l = f.box.edges()[0][0];
  ASSERT_EQ(std::system(fmt::format("voro++ -p -r -c '%i %v %F %s %a' 0 {0} 0 {0} 0 {0} {1}", l, file.string()).c_str()), 0);
  std::ifstream in(file.string() + ".vol");
  const Summary s = summary(f, radii);
  std::string line;
  std::size_t read = 0;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::size_t i = 0, faces = 0;
    double volume = 0, surface = 0;
    words >> i >> volume >> surface >> faces;
    std::vector<int> orders(faces);
    for (int& o : orders) words >> o;
    std::sort(orders.begin(), orders.end());
    ++read;
    EXPECT_NEAR(s.volume[i], volume, 2e-5 * volume);
    EXPECT_NEAR(s.surface[i], surface, 2e-5 * surface);
    EXPECT_EQ(s.orders[i], orders) << "atom " << i;
  }
  EXPECT_EQ(read, f.size());
  std::filesystem::remove(file);
  std::filesystem::remove(file.string() + ".vol");
}

TEST(Tessellation, RefusesWhatVoroWouldNotSurvive) {
  Frame f = disordered(3);
  f.position[7] = f.position[3];
  EXPECT_THROW(summary(f), InputError);
  f = disordered(3);
  f.position[7].y = std::nan("");
  EXPECT_THROW(summary(f), InputError);
  f = disordered(3);
  EXPECT_THROW(summary(f, std::vector<double>(f.size(), -1)), InputError);
  EXPECT_THROW(summary(f, std::vector<double>(3, 1)), InputError);
}

}  // namespace
}  // namespace heteroglass::neighbor
