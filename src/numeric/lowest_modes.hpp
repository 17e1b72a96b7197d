/// The lowest eigenvalues and eigenvectors of a large symmetric matrix A.
///
///     A y = lambda y,   the k smallest lambda, algebraically
///
/// lowest_by_inverse: block Lanczos with full re-orthogonalisation on (A + shift)^-1, where a factor of A + shift fits into
/// memory; about 3 k solves find k modes. lowest_by_filter: subspace iteration with Chebyshev polynomials of A that damp all above the
/// wanted part; needs only products with A, some hundred of them per mode. Both find degenerate modes.
/// `known` holds orthonormal vectors that are eigenvectors already (rigid translations) and are left out of the search.
/// Convergence: |A y - lambda y| <= tolerance x scale, scale the largest wanted |lambda| (inverse: of the spectrum of the inverse).
/// Memory: 8 n (k + some) bytes a few times over. Results do not depend on the number of threads.
/// References: Grimes, Lewis, Simon, SIAM J. Matrix Anal. Appl. 15, 228 (1994), doi:10.1137/S0895479888151111 (shift and invert);
/// Zhou, Saad, Tiago, Chelikowsky, J. Comput. Phys. 219, 172 (2006), doi:10.1016/j.jcp.2006.03.017 (filter).
#pragma once

#include <span>
#include <vector>

#include "core/context.hpp"
#include "numeric/linear_map.hpp"

namespace heteroglass::numeric {

struct LowestModes {
  std::vector<double> value;     ///< (k) ascending
  std::vector<double> vector;    ///< (k, n) one after the other, orthonormal
  std::vector<double> residual;  ///< (k) |A y - lambda y|
  std::size_t products = 0;      ///< solves, or products with A
  bool converged = false;
};

struct LowestSettings {
  std::size_t count = 100;
  double tolerance = 1e-8;
  std::size_t block = 8;               ///< vectors taken through one solve or product
  std::size_t max_products = 0;        ///< 0: by itself
  std::span<const double> known = {};  ///< (m, n)
  unsigned long seed = 1;
};

/// @param inverse (A + shift)^-1 for some shift that makes it positive definite
/// @param product A, for the values and residuals in the end
LowestModes lowest_by_inverse(std::size_t n, const LinearMap& inverse, const LinearMap& product, const LowestSettings& settings,
                              Context& context = Context::quiet());
/// @param high above the largest eigenvalue (see spectral_bounds)
LowestModes lowest_by_filter(std::size_t n, const LinearMap& product, double high, const LowestSettings& settings,
                             Context& context = Context::quiet());

struct SpectralBounds {
  double low = 0, high = 0;  ///< the spectrum lies inside
  double lowest_found = 0;   ///< the smallest value of a vector: below zero proves a negative eigenvalue
};
/// From `steps` Lanczos steps, widened by the residuals: safe for the upper end; negative eigenvalues may reach a little below `low`.
SpectralBounds spectral_bounds(std::size_t n, const LinearMap& product, std::span<const double> known = {}, int steps = 40,
                               unsigned long seed = 1);

}  // namespace heteroglass::numeric
