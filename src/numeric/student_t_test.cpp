#include "numeric/student_t.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace heteroglass::numeric {
namespace {

// One degree of freedom is the Cauchy distribution, two have a closed form; the others are printed tables (three digits).
TEST(StudentT, ClosedFormsAndTables) {
  for (const double p : {0.01, 0.2, 0.5, 0.7, 0.975, 0.9999}) {
    EXPECT_NEAR(student_t_quantile(p, 1), std::tan(std::numbers::pi * (p - 0.5)),
                1e-11 * (1 + std::abs(std::tan(std::numbers::pi * (p - 0.5)))));
    const double two = (2 * p - 1) / std::sqrt(2 * p * (1 - p));
    EXPECT_NEAR(student_t_quantile(p, 2), two, 1e-11 * (1 + std::abs(two)));
  }
  EXPECT_NEAR(student_t_quantile(0.975, 10), 2.228, 5e-4);
  EXPECT_NEAR(student_t_quantile(0.975, 30), 2.042, 5e-4);
  EXPECT_NEAR(student_t_quantile(0.975, std::numeric_limits<double>::infinity()), 1.959963984540054, 1e-12);
}

TEST(StudentT, QuantileInvertsProbability) {
  for (const double n : {1.0, 3.0, 17.0, 400.0, 1e6})
    for (const double p : {0.003, 0.4, 0.6, 0.95}) EXPECT_NEAR(student_t_probability(student_t_quantile(p, n), n), p, 1e-12);
}

}  // namespace
}  // namespace heteroglass::numeric
