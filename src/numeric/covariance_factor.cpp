#include "numeric/covariance_factor.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Dense>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {
using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
Eigen::Map<const Eigen::VectorXd> vector(std::span<const double> v) { return {v.data(), static_cast<Eigen::Index>(v.size())}; }
std::vector<double> plain(const Eigen::VectorXd& v) { return {v.data(), v.data() + v.size()}; }
}  // namespace

struct CovarianceFactor::Factor {
  Eigen::LLT<Eigen::MatrixXd> llt;
};

CovarianceFactor::CovarianceFactor(const Matrix& a) : factor_(std::make_unique<Factor>()) {
  const auto n = static_cast<Eigen::Index>(a.rows);
  factor_->llt.compute(Eigen::Map<const Rows>(a.values.data(), n, n).selfadjointView<Eigen::Lower>());
  if (factor_->llt.info() != Eigen::Success)
    throw NumericalError(fmt::format("Cholesky factor: the matrix of {} unknowns must be positive definite, and is not", n));
}
CovarianceFactor::~CovarianceFactor() = default;
CovarianceFactor::CovarianceFactor(CovarianceFactor&&) noexcept = default;
CovarianceFactor& CovarianceFactor::operator=(CovarianceFactor&&) noexcept = default;

std::vector<double> CovarianceFactor::solve(std::span<const double> b) const { return plain(factor_->llt.solve(vector(b))); }
std::vector<double> CovarianceFactor::whiten(std::span<const double> b) const { return plain(factor_->llt.matrixL().solve(vector(b))); }
std::vector<double> CovarianceFactor::colour(std::span<const double> b) const { return plain(factor_->llt.matrixU().solve(vector(b))); }

Matrix CovarianceFactor::inverse() const {
  const auto n = factor_->llt.rows();
  const Rows inverse = factor_->llt.solve(Eigen::MatrixXd::Identity(n, n));
  Matrix out(static_cast<std::size_t>(n), static_cast<std::size_t>(n));
  out.values.assign(inverse.data(), inverse.data() + inverse.size());
  return out;
}

double CovarianceFactor::log_determinant() const { return 2 * factor_->llt.matrixLLT().diagonal().array().log().sum(); }

}  // namespace heteroglass::numeric
