#include "numeric/map_levelling.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "sample_map.hpp"

namespace heteroglass::numeric {
namespace {

std::vector<double> made(std::size_t w, std::size_t h, auto f) {
  std::vector<double> v;
  for (std::size_t y = 0; y < h; ++y)
    for (std::size_t x = 0; x < w; ++x) v.push_back(f(double(x), double(y)));
  return v;
}

void expect_zero(const std::vector<double>& v, double tolerance) {
  for (const double x : v)
    if (std::isfinite(x)) EXPECT_NEAR(x, 0, tolerance);
}

TEST(MapLevelling, PolynomialsOfTheirDegreeVanish) {
  auto v = made(30, 20, [](double x, double y) { return 5 + 3 * x - 2 * y; });
  expect_zero(levelled({30, 20, 1, 1, v}, "plane"), 1e-9);
  v[7] = NAN, v[100] = NAN;
  const auto l = levelled({30, 20, 1, 1, v}, "plane");
  EXPECT_TRUE(std::isnan(l[7]));
  expect_zero(l, 1e-9);
  const auto p = made(30, 20, [](double x, double y) { return x * x - 0.4 * x * y + 0.01 * y * y - 3; });
  expect_zero(levelled({30, 20, 1, 1, p}, "parabola"), 1e-8);
  EXPECT_GT(std::abs(levelled({30, 20, 1, 1, p}, "plane")[0]), 1);
  const auto q = made(30, 20, [](double x, double y) { return x * x * x * y * y - x * y + y * y * y * y; });
  expect_zero(levelled({30, 20, 1, 1, q}, Levelling::polynomial, 5), 1e-5);
}

TEST(MapLevelling, LinesAndSteps) {
  const auto v = made(31, 20, [](double, double y) { return std::sin(37 * y); });
  for (const char* how : {"lines", "line-fits"}) expect_zero(levelled({31, 20, 1, 1, v}, how), 1e-12);
  // a step height in a third of each row does not disturb the medians
  const auto steps = made(30, 20, [](double x, double y) { return std::sin(37 * y) + (x > 20 ? 4 : 0); });
  const auto l = levelled({30, 20, 1, 1, steps}, "steps");
  for (std::size_t i = 0; i < l.size(); ++i) EXPECT_NEAR(l[i] - l[i % 30], 0, 1e-12);
  EXPECT_NEAR(l[25] - l[0], 4, 1e-12);
}

// Levelling what is level changes nothing: twice is once.
TEST(MapLevelling, TwiceIsOnce) {
  const test::Surface o{.width = 40, .height = 33};
  const auto v = test::gaussian_map(o, 1);
  for (const auto& how : levelling_names()) {
    const auto once = levelled(test::view(o, v), how), twice = levelled(test::view(o, once), how);
    for (std::size_t i = 0; i < once.size(); ++i) EXPECT_NEAR(once[i], twice[i], 1e-12) << how;
  }
}

TEST(MapLevelling, RefusesTooFewPixels) {
  std::vector<double> v(16, NAN);
  v[3] = 1, v[5] = 2;
  EXPECT_THROW(levelled({4, 4, 1, 1, v}, "plane"), InputError);
  EXPECT_THROW(levelled({4, 4, 1, 1, v}, "flat"), InputError);
}

}  // namespace
}  // namespace heteroglass::numeric
