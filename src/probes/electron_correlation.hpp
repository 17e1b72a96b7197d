/// Relaxation times of a glass pixel by pixel from a series of (dark-field) images: their map, length, surface and activation energy.
///
///     g2(t) = <I(t') I(t' + t)> / <I>^2,    g2(t) - 1 = A exp[-2 (t/tau)^beta]
///
/// Planes of the volume are frames, `frame_time` apart. Every pixel is fitted by maximum likelihood with the length of the series taken into account
/// (kww_pixel.hpp); pixels faster than 1.5 frames, slower than a third of the series, or without a significant decay (three standard
/// deviations against white noise) are told apart in `status` and take part in nothing else: a map with many slow ones has a
/// mean that is too fast, and says so. Errors are multiplied by what the two halves of the series say (tau_map.hpp). The length on which times vary,
/// and their spread without noise, come from the correlation between the halves (tau_statistics.hpp); whether the map repeats itself at
/// all is compared with phase-randomised maps. A length is not resolved under 3 pixels or below the speckle's own (`noise_length`).
/// Surface: with `surface_depth` pixels of the sample (mean intensity above `threshold`, Otsu's by itself, holes filled) nearer than that to the outside; the rest is
/// the interior, `depth` the profile.
/// Several series with `temperature`: ln tau = ln tau_0 + E/kT through their means, weighted by their errors; 3.7 eV and 1.7 eV make tau grow 13.3
/// and 3.3 times from 523 to 507 K. Maps and curves are of the first series.
/// A series should last 40 tau and a frame less than tau/10 (Zhang et al., Ultramicroscopy 178, 125 (2017)); what does not is warned of.
/// Not for intensity that drifts or sample that moves: align first, `normalise frame` removes a common drift of brightness only.
/// Cost about 60 us a pixel and thread at 2,000 frames; memory by `memory`.
/// References: He et al., Microsc. Microanal. 21, 1026 (2015), doi:10.1017/S1431927615000641; Zhang et al., Nat. Commun. 9, 1129 (2018),
/// doi:10.1038/s41467-018-03604-2 (surface and interior of a Pt-based nanowire).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::probes {

struct ElectronCorrelationOptions {
  std::vector<double> frame_time = {};       ///< [s] one, or one for each series
  std::vector<double> temperature = {};      ///< [K] one for each series
  std::optional<double> pixel_size = {};     ///< [nm]
  std::optional<double> beta = {};           ///< [1] held at this value
  std::string normalise = "none";            ///< none | frame
  std::optional<double> surface_depth = {};  ///< [nm]
  std::optional<double> threshold = {};      ///< [1] mean intensity of the sample's edge
  double memory = 1;                         ///< [GB]
  std::string dataset = {};
  int surrogates = 19;
  int seed = 1;
  static const Fields& fields();
};

struct ElectronCorrelation {
  Measured tau, tau_surface, tau_interior;  ///< [s] geometric means
  Measured surface_ratio;                   ///< [1] interior over surface
  Measured beta;
  Measured spread;                            ///< [1] standard deviation of ln tau, without noise
  Measured correlation_voxels, noise_voxels;  ///< [1] pixels
  Measured correlation_length;                ///< [nm]
  double reproducibility = 0;
  Measured activation_energy, activation_energy_surface;  ///< [eV]
  Measured log10_tau0, log10_tau0_surface;
  double error_scale = 0;
  int pixels_fitted = 0, pixels_fast = 0, pixels_slow = 0, pixels_flat = 0, pixels_masked = 0;
  std::vector<double> x, y;  ///< [1] pixel
  Matrix tau_map, tau_map_error, beta_map, beta_map_error, status, intensity;
  std::vector<double> lag, g2, g2_error, g2_model;                                  ///< [s], [1]
  std::vector<double> log10_tau, pixels;                                            ///< histogram
  std::vector<double> distance, correlation, correlation_error, noise_correlation;  ///< [pixel], [1]
  Table depth, series, noise;
  static const Fields& fields();
};

/// @throws InputError without frame time, with lists of wrong length, or when no pixel can be fitted
ElectronCorrelation electron_correlation(std::span<const Volume* const> series, const ElectronCorrelationOptions& options = {},
                                         Context& context = Context::quiet());

}  // namespace heteroglass::probes
