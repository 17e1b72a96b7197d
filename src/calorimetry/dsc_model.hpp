/// Heat capacity of a glass heated after any thermal history, computed from and fitted by models of structural relaxation.
///
///     T_f(t) = T - integral phi(xi(t) - xi(t')) dT,   phi(xi) = exp(-xi^b),   xi = integral dt / tau,   C_p^N = dT_f/dT
///     tnm   tau = A exp[ x H / (R T) + (1 - x) H / (R T_f) ]         (Tool, Narayanaswamy, Moynihan)
///     ags   tau = A exp[ Q / (T (1 - T2 / T_f)) ]                    (Adam, Gibbs, Scherer)
///
/// C_p^N is 0 in the glass and 1 in the liquid; C_p = C_p,glass + (C_p,liquid - C_p,glass)(T) C_p^N. The last segment of the
/// history is the scan. Without a file the history is evaluated; with files (scans of one glass, one history each) A, H, x, b (or A, Q,
/// T2, b) are fitted to all at once. A measured scan is normalised by its own glass and liquid lines, found as in calorimetry/dsc, or comes normalised
/// in a column `normalised`. A file's own history: cooled from start_temperature at its cooling rate to where its scan begins, held there (or at
/// anneal_temperature) for its anneal time, heated at its rate.
/// A and H, and x and b, are strongly correlated: cover a decade of cooling rates. Annealing far below T_g is known to be described badly.
/// Errors: covariance of the fit scaled by its residuals, which are mostly systematic (lines, thermal lag): optimistic.
/// Cost O(steps M) for M exponentials of the memory (structural_relaxation.hpp): 10,000 steps in a few hundredths of a second.
/// References: Moynihan et al., J. Am. Ceram. Soc. 59, 12 (1976), doi:10.1111/j.1151-2916.1976.tb09376.x; Scherer, J. Am. Ceram. Soc. 67,
/// 504 (1984), doi:10.1111/j.1151-2916.1984.tb19643.x; Hodge, J. Non-Cryst. Solids 169, 211 (1994), doi:10.1016/0022-3093(94)90321-2.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::calorimetry {

struct DscModelOptions {
  static constexpr bool joins_files = true;
  std::string model = "tnm";                     ///< tnm | ags
  std::optional<double> ln_a = {};               ///< [1] of A in s
  std::optional<double> activation_energy = {};  ///< [kJ/mol] H of tnm
  std::optional<double> x = {};                  ///< [1] nonlinearity of tnm
  std::optional<double> q = {};                  ///< [K] of ags
  std::optional<double> t2 = {};                 ///< [K] of ags
  std::optional<double> beta = {};               ///< [1]
  std::vector<std::string> fixed = {};           ///< names of parameters that a fit keeps
  std::string history = {};                      ///< in text, see thermal_history.hpp
  std::optional<double> start_temperature = {};  ///< [K] equilibrium liquid
  std::optional<double> low_temperature = {};    ///< [K] cooled to
  std::vector<double> cooling_rates = {10};      ///< [K/min] one, or one a file
  std::vector<double> heating_rates = {};        ///< [K/min] one, or one a file
  std::vector<double> anneal_times = {0};        ///< [s] one, or one a file
  std::vector<double> anneal_temperatures = {};  ///< [K] one, or one a file; unset: low_temperature
  std::optional<double> end_temperature = {};    ///< [K] heated to
  double temperature_step = 0.1;                 ///< [K]
  std::optional<double> glass_low = {}, glass_high = {}, liquid_low = {}, liquid_high = {};  ///< [K] lines of measured scans
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct DscModel {
  Measured ln_a, activation_energy, x, q, t2, beta;  ///< [1], [kJ/mol], [1], [K], [K], [1]
  Measured activation_energy_ev;                     ///< [eV]
  Measured glass_transition, fragility;              ///< [K] where tau = 100 s in equilibrium, [1] slope there
  double fictive_temperature = 0;                    ///< [K] before the scan
  double fictive_temperature_cooled = 0;             ///< [K] before the first hold
  double peak_temperature = 0, peak_height = 0;      ///< [K], [1] of C_p^N
  std::vector<double> temperature, fictive;          ///< [K] along the (first) scan
  std::vector<double> cp_normalised;                 ///< [1] of the model
  std::vector<std::string> scan_name;
  std::vector<double> scan_temperature;  ///< [K]
  Matrix measured, modelled, residual;   ///< [1, (scans, temperatures)]
  Table scans;                           ///< histories and misfit
  double rms = 0, aicc = 0, condition = 0;
  bool converged = true;
  static const Fields& fields();
};

/// @throws InputError for missing parameters or histories; NumericalError when a fit cannot start
DscModel dsc_model(std::span<const Curve> curves, const DscModelOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::calorimetry
