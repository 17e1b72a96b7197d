/// Solves A x = b for several right-hand sides side by side, A symmetric and positive outside `known`.
///
/// Each right-hand side runs its own conjugate gradients; the products are taken together, which is cheaper. Stops when every
/// |b - A x| <= tolerance |b|. `known` holds orthonormal vectors of the null space (rigid translations): b and x have no part there.
/// A direction of negative curvature p.A p <= 0 ends the search: the matrix is not that of a minimum.
/// Cost: about sqrt(condition) ln(2/tolerance) / 2 products. Reference: Hestenes, Stiefel, J. Res. Natl. Bur. Stand. 49, 409 (1952),
/// doi:10.6028/jres.049.044.
#pragma once

#include <span>
#include <vector>

#include "core/context.hpp"
#include "numeric/linear_map.hpp"

namespace heteroglass::numeric {

struct ConjugateGradients {
  std::vector<double> x;         ///< (vectors, n)
  std::vector<double> residual;  ///< (vectors) |b - A x| / |b|, found anew at the end
  int iterations = 0;
  bool converged = false;
  bool negative_curvature = false;
};

ConjugateGradients conjugate_gradients(std::size_t n, const LinearMap& product, std::span<const double> b, std::span<const double> known,
                                       double tolerance = 1e-8, int max_iterations = 20000, Context& context = Context::quiet());

}  // namespace heteroglass::numeric
