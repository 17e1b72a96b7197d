/// Mixtures of normal distributions, in one dimension or several, with the number of components from the data.
///
///     p(x) = sum_k w_k N(x; m_k, C_k)
///     BIC = -2 ln L + q ln n,   q = (k - 1) + k d + k d (d + 1) / 2
///
/// Maximum likelihood by expectation maximisation from k-means seeds, the best of some restarts; full covariances. Components that
/// shrink onto few points (variance below `floor` of the sample's in some direction, or a weight of fewer than d + 1 points) are spurious maxima
/// of the likelihood and are thrown away. Points may have weights (counts of a histogram: a fast way for images). Errors are those of
/// the empirical information matrix; they and BIC take points as independent, which neighbouring pixels are not: `independent` is the
/// fraction of points that count. Components are sorted by their first mean. Two components that are closer than about two standard
/// deviations are one hump, and their number is then a matter of the shape of its tails.
/// Results depend on the seed, not on the number of threads. Cost O(n k d^2) a step, some hundred steps.
/// References: Dempster, Laird, Rubin, J. R. Stat. Soc. B 39, 1 (1977); Schwarz, Ann. Stat. 6, 461 (1978), doi:10.1214/aos/1176344136.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct MixtureSettings {
  int restarts = 6;
  int max_iterations = 500;
  double tolerance = 1e-8;  ///< change of the log-likelihood of a point at which it ends
  double floor = 1e-4;      ///< least variance of a component over that of the sample
  double independent = 1;   ///< fraction of the points that are independent
  std::uint64_t seed = 1;
};

struct GaussianMixture {
  std::vector<double> weight, weight_error;  ///< (k)
  Matrix mean, mean_error;                   ///< (k, d)
  Matrix sd, sd_error;                       ///< (k, d) square roots of the diagonals of the covariances
  std::vector<Matrix> covariance;            ///< (k) of (d, d)
  std::vector<int> label;                    ///< (n) the most probable component
  double log_likelihood = 0, bic = 0;
  bool converged = false;

  std::size_t components() const { return weight.size(); }
  /// Probability of each component at a point (d).
  std::vector<double> posterior(std::span<const double> x) const;
};

/// @param x (n, d) @param weight (n) or empty: one each
/// @throws InputError for too few points, NumericalError when no start leads to k sound components
GaussianMixture gaussian_mixture(const Matrix& x, std::span<const double> weight, std::size_t k, const MixtureSettings& settings = {});

struct MixtureChoice {
  GaussianMixture best;     ///< of the least BIC
  std::vector<double> bic;  ///< for k = 1 ...; infinite where there are no k sound components
};
MixtureChoice best_gaussian_mixture(const Matrix& x, std::span<const double> weight, std::size_t k_max,
                                    const MixtureSettings& settings = {});

}  // namespace heteroglass::numeric
