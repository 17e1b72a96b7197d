/// Relaxation times or viscosities against temperature: laws, glass transition, fragility, activation energy.
///
///     m = d log10 tau / d(Tg/T) at Tg,   tau(Tg) = 100 s  or  eta(Tg) = 1e12 Pa s,   E_alpha = m R Tg ln10
///
/// For VFT m = B Tg/[ln10 (Tg - T0)^2] (equation 2.1 of the review). A table of times (or viscosities, or shift factors ln a) is fitted
/// by --model, in log10, weighted by errors where the table has them; all laws of --compare are fitted beside it and ranked
/// by AICc. Errors of Tg, m and E are propagated from the covariance of the parameters; without errors in the table the scatter around the
/// law sets them. Extrapolating to Tg multiplies them, and they hold only if the law does: see the table of models.
/// Kink: below T_k an Arrhenius law takes over from --model, values equal at T_k; accepted when AICc falls by more than 6.
/// Viscosities become times with a shear modulus (tau = eta/G, Maxwell). Shift factors have no absolute time: Tg must then be given.
/// Without a file the law is evaluated. Not for data that fall out of equilibrium below Tg, unless the kink is what is sought.
/// Laws: temperature_models.hpp. Reference: Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005;
/// Angell, Science 267, 1924 (1995), doi:10.1126/science.267.5206.1924.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct TemperatureLawOptions {
  std::string model = "vft";
  std::vector<std::string> compare = {"arrhenius", "vft", "myega", "adam-gibbs", "avramov", "mode-coupling"};
  std::optional<double> glass_transition = {};       ///< [K]
  double glass_time = 100;                           ///< [s]
  double glass_viscosity = 1e12;                     ///< [Pa s]
  std::optional<double> shear_modulus = {};          ///< [GPa]
  std::optional<double> reference_temperature = {};  ///< [K] of wlf
  bool kink = true;
  // the law without a file
  std::optional<double> tau0 = {};  ///< [s] unset: the law passes glass_time at glass_transition
  double energy = 1;                ///< [eV] arrhenius
  double vft_b = 5000, vogel_temperature = 400;
  double wlf_c1 = 15, wlf_c2 = 50;
  double myega_k = 1000, myega_c = 1000;
  double adam_gibbs_d = 3000, kauzmann_temperature = 400;
  double avramov_a = 1000, avramov_exponent = 5;
  double cohen_grest_b = 2000, cohen_grest_t0 = 500, cohen_grest_c = 10;
  double critical_temperature = 700, mode_coupling_gamma = 2.5;
  std::vector<double> temperature = {};  ///< [K] where to evaluate
  static constexpr bool one_curve = true;
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct TemperatureLaw {
  std::string law, quantity;
  Measured glass_transition;                                                 ///< [K]
  Measured fragility;                                                        ///< [1]
  Measured activation_energy, activation_energy_ev, activation_energy_r_tg;  ///< [kJ/mol], [eV], [1]
  Table parameters, models;
  Measured kink_temperature, energy_below;  ///< [K], [eV]
  double kink_aicc_gain = 0;
  bool converged = true;
  double aicc = 0;
  std::vector<double> temperature, log10_value, log10_error, log10_model, residual;  ///< the data
  std::vector<double> tg_over_t, angell, angell_error, angell_model;                 ///< Angell plot
  std::vector<double> curve_temperature, curve, apparent_energy;                     ///< the law: [K], log10, [eV]
  static const Fields& fields();
};

/// @throws InputError for too few points, times that are not positive, a Tg that the law does not reach
TemperatureLaw temperature_law(std::span<const Curve> curves, const TemperatureLawOptions& options = {},
                               Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
