/// Stress relaxation and creep: one or two stretched exponentials, with what decides whether to believe them.
///
///     sigma(t) = sigma_r + sum_k dsigma_k exp[-(t/tau_k)^beta_k] + drift t                          (equation 2.2)
///     J(t) = J_u + sum_k dJ_k {1 - exp[-(t/tau_k)^beta_k]} + t/eta,  after unloading at t_u: J(t) - J(t - t_u)
///
/// Options: a loading ramp of constant rate that ended at time zero (the average of phi over the ramp is fitted), time zero, drift, a
/// given remnant stress. Time zero is the end of loading. Start values on a grid of tau and beta with amplitudes by non-negative least squares; 95 % profile
/// intervals. Dense tables are averaged over 1/100 decade of time, weighted by the number of rows.
/// What to distrust: when less than half of the stress has relaxed, tau and beta are one number, and only (t/tau)^beta at the end is known; when time
/// zero moves by the ramp time (or by the first measured time) tau and beta move by `tau_change`, `beta_change`; a fit over few
/// `decades_covered` cannot tell a stretched exponential from two simple ones (`models`).
/// A file with several isotherms gives a row each, beta(T), the liquid-like fraction F(T) = dsigma/(dsigma + sigma_r), and the stages of beta(T): constant, constant,
/// rising (in La60Ni15Al25: 0.2, then 0.5, rising above Tg).
/// Without a file the formula is evaluated. Mean time <tau> = tau Gamma(1/beta)/beta. Cost: milliseconds.
/// References: Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005, equation 2.2; Wang et al., Nat. Commun. 5, 5823 (2014),
/// doi:10.1038/ncomms6823 (the three stages).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct StressRelaxationOptions {
  int steps = 1;
  double ramp = 0, time_zero = 0;  ///< [s]
  bool drift = false;
  std::optional<double> remnant = {};  ///< [1] of the initial stress
  std::optional<double> fix_beta = {};
  std::optional<double> unload_time = {};  ///< [s] creep: end of the load
  bool flow = true;                        ///< creep: with t/eta
  // the formula without a file
  double tau = 1, beta = 0.5, strength = 1;  ///< [s], [1], [GPa]
  std::vector<double> time = {};             ///< [s]
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct StressRelaxation {
  std::string quantity;
  Measured tau, beta, mean_tau;
  Measured strength, remnant;                         ///< [GPa] of a stress or a modulus
  Measured delayed_compliance, unrelaxed_compliance;  ///< [1/GPa] of creep
  std::vector<double> tau_interval, beta_interval;    ///< [low, high] 95 %
  Measured tau_2, beta_2, fraction_2;                 ///< the slower of two steps; its part of both strengths
  Measured drift, viscosity;                          ///< [GPa/s], [Pa s] of creep
  double decades_covered = 0;
  Measured fraction_relaxed, liquid_fraction;
  double tau_change = 0, beta_change = 0;  ///< relative, absolute
  double runs = 0, aicc = 0;
  bool misfit = false, converged = true;
  std::vector<std::string> at_bound;
  Table models, family, stages;
  std::vector<double> temperature, family_beta, family_beta_error, family_fraction, family_fraction_error;
  std::vector<double> time, stress, stress_error, stress_model, stress_residual;            ///< [s], [GPa]
  std::vector<double> compliance, compliance_error, compliance_model, compliance_residual;  ///< [1/GPa]
  static const Fields& fields();
};

/// @throws InputError when time or stress are missing, times do not ascend, or there are too few points
StressRelaxation stress_relaxation(std::span<const Curve> curves, const StressRelaxationOptions& options = {},
                                   Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
