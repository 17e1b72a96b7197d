/// A measured loss peak by the modes of a glass with memory friction, beside the controls that must fail.
///
///     M''(w) = A sum_k s_k L_k w Re nu / [(L_k - w^2 - w Im nu)^2 + (w Re nu)^2],   nu(w) of nu0 exp[-(t/tau)^b]
///
/// Input: a measured curve (omega or frequency, loss) and the modes (mode_frequency, mode_strength) that `relaxation nonaffine -o DIR` writes
/// to curves_mode_frequency.csv; the order of the files does not matter. Fitted are the scale A (1: the simulated glass relaxes as strongly as the
/// measured one), nu(0), tau and b. Every combination of spectrum (modes, or a Debye density up to the frequency with the same mean of L, strength
/// ~ w^2 dw: no soft modes beyond sound) and kernel (stretched, exponential, constant) is fitted and ranked by AICc: where the soft
/// modes and the memory matter, the Debye spectrum and the simple kernels are measurably worse. If they are not, the data do not decide.
/// Residuals are relative (or divided by loss_error); errors by the covariance, scaled by the misfit unless errors are given.
/// nu(0) and tau act together when w tau is small for all data, and then their errors are large; the table of models tells the cheapest.
/// Without files the loss of a Debye spectrum of unit strength is evaluated. Cost: some seconds.
/// Not for loss against temperature: bring it to a master curve first. The friction is fitted, not explained.
/// References: Cui, Yang, Qiao, Jiang, Dai, Wang, Zaccone, Phys. Rev. B 96, 094203 (2017), doi:10.1103/PhysRevB.96.094203; Burnham, Anderson,
/// Sociol. Methods Res. 33, 261 (2004), doi:10.1177/0049124104268644 (AICc).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct NonaffineFitOptions {
  static constexpr bool joins_files = true;
  std::optional<double> beta = {};  ///< [1] b, kept
  std::optional<double> tau = {};   ///< [s] kept
  double friction = 1e25;           ///< [1/s] without files
  double debye_frequency = 5;       ///< [THz] without files
  std::vector<double> omega = {};   ///< [rad/s] without files
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct NonaffineFit {
  Measured scale, friction, tau, beta, nu0;  ///< [1], [1/s], [s], [1], [1/s^2]
  std::string best;                          ///< of the models by AICc
  std::string verdict;
  Table models;
  std::vector<double> omega, loss, fit, residual;                            ///< [rad/s], [GPa], [GPa], [1]
  std::vector<double> control_debye, control_exponential, control_constant;  ///< [GPa] fitted as well
  bool converged = true;
  double aicc = 0;
  static const Fields& fields();
};

/// @throws InputError when the modes or the loss are missing
NonaffineFit nonaffine_fit(std::span<const Curve> curves, const NonaffineFitOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
