#include "numeric/logistic.hpp"

#include <Eigen/Dense>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

struct State {
  Eigen::VectorXd p, hat;
  Eigen::MatrixXd inverse;  ///< of the information
  double objective = 0;
};

State at(const Eigen::MatrixXd& x, const Eigen::VectorXd& y, const Eigen::VectorXd& b) {
  State s;
  const Eigen::ArrayXd z = (x * b).array();
  s.p = (1 / (1 + (-z).exp())).matrix();
  const Eigen::VectorXd w = (s.p.array() * (1 - s.p.array())).max(1e-300).matrix();
  const Eigen::MatrixXd information = x.transpose() * w.asDiagonal() * x;
  const Eigen::LDLT<Eigen::MatrixXd> solver(information);
  s.inverse = solver.solve(Eigen::MatrixXd::Identity(x.cols(), x.cols()));
  s.hat = (x * s.inverse).cwiseProduct(x).rowwise().sum().cwiseProduct(w);
  // ln p = -ln(1 + e^-z) without overflow
  const Eigen::ArrayXd log_one = (-z.abs()).exp().log1p();
  s.objective = (y.array() * z - z.max(0.0) - log_one).sum() + 0.5 * solver.vectorD().array().abs().log().sum();
  return s;
}

}  // namespace

Logistic logistic(const Matrix& predictors, const std::vector<bool>& yes) {
  const auto n = static_cast<Eigen::Index>(predictors.rows), k = static_cast<Eigen::Index>(predictors.columns);
  const Eigen::MatrixXd x =
      Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(predictors.values.data(), n, k);
  Eigen::VectorXd y(n);
  for (Eigen::Index i = 0; i < n; ++i) y[i] = yes[static_cast<std::size_t>(i)] ? 1 : 0;
  if (Eigen::ColPivHouseholderQR<Eigen::MatrixXd>(x).rank() < k)
    throw NumericalError("logistic regression: predictors must be linearly independent, and are not");
  Eigen::VectorXd b = Eigen::VectorXd::Zero(k);
  State s = at(x, y, b);
  Logistic out;
  for (int iteration = 0; iteration < 200 && !out.converged; ++iteration) {
    const Eigen::VectorXd score = x.transpose() * (y - s.p + s.hat.cwiseProduct((0.5 - s.p.array()).matrix()));
    Eigen::VectorXd step = s.inverse * score;
    const double wanted = step.cwiseAbs().maxCoeff();
    State next = at(x, y, b + step);
    for (int halving = 0; halving < 40 && !(next.objective >= s.objective - 1e-12); ++halving) {
      step *= 0.5;
      next = at(x, y, b + step);
    }
    b += step, s = next;
    out.converged = wanted < 1e-9 * (1 + b.cwiseAbs().maxCoeff());
  }
  out.covariance = Matrix(predictors.columns, predictors.columns);
  for (Eigen::Index i = 0; i < k; ++i) {
    out.coefficient.push_back(b[i]), out.error.push_back(std::sqrt(s.inverse(i, i)));
    for (Eigen::Index j = 0; j < k; ++j) out.covariance(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) = s.inverse(i, j);
  }
  for (Eigen::Index i = 0; i < n; ++i) out.misclassified += (s.p[i] > 0.5) != (y[i] > 0.5);
  return out;
}

}  // namespace heteroglass::numeric
