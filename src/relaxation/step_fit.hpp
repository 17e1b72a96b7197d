/// The fit behind relaxation/stress_relaxation: stretched steps in a stress or a compliance against time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "numeric/least_squares.hpp"

namespace heteroglass::relaxation {

struct StepData {
  std::vector<double> time, value, weight;  ///< [s] since time zero, GPa or 1/GPa, rows averaged
  bool creep = false;
};

struct StepSettings {
  int steps = 1;
  double ramp = 0;
  bool drift = false, flow = false;
  std::optional<double> remnant, beta, unload;  ///< remnant as a part of the initial value
  bool profile = true;
};

/// Parameters: base (sigma_r or J_u), then for each step amplitude, ln tau, beta; then drift (or 1/eta) when asked.
struct StepFit {
  numeric::LeastSquares fit;
  std::vector<double> model;
  double initial = 0;  ///< value at time zero (stress) or the unrelaxed compliance
};

/// Rows averaged over 1/100 decade; weight: root of the number of rows.
StepData averaged(const std::vector<double>& time, const std::vector<double>& value, bool creep);
/// phi averaged over a loading ramp that ended at time 0.
double ramped_step(double t, double ramp, double tau, double beta);
/// @throws NumericalError when no start values are found
StepFit step_fit(const StepData& data, const StepSettings& settings);

}  // namespace heteroglass::relaxation
