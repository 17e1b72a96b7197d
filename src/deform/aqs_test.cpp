#include "deform/aqs.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <filesystem>

#include "core/error.hpp"
#include "deform/aqs_path.hpp"
#include "glasses.hpp"
#include "landscape/descent.hpp"
#include "landscape/minimise.hpp"
#include "potential/potential.hpp"

namespace heteroglass::deform {
namespace {

/// Small systems gain nothing from threads.
class QuasistaticShear : public testing::Test {
 protected:
  void SetUp() override { omp_set_num_threads(1); }
  void TearDown() override { omp_set_num_threads(omp_get_num_procs()); }
};

const std::string kob_andersen = "lj:kob-andersen";

Frame glass(std::size_t atoms = 96, std::uint64_t seed = 2) {
  return landscape::minimise(test::kob_andersen(atoms, seed), {.potential = kob_andersen, .force_tolerance = 1e-10}).configuration[0];
}

AqsOptions options(double step, double end) {
  return {.potential = kob_andersen, .strain_step = step, .max_strain = end, .force_tolerance = 1e-8, .least_drop = 1e-5, .r_cut = 1.4};
}

const std::vector<double>& column(const Table& t, const std::string& name) { return t.find(name)->number; }

/// Copper at its lattice constant, and the elastic constants of the perfect crystal, which has no internal relaxation.
struct Copper {
  Frame frame =
      landscape::minimise(test::fcc_crystal(3, 3.64), {.force_tolerance = 1e-8, .relax_box = "isotropic", .stress_tolerance = 1e-7})
          .configuration[0];
  potential::Stiffness c{};
  Copper() {
    const auto calculator = potential::load("CuZr-Mendelev2007", frame)->calculator(frame);
    calculator->expand(frame.box, frame.position);
    c = calculator->born().stiffness;
    for (auto& row : c)
      for (double& v : row) v *= potential::pressure_unit(frame.units);
  }
};

// Strains of 1e-5, because the table of the potential has kinks in its second derivative. Of a cubic crystal: c44 along xy, (c11 - c12)/2 in pure shear of the cube axes, c11 - 2 c12^2/(c11 + c12) in tension.
TEST_F(QuasistaticShear, SlopesOfACrystalAreItsElasticConstants) {
  if (!std::filesystem::exists("/usr/share/lammps/potentials/CuZr_mm.eam.fs")) GTEST_SKIP() << "lammps-data is not installed";
  const Copper cu;
  AqsOptions o{.strain_step = 2e-6, .max_strain = 1e-5};
  const Aqs simple = aqs(cu.frame, o);
  EXPECT_NEAR(simple.shear_modulus.value, cu.c[3][3], 1e-3 * cu.c[3][3]);
  EXPECT_EQ(simple.drops.rows(), 0u);
  EXPECT_NEAR(simple.energy_balance, 0, 1e-7);
  o.mode = "pure-shear", o.plane = "yz";
  EXPECT_NEAR(aqs(cu.frame, o).shear_modulus.value, (cu.c[0][0] - cu.c[0][1]) / 2, 1e-3 * cu.c[3][3]);
  o.mode = "uniaxial", o.axis = "y", o.stress_tolerance = 1e-8;
  const Aqs pulled = aqs(cu.frame, o);
  const double young = cu.c[0][0] - 2 * cu.c[0][1] * cu.c[0][1] / (cu.c[0][0] + cu.c[0][1]);
  EXPECT_NEAR(pulled.youngs_modulus.value, young, 1e-3 * young);
  EXPECT_NEAR(pulled.energy_balance, 0, 1e-6);
  EXPECT_NEAR(pulled.pressure.back(), -pulled.stress.back() / 3, 1e-7);  // the lateral stresses vanish
  o.max_strain = -1e-5;
  const Aqs pushed = aqs(cu.frame, o);
  EXPECT_NEAR(pushed.youngs_modulus.value, pulled.youngs_modulus.value, 2e-3 * young);
  EXPECT_LT(pushed.stress.back(), 0);
}

/// Xi . H^-1 Xi by conjugate gradients; Xi sums to zero, as the null space of H demands.
double nonaffine(potential::Calculator& calculator, const std::vector<Vec3>& xi) {
  const std::size_t n = xi.size();
  std::vector<Vec3> u(n), r = xi, p = xi, hp(n);
  const auto sum = [&](const std::vector<Vec3>& a, const std::vector<Vec3>& b) {
    double s = 0;
    for (std::size_t i = 0; i < n; ++i) s += heteroglass::dot(a[i], b[i]);
    return s;
  };
  const double start = sum(xi, xi);
  double rr = start;
  for (int k = 0; k < 1000 && rr > 1e-16 * start; ++k) {
    calculator.hessian_product(p, hp);
    const double a = rr / sum(p, hp);
    for (std::size_t i = 0; i < n; ++i) u[i] += a * p[i], r[i] -= a * hp[i];
    const double next = sum(r, r);
    for (std::size_t i = 0; i < n; ++i) p[i] = r[i] + next / rr * p[i];
    rr = next;
  }
  return sum(xi, u);
}

// dtau/dgamma = c_xyxy (Born, Green-Lagrange) + sigma_yy - Xi H^-1 Xi / V: the glass is stressed, and simple shear also turns it
// (Lemaitre, Maloney, J. Stat. Phys. 123, 415 (2006), doi:10.1007/s10955-005-9015-5).
TEST_F(QuasistaticShear, SlopeOfAGlassIsBornLessNonaffine) {
  const Frame f = glass();
  const auto calculator = potential::load(kob_andersen, f)->calculator(f);
  calculator->expand(f.box, f.position);
  const potential::BornTerms born = calculator->born();
  std::vector<Vec3> xi;
  for (const auto& six : born.force) xi.push_back(six[5]);
  const double slope = born.stiffness[5][5] + born.stress[1] - nonaffine(*calculator, xi) / f.box.volume();
  const Aqs a = aqs(f, options(1e-5, 1e-4));
  EXPECT_NEAR(a.shear_modulus.value, slope, 3e-3 * slope) << "affine " << born.stiffness[5][5];
  EXPECT_GT(std::abs(born.stiffness[5][5] - slope), 0.1 * slope);
  EXPECT_NEAR(a.modulus_static.value, slope, 1e-6 * slope);
}

// In every way of loading, of a glass under stress and in a sheared cell, where no two components are equal by symmetry.
TEST_F(QuasistaticShear, ModulusWithoutStepsIsTheSlopeOfTheSteps) {
  AqsOptions o = options(1e-5, 1e-4);
  const Frame f = aqs(glass(), options(5e-4, 4e-3)).configuration.back();
  o.stress_tolerance = 1e-9;
  for (const std::string mode : {"simple-shear", "pure-shear", "uniaxial"})
    for (const std::string plane : {"xy", "xz", "yz"}) {
      o.mode = mode, o.plane = plane, o.axis = plane.substr(1);
      const Aqs a = aqs(f, o);
      const Measured& slope = mode == "uniaxial" ? a.youngs_modulus : a.shear_modulus;
      EXPECT_NEAR(slope.value, a.modulus_static.value, 1e-3 * slope.value) << mode << ' ' << plane;
      EXPECT_LT(a.modulus_static.error, 1e-4 * slope.value);
    }
}

// Loaded again from shortly before the first drop: a parabola through all points up to the drop would be wrong by a quarter.
TEST_F(QuasistaticShear, AnEarlyDropDoesNotBiasTheModulus) {
  const double drop = column(aqs(glass(), options(1e-3, 0.06)).drops, "strain")[0];
  AqsOptions o = options(1e-3, drop - 1e-3);
  const Frame f = aqs(glass(), o).configuration.back();
  const Aqs a = aqs(f, options(5e-5, 1.5e-3));
  ASSERT_GE(a.drops.rows(), 1u);
  EXPECT_NEAR(column(a.drops, "strain")[0], 1e-3, 1e-5);
  EXPECT_NEAR(a.shear_modulus.value, a.modulus_static.value, 0.01 * a.modulus_static.value);
  const Measured fit = initial_slope(a.strain, a.stress, 20, column(a.drops, "strain")[0]);
  EXPECT_NEAR(fit.value, a.modulus_static.value, 4 * fit.error);
  EXPECT_GT(std::abs(initial_slope(a.strain, a.stress, 20).value - a.modulus_static.value), 0.1 * a.modulus_static.value);
}

// Forces below the tolerance pass for zero a little beyond the drop; the error of its strain says how far.
TEST_F(QuasistaticShear, ErrorOfADropCoversTheForceTolerance) {
  AqsOptions o = options(1e-3, 0.06);
  const double exact = column(aqs(glass(), o).drops, "strain")[0];
  o.max_strain = std::ceil(exact * 1000 + 1) / 1000;
  for (const double tolerance : {1e-6, 1e-5}) {
    o.force_tolerance = tolerance, o.method = "fire", o.strain_tolerance = 1e-8;
    const Aqs late = aqs(glass(), o);
    const double off = column(late.drops, "strain")[0] - exact, error = column(late.drops, "strain_error")[0];
    EXPECT_LT(std::abs(off), 3 * error + 3e-7) << tolerance;  // the exact one is known to its own interval
    EXPECT_GT(error, 1e-2 * tolerance);
  }
}

TEST_F(QuasistaticShear, MinimisersStepsAndThreadsFindTheSameFirstDrop) {
  const Frame f = glass();
  AqsOptions o = options(1e-3, 0.06);
  const Aqs a = aqs(f, o);
  ASSERT_GE(a.drops.rows(), 1u);
  const double first = column(a.drops, "strain")[0];
  o.max_strain = std::ceil(first * 1000 + 1) / 1000;
  o.method = "fire";
  const Aqs fire = aqs(f, o);
  ASSERT_GE(fire.drops.rows(), 1u);
  EXPECT_NEAR(column(fire.drops, "strain")[0], first, 2e-6);
  EXPECT_NEAR(column(fire.drops, "energy_drop")[0], column(a.drops, "energy_drop")[0], 1e-3 * column(a.drops, "energy_drop")[0]);
  o.method = "lbfgs", o.strain_step = 2.1e-4;
  EXPECT_NEAR(column(aqs(f, o).drops, "strain")[0], first, 2e-6);
  o.bisect = false;
  EXPECT_NEAR(column(aqs(f, o).drops, "strain")[0], first, 2.1e-4);

  omp_set_num_threads(3);
  const Aqs again = aqs(f, options(1e-3, 0.06));
  EXPECT_EQ(again.stress, a.stress);
  EXPECT_EQ(again.configuration.back().position, a.configuration.back().position);
}

TEST_F(QuasistaticShear, WorkIsEnergyAndHeat) {
  const Aqs a = aqs(glass(), options(1e-3, 0.06));
  ASSERT_GE(a.drops.rows(), 1u);
  EXPECT_NEAR(a.energy_balance, 0, 0.01 * a.dissipated);
  EXPECT_EQ(a.unconverged_steps, 0);
  for (const double e : column(a.drops, "energy_drop")) EXPECT_GT(e, 0);
  for (const double p : column(a.drops, "participation")) EXPECT_TRUE(p >= 1 && p <= 96) << p;
  EXPECT_EQ(a.strain.size(), 61u);
  EXPECT_EQ(a.frame_strain.back(), 0.06);
  EXPECT_NEAR(a.configuration.back().box.edges()[0][1], 0.06 * a.configuration[0].box.edges()[1][1], 1e-12);
}

class Stopping : public Context {
 public:
  explicit Stopping(double at) : at_(at) {}
  void progress(double fraction, std::string_view) override { stop_ = fraction > at_; }
  bool cancelled() const override { return stop_; }

