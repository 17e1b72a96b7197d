/// Wavelength of the nanoscale corrugation on fracture surfaces of brittle glasses, by the two relations in the literature.
///
///     sigma_th / delta >= gamma (2 pi / lambda)^2            onset of the meniscus instability (review, eq. 5.7)
///     lambda = 12 pi^2 A(n) gamma / sigma                     steady state (Argon and Salama)
///
/// sigma_th = E/10 the theoretical strength, delta the range of the surface forces (0.1-0.4 nm), gamma the surface energy, sigma the
/// stress at the crack tip, A(n) a number that depends on the flow law. As printed the first gives lambda of 1-2 nm; the 65 and
/// 92 nm quoted for Dy- and Mg-based glasses follow from the second. Both are given, with the ratio; neither is tuned.
/// Cost O(1). Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005; Argon, Salama,
/// Mater. Sci. Eng. 23, 219 (1976), doi:10.1016/0025-5416(76)90198-1.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/analysis.hpp"

namespace heteroglass::mechanics {

struct CorrugationOptions {
  double youngs_modulus = 50;                   ///< [GPa] E
  double surface_energy = 1;                    ///< [J/m^2] gamma
  double interaction_range = 0.4;               ///< [nm] delta
  std::optional<double> crack_tip_stress = {};  ///< [GPa] sigma; unset: E/10
  std::optional<double> flow_factor = {};       ///< [1] A(n)
  std::optional<double> observed = {};          ///< [nm] wavelength seen
  std::map<std::string, double> errors = {};
  static const Fields& fields();
};

struct Corrugation {
  Measured theoretical_strength;     ///< [GPa]
  Measured wavelength_eq_5_7;        ///< [nm]
  Measured wavelength_steady_state;  ///< [nm] needs A(n)
  Measured flow_factor_observed;     ///< [1] A(n) that the observed wavelength needs
  Measured observed_over_eq_5_7;     ///< [1]
  std::string discrepancy;           ///< in words
  static const Fields& fields();
};

Corrugation corrugation(const CorrugationOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::mechanics
