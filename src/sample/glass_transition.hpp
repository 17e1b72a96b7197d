/// Glass transition from the kink of V(T) or H(T) on cooling: where the line of the glass meets the line of the liquid.
///
///     T_g = (a_l - a_g) / (b_g - b_l),   y = a + b T in the range of each line
///
/// The ranges are found, not given. A first crossing comes from splitting all points in two at every place and fitting a free line to each
/// part: the least sum of squares wins among the pairs that cross within the data (the crossing may lie off the split). Then the glass
/// line takes what lies more than a margin below the crossing, the liquid line a window above it (the liquid's V(T) is curved over a wide
/// range), until the crossing stays. The error joins the covariance of the lines (residuals are correlated: lag one) with the spread
/// of the crossing over other margins and windows; the second is usually larger, and +-50 K is what such a fit honestly gives. When
/// fewer than two other choices of the ranges settle, that spread is unknown and so is the error: both NaN, and the note says so.
/// The rate of cooling must not change within the range of a line: glass made at another rate has another volume and enthalpy. The
/// function does not know the rates; sample/quench notes it with the result. Where slopes differ little (often those of H(T)) the crossing
/// is ill defined; compare T_g of V(T) then.
/// Do not use it on heating curves (relaxation peaks) or when it crystallised. Cost O(points^2).
/// Reference: Debenedetti, Stillinger, Nature 410, 259 (2001), doi:10.1038/35065704 (figure 1: the two lines).
#pragma once

#include <span>
#include <string>

#include "core/value.hpp"

namespace heteroglass::sample {

struct GlassTransition {
  Measured temperature;                                                   ///< [K] NaN with a reason in its note when there is no kink
  double glass_low = 0, glass_high = 0, liquid_low = 0, liquid_high = 0;  ///< [K] ranges of the two lines
  double glass_slope = 0, glass_offset = 0;                               ///< [unit of y per K, unit of y]
  double liquid_slope = 0, liquid_offset = 0;
  double error_covariance = 0, error_ranges = 0;  ///< [K] the two parts of the error; ranges NaN: unknown
};

/// @param temperature [K] in any order  @param y volume or enthalpy
GlassTransition glass_transition(std::span<const double> temperature, std::span<const double> y);

}  // namespace heteroglass::sample
