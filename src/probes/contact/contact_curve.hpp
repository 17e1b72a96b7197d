/// A load-depth curve of an indenter, corrected and cut into approach, loading, hold and unloading.
///
///     h = h_raw - drift (t - t_contact) - C_frame P,     P = P_raw - P_0
///
/// P_0, the load before contact, is the median of the points of the approach where the curve has one; contact in the sense of this file is
/// where the load leaves it. The depth of contact is for the models to fit. Loading ends where the load reaches its largest value within
/// noise or 0.5 %; the hold ends where the load leaves its value there, or, in a test that holds the depth, where the depth does.
/// Where the load falls by a tenth before its largest value (cycles), `first_fall` says so: contact grows only up to there.
/// Noise is the scatter of second differences (robust), so it does not see slow wander.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/curve.hpp"

namespace heteroglass::probes {

struct Corrections {
  double drift = 0;                                      ///< [nm/s]
  std::optional<double> drift_from = {}, drift_to = {};  ///< [s] time window where depth changes by drift alone
  double frame_compliance = 0;                           ///< [nm/mN]
};

struct ContactCurve {
  std::vector<double> time, load, depth;                ///< [s] empty: not recorded; [mN], [nm] corrected
  double baseline = 0, baseline_error = 0;              ///< [mN] P_0
  double load_noise = 0, depth_noise = 0;               ///< [mN], [nm]
  double drift = 0, drift_error = 0;                    ///< [nm/s]
  std::size_t contact = 0, load_end = 0, hold_end = 0;  ///< indices; load_end, hold_end: last of their points
  std::size_t unload_end = 0;                           ///< last point of the first unloading after the hold
  std::optional<std::size_t> first_fall = {};           ///< where a first cycle ends
  bool has_baseline = false, has_hold = false, has_unloading = false;
  double load_max() const { return load[load_end]; }
};

/// @throws InputError naming the curve: too few points, no contact, times that do not ascend
ContactCurve contact_curve(const Curve& curve, const Corrections& corrections);

/// Robust standard deviation of white noise on a smooth curve, from second differences.
double white_noise(std::span<const double> values);

}  // namespace heteroglass::probes
