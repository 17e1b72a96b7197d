/// What a map of relaxation times says: means with errors, profile from the edge inwards, and the length on which times vary.
///
/// Means are of ln tau (geometric means of tau); errors by the jackknife over 8 x 8 blocks of the image, since neighbouring pixels share
/// speckles. A pixel's ln tau is too small by a bias that goes as tau/T, T the length of the series; that of halves is twice as large, so
///
///     <ln tau> = < ln tau_T > + < ln tau_T - (ln tau_1 + ln tau_2)/2 >
///
/// is free of it to first order; as the rest is of the same size where speckle is far from Gaussian, the correction is part of the error (Quenouille, Biometrika 43, 353 (1956), doi:10.1093/biomet/43.3-4.353). Correlation in space is taken between the two halves of the series, in which noise is independent,
///
///     C(r) = < d_1(x) d_2(x + r) >,  d = ln tau - mean,     C(xi) = C(0)/e
///
/// so that C(0) is the variance of the true ln tau; the noise's own correlation, of d_1 - d_2, stands beside it: it is the speckle.
/// Pixels without a fit are left out of all pairs. Cost O(pixels r_max^2).
#pragma once

#include <cstdint>
#include <vector>

#include "core/value.hpp"
#include "probes/series/tau_map.hpp"

namespace heteroglass::probes {

/// Of the fitted pixels that `member` selects; ln of frames.
Measured mean_ln_tau(const TauMap& map, const std::vector<char>& member);

struct TauCorrelation {
  std::vector<double> distance;              ///< [pixel]
  std::vector<double> shared, shared_error;  ///< C(r) / C(0)
  std::vector<double> noise;                 ///< of the difference of the halves, over its value at 0
  Measured length, noise_length;             ///< [pixel] 1/e
  Measured spread;                           ///< sqrt C(0): standard deviation of ln tau without noise
  double reproducibility = 0;                ///< correlation coefficient of the halves
};
/// @throws InputError when fewer than 16 pixels are fitted in both halves
TauCorrelation tau_correlation(const TauMap& map, const std::vector<char>& member);

/// Correlation coefficient of first half and a phase-randomised second half, for each seed.
std::vector<double> chance_reproducibility(const TauMap& map, const std::vector<char>& member, int surrogates, std::uint64_t seed,
                                           Context& context);

}  // namespace heteroglass::probes
