/// Elastic modulus of a glass whose liquid-like cores relax inside solid-like shells.
///
///     G = G_inf / (1 + alpha),    alpha = b G_inf W_v / (k T),    z = 1 / (1 + alpha)
///
/// G_inf: modulus without relaxing cores; b: number of cores an atomic volume holds times the square of their strain (pure number);
/// W_v: volume of a core; z: elastic share of the applied strain, 1 - z its anelastic share. The diffraction experiment of
/// `probes anisotropic-pdf` gives z as affine over applied strain, so either route gives the same alpha.
/// Give one of: elastic_fraction; affine_strain and applied_strain; or concentration, unrelaxed_modulus, core_volume, temperature.
/// Do not use it above the glass transition (there nothing is elastic at long times). Cost O(1).
/// Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005, eq. 5.1.
#pragma once

#include <map>
#include <optional>

#include "core/analysis.hpp"

namespace heteroglass::mechanics {

struct CoreShellOptions {
  std::optional<double> elastic_fraction = {};                    ///< [1] z
  std::optional<double> affine_strain = {}, applied_strain = {};  ///< [1] z is their ratio
  std::optional<double> concentration = {};                       ///< [1] b
  std::optional<double> unrelaxed_modulus = {};                   ///< [GPa] G_inf
  std::optional<double> core_volume = {};                         ///< [nm^3] W_v
  double temperature = 300;                                       ///< [K]
  std::map<std::string, double> errors = {};                      ///< standard errors of inputs
  static const Fields& fields();
};

struct CoreShell {
  Measured alpha;               ///< [1]
  Measured elastic_fraction;    ///< [1] z
  Measured anelastic_fraction;  ///< [1] 1 - z
  Measured shear_modulus;       ///< [GPa] G, when G_inf is known
  Measured concentration;       ///< [1] b, when G_inf and W_v are known
  static const Fields& fields();
};

/// @throws InputError unless exactly one way to alpha is given
CoreShell core_shell(const CoreShellOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::mechanics
