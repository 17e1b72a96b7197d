#include "numeric/region_shapes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace heteroglass::numeric {
namespace {

/// An ellipse of full axes a, b, its long axis `degrees` anticlockwise from the row, on pixels of w x h.
std::vector<double> ellipse(std::size_t n, double a, double b, double degrees, double w, double h) {
  const double t = degrees * std::numbers::pi / 180, c = double(n) / 2 - 0.3;
  std::vector<double> v(n * n, 0);
  for (std::size_t y = 0; y < n; ++y)
    for (std::size_t x = 0; x < n; ++x) {
      const double dx = (double(x) - c) * w, dy = -(double(y) - c) * h;
      const double u = (dx * std::cos(t) + dy * std::sin(t)) / (a / 2), s = (dy * std::cos(t) - dx * std::sin(t)) / (b / 2);
      if (u * u + s * s <= 1) v[y * n + x] = 1;
    }
  return v;
}

TEST(RegionShapes, EllipsesAreMeasured) {
  for (const double angle : {0.0, 30.0, 90.0, 145.0})
    for (const double h : {1.0, 0.7}) {
      const auto v = ellipse(200, 90, 40, angle, 1, h);
      const RegionShapes r = region_shapes({200, 200, 1, h, v}, 0.5, 2, true);
      ASSERT_EQ(r.shape.size(), 1u);
      EXPECT_NEAR(r.shape[0].d_max, 90, 0.5);
      EXPECT_NEAR(r.shape[0].d_min, 40, 0.5);
      EXPECT_NEAR(r.shape[0].aspect, 2.25, 0.03);
      EXPECT_NEAR(r.shape[0].equivalent_radius, std::sqrt(90 * 40) / 2, 0.2);
      EXPECT_NEAR(std::remainder(r.shape[0].inclination - angle, 180), 0, 0.4);
      EXPECT_FALSE(r.shape[0].touches_edge);
    }
}

TEST(RegionShapes, LabelsCountFromTheLargest) {
  //  one pixel; a row of three; two that touch by a corner
  const std::vector<double> v = {9, 0, 0, 0, 0, 0,    //
                                 0, 0, 5, 5, 5, 0,    //
                                 0, 0, 0, 0, 0, NAN,  //
                                 0, 7, 0, 0, 0, 0,    //
                                 0, 0, 7, 0, 0, 0};
  const RegionShapes faces = region_shapes({6, 5, 2, 1, v}, 1, 100, false, true);
  ASSERT_EQ(faces.shape.size(), 4u);
  EXPECT_EQ(faces.shape[0].pixels, 3u);
  EXPECT_EQ(faces.shape[0].x, 6);
  EXPECT_EQ(faces.shape[0].y, 1);
  EXPECT_EQ(faces.shape[0].area, 6);
  EXPECT_NEAR(faces.shape[0].d_max / faces.shape[0].d_min, 6, 1e-12);  // a bar of 6 x 1
  EXPECT_EQ(faces.label[8], 1u);
  EXPECT_EQ(faces.label[0], 2u);
  EXPECT_EQ(faces.label[17], 0u);
  EXPECT_TRUE(faces.shape[1].touches_edge);
  const RegionShapes corners = region_shapes({6, 5, 2, 1, v}, 1, 100, true, true);
  ASSERT_EQ(corners.shape.size(), 3u);
  EXPECT_EQ(corners.label[19], corners.label[26]);
  EXPECT_EQ(corners.label[19], 2u);
}

}  // namespace
}  // namespace heteroglass::numeric
