/// Slow beta relaxation as jumps between two unequal wells, and what aging does to them.
///
/// Barrier U from the upper, U + D from the lower well:
///
///     tau_beta = tau0 exp[(2U + D)/(2kT)] / cosh(D/2kT),   G''_max = G''_0 / cosh^2(D/2kT)
///
/// Annealing moves (ln tau_beta, ln G''_max) of one test temperature along a line, ln tau_beta = b - a ln(G''_max/G_u) (equation 2.11). For D >> 2kT
/// a = dU/dD, equal to U/D when that stays constant, and b = ln 2 tau0 + a ln(4 G''_0/G_u); a ~ 2 in La60Ni15Al25 and organic glasses.
/// Input: a series of aging, one row a state, with the relaxation time (or the frequency of the loss peak, tau = 1/(2 pi f)) and the loss maximum.
/// The slope a takes the errors of both into account where they are given (effective variance); without errors it is the line of ln tau on ln G''.
/// With tau0 and G''_0 each state gives D = 2kT arcosh sqrt(G''_0/G''_max) and U; with one of them the other follows from the whole of (2.11) under
/// U = a D, which needs at least three states; with neither, only a and b are known.
/// Without a file the two formulas are evaluated. Not for a beta relaxation hidden under the alpha wing, whose maximum is not its own.
/// Cost: none. References: equations 2.9-2.12 of Qiao et al., Prog. Mater. Sci. 104, 250 (2019),
/// doi:10.1016/j.pmatsci.2019.04.005; Dyre, Olsen, Phys. Rev. Lett. 91, 155703 (2003), doi:10.1103/PhysRevLett.91.155703.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct DoubleWellOptions {
  std::optional<double> barrier = {}, asymmetry = {};  ///< [eV] U, D
  std::optional<double> temperature = {};              ///< [K] of the test
  std::optional<double> tau0 = {};                     ///< [s]
  std::optional<double> loss0 = {};                    ///< [GPa] G''_0
  double tau0_error = 0;                               ///< [1] of ln tau0
  double loss0_error = 0;                              ///< [1] of ln G''_0
  double unrelaxed_modulus = 1;                        ///< [GPa] G_u, moves b only
  static constexpr bool one_curve = true;
  static const ColumnRoles& columns();
  static const Fields& fields();
};

struct DoubleWell {
  Measured relaxation_time;                                                ///< [s] formula
  Measured loss_maximum;                                                   ///< [GPa] formula
  Measured slope, intercept;                                               ///< [1] a, b
  Measured ratio;                                                          ///< [1] U/D (or dU/dD) by the whole of (2.11)
  Measured tau0, loss0;                                                    ///< [s], [GPa] given or fitted
  std::vector<double> aging_time;                                          ///< [s, (states)]
  std::vector<double> loss, loss_error, tau, tau_error, tau_line;          ///< [GPa], [s], (states)
  std::vector<double> barrier, barrier_error, asymmetry, asymmetry_error;  ///< [eV, (states)]
  static const Fields& fields();
};

/// @throws InputError for a series without a test temperature, values that are not positive, or G''_max > G''_0
DoubleWell double_well(std::span<const Curve> curves, const DoubleWellOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
