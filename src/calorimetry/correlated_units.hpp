/// Number of units that relax together at the glass transition, after Donth and after Berthier and co-workers.
///
///     N_a = R T^2 D(1/c_p) / (m0 dT^2),             D(1/c_p) = 1/c_p,glass - 1/c_p,liquid
///     N_c = R T^2 / (m0 Dc_p) {max_t |dphi/dT|}^2 = R / (m0 Dc_p) (b/e)^2 (dln tau/dln T)^2
///
/// dT is the mean temperature fluctuation, m0 the molar mass of the unit (of an atom on average: `composition`), and phi the KWW
/// function, whose derivative with temperature is largest at t = tau, where it is (b/e) |dln tau/dT|; at T_g dln tau/dln T = -m ln 10
/// with the fragility m. The two agree when dT = 1.07 / (b |dln tau/dT|) and N_a/N_c = (e/1.07)^2 Dc_p D(1/c_p), (e/1.07)^2 = 6.45: with
/// that the fragility follows from the fluctuation and the other way round. A correlation length is (N m0 / (rho N_A))^{1/3}.
/// Conventions: heat capacities per gram at T, of glass and liquid lines; the step must be positive. Every number whose inputs are
/// given is computed, the others say what they need.
/// Not for a melt far above T_g, where D(1/c_p) has no meaning. The published table that comes with it does not agree with its own
/// formula in three of four rows; both are shown, nothing is tuned.
/// Errors: carried from `errors`. Cost O(1).
/// References: Donth, J. Polym. Sci. B 34, 2881 (1996), doi:10.1002/(SICI)1099-0488(19961130)34:17<2881::AID-POLB3>3.0.CO;2-U; Berthier et
/// al., Science 310, 1797 (2005), doi:10.1126/science.1120714; table: Qiao et al., Prog. Mater. Sci. 104, 250 (2019),
/// doi:10.1016/j.pmatsci.2019.04.005, equations (4.12)-(4.15).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/analysis.hpp"

namespace heteroglass::calorimetry {

struct CorrelatedUnitsOptions {
  std::optional<double> temperature = {};     ///< [K] glass transition
  std::optional<double> fluctuation = {};     ///< [K] mean temperature fluctuation dT
  std::optional<double> cp_glass = {};        ///< [J/(g K)]
  std::optional<double> cp_liquid = {};       ///< [J/(g K)]
  std::optional<double> molar_mass = {};      ///< [g/mol] of the unit
  std::string composition = {};               ///< gives molar_mass
  std::optional<double> fragility = {};       ///< [1]
  std::optional<double> beta = {};            ///< [1] KWW exponent
  std::optional<double> density = {};         ///< [g/cm^3] for lengths
  std::map<std::string, double> errors = {};  ///< of the options above
  static const Fields& fields();
};

struct CorrelatedUnits {
  Measured n_donth, n_berthier;
  Measured ratio, ratio_expected;          ///< N_a/N_c, and 6.45 Dc_p D(1/c_p)
  Measured inverse_cp_step;                ///< [g K/J] D(1/c_p)
  Measured cp_step;                        ///< [J/(g K)]
  Measured susceptibility_maximum;         ///< [1/K] max |dphi/dT|
  Measured fluctuation_from_fragility;     ///< [K]
  Measured fragility_from_fluctuation;     ///< [1]
  Measured length_donth, length_berthier;  ///< [angstrom]
  Table published;                         ///< the review's table beside the formula
  static const Fields& fields();
};

/// @throws InputError when the temperature is missing, nothing can be computed, or c_p does not rise from glass to liquid
CorrelatedUnits correlated_units(const CorrelatedUnitsOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::calorimetry
