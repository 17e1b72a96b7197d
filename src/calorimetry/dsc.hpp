/// What a differential-scanning-calorimetry scan says: glass transition, step of c_p, crystallisation, melting, fictive temperature.
///
///     c_p = Phi / (dT/dt),   step = c_p,liquid - c_p,glass at the midpoint,   H_x = integral (baseline - c_p) dT
///     integral_Tf^T* (c_p,liquid - c_p,glass) dT = integral_T'^T* (c_p - c_p,glass) dT
///
/// Conventions: heat flow endotherm positive and per mass; the crystallisation enthalpy is the heat released, positive. The onset of the
/// glass transition is where the tangent at the steepest rise meets the glass line, the midpoint the half step; T_x is the tangent onset
/// of the first crystallisation, supercooled range T_x - T_g(onset), reduced glass transition T_g(onset) / T_m. Crystallisation is
/// found first, and no range that is chosen here reaches into it; ranges can be given one by one, and all are echoed and drawn.
/// On cooling the crystallisation is freezing, its onset the hottest (peak.hpp). Melting and freezing are given without a glass transition too.
/// The fictive temperature is that of the glass before the scan (heating) or after it (cooling); lines extrapolate, so a glass line that
/// rests on a relaxing glass makes it wrong. Details: transition.hpp, exotherm.hpp, scan.hpp. Without a rate temperatures are still given, heats not.
/// Not for scans whose baseline bends by more than the step of c_p: subtract the empty pan first. Thermal lag is not corrected.
/// Errors: noise and the choice of ranges, by replicas. Cost O(200 points).
/// References: Moynihan et al., J. Am. Ceram. Soc. 59, 12 (1976), doi:10.1111/j.1151-2916.1976.tb09376.x; Hoehne, Hemminger, Flammersheim,
/// Differential Scanning Calorimetry (2003), doi:10.1007/978-3-662-06710-9.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::calorimetry {

struct DscOptions {
  static constexpr bool one_curve = true;
  std::optional<double> rate = {};                              ///< [K/min]
  std::string direction = "auto";                               ///< auto | heating | cooling
  std::optional<double> glass_low = {}, glass_high = {};        ///< [K]
  std::optional<double> liquid_low = {}, liquid_high = {};      ///< [K]
  std::string crystallisation = "auto";                         ///< auto | none
  std::optional<double> exotherm_low = {}, exotherm_high = {};  ///< [K]
  std::string exotherm_baseline = "linear";                     ///< linear | sigmoidal
  std::optional<double> melting_temperature = {};               ///< [K]
  std::string composition = {};                                 ///< for molar values
  std::optional<double> smoothing = {};                         ///< [K] half width used to find features
  int seed = 1;
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct Dsc {
  Measured glass_transition_onset, glass_transition_midpoint, glass_transition_endset, glass_transition_inflection;  ///< [K]
  Measured cp_step;                                                                                                  ///< [J/(g K)]
  Measured cp_step_molar;                                                                                            ///< [J/(mol K)]
  Measured fictive_temperature;                                                                                      ///< [K]
  Measured crystallisation_onset, crystallisation_peak;                                                              ///< [K]
  Measured crystallisation_enthalpy;                                                                                 ///< [J/g]
  Measured crystallisation_enthalpy_molar;                                                                           ///< [kJ/mol]
  Measured supercooled_range;                                                                                        ///< [K]
  Measured melting_onset, melting_peak, liquidus;                                                                    ///< [K]
  Measured melting_enthalpy;                                                                                         ///< [J/g]
  Measured reduced_glass_transition;                                                                                 ///< [1]
  double rate = 0;                                                                                                   ///< [K/min]
  double smoothing_width = 0;                                                                                        ///< [K]
  double glass_low = 0, glass_high = 0, liquid_low = 0, liquid_high = 0, exotherm_low = 0, exotherm_high = 0;        ///< [K] in force
  std::vector<double> temperature;                                                                                   ///< [K]
  std::vector<double> heat_capacity, glass_line, liquid_line, tangent, baseline;            ///< [J/(g K)] NaN outside their range
  std::vector<double> transition_temperature;                                               ///< [K] from glass_low to liquid_high
  std::vector<double> normalised, normalised_liquid, normalised_tangent, normalised_glass;  ///< [1] (y - glass line) / step there
  static const Fields& fields();
};

/// @throws InputError for no curve, a range outside the scan, a scan without a glass or liquid line, or one that shows nothing
Dsc dsc(std::span<const Curve> curves, const DscOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::calorimetry
