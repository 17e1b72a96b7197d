/// Enthalpy that a glass gives off or takes up on heating compared with the same glass rescanned, and its growth with aging time.
///
///     dH = integral (c_p,rescan - c_p,scan) dT   (heat released by the scan),   or its negative (heat absorbed)
///     dH(t) = dH_eq {1 - exp[-(t/tau)^b]},        two steps: the sum of two such terms
///
/// An as-cast (hyperquenched) glass releases heat before T_g that the rescan does not: `released`, positive. A well aged glass absorbs more in
/// the overshoot: `absorbed`, positive. `sense` auto takes the sign that makes it positive and says which. The last file is
/// the rescan, the files before it are scans; with `aging_times`, one for each scan, the growth is fitted too. A file with columns time
/// and enthalpy is fitted directly.
/// The rescan is put onto the scan by a line (`line`), an offset or nothing: both are the same glass below the relaxation and the same
/// liquid above the transition, so that there the difference must vanish; the ranges where it does are given or taken at the two ends.
/// The upper one must end before crystallisation. The onset is where the tangent at the first flank of the difference meets zero,
/// `departure` where it leaves the noise. Not for a rescan of a crystallised sample: its heat capacity is not that of the glass.
/// Errors: noise and ends of the ranges moved by up to a quarter of their width, 200 replicas. Of the fit: covariance.
/// Cost O(200 points). References: Slipenyuk, Eckert, Scr. Mater. 50, 39 (2004), doi:10.1016/j.scriptamat.2003.09.038; Hodge, J. Non-Cryst.
/// Solids 169, 211 (1994), doi:10.1016/0022-3093(94)90321-2.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::calorimetry {

struct EnthalpyRecoveryOptions {
  static constexpr bool joins_files = true;
  std::optional<double> rate = {};                                       ///< [K/min]
  std::string sense = "auto";                                            ///< auto | released | absorbed
  std::string align = "line";                                            ///< line | offset | none
  std::optional<double> glass_low = {}, glass_high = {};                 ///< [K] where both are the same glass
  std::optional<double> liquid_low = {}, liquid_high = {};               ///< [K] where both are the same liquid
  std::vector<double> aging_times = {};                                  ///< [s] one for each scan
  std::string steps = "auto";                                            ///< auto | one | two
  std::optional<double> equilibrium_enthalpy = {}, tau = {}, beta = {};  ///< [J/g], [s], [1] of the formula
  int seed = 1;
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct EnthalpyRecovery {
  Measured recovery_enthalpy;                                             ///< [J/g] of the first scan
  Measured onset, departure, extremum;                                    ///< [K] of the difference
  std::string direction;                                                  ///< released or absorbed
  double glass_low = 0, glass_high = 0, liquid_low = 0, liquid_high = 0;  ///< [K] in force
  Table scans;                                                            ///< every scan
  std::vector<double> temperature;                                        ///< [K]
  std::vector<double> scan, rescan, difference;              ///< [J/(g K)] first scan, rescan put onto it, difference in the direction
  Measured equilibrium_enthalpy, tau, beta;                  ///< [J/g], [s], [1] of the growth
  Measured second_enthalpy, second_tau, second_beta;         ///< of a second, slower step
  Measured mean_tau;                                         ///< [s] tau Gamma(1/b)/b of the first step
  Table models;                                              ///< one step and two, compared
  std::vector<double> aging_time, enthalpy, enthalpy_error;  ///< [s], [J/g]
  std::vector<double> curve_time, enthalpy_curve;            ///< [s], [J/g] fitted or evaluated
  static const Fields& fields();
};

/// @throws InputError for one scan alone, scans that do not overlap, or times that do not match the scans
EnthalpyRecovery enthalpy_recovery(std::span<const Curve> curves, const EnthalpyRecoveryOptions& options,
                                   Context& context = Context::quiet());

}  // namespace heteroglass::calorimetry
