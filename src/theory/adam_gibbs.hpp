/// Adam and Gibbs: relaxation through cooperative rearrangements whose size grows as the configurational entropy falls.
///
///     tau = tau_0 exp[ C / (T S_c) ],   S_c = integral_T_K^T (Dc_p/T) dT,   m = C / (ln 10 T_g S_c) (1 + Dc_p / S_c)   at T_g
///
/// With S_c per mole of atoms, C/S_c(T_g) is an energy per mole, the `barrier` that a region crosses at T_g: C/(T_g S_c) = barrier/(R T_g).
/// The number of atoms in a region that has two states is z = R ln 2 / S_c.
/// Dc_p(T) is constant, or falls as T_g/T (hyperbolic: then the law is VFT with T_0 = T_K). With a file of relaxation times (or viscosities
/// and a shear modulus) C, tau_0 and, unless given, T_K are fitted: a T_K that agrees with that of calorimetry is what the theory predicts.
/// Not below T_g, where S_c is frozen. Errors: covariance of the fit, or carried from `errors`. Cost O(points).
/// References: Adam, Gibbs, J. Chem. Phys. 43, 139 (1965), doi:10.1063/1.1696442; Richert, Angell, J. Chem. Phys. 108, 9016 (1998),
/// doi:10.1063/1.476348.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::theory {

struct AdamGibbsOptions {
  static constexpr bool one_curve = true;
  std::optional<double> cp_step = {};               ///< [J/(mol K)] at T_g, per mole of atoms
  std::optional<double> glass_transition = {};      ///< [K]
  std::optional<double> kauzmann_temperature = {};  ///< [K]
  std::string heat_capacity = "hyperbolic";         ///< hyperbolic | constant
  std::optional<double> barrier = {};               ///< [kJ/mol] C/S_c(T_g)
  double tau0 = 1e-14;                              ///< [s]
  double tau_glass = 100;                           ///< [s] at T_g, gives the barrier when that is not given
  std::vector<double> temperatures = {};            ///< [K] where the law is evaluated
  std::optional<double> shear_modulus = {};         ///< [GPa] makes times of viscosities
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct AdamGibbs {
  Measured configurational_entropy;                         ///< [J/(mol K)] at T_g
  Measured barrier;                                         ///< [kJ/mol] C/S_c(T_g)
  Measured log10_relaxation_time;                           ///< [1] of s, at T_g
  Measured fragility;                                       ///< [1]
  Measured region_atoms;                                    ///< [1] at T_g
  Measured kauzmann_temperature;                            ///< [K]
  Measured log10_tau0;                                      ///< [1] of s
  Measured vft_b;                                           ///< [K] of the equivalent VFT law (hyperbolic)
  double rms = 0;                                           ///< [1] of ln tau
  std::vector<double> temperature;                          ///< [K]
  std::vector<double> log10_tau, log10_tau_model, entropy;  ///< [1], [1], [J/(mol K)]
  static const Fields& fields();
};

/// @throws InputError for missing options, T_K above T_g, or times that do not grow on cooling
AdamGibbs adam_gibbs(std::span<const Curve> curves, const AdamGibbsOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::theory
