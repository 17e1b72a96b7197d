/// Tanaka's two order parameters: density that wants to crystallise, and locally favoured structures that do not fit into a crystal.
///
///     S/(1 - S) = (g_S/g_rho) exp[(DE - P DV)/kT]          fraction S of locally favoured structures
///     E_a = E_rho + DE_a S                                 activation energy of a liquid with such structures
///     xi = xi_0 [(T - T_0)/T_0]^{-2/d},   tau = tau_0 exp[D (xi/xi_0)^{d/2}]      growth of order, d = 3
///     dL/dt = rate L/(1 + L)                               growth of a deformation zone of fertility L
///
/// DE > 0 is the energy that a favoured structure gains, DV the volume that it takes more. Half of the liquid is ordered at
/// T_half = (DE - P DV) / (k ln(g_rho/g_S)). The two laws of order make VFT, tau = tau_0 exp[D T_0/(T - T_0)], in any dimension: with a file of
/// relaxation times D, T_0 and tau_0 are fitted. Fertile regions grow faster than barren ones, and none faster than `rate`.
/// Not a first-order transition between the two liquids: S is smooth here. Errors: covariance of the fit, or carried from `errors`.
/// Cost O(points). References: Tanaka, J. Chem. Phys. 111, 3163 (1999), doi:10.1063/1.479596; Tanaka et al., Nature Mater. 9, 324 (2010),
/// doi:10.1038/nmat2634.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::theory {

struct TwoOrderParameterOptions {
  static constexpr bool one_curve = true;
  std::optional<double> energy_gain = {};        ///< [kJ/mol] DE
  double degeneracy_ratio = 0.01;                ///< [1] g_S/g_rho
  double pressure = 0;                           ///< [GPa]
  double volume_gain = 0;                        ///< [angstrom^3] DV per structure
  std::optional<double> temperature = {};        ///< [K]
  std::optional<double> liquid_barrier = {};     ///< [kJ/mol] E_rho
  double barrier_gain = 0;                       ///< [kJ/mol] DE_a
  std::optional<double> ideal_temperature = {};  ///< [K] T_0
  std::optional<double> strength = {};           ///< [1] D
  double tau0 = 1e-13;                           ///< [s]
  double length0 = 3;                            ///< [angstrom] xi_0
  int dimension = 3;
  std::optional<double> fertility = {};      ///< [1] L
  double growth_prefactor = 1;               ///< [1/s]
  std::optional<double> shear_modulus = {};  ///< [GPa] makes times of viscosities
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct TwoOrderParameter {
  Measured order;                                    ///< [1] S
  Measured half_temperature;                         ///< [K]
  Measured activation_energy;                        ///< [kJ/mol]
  Measured correlation_length;                       ///< [angstrom]
  Measured log10_relaxation_time;                    ///< [1] of s
  Measured growth_rate;                              ///< [1/s]
  Measured ideal_temperature, strength, log10_tau0;  ///< [K], [1], [1]
  double rms = 0;                                    ///< [1] of ln tau
  std::vector<double> temperature;                   ///< [K]
  std::vector<double> order_curve, length_curve;     ///< [1], [angstrom]
  std::vector<double> log10_tau, log10_tau_model;    ///< [1]
  static const Fields& fields();
};

/// @throws InputError when nothing can be computed, or T does not exceed T_0
TwoOrderParameter two_order_parameter(std::span<const Curve> curves, const TwoOrderParameterOptions& options,
                                      Context& context = Context::quiet());

}  // namespace heteroglass::theory
