/// Correlation of intensity with itself over quasi-logarithmic lags (multiple tau), for many pixels at once.
///
///     g2(t) - 1 = [ <d(t') d(t' + t)> - <d>_head <d>_tail ] / ( <I>_head <I>_tail ),   d = I - <I>
///
/// with the means over just the frames that take part as t' and as t' + t (symmetric normalisation, which cancels slow drifts to
/// first order). Lags 1 to 15 frames; then frames are added in pairs and lags 8 to 15 of the pairs follow, and so on. A lag of m bins of w
/// frames averages lags of mw - w to mw + w with triangular weights.
/// Cost about 46 multiplications a frame and pixel; the inner loop goes over pixels.
/// References: Schaetzel, Quantum Opt. 2, 287 (1990), doi:10.1088/0954-8998/2/4/002 (multiple tau, normalisation).
#pragma once

#include <span>
#include <vector>

namespace heteroglass::probes {

struct LagChannel {
  std::size_t level = 0, bins = 0;  ///< width is 2^level frames
  std::size_t width = 1;
  double lag = 0;         ///< [frames]
  std::size_t terms = 0;  ///< products of bins
};

/// Channels of a series of `frames`, with lags up to `longest` of it. @throws InputError for fewer than 16 frames
std::vector<LagChannel> lag_channels(std::size_t frames, double longest = 0.5);

inline constexpr std::size_t tile_pixels = 32;

/// Work space and result for one tile of pixels.
struct CorrelationTile {
  std::vector<float> series;  ///< (frames, tile_pixels): filled by the caller, destroyed
  std::vector<double> mean;   ///< (tile_pixels)
  std::vector<double> zero;   ///< (tile_pixels) variance / mean^2, n in the denominator: signal and counting noise together
  std::vector<double> g2;     ///< (channels, tile_pixels) g2 - 1
};

/// @param frames of the series, which has frames * tile_pixels values
void correlate(CorrelationTile& tile, std::size_t frames, std::span<const LagChannel> channels);

}  // namespace heteroglass::probes
