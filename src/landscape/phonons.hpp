/// Sound waves of a finite box, for telling them from the modes that a glass has besides.
///
///     c_T = sqrt(G / rho),  c_L = sqrt((K + 4 G / 3) / rho)          (in the plane: c_L = sqrt((K + G) / rho))
///     nu = c |q| / 2 pi,    q = 2 pi H^-T n                          n integer, not 0: the only ones that a periodic box allows
///     g_D(nu) = 3 nu^2 / nu_D^3,   nu_D^3 = (9 / 4 pi) (N / V) / (1/c_L^3 + 2/c_T^3)      (2 nu / nu_D^2 in the plane)
///
/// Moduli are those of the isotropic average; a level is the sound of an isotropic medium, and the real ones spread about it.
#pragma once

#include <string>
#include <vector>

#include "core/box.hpp"
#include "core/value.hpp"

namespace heteroglass::landscape {

struct PhononLevel {
  bool longitudinal = false;
  double frequency = 0;  ///< [THz]
  int degeneracy = 0;    ///< waves of that |q| and polarisation
};

struct Sound {
  Measured transverse, longitudinal;  ///< [angstrom/ps]
  Measured debye_frequency;           ///< [THz]
  int dimension = 3;
  /// g_D / nu^(d - 1), the level that g / nu^(d - 1) has without other modes.
  double debye_level() const;
};

/// Moduli [energy/length^3], density [g/mol/length^3]; `omega2_unit` as in Harmonic. NaN where a modulus is not positive.
Sound sound(const Measured& bulk, const Measured& shear, double density, double number_density, double omega2_unit, int dimension);

/// All levels up to `highest` frequency, ascending; |q| that differ by less than 1e-6 are one level.
std::vector<PhononLevel> phonon_levels(const Box& box, const Sound& sound, double highest);

}  // namespace heteroglass::landscape
