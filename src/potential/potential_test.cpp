#include "potential/potential.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <fstream>

#include "core/error.hpp"
#include "glasses.hpp"
#include "potential/functional_calculator.hpp"
#include "potential/lennard_jones.hpp"

namespace heteroglass::potential {
namespace {

const std::string folder = "/usr/share/lammps/potentials/";

double energy(Calculator& c, const Box& box, const std::vector<Vec3>& r) {
  std::vector<Vec3> f(r.size());
  return c.forces(box, r, f);
}

double largest(const std::vector<Vec3>& a, const std::vector<Vec3>& b) {
  double out = 0;
  for (std::size_t i = 0; i < a.size(); ++i) out = std::max(out, norm(a[i] - b[i]));
  return out;
}

/// Tabulated second derivatives jump a little at the knots of a table, so that differences there are taken over steps that hardly any
/// pair crosses one in.
bool tabulated(const std::string& potential) { return !potential.starts_with("lj:") && !potential.starts_with("soft-sphere:"); }

/// A case: a potential and a configuration; in two dimensions nothing moves along z.
struct Case {
  std::string label, potential;
  Frame frame;
  bool flat = false;
};

Frame polydisperse(Frame f) {
  f.species = {{"A", 1}};
  for (int& t : f.type) t = 0;
  AtomProperty d{"diameter", "angstrom", 1, {}};
  for (std::size_t i = 0; i < f.size(); ++i) d.values.push_back(0.8 + 0.4 * static_cast<double>(i * 7 % 11) / 10);
  f.properties = {d};
  return f;
}

std::vector<Case> cases() {
  const Mat3 tilt{{{{1, 0.31, -0.22}, {0, 1, 0.4}, {0, 0, 1}}}};
  Frame open = test::kob_andersen(40, 3);
  open.box = Box(open.box.edges(), open.box.origin(), {false, true, false});
  std::vector<Case> out = {
      {"Kob-Andersen", "lj:kob-andersen", test::kob_andersen(216, 2)},
      {"Kob-Andersen, tilted, smaller than the cut-off", "lj:kob-andersen", test::deformed(test::kob_andersen(12, 5), tilt)},
      {"Kob-Andersen, open", "lj:kob-andersen", open},
      {"Wahnstrom", "lj:wahnstrom", test::kob_andersen(108, 4)},
      {"Kob-Andersen, plane", "lj:kob-andersen-2d", test::kob_andersen_2d(120), true},
      {"soft spheres", "soft-sphere:polydisperse", polydisperse(test::kob_andersen(100, 6))},
  };
  if (std::ifstream(folder + "CuZr_mm.eam.fs")) {
    out.push_back({"CuZr", "CuZr-Mendelev2007", test::copper_zirconium(3)});
    out.push_back({"CuZr, tilted, smaller than the cut-off", "CuZr-Mendelev2007", test::deformed(test::copper_zirconium(1), tilt)});
    out.push_back({"Cu", folder + "Cu_mishin1.eam.alloy", test::rattled(test::fcc_crystal(3, 3.6), 0.2)});
  }
  return out;
}

/// Energy differences along random directions are the forces (fourth-order central differences).
TEST(Calculators, ForcesAreEnergyDifferences) {
  for (const Case& k : cases()) {
    SCOPED_TRACE(k.label);
    const auto calculator = load(k.potential, k.frame)->calculator(k.frame);
    std::vector<Vec3> r = k.frame.position, f(r.size());
    calculator->forces(k.frame.box, r, f);
    const double h = 1e-4;
    double scale = 0;
    for (const Vec3& v : f) scale = std::max(scale, norm(v));
    for (const std::size_t i : {std::size_t{0}, r.size() / 2, r.size() - 1})
      for (std::size_t a = 0; a < 3; ++a) {
        const double x = r[i][a];
        const auto at = [&](double d) { return r[i][a] = x + d, energy(*calculator, k.frame.box, r); };
        const double slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
        r[i][a] = x;
        EXPECT_NEAR(f[i][a], -slope, 1e-6 * std::max(scale, 1.0)) << "atom " << i << " axis " << a;
      }
  }
}

TEST(Calculators, ForcesAndPerAtomValuesSumUp) {
  for (const Case& k : cases()) {
    SCOPED_TRACE(k.label);
    const auto calculator = load(k.potential, k.frame)->calculator(k.frame);
    std::vector<Vec3> f(k.frame.size());
    Voigt w{};
    const double e = calculator->forces(k.frame.box, k.frame.position, f, &w);
    const PerAtom each = calculator->per_atom(k.frame.box, k.frame.position);
    Vec3 sum;
    double largest_force = 0, sum_e = 0;
    Voigt sum_w{};
    for (std::size_t i = 0; i < f.size(); ++i) {
      sum += f[i], largest_force = std::max(largest_force, norm(f[i])), sum_e += each.energy[i];
      for (std::size_t a = 0; a < 6; ++a) sum_w[a] += each.virial[i][a];
    }
    EXPECT_LT(norm(sum), 1e-12 * largest_force * static_cast<double>(f.size()));
    EXPECT_NEAR(sum_e, e, 1e-12 * std::abs(e));
    for (std::size_t a = 0; a < 6; ++a) EXPECT_NEAR(sum_w[a], w[a], 1e-11 * (1 + std::abs(w[0])));
  }
}

/// The virial is the first derivative of the energy under strain, the Born stress too.
TEST(Calculators, StressIsEnergyUnderStrain) {
  for (const Case& k : cases()) {
    if (!k.frame.box.fully_periodic()) continue;
    SCOPED_TRACE(k.label);
    const auto calculator = load(k.potential, k.frame)->calculator(k.frame);
    std::vector<Vec3> f(k.frame.size());
    Voigt w{};
    calculator->forces(k.frame.box, k.frame.position, f, &w);
    calculator->expand(k.frame.box, k.frame.position);
    const BornTerms born = calculator->born();
    const std::array<std::pair<int, int>, 6> axes{{{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}}};
    for (std::size_t a = 0; a < 6; ++a) {
      if (k.flat && (a >= 2 && a <= 4)) continue;
      const auto at = [&](double e) {
        Mat3 g = Mat3::identity();
        g[axes[a].first][axes[a].second] += e;  // a shear by gamma in one corner: rotation does not matter
        const Frame moved = test::deformed(k.frame, g);
        return energy(*calculator, moved.box, moved.position);
      };
      const double h = 2e-5, slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      EXPECT_NEAR(w[a], slope, 2e-6 * (1 + std::abs(w[0]))) << a;
      EXPECT_NEAR(born.stress[a] * k.frame.box.volume(), w[a], 1e-10 * (1 + std::abs(w[0]))) << a;
    }
  }
}

/// Columns of the matrix are differences of the forces, products with it are its products, and a common shift costs nothing.
TEST(Calculators, HessianIsForceDifferences) {
  for (const Case& k : cases()) {
    SCOPED_TRACE(k.label);
    const std::size_t n = k.frame.size();
    const auto calculator = load(k.potential, k.frame)->calculator(k.frame);
    calculator->expand(k.frame.box, k.frame.position);
    const BlockMatrix h = calculator->hessian();
    ASSERT_EQ(h.atoms, n);
    ASSERT_EQ(h.row.size(), n + 1);
    EXPECT_EQ(calculator->hessian_bytes(), double(h.block.size() * (sizeof(Mat3) + 4) + (n + 1) * 8));
    double scale = 0;
    for (const Mat3& b : h.block)
      for (const auto& row : b.m)
        for (const double v : row) scale = std::max(scale, std::abs(v));
    const auto multiply = [&](const std::vector<Vec3>& v) {
      std::vector<Vec3> out(n);
      for (std::size_t i = 0; i < n; ++i)
        for (auto b = h.row[i]; b < h.row[i + 1]; ++b) {
          if (b > h.row[i]) EXPECT_LT(h.column[b - 1], h.column[b]);
          out[i] += h.block[b] * v[h.column[b]];
        }
      return out;
    };
    std::mt19937_64 random(3);
    std::normal_distribution<double> normal;
    std::vector<Vec3> v(n), product(n), differences(n);
    for (Vec3& x : v) x = {normal(random), normal(random), k.flat ? 0 : normal(random)};
    calculator->hessian_product(v, product);
    EXPECT_LT(largest(product, multiply(v)), 1e-11 * scale);
    const double step = tabulated(k.potential) ? 1e-7 : 1e-6;
    for (const std::size_t i : {std::size_t{1}, n / 2, n - 1}) {
      const Vec3 along = v[i] / norm(v[i]);
      std::vector<Vec3> r = k.frame.position, plus(n), minus(n), one(n);
      r[i] += step * along;
      calculator->forces(k.frame.box, r, plus);
      r[i] -= 2 * step * along;
      calculator->forces(k.frame.box, r, minus);
      for (std::size_t j = 0; j < n; ++j) differences[j] = (minus[j] - plus[j]) / (2 * step);
      one[i] = along;
      calculator->hessian_product(one, product);
      EXPECT_LT(largest(product, differences), 1e-6 * scale);
    }
    std::fill(v.begin(), v.end(), Vec3{1, -2, k.flat ? 0.0 : 3.0});
    calculator->hessian_product(v, product);
    EXPECT_LT(largest(product, std::vector<Vec3>(n)), 1e-11 * scale);
    EXPECT_LT(largest(multiply(v), std::vector<Vec3>(n)), 1e-11 * scale);
  }
}

TEST(Calculators, SeveralVectorsAtOnceAreOneByOne) {
  for (const Case& k : cases()) {
    SCOPED_TRACE(k.label);
    const auto calculator = load(k.potential, k.frame)->calculator(k.frame);
    calculator->expand(k.frame.box, k.frame.position);
    const std::size_t n = k.frame.size();
    for (const std::size_t vectors : {3, 8, 13}) {
      std::vector<Vec3> v(vectors * n), all(vectors * n), one(n);
      for (std::size_t i = 0; i < v.size(); ++i) v[i] = {std::sin(double(i)), std::cos(3.0 * double(i)), std::sin(5.0 * double(i))};
      calculator->hessian_product(v, all, vectors);
      double scale = 0;
      for (const Vec3& x : all) scale = std::max(scale, norm(x));
      for (std::size_t c = 0; c < vectors; ++c) {
        calculator->hessian_product(std::span(v).subspan(c * n, n), one);
        EXPECT_LT(largest(one, {all.begin() + long(c * n), all.begin() + long((c + 1) * n)}), 1e-13 * scale) << c;
      }
    }
  }
}

/// With F = sqrt(1 + 2 eta), dE/d(eta) = F^-1 W F^-T (W: the virial); the stiffness is its derivative. Xi is the derivative of the
/// forces under r -> (1 + e) r.
TEST(Calculators, BornTermsAreDifferences) {
  const std::array<std::pair<int, int>, 6> axes{{{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}}};
  const auto strain = [&](std::size_t a, double e) {  // 1 + e, which is sqrt(1 + 2 eta) but for eta^2/2
    Mat3 m = Mat3::identity();
    const auto [p, q] = axes[a];
    m[p][q] += p == q ? e : e / 2;
    if (p != q) m[q][p] += e / 2;
    return m;
  };
  for (const Case& k : cases()) {
    if (!k.frame.box.fully_periodic()) continue;
    SCOPED_TRACE(k.label);
    const auto calculator = load(k.potential, k.frame)->calculator(k.frame);
    calculator->expand(k.frame.box, k.frame.position);
    const BornTerms born = calculator->born();
    const double volume = k.frame.box.volume(), scale = std::abs(born.stiffness[0][0]) * volume, h = 1e-6;
    const auto under = [&](const Mat3& g) {
      const Frame moved = test::deformed(k.frame, g);
      std::vector<Vec3> f(moved.size());
      Voigt w{};
      calculator->forces(moved.box, moved.position, f, &w);
      const Mat3 virial{{{{w[0], w[5], w[4]}, {w[5], w[1], w[3]}, {w[4], w[3], w[2]}}}}, back = inverse(g);
      return std::pair(back * virial * transpose(back), f);
    };
    for (std::size_t a = 0; a < 6; ++a) {
      if (k.flat && (a >= 2 && a <= 4)) continue;
      const auto [plus, f_plus] = under(strain(a, h));
      const auto [minus, f_minus] = under(strain(a, -h));
      for (std::size_t b = 0; b < 6; ++b) {
        const auto [p, q] = axes[b];
        EXPECT_NEAR(born.stiffness[a][b] * volume, (plus[p][q] - minus[p][q]) / (2 * h), (tabulated(k.potential) ? 1e-4 : 1e-6) * scale)
            << a << b;
        EXPECT_NEAR(born.stiffness[a][b], born.stiffness[b][a], 1e-12 * scale / volume);
      }
      double worst = 0, typical = 0;
      for (std::size_t i = 0; i < f_plus.size(); ++i) {
        worst = std::max(worst, norm((f_plus[i] - f_minus[i]) / (2 * h) - born.force[i][a]));
        typical = std::max(typical, norm(born.force[i][a]));
      }
      EXPECT_LT(worst, (tabulated(k.potential) ? 1e-4 : 1e-6) * typical) << a;
    }
    const auto shares = calculator->born_per_atom();
    for (std::size_t a = 0; a < 6; ++a)
      for (std::size_t b = 0; b < 6; ++b) {
        double sum = 0;
        for (const Stiffness& s : shares) sum += s[a][b];
        EXPECT_NEAR(sum, born.stiffness[a][b] * volume, 1e-11 * scale);
      }
  }
}

/// The list follows strains and moves; the numbers must not know.
TEST(Calculators, KeptNeighboursGiveTheSameForces) {
  for (const Case& k : cases()) {
    SCOPED_TRACE(k.label);
    const auto potential = load(k.potential, k.frame);
    const auto kept = potential->calculator(k.frame);
    Frame f = k.frame;
    std::mt19937_64 random(5);
    std::normal_distribution<double> normal(0, 0.01);
    for (int step = 0; step < 40; ++step) {
      f = test::deformed(f, {{{{1, 0.004, 0}, {0, 1.001, 0}, {0, 0, 1}}}});
      for (Vec3& r : f.position) r += {normal(random), normal(random), k.flat ? 0 : normal(random)};
      std::vector<Vec3> a(f.size()), b(f.size());
      const double e = kept->forces(f.box, f.position, a), fresh = potential->calculator(f)->forces(f.box, f.position, b);
      double scale = 1;
      for (const Vec3& v : b) scale = std::max(scale, norm(v));
      ASSERT_NEAR(e, fresh, 1e-12 * (std::abs(fresh) + scale)) << step;
      ASSERT_LT(largest(a, b), 1e-12 * scale) << step;
    }
  }
}

/// A hundred quasistatic steps of strain are followed without a new list; a wandering atom is noticed.
TEST(Calculators, StrainNeedsNoNewList) {
  Frame f = test::kob_andersen(300);
  const auto calculator = load("lj:kob-andersen", f)->calculator(f);
  const auto& functional = dynamic_cast<const FunctionalCalculator&>(*calculator);
  std::vector<Vec3> force(f.size());
  for (int step = 0; step <= 100; ++step) {
    calculator->forces(f.box, f.position, force);
    f = test::deformed(f, {{{{1, 1e-4, 0}, {0, 1, 0}, {0, 0, 1}}}});
  }
  EXPECT_EQ(functional.rebuilds(), 1);
  f.position[5].y += 0.4;
  calculator->forces(f.box, f.position, force);
  EXPECT_EQ(functional.rebuilds(), 2);
}

TEST(Calculators, ThreadsDoNotChangeAnything) {
  const int before = omp_get_max_threads();
  for (const Case& k : cases()) {
    SCOPED_TRACE(k.label);
    std::vector<std::vector<Vec3>> f, product;
    std::vector<double> e;
    std::vector<BlockMatrix> h;
    for (const int threads : {1, 2, 3}) {
      omp_set_num_threads(threads);
      const auto calculator = load(k.potential, k.frame)->calculator(k.frame);
      f.emplace_back(k.frame.size()), product.emplace_back(k.frame.size());
      e.push_back(calculator->forces(k.frame.box, k.frame.position, f.back()));
      calculator->expand(k.frame.box, k.frame.position);
      calculator->hessian_product(f.back(), product.back());
      h.push_back(calculator->hessian());
    }
    for (std::size_t t = 1; t < f.size(); ++t) {
      EXPECT_EQ(e[t], e[0]);
      EXPECT_EQ(f[t], f[0]);
      EXPECT_EQ(product[t], product[0]);
      EXPECT_EQ(h[t].column, h[0].column);
      EXPECT_TRUE(h[t].block == h[0].block);
    }
  }
  omp_set_num_threads(before);
}

TEST(Calculators, FastSpheresEqualThePlainOnes) {
  for (const Case& k : cases()) {
    if (tabulated(k.potential)) continue;
    SCOPED_TRACE(k.label);
    const auto plain = lennard_jones(k.potential, Kernel::plain)->calculator(k.frame);
    for (const Kernel kernel : {Kernel::avx2, Kernel::best}) {
      const auto fast = lennard_jones(k.potential, kernel)->calculator(k.frame);
      std::vector<Vec3> a(k.frame.size()), b(k.frame.size());
      Voigt wa{}, wb{};
      const double e = plain->forces(k.frame.box, k.frame.position, a, &wa);
      EXPECT_NEAR(fast->forces(k.frame.box, k.frame.position, b, &wb), e, 1e-12 * std::abs(e));
      double scale = 0;
      for (const Vec3& v : a) scale = std::max(scale, norm(v));
      EXPECT_LT(largest(a, b), 1e-12 * scale);
      for (std::size_t c = 0; c < 6; ++c) EXPECT_NEAR(wa[c], wb[c], 1e-12 * std::abs(wa[0]));
    }
  }
}

/// Atoms on top of each other have no finite force, and nothing worse.
TEST(Calculators, OverlappingAtomsAreNotFinite) {
  for (Case& k : cases()) {
    SCOPED_TRACE(k.label);
    const auto potential = load(k.potential, k.frame);  // which would refuse the frame as it is below
    k.frame.position[1] = k.frame.position[0];
    const auto calculator = potential->calculator(k.frame);
    std::vector<Vec3> f(k.frame.size());
    calculator->forces(k.frame.box, k.frame.position, f);
    EXPECT_FALSE(std::isfinite(norm(f[0])));
    calculator->expand(k.frame.box, k.frame.position);
    k.frame.position[2].x = std::nan("");
    EXPECT_THROW(calculator->forces(k.frame.box, k.frame.position, f), NumericalError);
  }
}

TEST(Calculators, SaysWhatIsWrong) {
  const Frame lj = test::kob_andersen(20), metal = test::b2_crystal(2, 3.2);
  const auto message = [](auto&& call) {
    try {
      call();
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(message([&] { load("lj:kob-anderson", lj); }).find("(did you mean 'lj:kob-andersen'?)") == std::string::npos, false);
  EXPECT_EQ(message([&] { load("lj:kob-andersen", metal); }),
            "lj:kob-andersen: the frame must be in Lennard-Jones units (--units lj), got metal");
  EXPECT_NE(message([&] { load("lj:kob-andersen,cutoff=x", lj); }).find("got 'cutoff=x'"), std::string::npos);
  EXPECT_NE(message([&] { load("soft-sphere:polydisperse", lj); }).find("diameter"), std::string::npos);
  Frame named = lj;
  named.species[0].name = "Cu";
  EXPECT_EQ(message([&] { load("lj:wahnstrom", named); }), "lj:wahnstrom: species must be A and B (or types without names), got Cu");
  EXPECT_NE(message([&] { load("CuZr_mm.eam.fs", lj); }).find("Lennard-Jones"), std::string::npos);
}

// With some atoms still, forces on the others are those of all atoms moving; and all is as before when the selection ends.
TEST(Select, ForcesOnMovingAtomsAreExact) {
  for (const auto& [name, f] : {std::pair<std::string, Frame>{"lj:kob-andersen", test::rattled(test::kob_andersen(200), 0.02)},
                                std::pair<std::string, Frame>{"lj:polydisperse", [] {
                                                                Frame p = test::rattled(test::kob_andersen(200), 0.02);
                                                                AtomProperty d{"diameter", "1", 1, {}};
                                                                for (std::size_t i = 0; i < p.size(); ++i)
                                                                  d.values.push_back(0.9 + 0.001 * double(i % 100));
                                                                p.properties = {d};
                                                                return p;
                                                              }()}}) {
    const auto all = load(name, f)->calculator(f), some = load(name, f)->calculator(f);
    std::vector<char> moving(f.size(), 0);
    for (std::size_t i = 0; i < f.size(); i += 7) moving[i] = 1;
    some->select(moving);
    std::vector<Vec3> x = f.position, a(f.size()), b(f.size());
    for (int round = 0; round < 3; ++round) {
      for (std::size_t i = 0; i < f.size(); i += 7) x[i] += {0.1, -0.05 * round, 0.07};
      all->forces(f.box, x, a), some->forces(f.box, x, b);
      for (std::size_t i = 0; i < f.size(); i += 7) EXPECT_LT(norm(a[i] - b[i]), 1e-11 * (1 + norm(a[i])));
    }
    some->select({});
    const double e = all->forces(f.box, x, a);
    EXPECT_NEAR(some->forces(f.box, x, b), e, 1e-11 * std::abs(e));
  }
}

TEST(Potential, OverlappingAtomsAreNamed) {
  Frame f = test::kob_andersen(100);
  f.position[7] = f.position[3] + Vec3{0.01, 0, 0};
  try {
    load("lj:kob-andersen", f);
    FAIL() << "atoms on top of each other were accepted";
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("atoms 4 and 8"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace heteroglass::potential
