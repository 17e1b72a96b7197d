/// Strength of a glass by the cooperative shear model (Johnson and Samwer).
///
/// A shear transformation zone at strain g has the elastic energy density phi0 sin^2(pi g / 4 g_C), so that
///
///     W = (8/pi^2) G g_C^2 zeta W_v            barrier of a zone of volume W_v, zeta its confinement by the matrix
///     tau_C = 2 G g_C / pi                     stress at which the barrier is gone
///     W(tau) = W (1 - tau/tau_C)^(3/2)
///     tau_y = G [g_C0 - g_C1 (T/Tg)^(2/3)]     yield in shear at laboratory rates
///     tau_y(rate) = tau_C [1 - (k T ln(w0/rate) / W)^(2/3)]   the same with the rate shown: W(tau_y) = k T ln(w0/rate)
///
/// The uniaxial yield stress is twice tau_y (Tresca). Without a file: these from the options. With a table of yield stresses
/// (temperature, glass transition, shear stress, shear modulus of several glasses): g_C0 and g_C1 by least squares.
/// Also the barrier expected from Tg, 26(2) R Tg, the energy of the slow beta relaxation, and the zone volume it implies.
/// Defaults g_C0 = 0.036(2), g_C1 = 0.016(2), and g_C = 0.027 (room temperature) are those of the source.
/// Do not use it where flow is homogeneous (near Tg and above). Cost O(points).
/// Source: Johnson, Samwer, Phys. Rev. Lett. 95, 195501 (2005), doi:10.1103/PhysRevLett.95.195501.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::mechanics {

struct CooperativeShearOptions {
  std::optional<double> shear_modulus = {};     ///< [GPa] G
  double temperature = 300;                     ///< [K]
  std::optional<double> glass_transition = {};  ///< [K] Tg
  double gamma_c = 0.027;                       ///< [1] g_C
  double gamma_c0 = 0.036, gamma_c1 = 0.016;    ///< [1]
  double zeta = 3;                              ///< [1]
  std::optional<double> stz_volume = {};        ///< [nm^3] W_v
  std::optional<double> shear_stress = {};      ///< [GPa] tau
  std::optional<double> strain_rate = {};       ///< [1/s]
  double attempt_frequency = 1e13;              ///< [1/s] w0
  std::map<std::string, double> errors = {};    ///< standard errors of inputs
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct CooperativeShear {
  Measured shear_yield_stress, uniaxial_yield_stress;                 ///< [GPa]
  Measured yield_strain;                                              ///< [1] in shear, tau_y/G
  Measured critical_stress;                                           ///< [GPa] tau_C
  Measured barrier;                                                   ///< [eV] W
  Measured barrier_over_glass_transition;                             ///< [1] W / (R Tg)
  Measured barrier_under_stress;                                      ///< [eV] W(tau)
  Measured rate_yield_stress;                                         ///< [GPa] tau_y(rate)
  Measured expected_barrier;                                          ///< [eV] 26(2) R Tg
  Measured expected_stz_volume;                                       ///< [nm^3] from it
  Measured gamma_c0, gamma_c1;                                        ///< [1] used; fitted when there is a table
  std::vector<double> temperature, yield_stress, yield_stress_error;  ///< [K], [GPa] the law up to Tg
  std::vector<double> reduced_temperature;                            ///< [1] (T/Tg)^(2/3) of the table
  std::vector<double> measured_strain, fitted_strain;                 ///< [1] tau_y/G of the table, and of the law
  static const Fields& fields();
};

/// @throws InputError without shear_modulus and glass_transition when there is no table; fewer than three rows
CooperativeShear cooperative_shear(std::span<const Curve> curves, const CooperativeShearOptions& options = {},
                                   Context& context = Context::quiet());

}  // namespace heteroglass::mechanics
