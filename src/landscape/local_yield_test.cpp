#include "landscape/local_yield.hpp"

#include <gtest/gtest.h>
#include <omp.h>
#include <unistd.h>

#include <filesystem>
#include <numbers>

#include "core/error.hpp"
#include "landscape/local_region.hpp"
#include "test_minima.hpp"

namespace heteroglass::landscape {
namespace {

const std::string flat_glass = "lj:kob-andersen-2d";

/// Lennard-Jones atoms on a triangular lattice of spacing a, in a cell 1 thick.
Frame triangular(int n, double a) {
  const double b = a * std::sqrt(3.0);
  Frame f = test::empty_frame(Box::orthogonal({2 * n * a, n * b, 1}), {{"A", 1}});
  f.units = UnitSystem::lj;
  for (int i = 0; i < 2 * n; ++i)
    for (int j = 0; j < n; ++j) {
      test::add_atom(f, {i * a, j * b, 0.5});
      test::add_atom(f, {(i + 0.5) * a, (j + 0.5) * b, 0.5});
    }
  f.normalise();
  return f;
}

/// Whether a symmetric matrix is positive definite: whether Cholesky's method succeeds.
bool positive_definite(Matrix m) {
  for (std::size_t k = 0; k < m.rows; ++k) {
    for (std::size_t j = 0; j < k; ++j) m(k, k) -= m(k, j) * m(k, j);
    if (!(m(k, k) > 0)) return false;
    m(k, k) = std::sqrt(m(k, k));
    for (std::size_t i = k + 1; i < m.rows; ++i) {
      for (std::size_t j = 0; j < k; ++j) m(i, k) -= m(i, j) * m(k, j);
      m(i, k) /= m(k, k);
    }
  }
  return true;
}

/// Second derivatives of the energy in the atoms within `radius` of atom 0, when all atoms have moved affinely.
Matrix inner_hessian(const Frame& f, const potential::Potential& potential, const Mat3& gradient, double radius) {
  const Frame moved = test::deformed(f, gradient);
  std::vector<int> place(f.size(), -1);
  int inner = 0;
  for (std::size_t i = 0; i < f.size(); ++i)
    if (norm(f.box.minimum_image(f.position[i] - f.position[0])) <= radius) place[i] = inner++;
  const auto calculator = potential.calculator(moved);
  calculator->expand(moved.box, moved.position);
  const potential::BlockMatrix h = calculator->hessian();
  Matrix m(2 * static_cast<std::size_t>(inner), 2 * static_cast<std::size_t>(inner));
  for (std::size_t i = 0; i < h.atoms; ++i)
    for (auto b = h.row[i]; b < h.row[i + 1]; ++b) {
      const auto j = static_cast<std::size_t>(h.column[static_cast<std::size_t>(b)]);
      if (place[i] < 0 || place[j] < 0) continue;
      for (std::size_t p = 0; p < 2; ++p)
        for (std::size_t q = 0; q < 2; ++q)
          m(2 * static_cast<std::size_t>(place[i]) + p, 2 * static_cast<std::size_t>(place[j]) + q) +=
              h.block[static_cast<std::size_t>(b)][p][q];
    }
  return m;
}

// The affinely strained perfect lattice is in equilibrium by symmetry, and yields where it becomes unstable: where the second derivative of
// the energy in the inner atoms ceases to be positive definite. (Along the close-packed rows, at 45 degrees to them and in dilatation; sheared at
// 22.5 degrees it leaves the unstable branch without a drop.)
TEST(LocalYield, PerfectCrystalYieldsAtItsElasticLimit) {
  const Frame f = triangular(8, 1.12);
  const auto potential = potential::load("lj:one-component-2d", f);
  const double radius = 2.6 * 1.12;
  const LocalRegion region(potential, f, 0,
                           {.radius = radius, .strain_tolerance = 1e-5, .force_tolerance = 1e-7, .least_drop = 1e-6, .kick = 1e-4});
  EXPECT_EQ(region.inner(), 19u);
  std::vector<LocalStrain> strains = shears(4, 2);
  strains.resize(2);
  strains.push_back(dilatation(2));
  for (const LocalStrain& s : strains) {
    double low = 0, high = 0.4;
    while (high - low > 1e-7) {
      Mat3 gradient = Mat3::identity();
      const double strain = (low + high) / 2;
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) gradient[i][j] += strain * s.m[i][j];
      (positive_definite(inner_hessian(f, *potential, gradient, radius)) ? low : high) = strain;
    }
    const LocalYield y = region.yield(s, Context::quiet());
    EXPECT_NEAR(y.strain, low, 1e-3) << s.direction.x << ' ' << s.direction.y;
    EXPECT_GT(y.increment, 0);
  }
}

TEST(LocalYield, DirectionsAreOrthonormalAndEven) {
  for (const int dimension : {2, 3}) {
    Mat3 mean;
    const std::vector<LocalStrain> all = shears(500, dimension);
    for (const LocalStrain& s : all) {
      EXPECT_NEAR(norm(s.direction), 1, 1e-12);
      EXPECT_NEAR(dot(s.direction, s.normal), 0, 1e-12);
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) mean[i][j] += s.m[i][j] / 500;
    }
    for (const auto& row : mean.m)
      for (const double v : row) EXPECT_NEAR(v, 0, 0.01);
  }
}

