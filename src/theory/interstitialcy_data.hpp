/// Measured G(T), mu(T) and heat flow brought onto common temperatures, with slopes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/curve.hpp"
#include "theory/interstitialcy.hpp"

namespace heteroglass::theory {

struct GlassData {
  std::vector<double> temperature;                                 ///< [K] even
  std::vector<double> modulus, modulus_error, slope, slope_error;  ///< [GPa], [GPa/K] of the glass
  std::vector<double> crystal, crystal_error, crystal_slope, crystal_slope_error;
  std::vector<double> heat_flow;  ///< [W/g] in excess of the crystal; empty without one
  double rate = 0;                ///< [K/s]; NaN: unknown
  double smoothing = 0;           ///< [K]
};

/// @throws InputError when there is no G(T), no mu, or no common range
GlassData glass_data(std::span<const Curve> curves, const InterstitialcyOptions& options, Context& context);

}  // namespace heteroglass::theory
