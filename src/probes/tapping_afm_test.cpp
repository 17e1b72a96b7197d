#include "probes/tapping_afm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>
#include <random>

#include "core/error.hpp"
#include "io/image_file.hpp"
#include "probes/tapping_oscillator.hpp"
#include "run/image_input.hpp"
#include "sample_map.hpp"

namespace heteroglass::probes {
namespace {

TappingAfmOptions one_point() {
  TappingAfmOptions o;
  o.spring_constant = 42, o.quality = 500, o.free_amplitude = 30, o.amplitude = 20, o.phase = 60;
  return o;
}

/// Phase 70 + p degrees, amplitude constant, 2 nm pixels; p a random map of 1 degree and xi = 6 pixels.
Image image(std::size_t width, std::size_t height, unsigned seed, double stretch = 1) {
  const test::Surface surface{.width = width, .height = height, .xi = 6, .stretch = stretch};
  std::vector<double> phase = test::gaussian_map(surface, seed);
  for (double& v : phase) v += 70;
  Image i;
  i.source = "synthetic", i.width = width, i.height = height, i.pixel_width = i.pixel_height = 2;
  i.channels = {{"phase", "deg", phase}, {"amplitude", "nm", std::vector<double>(width * height, 20)}};
  i.properties = {
      {"spring_constant", {42, "N/m"}}, {"quality", {500, "1"}}, {"free_amplitude", {30, "nm"}}, {"drive_frequency", {300e3, "Hz"}}};
  return i;
}

TappingAfmOptions quick() {
  TappingAfmOptions o;
  o.surrogates = 0;
  return o;
}

// Independent value (arbitrary precision).
TEST(TappingAfm, OnePointGivesTheKnownDissipation) {
  const TappingAfm r = tapping_afm({}, one_point());
  EXPECT_NEAR(r.dissipation.value, 197.0177, 1e-4);
  EXPECT_NEAR(r.normalised_dissipation.value, std::sin(std::numbers::pi / 3) - 20.0 / 30, 1e-12);
  EXPECT_NEAR(r.mean_force.value, 42 * 30.0 / 500 / 2 * 0.5, 1e-12);
}

TEST(TappingAfm, PhaseConventionsAgree) {
  TappingAfmOptions o = one_point();
  o.phase_convention = "shifted", o.phase = -30;
  EXPECT_NEAR(tapping_afm({}, o).dissipation.value, 197.0177, 1e-4);
  o.phase_convention = "reversed", o.phase = 30;
  EXPECT_NEAR(tapping_afm({}, o).dissipation.value, 197.0177, 1e-4);
  EXPECT_NEAR(tapping_afm({}, o).mean_force.value, 0.63, 1e-9);
}

// dE/dphi = cos(phi) pi k A A0/Q: at 60 degrees 0.5 degree is 0.5 * pi/180 * 0.5 * 988.3 eV.
TEST(TappingAfm, ErrorsAreCarried) {
  TappingAfmOptions o = one_point();
  o.errors = {{"phase", 0.5}};
  const TappingAfm r = tapping_afm({}, o);
  EXPECT_NEAR(r.dissipation.error, 0.5 * std::numbers::pi / 180 * 0.5 * r.dissipation.value / r.normalised_dissipation.value, 1e-3);
}

// A free lever driven beside its resonance dissipates nothing, whatever the frequency, when free amplitude and phase are its own.
TEST(TappingAfm, FreeLeverBesideTheResonanceLosesNothing) {
  TappingAfmOptions o = one_point();
  o.frequency_ratio = 0.9985, o.free_at = "drive", o.amplitude = 30, o.phase = 90;
  const TappingAfm r = tapping_afm({}, o);
  EXPECT_NEAR(r.dissipation.value, 0, 1e-9);
  EXPECT_NEAR(r.mean_force.value, 0, 1e-12);
}

// What the simulated tip loses is read back from its amplitude and phase.
TEST(TappingAfm, ReadsTheSimulatedTip) {
  const Cantilever lever{.frequency_ratio = 0.9995};
  const std::vector<double> distances = {29, 27, 25, 22};
  const Orbit orbit = approach(lever, {.viscosity = 300}, distances).back();
  TappingAfmOptions o = one_point();
  o.amplitude = orbit.amplitude, o.phase = orbit.phase, o.frequency_ratio = 0.9995;
  const TappingAfm r = tapping_afm({}, o);
  EXPECT_NEAR(r.dissipation.value, orbit.dissipation, 0.005 * orbit.dissipation);
  EXPECT_NEAR(r.mean_force.value, orbit.mean_force, 0.01 * orbit.mean_force);
}

TEST(TappingAfm, MapHasTheLengthPutIn) {
  const std::vector<Image> images = {image(160, 120, 3)};
  const TappingAfm r = tapping_afm(images, quick());
  const double slope = std::cos(70 * std::numbers::pi / 180) * std::numbers::pi / 180;
  EXPECT_NEAR(r.dissipation_sd.value, slope * std::numbers::pi * 42 * 20 * 30 / 500 * 6.241509, 1.5);
  EXPECT_NEAR(r.correlation_length.value, 12, 4 * r.correlation_length.error);
  EXPECT_TRUE(r.resolved);
  EXPECT_EQ(r.dissipation_map.rows, 120u);
  EXPECT_EQ(r.dissipation_map.columns, 160u);
  double loose = 0;
  for (const double v : r.region_map.values) loose += v > 0;
  EXPECT_NEAR(loose / (160 * 120), 0.05, 1e-3);
  EXPECT_GT(r.rayleigh_p, 1e-3);
  EXPECT_GT(r.two_fold_p, 1e-3);
  EXPECT_NEAR(r.energy_barrier.value, 8.617333e-5 * 300 * std::log(1e13 / (2 * std::numbers::pi * 3e5)), 1e-5);
}

// Stretched along the diagonal that falls to the right: 135 degrees anticlockwise.
TEST(TappingAfm, FindsThePreferredDirection) {
  const std::vector<Image> images = {image(128, 128, 5, 4)};
  const TappingAfm r = tapping_afm(images, quick());
  EXPECT_LT(r.rayleigh_p, 1e-3);
  EXPECT_LT(r.two_fold_p, 1e-3);
  EXPECT_NEAR(r.region_direction.value, 135, 15);
  EXPECT_NEAR(r.two_fold_direction, 135, 15);
}

// A map that is isotropic in nm stays so when its pixels are twice as high as wide.
TEST(TappingAfm, OblongPixelsKeepShapes) {
  std::vector<Image> images = {image(160, 80, 7)};
  images[0].pixel_height = 4;
  const std::vector<double> p = test::gaussian_map({.width = 160, .height = 80, .xi = 16, .pixel_width = 2, .pixel_height = 4}, 7);
  for (std::size_t i = 0; i < p.size(); ++i) images[0].channels[0].values[i] = 70 + p[i];
  const TappingAfm r = tapping_afm(images, quick());
  EXPECT_NEAR(r.correlation_length.value, 16, 4 * r.correlation_length.error);
  EXPECT_GT(r.two_fold_p, 1e-3);
  EXPECT_GT(r.rayleigh_p, 1e-3);
  double large = 0;
  for (const double n : r.regions.find("pixels")->number) large += n >= 5;
  EXPECT_NEAR(r.region_density.value, 1e6 * large / (160 * 80 * 8), 1e-6 * r.region_density.value);
  EXPECT_EQ(r.y[1], 4);
}

TEST(TappingAfm, NoiseControlFindsNothingInNoise) {
  const std::vector<Image> images = {image(96, 96, 11)};
  TappingAfmOptions o;
  o.surrogates = 19;
  const TappingAfm r = tapping_afm(images, o);
  const TableColumn& p = *r.noise.find("p_value");
  ASSERT_GE(p.number.size(), 8u);
  double smallest = 1;
  for (std::size_t k = 0; k < 8; ++k)
    if (std::isfinite(p.number[k])) smallest = std::min(smallest, p.number[k]);
  EXPECT_GE(smallest, 0.05 - 1e-9);
  double sum = 0;
  for (std::size_t k = 0; k < 8; ++k) sum += std::isfinite(p.number[k]) ? p.number[k] : 0.5;
  EXPECT_GT(sum / 8, 0.2);
}

TEST(TappingAfm, DecorrelationTakesOutWhatFollowsTheHeight) {
  std::vector<Image> images = {image(96, 96, 13)};
  const std::vector<double> h = test::gaussian_map({.width = 96, .height = 96, .xi = 10}, 17);
  for (std::size_t i = 0; i < h.size(); ++i) images[0].channels[0].values[i] += 2 * h[i];
  images[0].channels.push_back({"height", "nm", h});
  const TappingAfm r = tapping_afm(images, quick());
  EXPECT_NEAR(r.explained.find("share")->number[0], 0.8, 0.12);
  TappingAfmOptions o = quick();
  o.decorrelate = "none";
  EXPECT_GT(tapping_afm(images, o).roughness.value, 1.5 * r.roughness.value);
}

TEST(TappingAfm, CorrectionsOfTheReferenceLeaveFewNegativePixels) {
  std::vector<Image> images = {image(96, 96, 19)};
  for (double& v : images[0].channels[0].values) v -= 28;  // sin 42 < 2/3 + ...
  images[0].properties["free_phase"] = {62, "deg"};
  EXPECT_GT(tapping_afm(images, quick()).negative_fraction, 0.3);
  for (const char* how : {"phase", "amplitude"}) {
    TappingAfmOptions o = quick();
    o.reference_correction = how;
    EXPECT_NEAR(tapping_afm(images, o).negative_fraction, 0.01, 2e-3) << how;
  }
  TappingAfmOptions o = quick();
  o.reference_correction = "free-phase";
  const TappingAfm r = tapping_afm(images, o);
  EXPECT_NEAR(r.phase_correction, 28, 1e-9);
  EXPECT_EQ(r.negative_fraction, 0);
}

TEST(TappingAfm, WhiteNoiseHasNoLength) {
  std::vector<Image> images = {image(64, 64, 1)};
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(70, 1);
  for (double& v : images[0].channels[0].values) v = normal(random);
  const TappingAfm r = tapping_afm(images, quick());
  EXPECT_TRUE(std::isnan(r.correlation_length.value));
  EXPECT_FALSE(r.resolved);
  EXPECT_FALSE(r.correlation_length.note.empty());
}

TEST(TappingAfm, MaskedPixelsTakeNoPart) {
  std::vector<Image> whole = {image(96, 96, 23)}, masked = whole;
  for (std::size_t i = 0; i < 200; ++i) masked[0].channels[0].values[i] = i % 2 ? NAN : 1e3;
  for (std::size_t i = 0; i < 200; ++i) masked[0].channels[0].values[i] = NAN;
  const TappingAfm a = tapping_afm(whole, quick()), b = tapping_afm(masked, quick());
  EXPECT_TRUE(std::isnan(b.dissipation_map.values[10]));
  EXPECT_TRUE(std::isnan(b.region_map.values[10]));
  EXPECT_NEAR(a.dissipation_mean.value, b.dissipation_mean.value, 0.5);
  EXPECT_NEAR(a.correlation_length.value, b.correlation_length.value, 1);
}

TEST(TappingAfm, BeforeAndAfterAreCompared) {
  std::vector<Image> images;
  for (unsigned k = 0; k < 6; ++k) {
    images.push_back(image(96, 96, 30 + k));
    if (k >= 3)
      for (double& v : images.back().channels[0].values) v = 70 + 1.5 * (v - 70);
  }
  TappingAfmOptions o = quick();
  o.before = 3;
  const TappingAfm r = tapping_afm(images, o);
  EXPECT_EQ(r.sites.rows(), 6u);
  const TableColumn &name = *r.comparison.find("quantity"), &z = *r.comparison.find("z"), &after = *r.comparison.find("after"),
                    &before = *r.comparison.find("before");
  for (std::size_t i = 0; i < r.comparison.rows(); ++i) {
    if (name.text[i] == "sd") {
      EXPECT_NEAR(after.number[i] / before.number[i], 1.5, 0.15);
      EXPECT_GT(z.number[i], 4);
    }
    if (name.text[i] == "correlation_length") EXPECT_LT(std::abs(z.number[i]), 5);
  }
  o.before = 6;
  EXPECT_THROW(tapping_afm(images, o), InputError);
}

TEST(TappingAfm, AmplitudesInVoltAreScaled) {
  std::vector<Image> nm = {image(64, 64, 29)}, volt = nm;
  volt[0].channels[1].name = "amplitude_voltage", volt[0].channels[1].unit = "V";
  for (double& v : volt[0].channels[1].values) v /= 40;
  volt[0].properties["amplitude_sensitivity"] = {40, "nm/V"};
  EXPECT_NEAR(tapping_afm(volt, quick()).dissipation_mean.value, tapping_afm(nm, quick()).dissipation_mean.value, 1e-9);
  volt[0].properties.erase("amplitude_sensitivity");
  EXPECT_THROW(tapping_afm(volt, quick()), InputError);
}

// A column in V that both roles could take goes to the one of its unit.
TEST(TappingAfm, ChannelInVoltFindsItsRole) {
  Image i = image(32, 32, 1);
  i.channels[0].name = "PhaseRetrace", i.channels[1] = {"Amplitude", "V", i.channels[1].values};
  std::vector<run::ColumnUse> uses;
  const Image read = run::with_roles(i, TappingAfmOptions::channels(), {}, {0, 1}, uses, Context::quiet());
  EXPECT_NE(read.find("amplitude_voltage"), nullptr);
  EXPECT_EQ(read.find("amplitude"), nullptr);
}

// Q = f0/width = 300/0.6.
TEST(TappingAfm, WidthOfTheResonanceGivesQ) {
  TappingAfmOptions o = one_point();
  o.quality.reset(), o.resonance_width = 0.6, o.drive_frequency = 300;
  EXPECT_NEAR(tapping_afm({}, o).dissipation.value, 197.0177, 1e-4);
  o.resonance_width = 3;
  Context context;
  tapping_afm({}, o, context);
  ASSERT_EQ(context.warnings().size(), 1u);
  EXPECT_NE(context.warnings()[0].find("below 200"), std::string::npos);
  o.drive_frequency.reset();
  EXPECT_THROW(tapping_afm({}, o), InputError);
}

TEST(TappingAfm, AsksForWhatIsMissing) {
  const auto message = [](std::vector<Image> images, const TappingAfmOptions& o) {
    try {
      tapping_afm(images, o);
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  std::vector<Image> i = {image(64, 64, 1)};
  i[0].properties.erase("spring_constant");
  EXPECT_NE(message(i, quick()).find("spring-constant"), std::string::npos);
  i = {image(64, 64, 1)}, i[0].properties.erase("quality");
  EXPECT_NE(message(i, quick()).find("quality"), std::string::npos);
  i = {image(64, 64, 1)}, i[0].pixel_width = 0;
  EXPECT_NE(message(i, quick()).find("--pixel-size"), std::string::npos);
  i = {image(64, 64, 1)}, i[0].channels.pop_back();
  EXPECT_NE(message(i, quick()).find("--amplitude"), std::string::npos);
  EXPECT_NE(message({}, {}).find("--phase"), std::string::npos);
  TappingAfmOptions o = one_point();
  o.quality.reset();
  EXPECT_NE(message({}, o).find("--quality"), std::string::npos);
  i = {image(64, 64, 1)}, std::fill(i[0].channels[0].values.begin(), i[0].channels[0].values.end(), NAN);
  EXPECT_FALSE(message(i, quick()).empty());
  i = {image(64, 64, 1)}, std::fill(i[0].channels[0].values.begin(), i[0].channels[0].values.end(), 70);
  EXPECT_NE(message(i, quick()).find("differ"), std::string::npos);
}

// Computed independently from the file's channels and note with w = w0: mean 12.646 eV, standard deviation 22.03 eV; phase less its plane 2.7416 deg.
TEST(TappingAfm, RealImageGivesTheKnownNumbers) {
  const std::string path = HETEROGLASS_SOURCE_DIR "/../shared/data/probes/afm/AR_20211011.ibw";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  std::vector<run::ColumnUse> uses;
  const std::vector<Image> images = {
      run::with_roles(io::read_image(path), TappingAfmOptions::channels(), {}, {0, 1}, uses, Context::quiet())};
  const TappingAfm r = tapping_afm(images, quick());
  EXPECT_NEAR(r.dissipation_mean.value, 12.646, 2e-3);
  EXPECT_NEAR(r.dissipation_sd.value, 22.03, 5e-3);
  EXPECT_NEAR(r.negative_fraction, 0.31, 0.01);
  EXPECT_NEAR(r.phase_sd, 2.74163, 2e-4);
}

}  // namespace
}  // namespace heteroglass::probes