LocalYieldOptions options() {
  return {.potential = flat_glass,
          .centres = "3",
          .radius_multiple = 3,
          .orientations = 2,
          .sensitivity = {2.5},
          .sensitivity_centres = 2,
          .strain_step = 4e-3,
          .force_tolerance = 1e-6,
          .least_drop = 1e-4};
}

TEST(LocalYield, DoesNotDependOnThreadsAndGoesOnFromACheckpoint) {
  const Frame& f = test::lj_glass_2d();
  omp_set_num_threads(1);
  const LocalYieldMap one = local_yield(f, options());
  EXPECT_EQ(one.centres.rows(), 3u);
  EXPECT_EQ(one.sensitivity.rows(), 2u);
  EXPECT_GT(one.mean_yield_increment_shear.value, 0);
  Context context;
  context.directory = std::filesystem::temp_directory_path() / ("heteroglass_local_yield_" + std::to_string(getpid()));
  omp_set_num_threads(3);
  const LocalYieldMap three = local_yield(f, options(), context);
  const LocalYieldMap again = local_yield(f, options(), context);
  std::filesystem::remove_all(context.directory);
  omp_set_num_threads(omp_get_num_procs());
  for (const LocalYieldMap* m : {&three, &again}) {
    for (const char* name : {"increment_shear", "increment_projected", "increment_tension"}) {
      const auto &a = m->centres.find(name)->number, &b = one.centres.find(name)->number;
      for (std::size_t k = 0; k < 3; ++k) EXPECT_TRUE(a[k] == b[k] || (std::isnan(a[k]) && std::isnan(b[k]))) << name;
    }
    EXPECT_EQ(m->force_evaluations, one.force_evaluations);
  }
}

// The same glass twice as large: the same regions, of the same number of atoms.
TEST(LocalYield, DoesNotDependOnTheSizeOfTheFrame) {
  const Frame& f = test::lj_glass_2d();
  Frame twice = f;
  const Vec3 a = f.box.edge(0);
  twice.box = Box(Mat3::columns(2 * a, f.box.edge(1), f.box.edge(2)), f.box.origin());
  for (std::size_t i = 0; i < f.size(); ++i) {
    twice.id.push_back(static_cast<std::int64_t>(f.size() + i + 1)), twice.type.push_back(f.type[i]);
    twice.position.push_back(f.position[i] + a);
  }
  twice.image.clear(), twice.velocity.clear(), twice.properties.clear();
  const auto potential = potential::load(flat_glass, f);
  const RegionSettings settings{.radius = 3, .force_tolerance = 1e-7, .least_drop = 1e-4};
  const LocalRegion small(potential, f, 5, settings), large(potential, twice, 5, settings);
  EXPECT_EQ(small.simulated(), large.simulated());
  EXPECT_EQ(small.inner(), large.inner());
  const LocalStrain s = shears(4, 2)[1];
  EXPECT_NEAR(small.yield(s, Context::quiet()).increment, large.yield(s, Context::quiet()).increment, 1e-6);
}

// Forces that are small but above the tolerance are relaxed away before, so that they do not pass for yield.
TEST(LocalYield, NearMinimaAreMinimisedFirst) {
  LocalYieldOptions o = options();
  o.centres = "17,", o.sensitivity = {}, o.dilatation = false;
  const LocalYieldMap exact = local_yield(test::lj_glass_2d(), o), near = local_yield(test::rattled(test::lj_glass_2d(), 1e-6, 1, true), o);
  EXPECT_GT(near.residual_force, 10 * o.force_tolerance);
  EXPECT_NEAR(near.mean_yield_increment_shear.value, exact.mean_yield_increment_shear.value, 1e-3);
}

