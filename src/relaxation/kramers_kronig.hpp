/// Whether a measured storage and loss modulus can belong to one linear, causal response.
///
///     M'(w) = M_r + sum_k h_k (w tau_k)^2/[1 + (w tau_k)^2],   M''(w) = sum_k h_k w tau_k/[1 + (w tau_k)^2]
///
/// Any pair that obeys Kramers-Kronig is such a sum, with h_k of either sign; a pair of a passive solid has h_k >= 0. A sum of 5 elements per decade, with
/// four more beyond the window that nothing holds, is fitted to one part alone by regularised least squares and predicts the other: M'' from the change of M', and
/// M' from M'' to a constant. The prediction has an error band: the noise of the part it was made from, and what elements beyond the measured
/// window could add (the end of the window is where the relations have no power). The local form M'' = (pi/2) dM'/d ln w is given beside it, which holds where
/// the loss is broad. Verdict: `consistent`, `inconsistent` when more than a tenth of the points are off by more than 3 errors and the `tolerance`,
/// `no power` when the band is wider than the data.
/// Not for temperature scans. Cost O(points x elements^2). Reference: Booij, Thoone, Rheol. Acta 21, 15 (1982), doi:10.1007/BF01520701; Schoenleber et al.,
/// Electrochim. Acta 131, 20 (2014), doi:10.1016/j.electacta.2014.01.034 (test by a sum of elements).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct KramersKronigOptions {
  double elements_per_decade = 5;
  double tolerance = 0.03;  ///< [1] relative deviation that instruments have and that is no verdict
  // the formula without a file: a Havriliak-Negami process
  double tau = 1, alpha = 0.9, gamma = 0.5;
  static constexpr bool one_curve = true;
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct KramersKronig {
  std::string verdict;
  double fraction_off = 0;                   ///< [1] of the points of both parts
  double rms_loss = 0, rms_storage = 0;      ///< [1] relative deviation of the predicted from the measured part
  double noise_storage = 0, noise_loss = 0;  ///< [1] relative scatter of each part about its own fit
  std::vector<double> omega, loss, loss_predicted, loss_band, loss_local;  ///< [rad/s], [GPa]
  std::vector<double> storage, storage_predicted, storage_band;            ///< [GPa] predicted up to a constant, which is fitted
  static const Fields& fields();
};

/// @throws InputError when a part is missing or there are fewer than 8 frequencies
KramersKronig kramers_kronig(std::span<const Curve> curves, const KramersKronigOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
