/// What a loss peak looks like: position, height, full width at half height, skewness.
///
/// Skewness is the ratio of the half widths in decades, high-frequency side over low-frequency side: 1 for Debye and Cole-Cole, above
/// 1 for the peaks of glasses, whose wing is at high frequency. Debye's full width is 1.1440 decades.
#pragma once

#include <functional>
#include <optional>

namespace heteroglass::relaxation {

struct LossPeak {
  double log_omega = 0;  ///< natural logarithm of the position
  double height = 0;
  double width = 0;     ///< decades
  double skewness = 0;  ///< NaN, like the width, when the loss does not fall to half on a side
};

/// The largest maximum of `loss` over ln omega in [low, high], which must be inside; nothing when it lies at an end.
std::optional<LossPeak> loss_peak(const std::function<double(double log_omega)>& loss, double low, double high);

}  // namespace heteroglass::relaxation
