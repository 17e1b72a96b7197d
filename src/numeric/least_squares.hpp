/// Nonlinear least squares with bounds, fixed parameters, robust loss, errors and profile-likelihood intervals (by Ceres).
///
///     minimise  sum_i rho( r_i(p)^2 ),  low <= p <= high
///
/// Residuals are already divided by the standard errors of the data when those are known (`known_errors`); otherwise the
/// covariance is scaled by chi^2 / (n - free parameters). Cost O(iterations x n x parameters); derivatives by differences
/// unless the caller gives them. Source: Nocedal, Wright, Numerical Optimization, doi:10.1007/978-0-387-40065-5; profile
/// intervals: Venzon, Moolgavkar, Appl. Stat. 37, 87 (1988), doi:10.2307/2347496.
#pragma once

#include <array>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct Parameter {
  std::string name;
  double start = 0;
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool fixed = false;
};

/// Fills `residual` (n). `jacobian` is null, or n x p row-major to be filled too by functions that have derivatives.
using Residuals = std::function<void(std::span<const double> p, std::span<double> residual, double* jacobian)>;

struct LeastSquaresSettings {
  bool analytic = false;      ///< the function fills `jacobian`
  std::string loss = "none";  ///< none | soft-l1 | cauchy | huber
  double loss_scale = 1;      ///< residual at which the loss turns
  bool known_errors = false;  ///< residuals are in units of their standard error
  int max_iterations = 500;
  bool profile = false;  ///< find the 95 % profile-likelihood intervals too
};

struct LeastSquares {
  std::vector<double> value, error;             ///< (p); the error of a fixed parameter is 0
  Matrix covariance;                            ///< (p, p)
  std::vector<std::array<double, 2>> interval;  ///< (p) 95 %, when asked; an end that is not bracketed is infinite or the bound
  std::vector<bool> at_bound;                   ///< (p)
  double chi2 = 0;                              ///< sum of squared residuals at the optimum
  int residuals = 0, free_parameters = 0, iterations = 0;
  double condition = 0;  ///< of the scaled normal matrix; above 1e12 parameters cannot be told apart
  double aicc = 0, bic = 0;
  bool converged = false;
  std::string message;
};

/// @throws NumericalError when a residual at the start is not finite, or there are fewer residuals than free parameters.
LeastSquares least_squares(const std::vector<Parameter>& parameters, std::size_t residuals, const Residuals& function,
                           const LeastSquaresSettings& settings = {});

}  // namespace heteroglass::numeric
