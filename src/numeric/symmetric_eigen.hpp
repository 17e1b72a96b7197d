/// All eigenvalues and eigenvectors of a dense symmetric matrix (LAPACK: tridiagonal form, then relatively robust representations).
///
///     A e_p = lambda_p e_p,   lambda ascending,   e_p . e_q = delta_pq
///
/// Cost about 4/3 n^3 operations for the values and 2 n^3 more for the vectors: n = 12,000 takes minutes. Memory: symmetric_eigen_bytes().
/// One thread, so that the result does not depend on their number. For a few of the lowest see lanczos.hpp.
/// Reference: Dhillon, Parlett, Voemel, ACM Trans. Math. Softw. 32, 533 (2006), doi:10.1145/1186785.1186788.
#pragma once

#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct SymmetricEigen {
  std::vector<double> values;  ///< (n) ascending
  Matrix vectors;              ///< (n, n) row p is e_p; empty when not asked
};

/// Only the lower triangle (row >= column) of `matrix` is read. @throws NumericalError
SymmetricEigen symmetric_eigen(Matrix matrix, bool vectors = true);

/// [bytes] that symmetric_eigen holds at its peak.
double symmetric_eigen_bytes(std::size_t n, bool vectors = true);

}  // namespace heteroglass::numeric
