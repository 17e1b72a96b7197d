/// Relaxation time of every pixel of an image series, read in bands of rows so that the series may be larger than memory.
///
/// Pixels are fitted one by one (kww_pixel.hpp), on the whole series and on each half: what the halves share is sample, in what they differ is
/// noise. From their differences comes `error_scale`, by which all errors are multiplied when it is above 1:
///
///     median |ln tau_1 - ln tau_2| / sqrt(e_1^2 + e_2^2) / 0.6745
///
/// Cost about 60 us a pixel and thread at 2,000 frames.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/context.hpp"
#include "core/volume.hpp"
#include "probes/series/intensity_correlation.hpp"

namespace heteroglass::probes {

enum PixelStatus { fitted = 0, too_fast = 1, too_slow = 2, no_decay = 3, masked = 4 };

struct TauMapSettings {
  std::optional<double> beta;
  bool by_frame = false;  ///< divide each frame by its mean
  double memory = 1;      ///< [GB] for one band of rows
};

struct TauMap {
  std::size_t width = 0, height = 0, frames = 0;
  std::vector<double> intensity;  ///< mean of each pixel
  std::vector<int> status;
  std::vector<double> ln_tau, error, beta, beta_error, contrast;  ///< (pixels) ln [frames]; NaN unless fitted
  std::vector<double> first, second, first_error, second_error;   ///< ln tau of the halves; NaN where not fitted
  double error_scale = 1;                                         ///< NaN: series too short for halves
  double drift = 0;                                               ///< (largest - smallest frame mean) / mean
  std::vector<LagChannel> channels;
  std::vector<double> g2, g2_error, g2_model;  ///< (channels) mean over fitted pixels, corrected for the length of the series

  std::size_t count(PixelStatus s) const;
  /// Block of a pixel among 8 x 8, for jackknife errors.
  std::size_t block(std::size_t pixel) const { return pixel / width * 8 / height * 8 + pixel % width * 8 / width; }
  static constexpr std::size_t blocks = 64;
};

/// @throws InputError for fewer than 32 frames
TauMap tau_map(const Volume& series, const TauMapSettings& settings, Context& context);

}  // namespace heteroglass::probes
