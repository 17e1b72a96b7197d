#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "numeric/least_squares_problem.hpp"

namespace heteroglass::numeric {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Eigen::Index;

/// Free parameters that may move: not `held`, and not pressed on a bound by the gradient.
std::vector<Index> movable(const LeastSquaresProblem& problem, const double* p, const Eigen::VectorXd& gradient, std::ptrdiff_t held) {
  std::vector<Index> out;
  for (std::size_t f = 0; f < problem.free(); ++f) {
    const double g = gradient[static_cast<Index>(f)];
    const bool pressed = (p[f] <= problem.low(f) && g >= 0) || (p[f] >= problem.high(f) && g <= 0);
    if (static_cast<std::ptrdiff_t>(f) != held && !pressed) out.push_back(static_cast<Index>(f));
  }
  return out;
}

/// The step that minimises |s + J d|^2 + damping |D d|^2 by QR, D the column norms; `promise` is the gain of the undamped model.
Eigen::VectorXd damped_step(const RowMatrix& j, const Eigen::VectorXd& s, const std::vector<Index>& moving, double damping,
                            double& promise) {
  const auto n = j.rows(), m = static_cast<Index>(moving.size());
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(n + m, m);
  a.topRows(n) = j(Eigen::all, moving);
  Eigen::VectorXd norm = a.colwise().norm().transpose().cwiseMax(1e-150);
  a.topRows(n) *= norm.cwiseInverse().asDiagonal();
  a.bottomRows(m).diagonal().setConstant(std::sqrt(damping));
  Eigen::VectorXd b = Eigen::VectorXd::Zero(n + m);
  b.head(n) = -s;
  const Eigen::VectorXd d = a.colPivHouseholderQr().solve(b);
  const Eigen::VectorXd change = a.topRows(n) * d;
  promise = -2 * s.dot(change) - change.squaredNorm();
  return d.cwiseQuotient(norm);
}

}  // namespace

Descent active_set_descent(LeastSquaresProblem& problem, double* p, std::ptrdiff_t held, double gain, int max_iterations) {
  const auto n = static_cast<Index>(problem.residuals()), m = static_cast<Index>(problem.free());
  Eigen::VectorXd s(n), trial_s(n), trial(m);
  RowMatrix j(n, m);
  Descent out;
  if (!problem.evaluate(p, s.data(), j.data())) return {INFINITY, 0, false};
  out.value = s.squaredNorm();
  double damping = 0;
  for (; out.iterations < max_iterations; ++out.iterations) {
    const std::vector<Index> moving = movable(problem, p, j.transpose() * s, held);
    double promise = 0;
    const Eigen::VectorXd step = moving.empty() ? Eigen::VectorXd() : damped_step(j, s, moving, damping, promise);
    if (promise <= gain && damping < 1e-3) {
      out.converged = true;
      break;
    }
    trial = Eigen::Map<const Eigen::VectorXd>(p, m);
    for (std::size_t k = 0; k < moving.size(); ++k) {
      const auto f = static_cast<std::size_t>(moving[k]);
      trial[moving[k]] = std::clamp(trial[moving[k]] + step[static_cast<Index>(k)], problem.low(f), problem.high(f));
    }
    const double value = problem.evaluate(trial.data(), trial_s.data(), nullptr) ? trial_s.squaredNorm() : INFINITY;
    if (value < out.value) {
      std::copy(trial.begin(), trial.end(), p);
      out.value = value;
      if (!problem.evaluate(p, s.data(), j.data())) break;
      damping = damping < 1e-4 ? 0 : damping / 5;
    } else {
      damping = std::max(1e-3, damping * 5);
      if (damping > 1e10) break;
    }
  }
  return out;
}

}  // namespace heteroglass::numeric
