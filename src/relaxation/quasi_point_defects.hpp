/// Quasi-point defects (Perez): correlation parameter, beta time and energy from the loss factor, and creep.
///
///     tau = t0 (tau_b/t0)^{1/chi},  tau_b = tau_b0 exp(U_b/kT),  0 < chi < 1
///     ln tan d = -U_b/(kT) - chi ln w - chi ln tau0* + ln K,   tau0* = t0 (tau_b0/t0)^{1/chi}
///
/// chi: 0 perfect order, 1 none; chi(T) = -d ln tan d/d ln w at fixed T. Below the glass transition the configuration is frozen and chi is
/// constant; above it rises. Annealing lowers, cold work raises chi.
/// Input: tan d, or storage and loss, against frequency and temperature (isotherms, or one table). Each isotherm gives chi with its error; the
/// frozen range is the longest one from the coldest isotherm in which chi is constant within its scatter; there U_b and chi follow from one plane
/// ln tan d(1/T, ln w), and tau0* from its constant with K = `amplitude`.
/// Input: creep at one temperature, J(t) = J_u + A (t/1 s)^chi/Gamma(1 + chi) + t/eta: chi from the anelastic part, and the viscosity.
/// Without a file the two times are evaluated. Not for data with a resolved beta peak, where tan d is no power law: curvature is tested and said.
/// References: Perez, Acta Metall. 32, 2163 (1984); equations 4.9-4.11 of Qiao et al., Prog. Mater. Sci. 104,
/// 250 (2019), doi:10.1016/j.pmatsci.2019.04.005.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct QuasiPointDefectsOptions {
  std::optional<double> tau_beta0 = {};          ///< [s]
  std::optional<double> activation_energy = {};  ///< [eV] U_b
  std::optional<double> temperature = {};        ///< [K]
  std::optional<double> time_scale = {};         ///< [s] t0
  std::optional<double> chi = {};                ///< [1]
  double amplitude = 1;                          ///< [1] K
  double temperature_tolerance = 1;              ///< [K]
  std::optional<double> glass_transition = {};   ///< [K] upper end of the frozen range; unset: found
  static constexpr bool joins_files = true;
  static const ColumnRoles& columns();
  static const Fields& fields();
};

struct QuasiPointDefects {
  Measured tau_beta, relaxation_time;                          ///< [s] formula
  Measured tau0_star;                                          ///< [s]
  Measured chi_glass;                                          ///< [1] in the frozen range, or of creep
  Measured activation_energy;                                  ///< [eV] U_b
  double frozen_to = 0;                                        ///< [K] end of the frozen range
  Measured unrelaxed_compliance;                               ///< [1/GPa]
  Measured anelastic_amplitude;                                ///< [1/GPa]
  Measured viscosity;                                          ///< [GPa s]
  std::vector<double> temperature, chi, chi_error, curvature;  ///< [K, 1, (isotherms)]
  std::vector<double> time, compliance, compliance_fit;        ///< [s, 1/GPa]
  static const Fields& fields();
};

/// @throws InputError for missing columns, too few frequencies, or parameters out of range
QuasiPointDefects quasi_point_defects(std::span<const Curve> curves, const QuasiPointDefectsOptions& options = {},
                                      Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
