/// A clamped Euler-Bernoulli beam with a tip on springs: the cantilever of contact resonance.
///
///     w = A1 (cos kx - cosh kx) + A2 (sin kx - sinh kx)      0 <= x <= L1   (clamped at 0)
///     w = B1 (cos ky + cosh ky) + B2 (sin ky + sinh ky)      y = L - x      (free at L)
///
/// joined at the tip, x = L1, by continuity and by the force and moment of the contact, whose stiffness in (w, h w') is
///     [ c^2 k + s^2 k_lat      s c (k - k_lat) ]
///     [ s c (k - k_lat)        s^2 k + c^2 k_lat ]            c, s cosine and sine of the cantilever's tilt, h height of the tip
/// Lengths in units of L, stiffness in units of the static spring constant k_c = 3 EI/L^3. For a given wavenumber kL and ratio
/// k_lat/k the characteristic determinant is a quadratic in k. With the tip at the end and no lateral spring it is
///     k/k_c = ((kL)^3/3) (1 + cos kL cosh kL)/(cos kL sinh kL - sin kL cosh kL)
/// Complex kL (damped resonance) gives complex k. Cost O(1).
/// Source: Rabe, Janser, Arnold, Rev. Sci. Instrum. 67, 3281 (1996), doi:10.1063/1.1147409; Rabe, in Applied Scanning Probe Methods II,
/// Springer (2006), doi:10.1007/3-540-27453-7_2.
#pragma once

#include <complex>
#include <vector>

namespace heteroglass::probes {

struct Beam {
  double tip_position = 1;   ///< [1] L1/L
  double tip_height = 0;     ///< [1] h/L
  double lateral_ratio = 0;  ///< [1] k_lat/k
  double tilt = 0;           ///< [rad]
};

/// kL of the free modes 1, 2, ...: roots of 1 + cos kL cosh kL.
double free_mode(int mode);

/// k/k_c at a complex kL: roots of the quadratic, one or two, unsorted; only those with a positive real part are meant.
std::vector<std::complex<double>> contact_stiffness(const Beam& beam, std::complex<double> kl);

/// kL of mode 1, 2, ... for a real stiffness k/k_c >= 0, by bisection between the free mode and the next one.
double resonance(const Beam& beam, double stiffness, int mode);

}  // namespace heteroglass::probes
