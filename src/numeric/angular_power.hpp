/// Two-fold and four-fold strength of the power spectrum of a map: is it the same in all directions?
///
///     c_m = sum over modes k in a ring of |p(k)|^2 exp(-i m phi_k),     strength |c_m| / c_0,   m = 2, 4
///
/// The map is levelled by its mean, masked pixels are filled with it, and a round Hann window takes off the edges (their cross in the spectrum would be
/// four-fold). Two crossed directions of shear have c_2 = 0 and c_4 > 0. Rings from `wavelength_max` to `wavelength_min`.
/// Even an isotropic map of finite size has |c_m| > 0: modes have exponentially distributed powers, and the window ties neighbours, so that
///     <|c_m|^2> / c_0^2 = level^2 = 2 sum P(k) P(k') rho(k - k')^2 cos[m (phi - phi')] / (sum P)^2
/// with P the mean power at that |k| and rho the transform of the window's square, rho(0) = 1;
/// p = exp(-|c_m|^2 / (c_0 level)^2) is the chance of as much. Phase-randomised surrogates keep c_m and are no control here.
/// Oblong pixels are allowed for. The direction of m = 2 is that of the waves' crests. Cost O(N log N).
#pragma once

#include <optional>

#include "numeric/map_view.hpp"

namespace heteroglass::numeric {

struct AngularPower {
  double two_fold = 0, four_fold = 0;              ///< |c_m| / c_0
  double two_fold_p = 1, four_fold_p = 1;          ///< if the map were isotropic
  double two_fold_level = 0, four_fold_level = 0;  ///< root mean square strengths of an isotropic map
  double direction = 0;                            ///< [deg] of the two-fold crests, anticlockwise from the scan line, 0 to 180
  double wavelength_min = 0, wavelength_max = 0;   ///< used
};

/// @param wavelength_min unset: 4 pixels @param wavelength_max unset: a quarter of the smaller side
/// @throws InputError when fewer than 20 modes lie between them
AngularPower angular_power(const MapView& map, std::optional<double> wavelength_min = {}, std::optional<double> wavelength_max = {});

}  // namespace heteroglass::numeric
