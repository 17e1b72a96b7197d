#include "numeric/box_dimension.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "numeric/bit_volume.hpp"

namespace heteroglass::numeric {
namespace {

double dimension(const BitVolume& v, const std::vector<double>& sizes) {
  std::vector<double> counts;
  for (const double e : sizes) counts.push_back(double(box_count(v, std::size_t(e))));
  return box_dimension(sizes, counts).dimension.value;
}

TEST(BoxDimension, CubePlaneAndLineAreExact) {
  BitVolume cube({64, 64, 64}), plane({64, 64, 64}), line({64, 64, 64});
  for (std::size_t z = 0; z < 64; ++z)
    for (std::size_t y = 0; y < 64; ++y) {
      plane.set(13, y, z);
      for (std::size_t x = 0; x < 64; ++x) cube.set(x, y, z);
    }
  for (std::size_t x = 0; x < 64; ++x) line.set(x, 5, 40);
  const std::vector<double> sizes = {1, 2, 4, 8, 16, 32};
  EXPECT_NEAR(dimension(cube, sizes), 3, 1e-12);
  EXPECT_NEAR(dimension(plane, sizes), 2, 1e-12);
  EXPECT_NEAR(dimension(line, sizes), 1, 1e-12);
}

/// In base 3: a voxel belongs to the Menger sponge unless two of its digits at one place are 1.
TEST(BoxDimension, MengerSponge) {
  BitVolume v({81, 81, 81});
  for (std::size_t z = 0; z < 81; ++z)
    for (std::size_t y = 0; y < 81; ++y)
      for (std::size_t x = 0; x < 81; ++x) {
        bool inside = true;
        for (std::size_t a = x, b = y, c = z; a + b + c > 0; a /= 3, b /= 3, c /= 3)
          inside = inside && (a % 3 == 1) + (b % 3 == 1) + (c % 3 == 1) < 2;
        if (inside) v.set(x, y, z);
      }
  EXPECT_NEAR(dimension(v, {1, 3, 9, 27}), std::log(20.0) / std::log(3.0), 1e-12);
}

TEST(BoxDimension, SierpinskiTriangleInAnImage) {
  BitVolume v({256, 256, 1});
  for (std::size_t y = 0; y < 256; ++y)
    for (std::size_t x = 0; x < 256; ++x)
      if ((x & y) == 0) v.set(x, y, 0);
  EXPECT_NEAR(dimension(v, {1, 2, 4, 8, 16, 32, 64}), std::log(3.0) / std::log(2.0), 1e-12);
}

TEST(BoxDimension, SizesForAGrid) {
  const std::vector<std::size_t> cube = {100, 100, 100}, odd = {97, 101, 1};
  EXPECT_EQ(box_sizes(cube), (std::vector<std::size_t>{1, 2, 4, 5, 10, 20, 25, 50}));
  EXPECT_EQ(box_sizes(odd), (std::vector<std::size_t>{1, 2, 4, 8, 16}));
  EXPECT_THROW(box_dimension(std::vector<double>{1, 2, 4}, std::vector<double>{8, 4, 2}), InputError);
}

// A plateau of slope 2 between sizes that saturate at both ends is found, and the window told.
TEST(BoxDimension, FindsThePlateau) {
  const std::vector<double> size = {1, 2, 4, 8, 16, 32, 64, 128}, count = {9000, 8000, 4096, 1024, 256, 64, 16, 9};
  const BoxDimension d = box_dimension(size, count);
  EXPECT_NEAR(d.dimension.value, 2, 1e-9);
  EXPECT_EQ(d.from, 4);
  EXPECT_EQ(d.to, 64);
}

}  // namespace
}  // namespace heteroglass::numeric
