#include "numeric/periodogram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace heteroglass::numeric {
namespace {

// A cosine of amplitude a at frequency 5/n: all its power, a^2 n / 4, at j = 5.
TEST(Periodogram, OfACosine) {
  for (const std::size_t n : {std::size_t{60}, std::size_t{61}}) {
    const Periodogram p(n);
    Periodogram::Work work(p);
    std::vector<double> x, power(p.frequencies());
    for (std::size_t t = 0; t < n; ++t) x.push_back(7 + 3 * std::cos(2 * std::numbers::pi * 5 * double(t) / double(n) + 0.3));
    p.power(x, power, work);
    for (std::size_t j = 0; j < power.size(); ++j) EXPECT_NEAR(power[j], j + 1 == 5 ? 9 * double(n) / 4 : 0, 1e-9);
  }
}

// The mean of the periodogram is the folded sum, here term by term.
TEST(Periodogram, ExpectedPowerIsTheSumWithLeakage) {
  const std::size_t n = 40;
  const Periodogram p(n);
  Periodogram::Work work(p);
  std::vector<double> c, power(p.frequencies());
  for (std::size_t d = 0; d < n; ++d) c.push_back(std::exp(-double(d) / 7));
  p.expected_power(c, power, work);
  for (std::size_t j = 1; j <= n / 2; ++j) {
    double sum = c[0];
    for (std::size_t d = 1; d < n; ++d)
      sum += 2 * (1 - double(d) / double(n)) * c[d] * std::cos(2 * std::numbers::pi * double(j * d) / double(n));
    EXPECT_NEAR(power[j - 1], sum, 1e-9);
  }
}

}  // namespace
}  // namespace heteroglass::numeric
