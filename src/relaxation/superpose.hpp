/// Joint fit of all isotherms by one smooth master curve and their shifts.
///
///     y_ki = +-ln b_k + f_c(x_ki +- ln a_k) + noise,   minimise  sum r^2 / sigma_c^2 + sum_c lambda_c |second differences of f_c|^2
///
/// f is a penalised cubic spline, its penalty chosen by generalised maximum likelihood (the evidence of a Gaussian process with that
/// prior); shifts and coefficients are found together by damped Gauss-Newton steps. Signs: M(w,T) = b M(w a), M(t,T) = b M(t/a),
/// J(t,T) = J(t/a)/b. The covariance is that of the joint optimum, scaled by the residuals over their degrees of freedom and, where
/// residuals along an isotherm are correlated (lag-1 correlation rho beyond its own error), by (1 + rho)/(1 - rho). The bootstrap draws
/// blocks of residuals within each isotherm, longer when they are correlated, and repeats the fit.
/// Cost O(steps (n + m^3)), m coefficients. References: Eilers, Marx, doi:10.1214/ss/1038425655; Wahba, Ann. Stat. 13, 1378 (1985),
/// doi:10.1214/aos/1176349743 (the penalty); Lennon, McKinley, Swan, Data-Centric Eng. 4, e13 (2023), doi:10.1017/dce.2023.3 (shifts with errors).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/context.hpp"
#include "core/value.hpp"
#include "numeric/bspline.hpp"
#include "relaxation/isotherms.hpp"

namespace heteroglass::relaxation {

struct SuperposeSettings {
  std::size_t reference = 0;          ///< isotherm whose shifts are 0
  bool free_vertical = false;         ///< fit ln b
  std::vector<double> fixed_ln_b;     ///< ln b where it is not fitted; empty: 0
  std::vector<double> start_ln_a;     ///< ln a to begin with
  std::optional<std::size_t> follow;  ///< the channel that alone decides the shifts; the others are only drawn; unset: all
  int bootstrap = 100;                ///< resamplings; 0: none
  std::uint64_t seed = 1;
};

struct Superposition {
  std::vector<double> ln_a, ln_a_error;  ///< (isotherms)
  std::vector<double> ln_b, ln_b_error;
  Matrix covariance;                                       ///< of ln a (isotherms, isotherms); row and column of the reference are 0
  Matrix sample;                                           ///< ln a of refits to resampled data (draws, isotherms)
  std::vector<std::vector<std::vector<double>>> residual;  ///< [isotherm][channel][point] in ln y
  std::vector<double> residual_rms;                        ///< (channels)
  double correlation = 0;                                  ///< lag-1 correlation of residuals along an isotherm
  numeric::BSpline spline{0, 1, 1};
  std::vector<std::vector<double>> coefficients;  ///< [channel]
  std::vector<Matrix> curve_covariance;           ///< [channel] of the coefficients
  int iterations = 0;
  bool converged = false;

  double curve(std::size_t channel, double u) const { return spline.value(coefficients[channel], u); }
  double curve_error(std::size_t channel, double u) const;
};

Superposition superpose(const Isotherms& data, const SuperposeSettings& settings, Context& context);

}  // namespace heteroglass::relaxation
