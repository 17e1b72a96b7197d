#include "probes/modulus_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "core/error.hpp"
#include "sample_map.hpp"

namespace heteroglass::probes {
namespace {

/// Discs of three moduli, 60 : 80 : 100 GPa with 2 GPa of noise, each a fixed share of the pixels.
Image image_of(std::vector<double> values, std::size_t width, double pixel) {
  Image image;
  image.source = "made", image.width = width, image.height = values.size() / width;
  image.pixel_width = image.pixel_height = pixel;
  image.channels = {{"modulus", "GPa", std::move(values)}};
  return image;
}

std::vector<double> three_phases(std::size_t n, double xi, unsigned seed) {
  // smooth noise cut at its quantiles gives connected phases of known shares
  std::vector<double> v = test::gaussian_map({.width = n, .height = n, .xi = xi, .exponent = 0.9}, seed);
  std::vector<double> sorted = v;
  std::sort(sorted.begin(), sorted.end());
  const double low = sorted[n * n * 3 / 10], high = sorted[n * n * 8 / 10];
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(0, 2);
  for (double& m : v) m = (m < low ? 60 : m < high ? 80 : 100) + noise(random);
  return v;
}

TEST(ModulusMap, FindsThreePhases) {
  const std::vector<Image> images = {image_of(three_phases(128, 8, 1), 128, 5)};
  const ModulusMap r = modulus_map(images, {.surrogates = 9});
  EXPECT_EQ(r.groups_by_gap, 3);
  EXPECT_EQ(r.groups_by_silhouette, 3);
  EXPECT_EQ(r.components, 3);
  EXPECT_EQ(r.groups, 3);
  const auto& mean = r.clusters.find("mean")->number;
  const auto& fraction = r.clusters.find("fraction")->number;
  ASSERT_EQ(mean.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(mean[k], 60 + 20.0 * double(k), 0.2);
    EXPECT_NEAR(fraction[k], (std::array{0.3, 0.5, 0.2})[k], 0.002);
    EXPECT_NEAR(r.mixture.find("mean")->number[k], 60 + 20.0 * double(k), 0.3);
    EXPECT_NEAR(r.mixture.find("sd")->number[k], 2, 0.2);
  }
  EXPECT_EQ(r.group_map.rows, 128u);
  double integral = 0;
  for (const double d : r.density) integral += d * (r.modulus[1] - r.modulus[0]);
  EXPECT_NEAR(integral, 1, 1e-9);
}

// A single normal distribution of known length: one group, and nothing that random maps do not show.
TEST(ModulusMap, NoiseHasOneGroupAndItsLength) {
  const test::Surface o{.width = 128, .height = 128, .xi = 6 * 4, .pixel_width = 4, .pixel_height = 4};
  std::vector<double> v = test::gaussian_map(o, 5);
  for (double& m : v) m = 80 + 5 * m;
  Context context;
  const std::vector<Image> images = {image_of(v, 128, 4)};
  const ModulusMap r = modulus_map(images, {.surrogates = 19}, context);
  EXPECT_EQ(r.groups_by_gap, 1);
  EXPECT_EQ(r.components, 1);
  EXPECT_EQ(r.groups, 3);
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("divide one distribution")));
  EXPECT_NEAR(r.correlation_length.value, 24, 4 * r.correlation_length.error);
  EXPECT_NEAR(r.mean.value, 80, 4 * r.mean.error);
  EXPECT_TRUE(r.resolved);
  for (const double p : r.noise.columns.back().number) EXPECT_GT(p, 0.04);
}

// Separate round inclusions of one size at random places: random maps with their spectrum have other regions.
TEST(ModulusMap, InclusionsAreToldFromNoise) {
  constexpr int n = 192;
  std::vector<double> v(n * n, 70);
  std::mt19937_64 random(1);
  std::vector<std::array<double, 2>> centre;
  for (int tries = 0; tries < 4000 && centre.size() < 110; ++tries) {
    const std::array<double, 2> c = {8 + double(random() % (n - 16)), 8 + double(random() % (n - 16))};
    if (std::none_of(centre.begin(), centre.end(), [&](const auto& d) { return std::hypot(c[0] - d[0], c[1] - d[1]) < 12; }))
      centre.push_back(c);
  }
  std::normal_distribution<double> noise(0, 1);
  for (int y = 0; y < n; ++y)
    for (int x = 0; x < n; ++x) {
      for (const auto& c : centre)
        if (std::hypot(x - c[0], y - c[1]) < 4.4) v[std::size_t(y * n + x)] = 100;
      v[std::size_t(y * n + x)] += noise(random);
    }
  const std::vector<Image> images = {image_of(v, n, 1)};
  const ModulusMap r = modulus_map(images, {.surrogates = 39});
  EXPECT_EQ(r.groups, 2);
  EXPECT_EQ(r.clusters.find("regions")->number[1], double(centre.size()));
  EXPECT_NEAR(r.clusters.find("radius")->number[1], 4.4, 0.3);
  const auto& p = r.noise.columns.back().number;
  EXPECT_LE(p[6], 0.026);  // radius of the stiffest
  EXPECT_LE(p[7], 0.026);  // their aspect ratio
}

TEST(ModulusMap, MasksSeveralImagesAndRefusals) {
  std::vector<double> v = three_phases(64, 6, 2), w = v;
  for (std::size_t i = 0; i < 200; ++i) v[7 * i] = NAN;
  for (double& m : w) m *= 1.1;
  std::vector<Image> images = {image_of(v, 64, 5), image_of(w, 64, 5)};
  const ModulusMap r = modulus_map(images, {.groups = 2, .surrogates = 0});
  EXPECT_EQ(r.pixels, 64 * 64 - 200);
  EXPECT_EQ(r.clusters.rows(), 2u);
  ASSERT_EQ(r.images.rows(), 2u);
  EXPECT_NEAR(r.images.find("mean")->number[1] / r.images.find("mean")->number[0], 1.1, 0.02);
  EXPECT_NEAR(r.images.find("mean")->number[0], r.mean.value, 1e-12);
  EXPECT_THROW(modulus_map({}, {}), InputError);
  images[0].pixel_width = 0;
  EXPECT_THROW(modulus_map(images, {}), InputError);
}

// Seeds decide, threads do not; the same seed gives the same table.
TEST(ModulusMap, FlatAndNegativeMapsAreNamed) {
  class Listening : public Context {};
  EXPECT_THROW(modulus_map(std::vector{image_of(std::vector<double>(400, 80), 20, 5)}, {}), InputError);
  std::vector<double> values = three_phases(32, 4, 3);
  values[5] = -1;
  Listening context;
  modulus_map(std::vector{image_of(values, 32, 5)}, {.surrogates = 0}, context);
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("made: 1 of 1024 moduli are zero or negative")));
}

TEST(ModulusMap, SeedsRepeat) {
  const std::vector<Image> images = {image_of(three_phases(48, 5, 3), 48, 5)};
  const ModulusMap a = modulus_map(images, {.surrogates = 3}), b = modulus_map(images, {.surrogates = 3});
  EXPECT_EQ(a.noise.columns[2].number, b.noise.columns[2].number);
  EXPECT_EQ(a.choice.find("gap")->number, b.choice.find("gap")->number);
}

}  // namespace
}  // namespace heteroglass::probes
