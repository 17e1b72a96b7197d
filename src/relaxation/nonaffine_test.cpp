#include "relaxation/nonaffine.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <fstream>
#include <numbers>

#include "core/error.hpp"
#include "landscape/elastic.hpp"
#include "landscape/test_minima.hpp"
#include "relaxation/nonaffine_spectrum.hpp"

namespace heteroglass::relaxation {
namespace {

const std::string copper = "/usr/share/lammps/potentials/Cu_mishin1.eam.alloy";

TEST(MemoryKernel, LimitsAndClosedForms) {
  EXPECT_EQ(MemoryKernel::constant(3)(7.0), std::complex<double>(3));
  const MemoryKernel e = MemoryKernel::stretched(2, 5, 1);
  EXPECT_NEAR(std::abs(e(0.3) - 10.0 / std::complex<double>(1, 1.5)), 0, 1e-12);
  EXPECT_NEAR(e.friction(), 10, 1e-12);
  // b = 1/2: nu(0) = nu0 tau Gamma(2) / (1/2) = 2 nu0 tau.
  const MemoryKernel s = MemoryKernel::stretched(2, 5, 0.5);
  EXPECT_NEAR(s.friction(), 20, 1e-10);
  EXPECT_NEAR(s(1e-9).real(), 20, 1e-5);
  // At high frequency int nu(t) e^{-iwt} dt -> nu0 / (i w).
  EXPECT_NEAR(std::abs(s(1e9) * std::complex<double>(0, 1e9) - 2.0), 0, 1e-3);
  EXPECT_NEAR(MemoryKernel::stretched_from_friction(20, 5, 0.5).nu0(), 2, 1e-10);
  for (double w = 1e-4; w < 1e5; w *= 3) EXPECT_GT(s(w).real(), 0);
}

// One mode with constant friction, far overdamped: a Debye process with rate L / nu.
TEST(Poles, OverdampedModeIsADebyeProcess) {
  const Poles p{10, {4}, {3}};
  const MemoryKernel k = MemoryKernel::constant(4e4);  // rate 1e-4
  for (const double w : {1e-5, 1e-4, 1e-3}) {
    const std::complex<double> m = modulus(p, k, w), truth = 10.0 - 3.0 / std::complex<double>(1, w / 1e-4);
    EXPECT_NEAR(std::abs(m - truth), 0, 1e-6);
    EXPECT_GT(m.imag(), 0);
  }
  EXPECT_EQ(p.relaxed(), 7);
}

TEST(Nonaffine, ZeroFrequencyIsTheStaticModulusAndInfiniteTheAffine) {
  const Nonaffine n = nonaffine(test::lj_glass(), {.potential = "lj:kob-andersen", .friction = 5});
  const landscape::Elastic e = landscape::elastic(test::lj_glass(), {.potential = "lj:kob-andersen"});
  EXPECT_EQ(n.method, "dense");
  EXPECT_NEAR(n.shear_relaxed.value, e.shear_modulus_voigt, 1e-6);
  EXPECT_NEAR(n.bulk_relaxed, e.bulk_modulus_voigt, 1e-6);
  EXPECT_LT(n.static_difference, 1e-7);
  EXPECT_NEAR(n.shear_storage.front(), e.shear_modulus_voigt, 1e-2);
  double affine = 0;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) affine += e.stiffness_affine(i, j) * (i == j ? 1.0 : -0.5);
  for (std::size_t i = 3; i < 6; ++i) affine += 3 * e.stiffness_affine(i, i);
  EXPECT_NEAR(n.shear_unrelaxed.value, affine / 15, 1e-6);
}

TEST(Nonaffine, LossIsPositiveAndTheKramersKronigPartnerOfStorage) {
  for (const std::string kernel : {"constant", "exponential", "stretched"}) {
    const Nonaffine n =
        nonaffine(test::lj_glass(), {.potential = "lj:kob-andersen", .kernel = kernel, .friction = 20, .tau = 0.05, .beta = 0.4});
    EXPECT_GE(n.smallest_loss, 0) << kernel;
    for (const double loss : n.bulk_loss) EXPECT_GE(loss, 0) << kernel;
    for (const double loss : n.youngs_loss) EXPECT_GE(loss, 0) << kernel;
    EXPECT_LT(n.kramers_kronig_residual, 5e-3) << kernel;
  }
}

// Resonances narrower than the steps of the integral: the check cannot be made, and says so.
TEST(Nonaffine, NearlyUndampedModesFailTheCheckAndSaySo) {
  class Listening : public Context {
  } context;
  const Nonaffine n = nonaffine(test::lj_glass(), {.potential = "lj:kob-andersen", .friction = 1e-5}, context);
  EXPECT_GT(n.kramers_kronig_residual, 0.02);
  ASSERT_FALSE(context.warnings().empty());
}

// Where damping is weaker than the distance of the nodes the two must differ; elsewhere they agree.
TEST(Nonaffine, LanczosEqualsAllModes) {
  std::vector<NonaffineOptions> cases(2);
  cases[0] = {.potential = "lj:kob-andersen", .kernel = "constant", .friction = 8, .omega = {1e-3, 0.01, 0.1, 0.5, 1, 3, 10, 20, 40}};
  cases[1] = {.potential = "lj:kob-andersen", .kernel = "stretched", .friction = 1e4, .tau = 1e3, .omega = {1e-5, 1e-4, 1e-3, 1e-2, 0.1}};
  for (const NonaffineOptions& dense : cases) {
    NonaffineOptions lanczos = dense;
    lanczos.method = "lanczos", lanczos.steps = 250;
    const Nonaffine a = nonaffine(test::lj_glass(), dense), b = nonaffine(test::lj_glass(), lanczos);
    EXPECT_LT(b.static_difference, 1e-5);
    for (std::size_t k = 0; k < a.omega.size(); ++k) {
      EXPECT_NEAR(a.shear_storage[k], b.shear_storage[k], 1e-4 * a.shear_storage[k]) << dense.kernel << a.omega[k];
      EXPECT_NEAR(a.shear_loss[k], b.shear_loss[k], 1e-3 * a.shear_loss[k] + 1e-6) << dense.kernel << a.omega[k];
      EXPECT_NEAR(a.youngs_loss[k], b.youngs_loss[k], 1e-3 * a.youngs_loss[k] + 1e-6) << dense.kernel << a.omega[k];
    }
  }
}

TEST(Nonaffine, CrystalHasNoNonaffineLoss) {
  if (!std::ifstream(copper)) GTEST_SKIP() << copper << " is not there";
  const Nonaffine n = nonaffine(test::fcc_crystal(3, 3.615), {.potential = copper});
  for (const double loss : n.shear_loss) EXPECT_NEAR(loss, 0, 1e-9);
  EXPECT_NEAR(n.shear_relaxed.value, n.shear_unrelaxed.value, 1e-9);
  // Dulong and Petit at 300 K less the quantum part: 1 - (theta/T)^2 / 20 with theta about 310 K gives 0.95 of 3.
  EXPECT_NEAR(n.heat_capacity.back(), 2.85, 0.06);
}

TEST(Nonaffine, SameForAnyNumberOfThreads) {
  const auto run = [](int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    const Nonaffine n = nonaffine(test::lj_glass(), {.potential = "lj:kob-andersen", .method = "lanczos", .steps = 60});
    omp_set_num_threads(before);
    return n.shear_loss;
  };
  EXPECT_EQ(run(1), run(3));
}

TEST(Nonaffine, BadOptionsAreRefused) {
  EXPECT_THROW(nonaffine(test::lj_glass(), {.potential = "lj:kob-andersen", .nu0 = 1.0}), InputError);
  EXPECT_THROW(nonaffine(test::rattled(test::lj_glass(), 0.05), {.potential = "lj:kob-andersen"}), InputError);
}

TEST(Nonaffine, DenseModesMustFitIntoMemory) {
  EXPECT_EQ(nonaffine_method("auto", 3000, 1e8, 1e10), "dense");
  EXPECT_EQ(nonaffine_method("auto", 3000, 1e8, 1e7), "lanczos");
  EXPECT_EQ(nonaffine_method("auto", 12000, 1e8, 1e10), "lanczos");
  try {
    nonaffine_method("dense", 30000, 14.4e9, 8e9);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(),
                 "--method: dense modes of 30000 degrees of freedom must fit into memory, need 14.4 GB of the 8.0 GB free; take lanczos");
  }
  EXPECT_THROW(nonaffine_cost({.method = "dense"}, 1e5, 8e9), InputError);
  EXPECT_EQ(nonaffine_cost({}, 4000, 8e9).substr(0, 45), "12000 degrees of freedom, method lanczos: up ");
}

}  // namespace
}  // namespace heteroglass::relaxation
