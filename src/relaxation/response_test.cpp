#include "relaxation/response.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "program.hpp"

namespace heteroglass::relaxation {
namespace {

TEST(Response, KwwAtOneFrequency) {
  const Response r = response({.omega = {1}});
  EXPECT_NEAR(r.susceptibility_real[0], 0.534877974533518, 1e-14);
  EXPECT_NEAR(r.susceptibility_imag[0], 0.270513580162214, 1e-14);
}

TEST(Response, CommandLine) {
  const test::ProgramRun run = test::program("relaxation response --model kww --beta 0.5 --tau 1s --omega 1rad/s --json");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, testing::HasSubstr("0.53487797453351"));
  EXPECT_EQ(test::program("relaxation response --omega 1Hz").exit_code, 2);
  EXPECT_EQ(test::program("relaxation response --model kvv").exit_code, 2);
}

// Maxwell: M = M_u i w tau/(1 + i w tau), M(t) = M_u e^{-t/tau}.
TEST(Response, DebyeModulusIsAMaxwellElement) {
  const Response r =
      response({.model = "debye", .quantity = "modulus", .tau = {2}, .strength = {30}, .omega = {0.1, 0.5, 4}, .time = {0.5, 2}});
  for (std::size_t i = 0; i < 3; ++i) {
    const double x = 2 * r.omega[i];
    EXPECT_NEAR(r.storage[i], 30 * x * x / (1 + x * x), 1e-12);
    EXPECT_NEAR(r.loss[i], 30 * x / (1 + x * x), 1e-12);
    EXPECT_NEAR(r.loss_tangent[i], 1 / x, 1e-12);
  }
  EXPECT_NEAR(r.relaxation_modulus[0], 30 * std::exp(-0.25), 1e-12);
  EXPECT_NEAR(r.step[0], std::exp(-0.25), 1e-12);
}

// J = J_u + t/eta: power-law creep with chi = 1, A/tau = 1/eta.
TEST(Response, CreepWithUnitExponentIsViscousFlow) {
  const Response r = response({.model = "power-law-creep",
                               .quantity = "compliance",
                               .tau = {5},
                               .chi = {1},
                               .strength = {0.2},
                               .unrelaxed = 0.01,
                               .omega = {2},
                               .time = {3}});
  EXPECT_NEAR(r.creep_compliance[0], 0.01 + 0.2 * 3 / 5, 1e-14);
  EXPECT_NEAR(r.compliance_loss[0], 0.2 / (2 * 5), 1e-14);
  EXPECT_NEAR(r.compliance_storage[0], 0.01, 1e-14);
}

TEST(Response, SumsTakeOneEntryForEachComponentThatHasIt) {
  const Response sum = response(
      {.model = "kww+cole-cole+kww", .tau = {1, 1e-3, 10}, .alpha = {0.4}, .beta = {0.5, 0.7}, .strength = {0.5, 0.2, 0.3}, .omega = {3}});
  const Response a = response({.beta = {0.5}, .omega = {3}}),
                 b = response({.model = "cole-cole", .tau = {1e-3}, .alpha = {0.4}, .omega = {3}}),
                 c = response({.tau = {10}, .beta = {0.7}, .omega = {3}});
  EXPECT_NEAR(sum.susceptibility_imag[0], 0.5 * a.susceptibility_imag[0] + 0.2 * b.susceptibility_imag[0] + 0.3 * c.susceptibility_imag[0],
              1e-14);
  EXPECT_EQ(sum.components.rows(), 3u);
  EXPECT_THROW(response({.model = "kww+kww+kww", .beta = {0.5, 0.6}}), InputError);
}

TEST(Response, AutomaticGridCoversAllTimes) {
  const Response r = response({.model = "debye+debye", .tau = {1e-6, 1e3}});
  EXPECT_NEAR(std::log10(r.omega.front()), -7, 1e-9);
  EXPECT_NEAR(std::log10(r.omega.back()), 10, 1e-9);
  EXPECT_NEAR(r.step.front(), 2, 1e-3);
  EXPECT_NEAR(r.step.back(), 0, 1e-9);
}

TEST(Response, RefusesWhatHasNoMeaning) {
  EXPECT_THROW(response({.model = "constant-loss"}), InputError);
  EXPECT_THROW(response({.omega = {1}, .frequency = {1}}), InputError);
}

}  // namespace
}  // namespace heteroglass::relaxation