 private:
  double at_;
  bool stop_ = false;
};

TEST_F(QuasistaticShear, GoesOnFromACheckpointAsIfNeverStopped) {
  const Frame f = glass();
  AqsOptions o = options(1e-3, 0.045);
  o.keep = {0.03};
  const Aqs whole = aqs(f, o);
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("heteroglass_aqs_" + std::to_string(getpid()));
  for (const double at : {0.5, 0.95}) {
    Stopping context(at);
    context.directory = folder;
    EXPECT_THROW(aqs(f, o, context), Interrupted);
  }
  ASSERT_FALSE(std::filesystem::is_empty(folder));
  Stopping context(2);
  context.directory = folder;
  const Aqs resumed = aqs(f, o, context);
  std::filesystem::remove_all(folder);
  EXPECT_EQ(resumed.stress, whole.stress);
  EXPECT_EQ(resumed.force_evaluations, whole.force_evaluations);
  EXPECT_EQ(column(resumed.drops, "strain"), column(whole.drops, "strain"));
  ASSERT_EQ(resumed.configuration.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(resumed.configuration[k].position, whole.configuration[k].position);
  EXPECT_EQ(resumed.frame_strain, (std::vector<double>{0, 0.03, 0.045}));
}

TEST_F(QuasistaticShear, AnElasticCycleReturns) {
  AqsOptions o = options(5e-4, 0.1);
  o.cycles = 2, o.amplitude = 2e-3;
  const Aqs a = aqs(glass(), o);
  ASSERT_EQ(a.drops.rows(), 0u);
  ASSERT_EQ(a.cycles.rows(), 2u);
  EXPECT_EQ(a.strain.size(), 33u);
  EXPECT_NEAR(column(a.cycles, "work")[1], 0, 1e-6);
  EXPECT_NEAR(column(a.cycles, "displacement_rms")[1], 0, 1e-6);
  EXPECT_NEAR(a.energy[16], a.energy[0], 1e-9);
}

TEST(AqsPath, Strains) {
  EXPECT_EQ(straight_path(0.3, 0.1).size(), 4u);
  EXPECT_EQ(straight_path(-0.25, 0.1), (std::vector<double>{0, -0.1, -0.2, -0.25}));
  EXPECT_EQ(cyclic_path(0.2, 0.1, 1), (std::vector<double>{0, 0.1, 0.2, 0.1, 0, -0.1, -0.2, -0.1, 0}));
  std::vector<double> x, y;
  for (int k = 0; k < 20; ++k) x.push_back(1e-4 * k), y.push_back(0.3 + 20 * x.back() - 900 * x.back() * x.back());
  EXPECT_NEAR(initial_slope(x, y, 20).value, 20, 1e-9);
  EXPECT_TRUE(std::isnan(initial_slope(x, y, 3).value));
  // A branch that ends at 2.5e-3: its root has a slope of its own.
  y.clear();
  for (const double v : x) y.push_back(0.3 + 20 * v + 0.05 * std::sqrt(1 - v / 2.5e-3));
  EXPECT_NEAR(initial_slope(x, y, 20, 2.5e-3).value, 20 - 0.05 / 2 / 2.5e-3, 1e-9);
  const Measured plain = initial_slope(x, y, 20);
  EXPECT_NEAR(plain.value, 10, 3 * plain.error);
  EXPECT_GT(std::abs(plain.value - 10), 0.01);
}

TEST_F(QuasistaticShear, SaysWhatIsWrong) {
  const Frame f = glass();
  AqsOptions o = options(1e-3, 0.02);
  o.strain_step = 0.1;
  EXPECT_THROW(aqs(f, o), InputError);
  o = options(1e-3, 0.02), o.strain_tolerance = 0.01;
  EXPECT_THROW(aqs(f, o), InputError);
  o = options(1e-3, 0.02), o.keep = {0.03};
  EXPECT_THROW(aqs(f, o), InputError);
  o = options(1e-3, -1.5), o.mode = "uniaxial";
  EXPECT_THROW(aqs(f, o), InputError);
  o = options(1e-3, 0.02), o.potential = "lj:kob-andersen-2d", o.mode = "uniaxial";
  EXPECT_THROW(aqs(test::kob_andersen_2d(60), o), InputError);
}

}  // namespace
}  // namespace heteroglass::deform
