#include "numeric/kohlrausch_sum.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

TEST(KohlrauschSum, IsTheStretchedExponential) {
  for (const double beta : {0.3, 0.5, 0.7, 0.8, 0.9, 0.97}) {
    const KohlrauschSum k = kohlrausch_sum(beta);
    double worst = 0;
    for (double t = 1e-3; t < 300; t *= 1.3) {
      double sum = 0;
      for (std::size_t i = 0; i < k.rate.size(); ++i) sum += k.weight[i] * std::exp(-k.rate[i] * t);
      worst = std::max(worst, std::abs(sum - std::exp(-std::pow(t, beta))));
    }
    EXPECT_LT(worst, beta <= 0.8 ? 2e-6 : 1e-5) << beta;
    EXPECT_LT(k.rate.size(), 700u) << beta;
    EXPECT_LT(k.instant, 2e-6) << beta;
  }
}

// b = 1/2: the density of rates is f(s) = exp(-1/(4 s)) / (2 sqrt(pi) s^(3/2)).
TEST(KohlrauschSum, HalfIsClosed) {
  const KohlrauschSum k = kohlrausch_sum(0.5);
  const double step = std::log(k.rate[1] / k.rate[0]);
  for (std::size_t i = 0; i < k.rate.size(); i += 5) {
    const double s = k.rate[i];
    EXPECT_NEAR(k.weight[i], step * s * std::exp(-1 / (4 * s)) / (2 * std::sqrt(M_PI) * std::pow(s, 1.5)), 1e-9);
  }
}

TEST(KohlrauschSum, OneIsOneExponential) {
  EXPECT_EQ(kohlrausch_sum(1).rate.size(), 1u);
  EXPECT_THROW(kohlrausch_sum(1.2), InputError);
}

}  // namespace
}  // namespace heteroglass::numeric
