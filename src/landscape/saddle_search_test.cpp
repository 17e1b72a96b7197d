#include "landscape/saddle_search.hpp"

#include <gtest/gtest.h>

#include <random>

namespace heteroglass::landscape {
namespace {

/// E = 1/2 sum_k stiffness_k x_k^2 over the coordinates of a few atoms: curvatures are known.
class Springs final : public ForceField {
 public:
  explicit Springs(std::vector<double> stiffness) : k_(std::move(stiffness)) {}
  std::size_t size() const override { return k_.size() / 3; }

 protected:
  void evaluate(std::span<const Vec3> x, std::span<Vec3> f) override {
    for (std::size_t i = 0; i < f.size(); ++i)
      for (std::size_t a = 0; a < 3; ++a) f[i][a] = -k_[3 * i + a] * x[i][a];
  }

 private:
  std::vector<double> k_;
};

/// An open Lennard-Jones cluster without cut-off.
class Cluster final : public ForceField {
 public:
  explicit Cluster(std::size_t atoms) : atoms_(atoms) {}
  std::size_t size() const override { return atoms_; }
  double energy() const { return energy_; }
  std::vector<Vectors> rigid_motions(const Vectors& x) const override { return landscape::rigid_motions(x, true); }

 protected:
  void evaluate(std::span<const Vec3> x, std::span<Vec3> f) override {
    energy_ = 0;
    for (Vec3& v : f) v = {};
    for (std::size_t i = 0; i < atoms_; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        const Vec3 d = x[i] - x[j];
        const double r2 = norm2(d), i6 = 1 / (r2 * r2 * r2);
        energy_ += 4 * i6 * (i6 - 1);
        const Vec3 g = (24 * i6 * (2 * i6 - 1) / r2) * d;
        f[i] += g, f[j] -= g;
      }
  }

