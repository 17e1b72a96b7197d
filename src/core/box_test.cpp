#include "core/box.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace heteroglass {
namespace {

const Box tilted = Box::lammps({-1, 0, 2}, {4, 6, 9}, -2, 1.5, 2.5);

TEST(Box, VolumeAndHeightsOfATiltedCell) {
  EXPECT_DOUBLE_EQ(tilted.volume(), 5 * 6 * 7);
  EXPECT_DOUBLE_EQ(tilted.heights().z, 7);
  EXPECT_LT(tilted.heights().x, 5);
}

TEST(Box, WrappingKeepsTheUnwrappedPosition) {
  const Vec3 r = {-17.3, 22.1, -8.9};
  std::array<int, 3> image{};
  const Vec3 w = tilted.wrap(r, image), s = tilted.fractional(w);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_GE(s[i], -1e-12);
    EXPECT_LT(s[i], 1 + 1e-12);
  }
  EXPECT_NEAR(norm(w + tilted.edges() * Vec3{double(image[0]), double(image[1]), double(image[2])} - r), 0, 1e-12);
}

TEST(Box, OpenDirectionsAreNeverWrapped) {
  const Box slab = Box::orthogonal({5, 5, 5}, {}, {true, true, false});
  EXPECT_EQ(slab.wrap({6, 1, 7}).z, 7);
  EXPECT_EQ(slab.minimum_image({0, 0, 4}).z, 4);
}

TEST(Box, RefusesVolumesThatAreNotPositive) {
  EXPECT_THROW(Box::lammps({0, 0, 0}, {1, -1, 1}), InputError);
  EXPECT_THROW(Box::orthogonal({1, 0, 1}), InputError);
}

}  // namespace
}  // namespace heteroglass
