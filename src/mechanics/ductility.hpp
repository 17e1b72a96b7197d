/// Is a metallic glass ductile? The rules in use, their known exceptions, and the ductile-brittle boundary of a set of tests.
///
///     nu > 0.31-0.32   (the same as G/K < 0.435-0.409:  G/K = 3 (1 - 2 nu) / [2 (1 + nu)])
///     E_beta'/E_beta near 0.3 ductile, near 0.5 brittle          (fast over slow secondary relaxation)
///     rate_c(T) = r0 exp(-E / k T)                               (tests faster than rate_c are brittle)
///
/// With a table of tests (temperature, strain rate, ductile 1 or 0): r0 and E by logistic regression of ductile on ln(rate) and 1/T,
/// with Firth's penalty, which stays finite when the two classes do not overlap. E is the ratio of two coefficients; its error
/// is by their covariance (delta method). E is compared with the energy of the slow beta relaxation when that is given.
/// Rules of thumb: see `exceptions` for glasses that break them. Cost O(tests).
/// Source: Lewandowski, Wang, Greer, Philos. Mag. Lett. 85, 77 (2005), doi:10.1080/09500830500080474 (nu); Yu et al., Phys. Rev. Lett.
/// 108, 015504 (2012), doi:10.1103/PhysRevLett.108.015504 (boundary and the beta relaxation).
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::mechanics {

struct DuctilityOptions {
  std::optional<double> poisson_ratio = {};                     ///< [1]
  std::optional<double> shear_modulus = {}, bulk_modulus = {};  ///< [GPa] give nu when poisson_ratio is not
  std::optional<double> fast_energy = {}, slow_energy = {};     ///< [eV] E_beta', E_beta
  std::string composition = {};                                 ///< looked for among the exceptions
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct Ductility {
  Measured poisson_ratio;                                         ///< [1]
  Measured shear_over_bulk;                                       ///< [1]
  std::string by_poisson;                                         ///< verdict
  Measured energy_ratio;                                          ///< [1] E_beta'/E_beta
  std::string by_relaxation;                                      ///< verdict
  std::string exception;                                          ///< what is known of this composition
  Table exceptions;                                               ///< glasses that break the rule of Poisson's ratio
  Measured activation_energy;                                     ///< [eV] E of the boundary
  Measured log10_prefactor;                                       ///< [1] log10(r0 s)
  Measured energy_over_beta;                                      ///< [1] E / E_beta
  int misclassified = 0;                                          ///< tests on the wrong side
  std::vector<double> inverse_temperature, boundary_rate;         ///< [1/K], [1/s]
  std::vector<double> ductile_inverse_temperature, ductile_rate;  ///< tests
  std::vector<double> brittle_inverse_temperature, brittle_rate;
  static const Fields& fields();
};

/// @throws InputError without any of: nu, both moduli, both energies, a table; for a table of one class only
Ductility ductility(std::span<const Curve> curves, const DuctilityOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::mechanics
