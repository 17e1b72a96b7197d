/// The problem that least_squares() hands to its solver: residuals of the free parameters, with the robust loss folded in.
///
///     sum rho(r^2) = sum s^2,   s = sign(r) sqrt(rho(r^2)),   ds/dp = r rho'(r^2) / s dr/dp
///
/// so that every solver sees plain least squares. rho: none x; soft-l1 2 (sqrt(1 + x) - 1); huber x or 2 sqrt(x) - 1; cauchy
/// ln(1 + x); x = (r / scale)^2 and rho is multiplied by scale^2. Derivatives not given by the function are central differences
/// that stay inside the bounds. For numeric/ only.
#pragma once

#include <span>
#include <vector>

#include "numeric/least_squares.hpp"

namespace heteroglass::numeric {

class LeastSquaresProblem {
 public:
  /// @throws NumericalError, InputError for what cannot be fitted
  LeastSquaresProblem(const std::vector<Parameter>& parameters, std::size_t residuals, const Residuals& function,
                      const LeastSquaresSettings& settings);

  std::size_t residuals() const { return residuals_; }
  std::size_t free() const { return free_.size(); }
  const std::vector<std::size_t>& free_index() const { return free_; }  ///< of each free parameter among all
  double low(std::size_t f) const { return parameters_[free_[f]].low; }
  double high(std::size_t f) const { return parameters_[free_[f]].high; }
  std::vector<double> start() const;  ///< of the free parameters, inside their bounds

  /// Residuals s (n) and, unless null, ds/dp (n x free, row-major). False when something is not finite.
  bool evaluate(const double* p, double* s, double* jacobian);
  /// The same without the loss: r and dr/dp.
  bool evaluate_plain(const double* p, double* r, double* jacobian);
  /// psi = d(rho/2)/dr and dpsi/dr of a residual.
  struct Influence {
    double psi, slope;
  };
  Influence influence(double r) const;
  /// All parameters, fixed ones at their start.
  std::vector<double> full(const double* p) const;

 private:
  bool differences(const double* p, double* jacobian);
  double rho(double x, double& first, double& second) const;

  std::vector<Parameter> parameters_;
  std::size_t residuals_;
  const Residuals& function_;
  LeastSquaresSettings settings_;
  std::vector<std::size_t> free_;
  std::vector<double> point_, plus_, minus_, all_jacobian_;
};

/// Levenberg-Marquardt steps with parameters held at the bounds that they press on, from p (inside the bounds), until a full step
/// promises less than `gain`. `held`: a free parameter that stays, -1: none.
struct Descent {
  double value = 0;  ///< sum of squares reached; infinite when it cannot be evaluated
  int iterations = 0;
  bool converged = false;
};
Descent active_set_descent(LeastSquaresProblem& problem, double* p, std::ptrdiff_t held, double gain, int max_iterations);

/// Where the profile of free parameter f reaches `rise` above its minimum, on one side (-1, +1) of the optimum.
/// `curvature` is the normal matrix s'^T s' at the optimum. Infinite when the rise is not reached, the bound when the bound comes first.
double profile_end(LeastSquaresProblem& problem, std::span<const double> best, const Matrix& curvature, std::size_t f, double side,
                   double minimum, double rise);

}  // namespace heteroglass::numeric
