/// Cholesky factor of a normal matrix or a covariance: solutions, inverse, determinant, whitening (by Eigen).
///
///     A = L L^T
///
/// Only the lower triangle of `a` is read. Cost n^3 / 3. For up to about a thousand unknowns; larger ones: numeric/cholesky.hpp.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

class CovarianceFactor {
 public:
  /// @throws NumericalError when `a` is not positive definite.
  explicit CovarianceFactor(const Matrix& a);
  ~CovarianceFactor();
  CovarianceFactor(CovarianceFactor&&) noexcept;
  CovarianceFactor& operator=(CovarianceFactor&&) noexcept;

  std::vector<double> solve(std::span<const double> b) const;
  /// L^-1 b, which has unit covariance when b has covariance A.
  std::vector<double> whiten(std::span<const double> b) const;
  /// L^-T b, which has covariance A^-1 when b has unit covariance.
  std::vector<double> colour(std::span<const double> b) const;
  Matrix inverse() const;
  double log_determinant() const;

 private:
  struct Factor;
  std::unique_ptr<Factor> factor_;
};

}  // namespace heteroglass::numeric
