#include "probes/contact/pop_in.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "probes/contact/synthetic_indent.hpp"

namespace heteroglass::probes {
namespace {

TEST(PopIn, IsFoundWhereItIs) {
  synthetic::Indent s;
  s.points = 3000, s.depth_noise = 0.2, s.pop_in_size = 3;
  int found = 0;
  for (int i = 0; i < 50; ++i) {
    s.seed = 1 + static_cast<std::uint64_t>(i), s.pop_in_load = 0.2 + 0.01 * i;
    const auto p = first_pop_in(contact_curve(synthetic::curve(s), {}), 6, 0.5);
    if (!p) continue;
    ++found;
    EXPECT_NEAR(p->load, s.pop_in_load, 0.01);
    EXPECT_NEAR(p->size, 3, 1.2);
  }
  EXPECT_GE(found, 49);
}

TEST(PopIn, IsRarelyFoundWhereThereIsNone) {
  synthetic::Indent s;
  s.points = 3000, s.depth_noise = 0.2;
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    s.seed = 1 + static_cast<std::uint64_t>(i), s.fraction = i % 3 == 0 ? 0 : 1, s.load_noise = i % 2 == 0 ? 0 : 1e-3;
    found += first_pop_in(contact_curve(synthetic::curve(s), {}), 6, 0).has_value();
  }
  EXPECT_LE(found, 2);
}

TEST(PopIn, IsADropOfLoadWhenTheDepthIsHeld) {
  synthetic::Indent s;
  s.points = 3000, s.fraction = 0, s.load_noise = 1e-4;
  Curve c = synthetic::curve(s);
  for (std::size_t i = 500; i < c.size(); ++i) c.columns[1].values[i] -= 0.02;
  const auto p = first_pop_in(contact_curve(c, {}), 6, 0.5);
  ASSERT_TRUE(p.has_value());
  EXPECT_TRUE(p->load_drop);
  EXPECT_NEAR(static_cast<double>(p->index), 499, 4);
  EXPECT_NEAR(p->size, 0.02, 0.003);
}

// All four die: 1/4, 2/4, ... ; Greenwood's error is then that of the binomial.
TEST(PopIn, KaplanMeier) {
  const Survival all = kaplan_meier({3, 1, 2, 4}, {true, true, true, true});
  EXPECT_EQ(all.value, (std::vector<double>{1, 2, 3, 4}));
  EXPECT_NEAR(all.fraction[1], 0.5, 1e-12);
  EXPECT_NEAR(all.error[1], std::sqrt(0.25 / 4), 1e-12);
  // 1, 2 (censored), 3: survival 2/3 and then 2/3 * 0
  const Survival some = kaplan_meier({1, 2, 3}, {true, false, true});
  EXPECT_NEAR(some.fraction[0], 1 / 3.0, 1e-12);
  EXPECT_NEAR(some.fraction[1], 1, 1e-12);
}

// Loads of events drawn from rate c P exp(alpha P^(1/3)) at constant loading rate; indents end at 1 mN.
TEST(PopIn, ActivationIsFoundWithinItsError) {
  const double alpha = 40, front = std::exp(-31.0);
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform;
  double chi2 = 0;
  const int samples = 20;
  for (int k = 0; k < samples; ++k) {
    std::vector<LoadingHistory> all;
    for (int i = 0; i < 60; ++i) {
      LoadingHistory h{{0}, {0}, false};
      const double limit = -std::log(1 - uniform(random));
      double hazard = 0;
      for (double p = 0.002; p <= 1; p += 0.002) {
        hazard += front * (p - 0.001) * std::exp(alpha * std::cbrt(p - 0.001)) * 0.002;
        h.time.push_back(p), h.load.push_back(p);
        if (hazard < limit) continue;
        h.event = true;
        break;
      }
      all.push_back(h);
    }
    const EventRate r = event_rate(all);
    ASSERT_TRUE(r.converged);
    chi2 += std::pow((r.alpha - alpha) / r.alpha_error, 2) / samples;
  }
  EXPECT_NEAR(chi2, 1, 4 * std::sqrt(2.0 / samples));
}

TEST(PopIn, OfTooFewOrEqualLoadsHasNoActivation) { EXPECT_FALSE(event_rate({{{0, 1}, {0, 1}, true}}).converged); }

}  // namespace
}  // namespace heteroglass::probes