// Shears at 0, 20, 40, ... degrees to x: the load xy drives them by cos 2a. At 40 degrees 0.17 is too little, whatever the increment.
TEST(LocalYield, ShearsThatTheLoadHardlyDrivesDoNotCount) {
  const std::vector<LocalStrain> s = shears(9, 2);
  const double none = std::nan("");
  EXPECT_NEAR(projected_increment(s, {3, 2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 4}, "xy"), 2 / std::cos(40 * std::numbers::pi / 180), 1e-12);
  EXPECT_NEAR(projected_increment(s, {3, none, 1, 1, 1, 1, 1, 1, 4}, "xy"), 3, 1e-12);
  EXPECT_TRUE(std::isnan(projected_increment(s, {none, none, 1, 1, 1, 1, 1, 1, none}, "xy")));
  EXPECT_TRUE(std::isnan(projected_increment(s, std::vector<double>(9, 1), "xz")));
}

// The correlation of the maps is that of the ranks in the table of centres.
TEST(LocalYield, CorrelationOfTensionAndShearIsThatOfTheRanks) {
  LocalYieldOptions o = options();
  o.centres = "8", o.sensitivity = {3.5}, o.sensitivity_centres = 6;
  const LocalYieldMap m = local_yield(test::lj_glass_2d(), o);
  std::vector<double> shear, tension;  // of the centres that yielded in both
  for (std::size_t k = 0; k < 8; ++k) {
    const double x = m.centres.find("increment_shear")->number[k], y = m.centres.find("increment_tension")->number[k];
    if (std::isfinite(x) && std::isfinite(y)) shear.push_back(x), tension.push_back(y);
  }
  ASSERT_GE(shear.size(), 4u);
  const auto rank = [](const std::vector<double>& v, std::size_t i) {
    return static_cast<double>(std::count_if(v.begin(), v.end(), [&](double x) { return x < v[i]; }));
  };
  double squares = 0;
  for (std::size_t k = 0; k < shear.size(); ++k) squares += std::pow(rank(shear, k) - rank(tension, k), 2);
  const auto n = static_cast<double>(shear.size());
  EXPECT_NEAR(m.shear_tension_correlation.value, 1 - 6 * squares / (n * (n * n - 1)), 1e-12);
  const auto& with_itself = m.sensitivity.find("spearman")->number;
  EXPECT_EQ(with_itself[0], 1);
  EXPECT_TRUE(std::abs(with_itself[1]) <= 1) << with_itself[1];
}

TEST(LocalYield, CostIsToldBefore) {
  EXPECT_EQ(
      local_yield_cost({}, 1000),
      "18 regions of 13 directions, some 1,000 force evaluations each: about 1.2e+02 minutes on one core with an embedded-atom potential, "
      "less with pairs");
  EXPECT_EQ(local_yield_cost({.potential = flat_glass, .centres = "all", .sensitivity = {}}, 600).substr(0, 29),
            "600 regions of 19 directions,");
  EXPECT_EQ(local_yield_cost({.centres = "17,", .sensitivity = {}}, 600).substr(0, 10), "1 regions ");
  EXPECT_EQ(local_yield_cost({.centres = "17,18", .sensitivity = {}}, 600).substr(0, 10), "2 regions ");
}

TEST(LocalYield, SaysWhatIsWrong) {
  const Frame& f = test::lj_glass_2d();
  LocalYieldOptions o = options();
  o.centres = "some";
  EXPECT_THROW(local_yield(f, o), InputError);
  o.centres = "0";
  EXPECT_THROW(local_yield(f, o), InputError);
  o.centres = "99999,";
  EXPECT_THROW(local_yield(f, o), InputError);
  o = options(), o.radius = 0.1;
  EXPECT_THROW(local_yield(f, o), InputError);
  o = options(), o.plane = "xz";
  EXPECT_THROW(local_yield(f, o), InputError);
  o = options(), o.strain_step = 1e-5;
  EXPECT_THROW(local_yield(f, o), InputError);
  Context context;
  o = options(), o.centres = "17,", o.max_strain = 4e-3, o.sensitivity = {};
  const LocalYieldMap none = local_yield(f, o, context);
  EXPECT_EQ(none.not_yielded, 1);
  ASSERT_EQ(context.warnings().size(), 1u);
  EXPECT_EQ(context.warnings()[0], "100.0 % of the tests did not yield up to a strain of 0.004 (max_strain)");
  try {
    local_yield(test::rattled(f, 0.01, 1, true), options());
    FAIL();
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("epsilon/sigma: run `heteroglass landscape minimise` first"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace heteroglass::landscape
