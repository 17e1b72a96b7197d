/// Strength of a glass by the random first order transition theory: stress takes the barrier of a bead away.
///
///     s_c -> s_c + kappa sigma^2 V / (2 G T),   kappa = 3 - 6/(7 - 5 nu) = 15 (1 - nu)/(7 - 5 nu)
///     sigma_y = sqrt{ (2 G / (kappa V)) [f* - f(Tg)] },   f* = s* Tg,   f(Tg) = s_c(Tg) Tg                       (5.4)
///     G = 24.9 k T_A / V                                                                                          (5.5)
///
/// sigma in shear; V: volume of a bead; s*: configurational entropy per bead at which rearrangement costs nothing (percolation of
/// strings or clusters, 1.13 to 1.28 k); s_c(Tg): that of the glass when it froze, 0.8 to 1 k; T_A: mean-field spinodal, about
/// the melting temperature, 1.5 Tg. The exact published prefactor of (5.4) is not in the review's text, so s* is an input, and
/// the results have a range over both entropies and a table of sensitivities. With the defaults sigma_y/G comes out at
/// 0.06 to 0.12, above the 0.02 to 0.06 of real metallic glasses: the model as stated overestimates. Frenkel: 1/(2 pi).
/// With a table of strength against shear modulus of several glasses: the slope through the origin, and the s* - s_c it implies.
/// Cost O(1). Source: Wisitsorasak, Wolynes, Proc. Natl. Acad. Sci. 109, 16068 (2012), doi:10.1073/pnas.1214130109.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::mechanics {

struct RfotStrengthOptions {
  std::optional<double> shear_modulus = {};     ///< [GPa] G
  double poisson_ratio = 0.35;                  ///< [1] nu
  std::optional<double> glass_transition = {};  ///< [K] Tg
  std::optional<double> bead_volume = {};       ///< [nm^3] V; unset: by (5.5)
  double spinodal_ratio = 1.5;                  ///< [1] T_A/Tg
  double threshold_entropy = 1.2;               ///< [k] s*
  double frozen_entropy = 0.9;                  ///< [k] s_c(Tg)
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct RfotStrength {
  Measured yield_stress;                          ///< [GPa] in shear
  Measured yield_stress_low, yield_stress_high;   ///< [GPa] over the documented ranges of the entropies
  Measured yield_over_modulus;                    ///< [1]
  Measured frenkel_stress;                        ///< [GPa] G/(2 pi)
  Measured kappa;                                 ///< [1]
  Measured bead_volume;                           ///< [nm^3]
  Table sensitivity;                              ///< d ln sigma_y / d ln x
  Measured slope;                                 ///< [1] fitted strength over modulus
  Measured entropy_difference;                    ///< [k] s* - s_c that gives it
  std::vector<double> modulus;                    ///< [GPa] of the table
  std::vector<double> strength, fitted_strength;  ///< [GPa]
  static const Fields& fields();
};

/// @throws InputError without a table when shear_modulus is missing, without glass_transition when bead_volume is given,
/// or when threshold_entropy does not exceed frozen_entropy
RfotStrength rfot_strength(std::span<const Curve> curves, const RfotStrengthOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::mechanics
