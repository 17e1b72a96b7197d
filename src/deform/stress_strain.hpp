/// Modulus, yield and peak from the rows of a driven test.
///
/// Rows are averaged in equal windows of strain. Rows of a simulation follow each other closely and their noise oscillates, so the
/// error of a window comes from the scatter of the windows about parabolas through stretches of 22 % of the curve, pooled over
/// neighbouring stretches; curvature that a parabola misses is counted as noise. It is too small when the noise is correlated over more
/// than a tenth of the curve. With fewer than five windows it is that of a line inside each window with correlation at lag one.
/// The modulus is the slope of a line through the raw rows up to `modulus_strain`, its error from those of the windows (of wider ones
/// where these are narrower than the correlation). Yield is where the averaged curve falls below the line of the modulus shifted by
/// 0.2 % of strain for good; its errors are the spread over 400 curves and lines moved at random by their errors (fixed seed), that of
/// the strain combined with half a window. Noise that is large against the bend of the curve moves the last crossing, and with it the
/// yield, upward. The peak is the highest window: of noisy windows the maximum is biased upward, the more so the more there are.
/// When the curve never falls below the shifted line, yield is NaN with a note.
#pragma once

#include <span>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::deform {

struct StressStrain {
  std::vector<double> strain, stress, stress_error;  ///< [1], [GPa] of the windows
  Measured modulus;                                  ///< [GPa]
  Measured yield_strain, yield_stress;               ///< [1], [GPa] 0.2 % offset
  Measured peak_strain, peak_stress;
};

/// @throws InputError when fewer than 5 rows lie in the range of the modulus
StressStrain stress_strain(std::span<const double> strain, std::span<const double> stress, double modulus_strain, int windows);

/// Slope of y against x with the error that counts the correlation of successive residuals (lag one).
Measured slope(std::span<const double> x, std::span<const double> y);

}  // namespace heteroglass::deform
