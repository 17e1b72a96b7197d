/// Yield stress of small samples: a shear band must find its energy in the sample.
///
/// A band at 45 degrees through a column of width d and height h = a d costs Gamma sqrt(2) d^2 and releases sigma^2 h d^2 / (2 E), so
///
///     sigma_band(d)^2 = 2 sqrt(2) Gamma E / (a d)
///     sigma_y(d) = min{ sigma_small, sqrt[ sigma_bulk^2 + sigma_band(d)^2 ] }
///
/// sigma_bulk: strength of large samples (flaws nucleate the band); sigma_small: stress of homogeneous flow, which takes over below the
/// transition size d* = 2 sqrt(2) Gamma E / [a (sigma_small^2 - sigma_bulk^2)]. The sum under the root joins the two published
/// limits and is this program's choice. d* is compared with the size of a band nucleus: about 100 nm in tension, 200 to 500 nm
/// in compression. With a table (size, yield stress): Gamma, sigma_bulk and sigma_small by least squares.
/// Taper, strain rate and flaws of real pillars are not in it. Cost O(points).
/// Source: Volkert, Donohue, Spaepen, J. Appl. Phys. 103, 083539 (2008), doi:10.1063/1.2884584 (the energy balance).
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::mechanics {

struct SizeEffectOptions {
  double youngs_modulus = 90;           ///< [GPa] E
  double aspect_ratio = 2;              ///< [1] a
  double band_energy = 10;              ///< [J/m^2] Gamma
  double bulk_strength = 1.7;           ///< [GPa]
  double homogeneous_strength = 2.2;    ///< [GPa] sigma_small
  double size = 1000;                   ///< [nm] d
  std::string loading = "compression";  ///< for the comparison with the nucleus
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct SizeEffect {
  Measured yield_stress;                                 ///< [GPa] at the size given
  Measured transition_size;                              ///< [nm] d*
  Measured band_energy;                                  ///< [J/m^2]
  Measured bulk_strength, homogeneous_strength;          ///< [GPa]
  std::string nucleus;                                   ///< comparison in words
  std::vector<double> size, model;                       ///< [nm], [GPa]
  std::vector<double> measured_size, measured_strength;  ///< [nm], [GPa]
  static const Fields& fields();
};

/// @throws InputError when homogeneous_strength does not exceed bulk_strength, or the table has fewer than five rows
SizeEffect size_effect(std::span<const Curve> curves, const SizeEffectOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::mechanics
