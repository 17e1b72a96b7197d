#include "core/metallic_radius.hpp"

#include <gtest/gtest.h>

namespace heteroglass {
namespace {

TEST(MetallicRadius, OfTheUsualGlassFormers) {
  EXPECT_EQ(metallic_radius("Cu"), 1.28);
  EXPECT_EQ(metallic_radius("Zr"), 1.60);
  EXPECT_EQ(metallic_radius("Al"), 1.43);
}

TEST(MetallicRadius, MetalloidsHaveNone) { EXPECT_FALSE(metallic_radius("P").has_value()); }

}  // namespace
}  // namespace heteroglass
