/// Fit of a measured complex modulus by a sum of relaxation processes, over frequency or over temperature.
///
///     M(w) = M_r + sum_j dM_j [1 - chi_j(w)],   M_u = M_r + sum_j dM_j        (--addition modulus)
///     1/M(w) = J_u + sum_j dJ_j chi_j(w)                                       (--addition compliance)
///
/// chi_j: any of the shapes of relaxation/response. M' and M'' are fitted together. In a temperature scan at fixed frequency
/// tau_j(T) follows VFT, Arrhenius or another law (--law) at fixed shape, and M_u(T) = M_u [1 + slope (T - T_mid)]; scans at several frequencies are one fit.
/// Weights: `relative` to the (smoothed) values of each part, with the noise of M' and of M'' taken from the scatter of neighbouring points; `absolute`;
/// or `given` by columns of errors. Amplitudes cannot be negative. Start values: times on a grid and amplitudes by non-negative least squares, the best four
/// refined. Errors: covariance; intervals of 95 % by profile likelihood, covariance or bootstrap of residuals. A parameter on its bound is
/// named and has no error. AICc and BIC compare models on the same weights; a runs test of the residuals says when the model
/// misses structure. Peaks are called resolved, shoulder or excess wing by the criterion in peak_class.hpp.
/// Cost: 0.1 to 1 s for 500 points. Not for data without a loss and less than a decade of frequency: there tau and shape are one number.
/// Reference: Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005, section 2; Burnham, Anderson, Sociol.
/// Methods Res. 33, 261 (2004), doi:10.1177/0049124104268644 (AICc, BIC).
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct FitOptions {
  std::string model = "havriliak-negami";
  std::string addition = "modulus";
  std::vector<std::string> law = {};  ///< of each component with a time; unset: vft for the first, arrhenius for the others
  std::map<std::string, double> fix = {}, start = {};
  std::vector<std::string> bound = {}, free = {};
  std::string parts = "both", weights = "relative", robust = "none";
  std::string interval = "profile";
  int bootstrap = 200, seed = 1;
  std::vector<std::string> compare = {};
  std::optional<double> glass_transition = {};  ///< [K]
  std::string crystallisation = "exclude";
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct Fit {
  Measured tau, strength, alpha, beta, gamma;                                       ///< of the first component that has them
  std::string interval_method = "none";                                             ///< of the 95 % intervals
  std::vector<double> tau_interval, alpha_interval, beta_interval, gamma_interval;  ///< [low, high] 95 %
  Measured relaxed, unrelaxed;                                                      ///< [GPa]
  Table parameters, components, models;
  Table isotherms;  ///< of a file with several: temperature, times and shapes of the first component
  std::vector<std::string> at_bound;
  bool converged = true, misfit = false;
  double aicc = 0, bic = 0, condition = 0;
  double noise_storage = 0, noise_loss = 0;  ///< [1] relative scatter about the model
  double runs_storage = 0, runs_loss = 0;    ///< [1] z of the runs test
  Table isochrones;                          ///< loss peaks of temperature scans
  Measured peak_energy, peak_energy_kj, peak_energy_r_tg, peak_log10_tau0;
  Measured merging_temperature;
  double crystallisation_temperature = 0;
  std::vector<double> omega, storage, storage_error, loss, loss_error, storage_model, loss_model, storage_residual, loss_residual,
      storage_reduced, loss_tangent;
  std::vector<double> temperature, scan_storage, scan_storage_error, scan_loss, scan_loss_error, scan_storage_model, scan_loss_model,
      scan_storage_residual, scan_loss_residual, scan_storage_reduced;
  static const Fields& fields();
};

/// Without a curve the model is evaluated at its start values.
/// @throws InputError for names that the model does not have, bounds that exclude the start, too few points
Fit fit(std::span<const Curve> curves, const FitOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
