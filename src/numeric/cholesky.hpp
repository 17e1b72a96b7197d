/// Cholesky factors of symmetric positive definite matrices, dense (LAPACK) and sparse (CHOLMOD), for many right-hand sides.
///
///     A = L L^T,   solve: x = A^-1 b
///
/// Use dense when more than about a tenth of the matrix is filled: a sparse factor is then nearly full as well. A matrix that is
/// not positive definite gives no factor: the test for a minimum costs nothing more. Dense: n^3 / 3 operations, 8 n^2 bytes.
/// Reference: Chen et al., ACM Trans. Math. Softw. 35, 22 (2008), doi:10.1145/1391989.1391995.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

/// Lower triangle by columns, rows ascending, the diagonal first.
struct SparseLower {
  std::size_t n = 0;
  std::vector<std::int64_t> start;  ///< (n + 1)
  std::vector<std::int64_t> row;
  std::vector<double> value;

  /// y = A x
  void multiply(std::span<const double> x, std::span<double> y, std::size_t vectors = 1) const;
};

class Cholesky {
 public:
  virtual ~Cholesky() = default;
  /// `vectors` right-hand sides one after the other.
  virtual void solve(std::span<const double> b, std::span<double> x, std::size_t vectors = 1) = 0;
  virtual double bytes() const = 0;  ///< of the factor
};

/// The lower triangle (row >= column) is read, the memory is used for the factor. nullptr: not positive definite.
std::unique_ptr<Cholesky> dense_cholesky(Matrix matrix);
/// Of matrix + shift x identity; nullptr: not positive definite. @throws NumericalError when memory is exhausted.
std::unique_ptr<Cholesky> sparse_cholesky(const SparseLower& matrix, double shift = 0);

}  // namespace heteroglass::numeric
