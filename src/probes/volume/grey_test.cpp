#include "probes/volume/grey.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "sample_volume.hpp"

namespace heteroglass::probes {
namespace {

// Two grey values: Otsu splits between them, quantiles follow the counts.
TEST(Grey, OtsuSplitsTwoPhases) {
  const test::ArrayVolume v({10, 10, 4}, [](std::size_t x, std::size_t, std::size_t) { return x < 3 ? 20.0f : 90.0f + float(x % 2); });
  const GreyHistogram h = grey_histogram(v, Context::quiet());
  EXPECT_GT(h.otsu(), 20);
  EXPECT_LE(h.otsu(), 90);
  EXPECT_EQ(h.quantile(0.3), 20);
  EXPECT_EQ(h.quantile(0.31), 90);
  EXPECT_EQ(h.voxels.front(), 120);
}

TEST(Grey, OneValueAndNanAreRefused) {
  EXPECT_THROW(grey_histogram(test::ArrayVolume({4, 4, 4}, [](auto...) { return 7.0f; }), Context::quiet()), InputError);
  EXPECT_THROW(grey_histogram(test::ArrayVolume({4, 4, 4}, [](std::size_t x, auto...) { return x ? 1.0f : NAN; }), Context::quiet()),
               InputError);
}

TEST(Grey, LayersAreAnisotropicAndRadialRampsAreNot) {
  const auto anisotropy = [](const test::ArrayVolume& v) {
    StructureTensor t(v.size());
    std::vector<float> plane(v.size()[0] * v.size()[1]);
    for (std::size_t z = 0; z < v.size()[2]; ++z) v.plane(z, plane), t.add_plane(plane);
    return t.anisotropy(v.size()[2] == 1);
  };
  EXPECT_NEAR(anisotropy(test::ArrayVolume({20, 20, 20}, [](std::size_t, std::size_t, std::size_t z) { return float(z * z); })), 1, 1e-9);
  const auto ball = [](std::size_t x, std::size_t y, std::size_t z) {
    return float(std::pow(double(x) - 10, 2) + std::pow(double(y) - 10, 2) + std::pow(double(z) - 10, 2));
  };
  EXPECT_NEAR(anisotropy(test::ArrayVolume({21, 21, 21}, ball)), 0, 1e-9);
  EXPECT_NEAR(anisotropy(test::ArrayVolume({21, 21, 1}, ball)), 0, 1e-9);
}

}  // namespace
}  // namespace heteroglass::probes
