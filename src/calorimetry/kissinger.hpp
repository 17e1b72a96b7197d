/// Activation energy of a glass transition or a crystallisation from how its temperature moves with the heating rate q.
///
///     Kissinger        ln(q / T^2)    = const - E / (R T)
///     Ozawa            ln q           = const - 1.0516 E / (R T)       (Doyle's approximation, also Flynn and Wall)
///     Moynihan         ln q           = const - H / (R T)              (glass transition, fictive temperature)
///     Augis-Bennett    ln(q / T)      = const - E / (R T)              (also Boswell)
///     Starink          ln(q / T^1.92) = const - 1.0008 E / (R T)
///
/// Kissinger, Ozawa, Augis-Bennett and Starink are for a first-order-like conversion (peak, or a fixed fraction, of crystallisation),
/// Moynihan for the glass transition. The main result is that of `method`; the table has all of them, whose spread is a systematic error.
/// The rates are exact and the temperatures scatter, so 1/T is regressed on the left-hand side and the slope inverted; the usual
/// regression the other way round, biased low by the factor r^2, stands beside it.
/// With four rates or more T(q) is also fitted by Vogel-Fulcher-Tammann, ln q = ln q0 - B / (T - T0), and a fragility
/// m = B T / (ln 10 (T - T0)^2) at the standard rate is given; over one decade of q B and T0 are hardly told apart, which the error shows.
/// Errors: covariance of the line from the scatter, or from `temperature_error` when the file has it; interval 95 % with Student's t.
/// Two rates leave no scatter and so no error. Do not use it when crystals were quenched in or on cooling. Cost O(points).
/// References: Kissinger, Anal. Chem. 29, 1702 (1957), doi:10.1021/ac60131a045; Ozawa, Bull. Chem. Soc. Jpn. 38, 1881 (1965),
/// doi:10.1246/bcsj.38.1881; Moynihan et al., J. Phys. Chem. 78, 2673 (1974), doi:10.1021/j100619a008; Augis, Bennett, J. Therm. Anal. 13,
/// 283 (1978), doi:10.1007/BF01912301; Starink, Thermochim. Acta 404, 163 (2003), doi:10.1016/S0040-6031(03)00144-8.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::calorimetry {

struct KissingerOptions {
  static constexpr bool one_curve = true;
  std::string method = "kissinger";             ///< of the main result
  std::vector<double> rates = {};               ///< [K/min] instead of a file
  std::vector<double> temperatures = {};        ///< [K] instead of a file
  std::optional<double> glass_transition = {};  ///< [K] for energies in R T_g
  double standard_rate = 20;                    ///< [K/min] at which temperature and fragility are given
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct Kissinger {
  Measured activation_energy;                       ///< [kJ/mol] of `method`
  std::vector<double> activation_energy_interval;   ///< [kJ/mol, (2)] 95 %
  Measured activation_energy_ev;                    ///< [eV]
  Measured activation_energy_rtg;                   ///< [1] in R T_g
  Measured frequency_factor;                        ///< [1/s] Kissinger's k0 = (E q / R T^2) exp(E / R T)
  Measured temperature_at_rate;                     ///< [K] of the line at the standard rate
  Measured fragility;                               ///< [1] from the VFT law
  Measured vft_b, vogel_temperature;                ///< [K]
  Table methods;                                    ///< every method
  std::vector<double> inverse_temperature;          ///< [1000/K as 1/K x 1000, (rates)] abscissa
  std::vector<double> ln_rate, ln_rate_line;        ///< [1, (rates)] left-hand side of `method` and its line
  std::vector<double> rate, temperature, residual;  ///< [K/min], [K], [K] data, and T minus that of the line
  static const Fields& fields();
};

/// One curve of rates and temperatures, or the lists of the options.
/// @throws InputError for fewer than two different rates, rates or temperatures that are not positive, or lists of unequal length
Kissinger kissinger(std::span<const Curve> curves, const KissingerOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::calorimetry
