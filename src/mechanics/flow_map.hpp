/// How a metallic glass flows against stress, rate and temperature: Newtonian, shear thinning, inhomogeneous.
///
///     eta_N(T) = eta0 exp[B / (T - T0)]                                                            (VFT)
///     free volume:        eta = eta_N x / sinh x,               x = tau W / (2 k T)                 (W activation volume)
///     cooperative shear:  eta = eta_N tau R'(0) / R(tau),       R = exp(-W(tau)/kT) - exp(-W(-tau)/kT), W(tau) = W0 (1 - tau/tau_C)^(3/2)
///     RFOT:               eta = eta_N exp{32 [1/(s_c + kappa tau^2 V/(2 G k T)) - 1/s_c]}           (s_c in k per bead)
///     crossover:          rate at which the viscosity of the free-volume model has fallen by `thinning`
///     homogeneous-inhomogeneous: rate_h = r0 exp(-dE_s/kT), fitted to a table of (temperature, critical rate)
///
/// Rate = tau/eta. Below the crossover flow is Newtonian; between it and rate_h homogeneous and shear thinning; above rate_h
/// shear bands carry it. The boundary is its own Arrhenius law, apart from the ductile-brittle line of `mechanics ductility`.
/// With a table (strain rate, viscosity, at one temperature): eta_N and W by least squares on ln(eta).
/// Defaults of the viscosity are those of Vitreloy 1: B = D* T0 with D* = 18.5, T0 = 412.5 K, eta0 = 4e-5 Pa s (Masuhr et al.).
/// Steady flow only: stress overshoot is not in it. Cost O(points).
/// Source: Spaepen, Acta Metall. 25, 407 (1977), doi:10.1016/0001-6160(77)90232-2; Johnson, Samwer, Phys. Rev. Lett. 95, 195501
/// (2005), doi:10.1103/PhysRevLett.95.195501; Masuhr, Waniuk, Busch, Johnson, Phys. Rev. Lett. 82, 2290 (1999),
/// doi:10.1103/PhysRevLett.82.2290.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::mechanics {

struct FlowMapOptions {
  double temperature = 623;                              ///< [K]
  double viscosity0 = 4e-5;                              ///< [Pa s] eta0
  double vft_b = 7631.25;                                ///< [K] B
  double vogel_temperature = 412.5;                      ///< [K] T0
  double activation_volume = 0.15;                       ///< [nm^3] W
  double shear_modulus = 33;                             ///< [GPa] G at temperature
  double gamma_c = 0.027;                                ///< [1]
  double stz_barrier = 1.5;                              ///< [eV] W0
  double bead_volume = 0.02;                             ///< [nm^3] V
  double entropy = 0.9;                                  ///< [k] s_c
  double poisson_ratio = 0.36;                           ///< [1]
  double thinning = 0.9;                                 ///< [1] share of the Newtonian viscosity at the crossover
  double temperature_low = 580, temperature_high = 700;  ///< [K] of the map
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct FlowMap {
  Measured newtonian_viscosity;                                             ///< [Pa s]
  Measured crossover_rate, crossover_stress;                                ///< [1/s], [GPa]
  Measured activation_volume;                                               ///< [nm^3] used, or fitted
  Measured boundary_energy;                                                 ///< [eV] dE_s
  Measured boundary_log10_prefactor;                                        ///< [1]
  std::vector<double> stress;                                               ///< [GPa]
  std::vector<double> free_volume, cooperative_shear, rfot;                 ///< [Pa s]
  std::vector<double> map_temperature, map_crossover, map_boundary;         ///< [K], [1/s]
  std::vector<double> measured_rate, measured_viscosity, fitted_viscosity;  ///< [1/s], [Pa s]
  static const Fields& fields();
};

/// @throws InputError for a temperature at or below the Vogel temperature, a table with neither pair of columns, too few rows
FlowMap flow_map(std::span<const Curve> curves, const FlowMapOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::mechanics