 private:
  std::size_t atoms_;
  double energy_ = 0;
};

Vectors random_vectors(std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> g;
  Vectors v(n);
  for (Vec3& a : v) a = {g(random), g(random), g(random)};
  return v;
}

TEST(LowestMode, FindsTheLowestAndThenTheNextCurvature) {
  Springs field({5, 4, 7, -2, 6, 5, -0.5, 8, 9});
  const Vectors x(3), f(3);
  const ModeOptions o{.max_iterations = 9, .tolerance = 1e-12};
  const Mode first = lowest_mode(field, x, f, random_vectors(3, 1), o);
  EXPECT_NEAR(first.curvature, -2, 1e-9);
  EXPECT_NEAR(std::abs(first.direction[1].x), 1, 1e-9);
  const std::vector<Vectors> known = {first.direction};
  EXPECT_NEAR(lowest_mode(field, x, f, random_vectors(3, 2), o, known).curvature, -0.5, 1e-8);
}

// |H v - lambda v| is a bound: an eigenvalue lies within it of the curvature found (Weinstein). Fewer iterations leave more of it.
TEST(LowestMode, SaysHowFarTheCurvatureMayBeOff) {
  std::vector<double> stiffness;
  for (int k = 0; k < 60; ++k) stiffness.push_back(0.05 + 0.15 * k);
  Springs field(stiffness);
  const Vectors x(20), f(20);
  const Vectors start = random_vectors(20, 4);
  double before = 1e300;
  for (const double residual : {3.0, 0.5, 0.01}) {
    const Mode m = lowest_mode(field, x, f, start, {.max_iterations = 60, .residual = residual});
    EXPECT_TRUE(m.converged);
    EXPECT_LE(m.residual, residual * m.curvature);
    double nearest = 1e300;
    for (const double k : stiffness) nearest = std::min(nearest, std::abs(m.curvature - k));
    EXPECT_LE(nearest, m.residual * (1 + 1e-6) + 1e-9);
    EXPECT_LT(m.residual, before);
    before = m.residual;
  }
  EXPECT_NEAR(before, 0, 0.01 * 0.06);
  EXPECT_FALSE(lowest_mode(field, x, f, start, {.max_iterations = 5, .residual = 0.5}).converged);
}

TEST(RigidMotions, CostNoForce) {
  Cluster field(7);
  Vectors x = random_vectors(7, 3);
  descend(field, x, 1e-9, 0.1, 100, 5000);
  const std::vector<Vectors> rigid = rigid_motions(x, true);
  ASSERT_EQ(rigid.size(), 6u);
  for (const Vectors& d : rigid) {
    Vectors moved = x, f(7);
    add(moved, 1e-4, d);
    field.forces(moved, f);
    EXPECT_LT(longest(f), 1e-4);  // second order in the rotation, times a stiffness of some hundreds
  }
  EXPECT_EQ(rigid_motions(x, false).size(), 3u);
}

/// The 38-atom truncated octahedron, the lowest minimum.
Vectors octahedron() {
  Vectors x;
  for (int i = -2; i <= 2; ++i)
    for (int j = -2; j <= 2; ++j)
      for (int k = -2; k <= 2; ++k)
        if (((i + j + k) & 1) && std::abs(i) + std::abs(j) + std::abs(k) <= 3) x.push_back(0.78 * Vec3{double(i), double(j), double(k)});
  return x;
}

struct Tally {
  double evaluations = 0;  ///< mean to the saddle
  int failed = 0;
};

/// Searches that push an atom and its neighbours, one atom after the other.
Tally tally(const Vectors& x, int searches, unsigned seed) {
  SearchOptions o = SearchOptions{}.scaled(0.4);
  o.force_tolerance = 1e-2, o.max_evaluations = 1000;
  Tally t;
  for (int s = 0; s < searches; ++s) {
    Vectors push(x.size());
    const Vectors random = random_vectors(x.size(), seed + static_cast<unsigned>(s));
    const Vec3 centre = x[static_cast<std::size_t>(s) % x.size()];
    for (std::size_t i = 0; i < x.size(); ++i)
      if (norm(x[i] - centre) < 1.4) push[i] = random[i];
    Cluster own(x.size());
    const SaddlePoint p = search_saddle(own, x, push, o);
    if (p.end != SearchEnd::converged) {
      ++t.failed;
      continue;
    }
    t.evaluations += p.evaluations;
    EXPECT_EQ(p.evaluations, own.evaluations());
    EXPECT_LE(p.residual_force, o.force_tolerance);
    EXPECT_LT(p.mode.curvature, 0);
  }
  t.evaluations /= searches - t.failed;
  return t;
}

// Energy of the minimum: Wales, Doye, J. Phys. Chem. A 101, 5111 (1997). The published average of Lanczos searches on this cluster is 238
// force evaluations (Chill et al., J. Chem. Theory Comput. 10, 5476 (2014), doi:10.1021/ct5008718).
TEST(SaddleSearch, LennardJones38) {
  Vectors x = octahedron();
  Cluster field(38);
  ASSERT_EQ(x.size(), 38u);
  descend(field, x, 1e-9, 0.1, 100, 2000);
  EXPECT_NEAR(field.energy(), -173.928427, 1e-6);
  const Tally t = tally(x, 200, 0);
  std::printf("LJ38: %.1f evaluations to the saddle on average, %d of 200 searches failed\n", t.evaluations, t.failed);
  EXPECT_LE(t.evaluations, 240);
  EXPECT_LE(t.failed, 4);  // 2 %
}

// Another cluster, the 55-atom icosahedron, which no setting was chosen on. Energy: Wales, Doye (1997).
TEST(SaddleSearch, LennardJones55) {
  const double golden = 0.5 * (1 + std::sqrt(5.0));
  Vectors shell, x = {{}};
  for (const double a : {-1.0, 1.0})
    for (const double b : {-golden, golden}) shell.insert(shell.end(), {{0, a, b}, {a, b, 0}, {b, 0, a}});
  for (std::size_t i = 0; i < 12; ++i) {
    x.push_back(0.58 * shell[i]), x.push_back(1.16 * shell[i]);
    for (std::size_t j = 0; j < i; ++j)
      if (norm(shell[i] - shell[j]) < 2.1) x.push_back(0.58 * (shell[i] + shell[j]));
  }
  ASSERT_EQ(x.size(), 55u);
  Cluster field(55);
  descend(field, x, 1e-9, 0.1, 100, 2000);
  EXPECT_NEAR(field.energy(), -279.248470, 1e-6);
  const Tally t = tally(x, 40, 0);
  EXPECT_LE(t.evaluations, 240);
  EXPECT_LE(t.failed, 2);
}

// A point where the force vanishes and the only negative curvature is along the mode; both sides lead to minima of lower energy.
TEST(SaddleSearch, EndsAtASaddleOfFirstOrder) {
  Vectors x = octahedron();
  Cluster field(38);
  descend(field, x, 1e-9, 0.1, 100, 2000);
  SearchOptions o = SearchOptions{}.scaled(0.4);
  o.force_tolerance = 1e-6, o.max_evaluations = 2000;
  Vectors push(38);
  push[0] = {1, 0.3, -0.2};
  const SaddlePoint p = search_saddle(field, x, push, o);
  ASSERT_EQ(p.end, SearchEnd::converged);
  Vectors f(38);
  field.forces(p.position, f);
  const double top = field.energy();
  const ModeOptions exact{.max_iterations = 100, .tolerance = 1e-10};
  const Mode first = lowest_mode(field, p.position, f, p.mode.direction, exact);
  const std::vector<Vectors> known = {first.direction};
  EXPECT_LT(first.curvature, 0);
  EXPECT_GT(lowest_mode(field, p.position, f, random_vectors(38, 5), exact, known).curvature, 0);
  for (const double sign : {-1.0, 1.0}) {
    Vectors y = p.position;
    add(y, 0.05 * sign, first.direction);
    EXPECT_LT(descend(field, y, 1e-6, 0.1, 100, 3000), 1e-6);
    EXPECT_LT(field.energy(), top - 1e-3);
  }
}

}  // namespace
}  // namespace heteroglass::landscape
