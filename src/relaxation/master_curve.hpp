/// Time-temperature superposition: shift factors with errors, the master curve, and where superposition fails.
///
///     M(w, T) = b_T M_ref(w a_T),   M(t, T) = b_T M_ref(t / a_T),   J(t, T) = J_ref(t / a_T) / b_T
///
/// Input: isotherms of storage and loss modulus, of the relaxation modulus or of the creep compliance; one curve for each, or one table with
/// a temperature column. The closed form of Gergesova and Emri (shift_seed.hpp) starts a joint fit of all of them by one smooth
/// curve (superpose.hpp), which gives the full covariance of ln a and, as a check, a bootstrap.
/// Vertical shifts: `none`; `free`, fitted; `density`, b = T [1 - expansion (T - T_r)] / T_r (rubber elasticity), not fitted.
/// The reference temperature may lie between isotherms: ln a is then interpolated in 1/T, and a warning says so; outside it is refused.
///
/// Storage and loss decide together; `follow` lets one decide alone, as happens with a warning when together they would leave gaps.
///
/// Superposition is said to hold when the residuals of the overlapping parts stay below three times the scatter of the isotherms
/// themselves, or below `tolerance`; and, for M', M'', when the loss angle at equal |M*| (van Gurp-Palmen), which no horizontal shift
/// can change, agrees likewise. A shift that is made of one flat curve against another has a large error, which is right.
/// The errors are those of the data under the assumption that one curve describes them. An error of the temperature of an isotherm is not seen
/// by them: `temperature_error` adds d ln a/dT dT; nor is one of the scale of its modulus, which adds d ln b/slope where b is not fitted.
///
/// ln a is then fitted by Arrhenius, VFT and WLF laws and searched for a kink, with their full covariance (shift_law.hpp).
///
/// Without a file: ln a = -ln10 c1 (T - T_r) / (c2 + T - T_r) at `temperatures` (WLF).
/// Cost: 21 isotherms in a fraction of a second. References: Gergesova et al., J. Rheol. 55, 1 (2011), doi:10.1122/1.3503529;
/// van Gurp, Palmen, Rheol. Bull. 67, 5 (1998); Lennon, McKinley, Swan, Data-Centric Eng. 4, e13 (2023), doi:10.1017/dce.2023.3;
/// Williams, Landel, Ferry, J. Am. Chem. Soc. 77, 3701 (1955), doi:10.1021/ja01619a008.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct MasterCurveOptions {
  std::optional<double> reference_temperature = {};  ///< [K] unset: the isotherm in the middle
  std::string vertical = "none";
  std::string follow = "all";
  double expansion = 0;              ///< [1/K] volume expansion for `density`
  double temperature_tolerance = 1;  ///< [K] rows within it are one isotherm
  double tolerance = 0.02;           ///< [1] relative misfit of overlaps that is accepted whatever the noise
  double temperature_error = 0;      ///< [K] standard error of the temperature of each isotherm
  std::vector<double> start = {};    ///< [1] log10 a to begin with, one for each isotherm from the coldest; empty: closed form
  int bootstrap = 100;
  int seed = 1;
  std::vector<double> temperatures = {};  ///< [K] for the formula
  double wlf_c1 = 17.44;                  ///< [1]
  double wlf_c2 = 51.6;                   ///< [K]
  static constexpr bool joins_files = true;
  static const ColumnRoles& columns();
  static const Fields& fields();
};

struct MasterCurve {
  double reference_temperature = 0;  ///< [K]
  bool superposition_holds = false;
  std::vector<double> temperature;                       ///< [K, (isotherms)]
  std::vector<double> ln_a, ln_a_error, ln_a_bootstrap;  ///< [1, (isotherms)]
  std::vector<double> log10_a, log10_a_error;            ///< [1, (isotherms)]
  std::vector<double> ln_b, ln_b_error;                  ///< [1, (isotherms)]
  std::vector<double> overlap_residual;                  ///< [1, (isotherms)]
  Measured noise;                                        ///< [1]
  Measured van_gurp_palmen_residual;                     ///< [deg]
  Table laws, law_models;
  std::string law;
  Measured activation_energy, kink_temperature, energy_below;                                             ///< [eV, K, eV]
  std::vector<double> law_temperature, law_ln_a;                                                          ///< [K, 1]
  Matrix ln_a_covariance;                                                                                 ///< [1, (isotherms, isotherms)]
  std::vector<double> reduced_frequency, storage, storage_error, loss, loss_error;                        ///< [rad/s, GPa, (points)]
  std::vector<double> reduced_time, modulus, modulus_error, compliance, compliance_error;                 ///< [s, GPa, 1/GPa, (points)]
  std::vector<double> curve_frequency, curve_storage, curve_storage_error, curve_loss, curve_loss_error;  ///< (grid)
  std::vector<double> curve_time, curve_modulus, curve_modulus_error, curve_compliance, curve_compliance_error;
  std::vector<double> complex_modulus, loss_angle, loss_angle_error;  ///< [GPa, deg, (points)] van Gurp-Palmen
  static const Fields& fields();
};

/// @throws InputError for fewer than two isotherms, isotherms without overlap, or a reference temperature outside them.
MasterCurve master_curve(std::span<const Curve> curves, const MasterCurveOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
