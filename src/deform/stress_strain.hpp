/// Modulus, yield and peak from the rows of a driven test.
///
/// Rows are averaged in equal windows of strain. The modulus is the slope of a line through the raw rows up to `modulus_strain`; rows of a
/// simulation follow each other closely, so its error counts the correlation of the residuals (lag one). Yield is where the averaged
/// curve falls below the line of the modulus shifted by 0.2 % of strain for good; the peak is the highest window.
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

/// Slope of y against x with the error that counts the correlation of successive residuals.
Measured slope(std::span<const double> x, std::span<const double> y);

}  // namespace heteroglass::deform
