#include "numeric/angular_power.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "sample_map.hpp"

namespace heteroglass::numeric {
namespace {

using test::gaussian_map;
using test::Surface;
using test::view;

TEST(AngularPower, IsotropicMapsStayAtTheirLevel) {
  const Surface o{.width = 96, .height = 80, .xi = 4, .pixel_width = 1, .pixel_height = 1.2};
  double two = 0, four = 0, two_level = 0, four_level = 0;
  int low2 = 0, low4 = 0;
  constexpr int n = 200;
  for (unsigned seed = 0; seed < n; ++seed) {
    const auto v = gaussian_map(o, seed);
    const AngularPower a = angular_power(view(o, v));
    two += a.two_fold * a.two_fold / n, four += a.four_fold * a.four_fold / n, two_level += a.two_fold_level * a.two_fold_level / n,
        four_level += a.four_fold_level * a.four_fold_level / n;
    low2 += a.two_fold_p < 0.1, low4 += a.four_fold_p < 0.1;
  }
  EXPECT_NEAR(two / two_level, 1, 0.3);
  EXPECT_NEAR(four / four_level, 1, 0.3);
  EXPECT_LT(low2, 0.2 * n);
  EXPECT_LT(low4, 0.2 * n);
  EXPECT_GT(low2 + low4, 0.08 * n);
}

TEST(AngularPower, WavesHaveTheirDirection) {
  for (const double crests : {0.0, 35.0, 120.0}) {
    std::vector<double> v;
    const double k = (crests - 90) * std::numbers::pi / 180;
    for (int y = 0; y < 128; ++y)
      for (int x = 0; x < 128; ++x) v.push_back(std::sin(2 * std::numbers::pi / 12 * (x * std::cos(k) - y * std::sin(k))));
    const AngularPower a = angular_power({128, 128, 1, 1, v});
    EXPECT_GT(a.two_fold, 0.95);
    EXPECT_NEAR(std::remainder(a.direction - crests, 180), 0, 1);
    EXPECT_LT(a.two_fold_p, 1e-3);
  }
}

// Shear along two crossed directions: four-fold and not two-fold.
TEST(AngularPower, CrossedWavesAreFourFold) {
  std::vector<double> v;
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x) v.push_back(std::sin(0.5 * (x + y)) + std::sin(0.5 * (x - y)));
  const AngularPower a = angular_power({128, 128, 1, 1, v});
  EXPECT_LT(a.two_fold, 0.02);
  EXPECT_GT(a.four_fold, 0.9);
}

TEST(AngularPower, StretchedMapsAreTwoFold) {
  const Surface o{.xi = 5, .stretch = 2};
  const auto v = gaussian_map(o, 3);
  const AngularPower a = angular_power(view(o, v));
  EXPECT_LT(a.two_fold_p, 1e-3);
  EXPECT_NEAR(a.direction, 135, 12);  // long along (1, 1) with y downwards
  EXPECT_THROW(angular_power(view(o, v), 5, 5.0001), InputError);
}

}  // namespace
}  // namespace heteroglass::numeric
