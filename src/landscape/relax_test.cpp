#include "landscape/relax.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <numbers>

#include "core/error.hpp"
#include "crystals.hpp"
#include "toy_potential.hpp"

namespace heteroglass::landscape {
namespace {

void rattle(std::vector<Vec3>& r, double by, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> u(-by, by);
  for (Vec3& p : r) p += {u(random), u(random), u(random)};
}

std::vector<Vec3> icosahedron(double edge) {
  const double t = std::numbers::phi;
  std::vector<Vec3> r = {{0, 0, 0}};
  for (const double a : {-1.0, 1.0})
    for (const double b : {-t, t}) r.push_back({0, a, b}), r.push_back({a, b, 0}), r.push_back({b, 0, a});
  for (Vec3& p : r) p *= edge / 2;
  return r;
}

class Relax : public testing::TestWithParam<Method> {};

// The 13-atom Lennard-Jones icosahedron has the energy -44.326801 (Wales, Doye, J. Phys. Chem. A 101, 5111 (1997), doi:10.1021/jp970984n).
TEST_P(Relax, FindsTheIcosahedron) {
  std::vector<Vec3> r = icosahedron(1.12);
  rattle(r, 0.15, 3);
  test::ToyCalculator calculator(13);
  const Relaxed m = relax(calculator, Box::orthogonal({50, 50, 50}, {}, {false, false, false}), r, {.method = GetParam()});
  EXPECT_TRUE(m.converged) << m.message;
  EXPECT_NEAR(m.energy, -44.326801, 1e-6);
  EXPECT_LE(m.residual_force, 1e-6);
  std::vector<Vec3> f(13);
  EXPECT_DOUBLE_EQ(calculator.forces(Box::orthogonal({50, 50, 50}, {}, {false, false, false}), r, f, nullptr), m.energy);
  double most = 0;
  for (const Vec3& v : f) most = std::max(most, norm(v));
  EXPECT_DOUBLE_EQ(most, m.residual_force);
}

TEST_P(Relax, FrozenAtomsStay) {
  Frame f = test::fcc_crystal(2, 1.56);
  rattle(f.position, 0.05, 5);
  const std::vector<Vec3> start = f.position;
  std::vector<char> frozen(f.size(), 0);
  for (std::size_t i = 0; i < f.size(); i += 3) frozen[i] = 1;
  test::ToyCalculator calculator(f.size(), 1.5);
  const Relaxed m = relax(calculator, f.box, f.position, {.method = GetParam(), .force_tolerance = 1e-8, .frozen = frozen});
  EXPECT_TRUE(m.converged) << m.message;
  for (std::size_t i = 0; i < f.size(); ++i) EXPECT_EQ(f.position[i] == start[i], frozen[i] != 0);
}

// Starts far inside the repulsion: the energy falls by ten orders, atoms must not be lost.
TEST_P(Relax, SurvivesOverlap) {
  std::vector<Vec3> r = icosahedron(1.12);
  r[1] = r[2] + Vec3{0.1, 0.02, 0.05};
  test::ToyCalculator calculator(13);
  const Relaxed m = relax(calculator, Box::orthogonal({50, 50, 50}, {}, {false, false, false}), r, {.method = GetParam()});
  EXPECT_TRUE(m.converged) << m.message;
  EXPECT_LT(m.energy, -35);
}

INSTANTIATE_TEST_SUITE_P(Methods, Relax, testing::Values(Method::lbfgs, Method::fire, Method::newton));

TEST(RelaxCell, FindsTheLatticeConstantAndTheTarget) {
  Frame f = test::fcc_crystal(2, 1.60);
  f.box = Box(Mat3{{{{3.2, 0.15, 0}, {0, 3.1, 0}, {0, 0, 3.25}}}});
  for (std::size_t i = 0; i < f.size(); ++i) f.position[i] = f.box.cartesian(Box::orthogonal({3.2, 3.2, 3.2}).fractional(f.position[i]));
  test::ToyCalculator calculator(f.size(), 1.5);
  const Relaxed m = relax_cell(calculator, f.box, f.position, {.force_tolerance = 1e-9}, {.stress_tolerance = 1e-9}, 1);
  ASSERT_TRUE(m.converged) << m.message;
  // Only nearest neighbours lie within the cut-off: r minimises u, which the shifted slope moves from 2^(1/6).
  std::vector<Vec3> force(f.size());
  potential::Voigt w{};
  calculator.forces(f.box, f.position, force, &w);
  for (const double v : w) EXPECT_NEAR(v / f.box.volume(), 0, 1e-8);
  EXPECT_NEAR(f.box.edges()[0][0], f.box.edges()[1][1], 1e-6);
  EXPECT_NEAR(f.box.edges()[0][1], 0, 1e-6);
  double best = 0, least = 1e9;
  for (double r = 1.0; r < 1.3; r += 1e-6) {
    const double s = 4 * (-12 * std::pow(1.5, -13) + 6 * std::pow(1.5, -7)), u = 4 * (std::pow(r, -12) - std::pow(r, -6)) - s * r;
    if (u < least) least = u, best = r;
  }
  EXPECT_NEAR(f.box.edges()[0][0] / 2 / std::numbers::sqrt2, best, 2e-6);

  const CellRelaxation pulled{.stress = {0.5, 0, -0.3, 0, 0, 0.2}, .stress_tolerance = 1e-7};
  EXPECT_TRUE(relax_cell(calculator, f.box, f.position, {.force_tolerance = 1e-8}, pulled, 1).converged);
  calculator.forces(f.box, f.position, force, &w);
  for (std::size_t k = 0; k < 6; ++k) EXPECT_NEAR(w[k] / f.box.volume(), pulled.stress[k], 1.1e-7);
}

TEST(RelaxCell, KeepsWhatIsNotFree) {
  Frame f = test::fcc_crystal(2, 1.55);
  const Mat3 before = f.box.edges();
  test::ToyCalculator calculator(f.size(), 1.5);
  const CellRelaxation lateral{.free = {false, true, true, false, false, false}};
  EXPECT_TRUE(relax_cell(calculator, f.box, f.position, {}, lateral, 1).converged);
  EXPECT_EQ(f.box.edges()[0], before[0]);
  EXPECT_NE(f.box.edges()[1][1], before[1][1]);
}

TEST(RelaxCell, IsotropicKeepsTheShape) {
  Frame f = test::fcc_crystal(2, 1.55);
  f.box = Box::orthogonal({3.1, 3.15, 3.05});
  for (std::size_t i = 0; i < f.size(); ++i) f.position[i] = f.box.cartesian(Box::orthogonal({3.1, 3.1, 3.1}).fractional(f.position[i]));
  const Vec3 before = f.box.heights();
  test::ToyCalculator calculator(f.size(), 1.5);
  EXPECT_TRUE(relax_cell(calculator, f.box, f.position, {}, {.stress = {0.1, 0.2, 0.3, 0, 0, 0}, .isotropic = true}, 1).converged);
  EXPECT_NEAR(f.box.heights().y / f.box.heights().x, before.y / before.x, 1e-12);
  std::vector<Vec3> force(f.size());
  potential::Voigt w{};
  calculator.forces(f.box, f.position, force, &w);
  EXPECT_NEAR((w[0] + w[1] + w[2]) / 3 / f.box.volume(), 0.2, 1.1e-4);
}

TEST(Relax, LeavesWhenTold) {
  std::vector<Vec3> r = icosahedron(1.12);
  rattle(r, 0.15, 3);
  test::ToyCalculator calculator(13);
  const Relaxed m = relax(calculator, Box::orthogonal({50, 50, 50}, {}, {false, false, false}), r, {.stop_below = -40});
  EXPECT_TRUE(m.left);
  EXPECT_LT(m.energy, -40);
  EXPECT_GT(m.energy, -44.32);
}

TEST(Relax, RefusesWhatIsNotFinite) {
  std::vector<Vec3> r = icosahedron(1.12);
  r[1] = r[2];
  test::ToyCalculator calculator(13);
  EXPECT_THROW(relax(calculator, Box::orthogonal({50, 50, 50}, {}, {false, false, false}), r, {}), NumericalError);
  r.pop_back();
  EXPECT_THROW(relax(calculator, Box(), r, {}), InputError);
}

/// A chain of springs whose constants span two orders; minimum at zero.
class Chain : public Function {
 public:
  double value(std::span<const double> x, std::span<double> g) override {
    double e = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double k = 1 + double(i % 101), next = x[(i + 1) % x.size()];
      g[i] = k * x[i] + (x[i] - next) + (x[i] - x[(i + x.size() - 1) % x.size()]);
      e += 0.5 * k * x[i] * x[i] + 0.5 * (x[i] - next) * (x[i] - next);
    }
    return e;
  }
};

TEST(Descend, DoesNotDependOnThreads) {
  std::vector<std::vector<double>> ends;
  for (const int threads : {1, 2, 3}) {
    omp_set_num_threads(threads);
    std::vector<double> x(60000);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(double(i));
    Chain chain;
    CurvatureMemory memory;
    const Descended d = descend(chain, x, {.tolerance = 1e-3}, memory, Context::quiet());
    EXPECT_TRUE(d.converged) << d.message;
    EXPECT_LT(largest_triple(x), 2e-3);
    ends.push_back(std::move(x));
  }
  omp_set_num_threads(omp_get_num_procs());
  EXPECT_EQ(ends[0], ends[1]);
  EXPECT_EQ(ends[0], ends[2]);
}

}  // namespace
}  // namespace heteroglass::landscape
