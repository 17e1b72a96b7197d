/// Stages of beta_KWW(T): constant, constant again, rising: found by piecewise straight lines with the number of pieces chosen by BIC.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace heteroglass::relaxation {

struct BetaStage {
  double from, to;     ///< [K] first and last temperature in it
  double mean, slope;  ///< of beta, and per K
  std::string what;    ///< "constant" or "rising" (or "falling")
};

/// At most three stages, the first ones level, the last one level or sloped; at least two temperatures in each. Temperatures ascend.
std::vector<BetaStage> beta_stages(std::span<const double> temperature, std::span<const double> beta, std::span<const double> error);

}  // namespace heteroglass::relaxation
