#include "probes/contact_resonance_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"
#include "probes/afm/beam.hpp"
#include "probes/afm/map_alignment.hpp"
#include "sample_map.hpp"

namespace heteroglass::probes {
namespace {

using test::gaussian_map;
using test::Surface;

Image image_of(const Surface& o, std::vector<double> frequency, std::vector<double> quality = {}) {
  Image image;
  image.source = "made", image.width = o.width, image.height = o.height;
  image.pixel_width = o.pixel_width, image.pixel_height = o.pixel_height;
  image.channels = {{"contact_frequency", "kHz", std::move(frequency)}};
  if (!quality.empty()) image.channels.push_back({"quality", "1", std::move(quality)});
  return image;
}

std::vector<double> frequencies(const Surface& o, unsigned seed, double mean = 600, double sd = 4) {
  std::vector<double> f = gaussian_map(o, seed);
  for (double& v : f) v = mean + sd * v;
  return f;
}

ContactResonanceMapOptions options() {
  ContactResonanceMapOptions o;
  o.contact = {.free_frequency = 160, .reference_modulus = 70, .reference_frequency = 600};
  o.surrogates = 0;
  return o;
}

// Each pixel is what probes/contact_resonance gives for its frequency and quality factor.
TEST(ContactResonanceMap, PixelsAreSingleResonances) {
  const Surface s{.width = 40, .height = 30, .xi = 3, .pixel_width = 5, .pixel_height = 5};
  std::vector<double> f = frequencies(s, 1), q(f.size());
  for (std::size_t i = 0; i < q.size(); ++i) q[i] = 80 + double(i % 50);
  f[17] = NAN, f[40] = 150, q[99] = NAN;
  Context context;
  ContactResonanceMapOptions o = options();
  o.contact.errors = {{"contact_frequency", 0.5}, {"reference_modulus", 2}};
  const std::vector<Image> images = {image_of(s, f, q)};
  const ContactResonanceMap r = contact_resonance_map(images, o, context);
  EXPECT_EQ(r.pixels, 1198);
  EXPECT_EQ(r.masked, 1);
  EXPECT_THAT(context.warnings(), testing::Contains(testing::HasSubstr("1 pixels are masked")));
  EXPECT_TRUE(std::isnan(r.modulus_map.values[17]) && std::isnan(r.modulus_map.values[40]) && std::isnan(r.loss_map.values[99]));
  for (const std::size_t i : {0u, 77u, 600u, 1199u}) {
    ContactResonanceOptions one = o.contact;
    one.contact_frequency = f[i], one.quality = q[i], one.errors = {{"contact_frequency", 0.5}};
    const ContactResonance c = contact_resonance({}, one);
    EXPECT_NEAR(r.modulus_map.values[i], c.sample_modulus.value, 1e-9);
    EXPECT_NEAR(r.modulus_map_error.values[i], c.sample_modulus.error, 1e-9);
    EXPECT_NEAR(r.stiffness_map.values[i], c.stiffness_ratio.value, 1e-9);
    EXPECT_NEAR(r.loss_map.values[i], c.loss_tangent.value, 1e-9 * c.loss_tangent.value);
  }
  // at the reference frequency M_sample = M_ref, so the reference's error of 2 of 70 GPa is the sample's too
  EXPECT_NEAR(r.scale_error, 2.0 / 70, 5e-4);
  EXPECT_GT(r.modulus_mean.error, r.modulus_mean.value * 2 / 70);
}

// A map of moduli sent through the beam's equation comes back.
TEST(ContactResonanceMap, ModuliComeBack) {
  const Surface s{.width = 12, .height = 8, .xi = 2, .pixel_width = 10, .pixel_height = 10};
  const std::vector<double> g = gaussian_map(s, 2);
  std::vector<double> f;
  const auto stiffness = [](double m) { return std::cbrt(6 * std::pow(1e9 / (1 / m + 1.0 / 165), 2) * 30e-9 * 1e-6) / 40; };
  for (const double v : g) f.push_back(160 * std::pow(resonance({}, stiffness(80 + 5 * v), 1) / free_mode(1), 2));
  ContactResonanceMapOptions o = options();
  o.contact = {.free_frequency = 160, .spring_constant = 40, .tip_radius = 30, .load = 1000};
  const std::vector<Image> images = {image_of(s, f)};
  const ContactResonanceMap r = contact_resonance_map(images, o);
  for (std::size_t i = 0; i < g.size(); ++i) EXPECT_NEAR(r.modulus_map.values[i], 80 + 5 * g[i], 1e-6);
  EXPECT_FALSE(r.resolved);
}

// White noise averages as 1/edge; correlated pixels stay wide.
TEST(ContactResonanceMap, WidthAgainstScale) {
  const Surface s{.width = 128, .height = 128, .xi = 8, .pixel_width = 2, .pixel_height = 2};
  std::vector<double> white(s.width * s.height);
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(600, 2);
  for (double& v : white) v = normal(random);
  const ContactResonanceMap w = contact_resonance_map(std::vector<Image>{image_of(s, white)}, options());
  ASSERT_GE(w.scale.size(), 5u);
  EXPECT_EQ(w.scale[2], 8);
  for (std::size_t k = 0; k < w.scale.size(); ++k) EXPECT_NEAR(w.width[k], w.width_shuffled[k], 4 * w.width_error[k]);
  Surface wide = s;
  wide.xi = 16;  // nm: 8 pixels
  const ContactResonanceMap c = contact_resonance_map(std::vector<Image>{image_of(wide, frequencies(wide, 4))}, options());
  EXPECT_GT(c.width[2], 3 * c.width_shuffled[2]);
  EXPECT_NEAR(c.correlation_length.value, 16, 4 * c.correlation_length.error);
}

TEST(ContactResonanceMap, BeforeAndAfterAreAlignedAndCompared) {
  const Surface large{.width = 90, .height = 80, .xi = 6};
  const std::vector<double> all = frequencies(large, 6);
  const Surface s{.width = 70, .height = 64};
  const auto part = [&](std::size_t x0, std::size_t y0, double shift) {
    std::vector<double> v;
    for (std::size_t y = 0; y < s.height; ++y)
      for (std::size_t x = 0; x < s.width; ++x) v.push_back(all[(y + y0) * large.width + x + x0] + shift);
    return v;
  };
  ContactResonanceMapOptions o = options();
  o.align = true;
  // what stood at (x, y) stands at (x + 7, y - 5) afterwards
  const std::vector<Image> images = {image_of(s, part(10, 5, 0)), image_of(s, part(3, 10, 12))};
  const ContactResonanceMap r = contact_resonance_map(images, o);
  EXPECT_EQ(r.shift_x, 7);
  EXPECT_EQ(r.shift_y, -5);
  EXPECT_EQ(r.shift_map.columns, 63u);
  EXPECT_EQ(r.shift_map.rows, 59u);
  for (const double v : r.shift_map.values) EXPECT_NEAR(v, 12, 1e-9);
  EXPECT_NEAR(r.shift_mean.value, 12, 1e-9);
  EXPECT_GT(r.modulus_ratio.value, 1);
  const ContactResonanceMap one = contact_resonance_map(std::span(images).first(1), o);
  EXPECT_TRUE(std::isnan(one.shift_mean.value));
}

// kT ln(nu/f) at 300 K: 0.417 eV at 1e6 Hz with 1e13 Hz.
TEST(ContactResonanceMap, BarrierOfTheFrequency) {
  const Surface s{.width = 20, .height = 20, .xi = 3};
  ContactResonanceMapOptions o = options();
  o.contact.free_frequency = 300, o.contact.reference_frequency = 1000;
  EXPECT_NEAR(contact_resonance_map(std::vector<Image>{image_of(s, frequencies(s, 1, 1000, 0.1))}, o).barrier, 0.4167, 1e-3);
}

TEST(ContactResonanceMap, Refusals) {
  const Surface s{.width = 20, .height = 20, .xi = 3};
  const std::vector<Image> images = {image_of(s, frequencies(s, 1))};
  EXPECT_THROW(contact_resonance_map({}, options()), InputError);
  ContactResonanceMapOptions o = options();
  o.contact.free_frequency.reset();
  EXPECT_THROW(contact_resonance_map(images, o), InputError);
  o = options(), o.contact.reference_frequency.reset();
  EXPECT_THROW(contact_resonance_map(images, o), InputError);
  o = options(), o.contact.free_frequency = 900;
  EXPECT_THROW(contact_resonance_map(images, o), InputError);
  const Surface other{.width = 21, .height = 20, .xi = 3};
  EXPECT_THROW(contact_resonance_map(std::vector<Image>{images[0], image_of(other, frequencies(other, 1))}, options()), InputError);
}

}  // namespace
}  // namespace heteroglass::probes
