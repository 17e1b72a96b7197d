/// Growth of an enthalpy with time by one or two Kohlrausch steps, by least squares.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::calorimetry {

struct KohlrauschStep {
  Measured amplitude, tau, beta;  ///< [unit of y], [s], [1]
};

struct RecoveryKinetics {
  std::vector<KohlrauschStep> steps;  ///< faster first
  double chi2 = 0, aicc = 0, bic = 0;
  bool converged = false;
  std::string message;
  double at(double time) const;
};

/// @param error of y; empty: unknown.  @throws NumericalError for fewer points than parameters
RecoveryKinetics recovery_kinetics(std::span<const double> time, std::span<const double> y, std::span<const double> error, int steps);

}  // namespace heteroglass::calorimetry
