/// Closed forms of the interstitialcy theory; see interstitialcy.hpp for symbols.
#pragma once

#include <optional>
#include <vector>

namespace heteroglass::theory {

/// Equilibrium of interstitials in a crystal.
struct DefectCrystal {
  double alpha_beta = 20;     ///< [1] a b
  double enthalpy = 0;        ///< [eV] a mu Omega, of the perfect crystal
  double entropy = 15;        ///< [1] s_f in k
  double enthalpy_slope = 0;  ///< [eV/K] by dmu/dT, about `reference`
  double reference = 0;       ///< [K]

  double enthalpy_at(double temperature) const { return enthalpy + enthalpy_slope * (temperature - reference); }
  /// ln[c/(1-c)] - s_f/k + a mu Omega exp(-a b c)/(kT): zero in equilibrium.
  double imbalance(double c, double temperature) const;
  /// Stable and unstable equilibrium, nothing above the temperature where they have met.
  struct Branches {
    double stable, unstable;
  };
  std::optional<Branches> branches(double temperature) const;
  /// [K] above which the crystal has no equilibrium; NaN when it always has one.
  double instability() const;
};

/// [1] -(c ln c + (1-c) ln(1-c)), in k per atom
double mixing_entropy(double c);

/// [eV/K] A with E = A T the energy whose defects anneal at T: E q / (k T^2) = nu exp(-E / k T).
double energy_per_temperature(double temperature, double rate, double attempt_frequency);

}  // namespace heteroglass::theory
