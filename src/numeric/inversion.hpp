/// Smooth non-negative solutions of ill-posed linear equations, with the strength of smoothing from the data and a credible band.
///
///     minimise  |A x - b|^2 + lambda |D x|^2,   x >= 0
///
/// Rows of A and b are divided by the standard errors of the data up to one unknown common factor s. The first `smooth` unknowns lie on an
/// equidistant grid (step h) and D are their second differences, scaled so that |D x|^2 = integral of x''^2; further unknowns (a
/// plateau, a flow term) are not penalised. lambda by
///     evidence   p(b | lambda) of the Gaussian process with that prior, s integrated out (generalised maximum likelihood)
///     gcv        least n |A x - b|^2 / (n - trace)^2
///     l-curve    largest curvature of log |D x|^2 against log |A x - b|^2
/// Evidence and GCV are those of the problem without x >= 0; s is taken to be at least 1e-4 of the data.
/// `adaptive`: D is divided, place by place, by the local size of the second derivative as the solution and its uncertainty have it (five rounds),
/// so that a sharp peak does not force ripples upon a flat foot; without, the prior is smooth alike everywhere.
/// The band is the 95 % interval of samples: lambda drawn from its evidence, s from its posterior, data and prior perturbed accordingly and the
/// constrained problem solved again (randomise, then optimise). So it holds the doubt about lambda too; it is as good as the prior. Resolution: grid step over the diagonal of (A^T A + lambda D^T D)^-1 A^T A, the width over which x is averaged.
///
/// Cost O(m^3 (values of lambda + samples)), m unknowns: 0.1 s for 100. References: Wahba, Ann. Stat. 13, 1378 (1985),
/// doi:10.1214/aos/1176349743; Hansen, O'Leary, SIAM J. Sci. Comput. 14, 1487 (1993), doi:10.1137/0914086; Bardsley,
/// Solonen, Haario, Laine, SIAM J. Sci. Comput. 36, A1895 (2014), doi:10.1137/140964023 (randomise, then optimise).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct LinearProblem {
  Matrix a;               ///< (data, unknowns), divided by the errors
  std::vector<double> b;  ///< (data), divided by the errors
  std::size_t smooth = 0;
  double step = 1;
};

struct InversionSettings {
  std::string choice = "evidence";  ///< evidence | gcv | l-curve | fixed
  double lambda = 0;                ///< for fixed
  bool adaptive = true;             ///< the prior is rougher where the solution is
  double width = 0.7;               ///< over which roughness is averaged, in units of the grid's variable
  int samples = 200;
  std::uint64_t seed = 1;
};

struct Inversion {
  std::vector<double> x, error, low, high;       ///< (unknowns) error: standard deviation of the samples; low, high: 95 %
  std::vector<double> resolution;                ///< (smooth) in units of the grid's variable
  std::vector<double> lambda_grid, ln_evidence;  ///< ln_evidence: relative to its maximum
  std::vector<bool> free;
  Matrix samples;  ///< (samples, unknowns)
  double lambda = 0, ln_lambda_error = 0;
  double noise = 0;    ///< s: root mean square of A x - b over the degrees of freedom
  double degrees = 0;  ///< trace of the influence matrix: how many numbers the data determine
  bool lambda_at_end = false;
};

/// @throws NumericalError
Inversion invert(const LinearProblem& problem, const InversionSettings& settings);

/// Means of |D x|^2 above: D^T D of the smooth unknowns inside (unknowns, unknowns).
Matrix roughness(const LinearProblem& problem);

}  // namespace heteroglass::numeric
