/// Do axes (lines without heads) point everywhere alike? Angles in degrees, modulo 180.
///
///     Rayleigh: R = |sum exp(2 i angle)| / n;   p = P(R or more when uniform)
///     mean direction = (1/2) arg sum exp(2 i angle),   error from the circular dispersion
///     Kuiper:   V = max(F - u) + max(u - F) of angle/180;   p by the asymptotic series with Stephens' correction
///
/// Rayleigh's test finds one preferred direction; Kuiper's any departure, two crossed directions too. n of 8 or more.
/// Source: Mardia, Jupp, Directional Statistics (2000), chapters 6 and 9; Stephens, J. R. Stat. Soc. B 32, 115 (1970).
#pragma once

#include <span>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct OrientationTest {
  double resultant = 0, rayleigh_p = 1;
  double kuiper = 0, kuiper_p = 1;
  Measured mean_direction;  ///< [deg] from 0 to 180
};

/// p is NaN for fewer than 4 angles.
OrientationTest orientation_test(std::span<const double> degrees);

}  // namespace heteroglass::numeric
