#include "probes/electron_correlation.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <random>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "sample_volume.hpp"
#include "speckle_series.hpp"

namespace heteroglass::probes {
namespace {

/// Frames of dynamic speckle; `tau(x, y)` in frames, `bright(x, y)` the mean intensity.
template <class Tau, class Bright>
test::ArrayVolume series(std::size_t nx, std::size_t ny, std::size_t frames, Tau tau, Bright bright, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  std::vector<float> all(nx * ny * frames);
  for (std::size_t y = 0; y < ny; ++y)
    for (std::size_t x = 0; x < nx; ++x) {
      const std::vector<double> s = test::Speckle(frames, tau(x, y), 1).series(random, 4, 0.1);
      for (std::size_t f = 0; f < frames; ++f) all[(f * ny + y) * nx + x] = float(bright(x, y) * s[f]);
    }
  return test::ArrayVolume({nx, ny, frames}, [&](std::size_t x, std::size_t y, std::size_t f) { return all[(f * ny + y) * nx + x]; });
}
const auto even = [](std::size_t, std::size_t) { return 100.0; };
ElectronCorrelation run(const std::vector<const Volume*>& v, const ElectronCorrelationOptions& o) { return electron_correlation(v, o); }

/// ln tau = ln 12 + 0.7 [cos(2 pi x / 24) + cos(2 pi y / 24)]
double wavy(std::size_t x, std::size_t y) {
  return 12 * std::exp(0.7 * (std::cos(2 * M_PI * double(x) / 24) + std::cos(2 * M_PI * double(y) / 24)));
}

// A known map: pixels agree within their errors, the spread without noise is 0.7, and the map repeats itself in both halves.
TEST(ElectronCorrelation, RecoversAKnownMap) {
  const test::ArrayVolume v = series(48, 48, 600, wavy, even);
  const ElectronCorrelation r = run({&v}, {.frame_time = {0.5}, .pixel_size = 0.2, .beta = 1.0, .surrogates = 9});
  EXPECT_GT(r.pixels_fitted, 2200);
  double z = 0, n = 0, inside = 0;
  for (std::size_t y = 0; y < 48; ++y)
    for (std::size_t x = 0; x < 48; ++x) {
      if (r.status(y, x) != 0) continue;
      const double e = r.tau_map_error(y, x) / r.tau_map(y, x), d = std::log(r.tau_map(y, x) / (0.5 * wavy(x, y))) / e;
      z += d * d, inside += std::abs(d) < 1, ++n;
    }
  EXPECT_NEAR(std::sqrt(z / n), 1, 0.25);
  EXPECT_NEAR(inside / n, 0.68, 0.08);
  EXPECT_NEAR(r.error_scale, 1.1, 0.25);
  EXPECT_NEAR(r.tau.value, 6, 0.5);
  EXPECT_NEAR(r.spread.value, 0.7, 0.08);
  EXPECT_GT(r.reproducibility, 0.5);
  EXPECT_NEAR(r.noise.find("surrogate_mean")->number[0], 0, 0.2);
  // C(r) of the map is the mean over directions of [cos(k r cos a) + cos(k r sin a)] / 2 = J0(k r): 1/e at k r = 1.75, r = 6.7 pixels.
  EXPECT_NEAR(r.correlation_voxels.value, 6.7, 0.6);
  EXPECT_NEAR(r.correlation_length.value, 0.2 * r.correlation_voxels.value, 1e-12);
  EXPECT_LT(r.noise_voxels.value, 1);  // every pixel has its own speckle
  // The mean of the pixels' g2, corrected for the length of the series, is the mean of their decays.
  for (std::size_t k = 0; k < 30; ++k) EXPECT_NEAR(r.g2[k], r.g2_model[k], 0.012) << r.lag[k];
}

TEST(ElectronCorrelation, BandsAndThreadsChangeNothing) {
  const test::ArrayVolume v = series(40, 12, 200, wavy, even);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const ElectronCorrelation a = run({&v}, {.frame_time = {1}, .surrogates = 0});
  omp_set_num_threads(3);
  const ElectronCorrelation b = run({&v}, {.frame_time = {1}, .memory = 1e-4, .surrogates = 0});
  omp_set_num_threads(before);
  for (std::size_t i = 0; i < a.tau_map.values.size(); ++i)
    EXPECT_TRUE(a.tau_map.values[i] == b.tau_map.values[i] || std::isnan(a.tau_map.values[i])) << i;
  EXPECT_EQ(a.g2, b.g2);
  EXPECT_EQ(a.correlation, b.correlation);
}

// A wire 24 pixels wide whose outer 4 pixels are twenty times faster.
TEST(ElectronCorrelation, SurfaceIsFasterThanInterior) {
  const auto depth = [](std::size_t x) { return 12 - std::abs(double(x) - 19.5); };  // centre of the pixel to the edge
  const test::ArrayVolume v = series(
      40, 30, 800, [&](std::size_t x, std::size_t) { return depth(x) < 4 ? 3.0 : 60.0; },
      [&](std::size_t x, std::size_t) { return depth(x) > 0 ? 100.0 : 5.0; });
  const ElectronCorrelation r = run({&v}, {.frame_time = {0.1}, .pixel_size = 0.25, .beta = 1.0, .surface_depth = 1.0, .surrogates = 0});
  EXPECT_NEAR(std::log(r.tau_surface.value / 0.3), 0, 0.1);
  EXPECT_NEAR(std::log(r.tau_interior.value / 6), 0, 0.15);
  EXPECT_NEAR(std::log(r.surface_ratio.value / 20), 0, 0.2);
  ASSERT_GE(r.depth.rows(), 4u);
  EXPECT_LT(r.depth.find("tau")->number.front(), 0.5);
  EXPECT_GT(r.depth.find("tau")->number.back(), 3);
}

// 3.7 eV: tau grows 13.34 times from 523 to 507 K; 1.7 eV: 3.29 times.
TEST(ElectronCorrelation, ActivationEnergiesOfTwoSeries) {
  const auto growth = [](double energy) { return std::exp(energy / constants::boltzmann * (1 / 507.0 - 1 / 523.0)); };
  EXPECT_NEAR(growth(3.7), 13.3, 0.05);
  EXPECT_NEAR(growth(1.7), 3.3, 0.05);
  const auto inside = [](std::size_t x, std::size_t) { return x >= 4 && x < 28 ? 100.0 : 5.0; };
  const auto tau = [&](double factor_bulk, double factor_surface) {
    return [=](std::size_t x, std::size_t) { return x < 8 || x >= 24 ? 2.5 * factor_surface : 4 * factor_bulk; };
  };
  const test::ArrayVolume hot = series(32, 24, 800, tau(1, 1), inside, 5);
  const test::ArrayVolume cold = series(32, 24, 1600, tau(growth(3.7), growth(1.7)), inside, 6);
  const ElectronCorrelation r =
      run({&hot, &cold},
          {.frame_time = {0.1}, .temperature = {523, 507}, .pixel_size = 0.25, .beta = 1.0, .surface_depth = 1.0, .surrogates = 0});
  EXPECT_NEAR(r.activation_energy.value, 3.7, 0.2);
  EXPECT_NEAR(r.activation_energy_surface.value, 1.7, 0.2);
  EXPECT_LT(std::abs(r.activation_energy.value - 3.7), 4 * r.activation_energy.error);
  EXPECT_LT(r.activation_energy.error, 0.15);
  EXPECT_EQ(r.series.rows(), 2u);
}

TEST(ElectronCorrelation, TellsFastSlowAndFlatPixelsApart) {
  const auto tau = [](std::size_t x, std::size_t) { return x < 8 ? 0.4 : x < 16 ? 1e5 : 10; };
  const test::ArrayVolume v = series(24, 8, 400, tau, even);
  Context context;
  const std::vector<const Volume*> one = {&v};
  const ElectronCorrelation r = electron_correlation(one, {.frame_time = {1}, .beta = 1.0, .surrogates = 0}, context);
  EXPECT_GT(r.pixels_fitted, 60);
  EXPECT_LE(r.pixels_fitted, 70);
  EXPECT_GT(r.pixels_fast + r.pixels_flat + r.pixels_slow, 120);
  EXPECT_NEAR(std::log(r.tau.value / 10), 0, 0.15);
}

TEST(ElectronCorrelation, SaysWhatIsWrong) {
  const test::ArrayVolume shorter({4, 4, 20}, [](auto...) { return 1.0f; }), still({4, 4, 64}, [](auto...) { return 1.0f; });
  EXPECT_THROW(run({&still}, {}), InputError);                                                 // no frame time
  EXPECT_THROW(run({&shorter}, {.frame_time = {1}}), InputError);                              // 20 frames
  EXPECT_THROW(run({&still}, {.frame_time = {1}}), InputError);                                // nothing moves
  EXPECT_THROW(run({&still}, {.frame_time = {1}, .surface_depth = 1.0}), InputError);          // no pixel size
  EXPECT_THROW(run({&still, &still}, {.frame_time = {1}, .temperature = {500}}), InputError);  // one temperature for two
}

}  // namespace
}  // namespace heteroglass::probes
