/// Fit of a theory's law to measured relaxation times: ln tau = ln tau_0 + slope g(T; T_0), with T_0 free or given.
///
/// The theories of the glass transition differ in g: 1/(T - T_0) of free volume, 1/(T S_c) of Adam and Gibbs, 1/s_c of RFOT. At a given T_0
/// the law is linear; a free T_0 is found on a grid and refined with the others, for their covariance.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/curve.hpp"
#include "core/value.hpp"

namespace heteroglass::theory {

struct RelaxationTimes {
  std::vector<double> temperature, ln_tau, error;  ///< [K], tau in s; error of ln tau, empty: unknown
};

struct RelaxationFit {
  Measured ln_tau0, slope, t0;
  Matrix covariance;          ///< of the three, in this order
  std::vector<double> model;  ///< ln tau at the data
  double rms = 0;             ///< of ln tau
  double aicc = 0;
  bool converged = false;
  std::string message;
};

/// temperature, relaxation_time or viscosity, relaxation_time_error
ColumnRoles relaxation_columns();

/// @param shear_modulus [GPa] makes times of viscosities, tau = eta/G. @throws InputError for fewer than three times or what is not positive
RelaxationTimes relaxation_times(std::span<const Curve> curves, std::optional<double> shear_modulus);

/// @param law g(T, T_0), positive for T > T_0
/// @throws InputError for too few points; NumericalError
RelaxationFit relaxation_fit(const RelaxationTimes& data, const std::function<double(double, double)>& law, std::optional<double> t0);

}  // namespace heteroglass::theory
