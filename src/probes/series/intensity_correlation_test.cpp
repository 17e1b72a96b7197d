#include "probes/series/intensity_correlation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"

namespace heteroglass::probes {
namespace {

// Each channel against the definition, on bins made by hand.
TEST(IntensityCorrelation, FollowsTheDefinition) {
  const std::size_t frames = 203;
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  std::vector<std::vector<double>> pixel(tile_pixels);
  CorrelationTile tile;
  tile.series.resize(frames * tile_pixels);
  for (std::size_t p = 0; p < tile_pixels; ++p)
    for (std::size_t f = 0; f < frames; ++f) {
      pixel[p].push_back(double(float(100 + 10 * std::sin(0.1 * double(f)) + normal(random))));
      tile.series[f * tile_pixels + p] = float(pixel[p].back());
    }
  const std::vector<LagChannel> channels = lag_channels(frames);
  EXPECT_EQ(channels[0].lag, 1);
  EXPECT_LE(channels.back().lag, 102);
  EXPECT_GT(channels.back().lag, 80);
  correlate(tile, frames, channels);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    std::vector<double> bin;
    for (std::size_t b = 0; b < frames >> channels[c].level; ++b) {
      double sum = 0;
      for (std::size_t k = 0; k < channels[c].width; ++k) sum += pixel[5][b * channels[c].width + k];
      bin.push_back(sum / double(channels[c].width));
    }
    double product = 0, head = 0, tail = 0;
    for (std::size_t b = 0; b + channels[c].bins < bin.size(); ++b)
      product += bin[b] * bin[b + channels[c].bins], head += bin[b], tail += bin[b + channels[c].bins];
    const double n = double(channels[c].terms);
    EXPECT_NEAR(tile.g2[c * tile_pixels + 5], product / n / (head / n * tail / n) - 1, 2e-7) << channels[c].lag;
  }
}

TEST(IntensityCorrelation, NeedsFrames) { EXPECT_THROW(lag_channels(15), InputError); }

}  // namespace
}  // namespace heteroglass::probes
