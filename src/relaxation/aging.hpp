/// Aging of a property: kinetics, onset of processes, and what the enthalpy of free volume is.
///
/// Which columns a file has decides what is done:
///   time and a property (modulus, hardness, density or enthalpy): three kinetics are fitted and ranked by AICc,
///     flow-unit (4.1)         M = M_inf/(1 + c), c = [a/(b' + t)]^beta, c(0) = (a/b')^beta  (a property that falls: M = M_inf (1 + c))
///     ln-time                 M = M_0 + s ln(1 + t/t_0), the limit of a flat spectrum of activation energies
///     stretched-exponential   M = M_inf + (M_0 - M_inf) exp[-(t/tau)^beta]
///   enthalpy and density: formation energy of free volume, E_f = dH/d(dv/v) per atom, with --composition (published for Zr55Cu30Ni5Al10: 5.89, 7.45 eV/atom)
///   temperature and constant_loss: kinks of its logarithm (the onset of beta), lines between them
///   temperature and beta_kww, liquid_fraction: kinks of each, up to two: the stages of a family of stress-relaxation curves
/// A kink is accepted when it lowers AICc by more than 4 (numeric/broken_line.hpp).
///
/// Not much can be read from less than a decade of time: a, b' and beta of (4.1) are then one number, which the condition shows (a warning). Cost: none.
/// Without a file (4.1) is evaluated. References: equations 4.1 and section 3 of Qiao et al., Prog. Mater. Sci. 104, 250 (2019),
/// doi:10.1016/j.pmatsci.2019.04.005; Gibbs, Evetts, Leake, J. Mater. Sci. 18, 278 (1983), doi:10.1007/BF00543836 (ln-time kinetics).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct AgingOptions {
  std::string composition = {};           ///< for energies per atom
  std::optional<double> molar_mass = {};  ///< [g/mol]
  double amplitude = 10;                  ///< [s] a of (4.1), without a file
  double offset = 1000;                   ///< [s] b' of (4.1), without a file
  double exponent = 0.5;                  ///< [1] beta of (4.1), without a file
  std::vector<double> times = {};         ///< [s] without a file; empty: six decades
  static const ColumnRoles& columns();
  static const Fields& fields();
};

struct Aging {
  std::string property, best;
  Table parameters, models;
  Measured initial_concentration;                                    ///< [1] c(0)
  Measured relative_change;                                          ///< [1] M_inf/M(first) - 1 of the best kinetics that has a limit
  Measured formation_energy;                                         ///< [eV] per atom
  Table kinks;                                                       ///< quantity, kink, kink_error, slopes
  std::vector<double> time, relative, relative_error, relative_fit;  ///< [s, 1]
  std::vector<double> volume_change, enthalpy, enthalpy_error, enthalpy_line;  ///< [1, eV]
  std::vector<double> temperature, quantity, quantity_error, quantity_lines;   ///< [K, 1]
  static const Fields& fields();
};

/// @throws InputError for columns that make none of these, or too few points
Aging aging(std::span<const Curve> curves, const AgingOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
