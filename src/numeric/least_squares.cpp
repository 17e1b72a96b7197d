#include "numeric/least_squares.hpp"

#include <ceres/ceres.h>
#include <fmt/format.h>
#include <glog/logging.h>

#include <Eigen/Dense>
#include <cmath>

#include "core/error.hpp"
#include "numeric/least_squares_problem.hpp"
#include "numeric/student_t.hpp"

namespace heteroglass::numeric {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

class Cost : public ceres::CostFunction {
 public:
  explicit Cost(LeastSquaresProblem& problem) : problem_(problem) {
    set_num_residuals(static_cast<int>(problem.residuals()));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(problem.free()));
  }
  bool Evaluate(double const* const* p, double* s, double** jacobians) const override {
    return problem_.evaluate(p[0], s, jacobians ? jacobians[0] : nullptr);
  }

 private:
  LeastSquaresProblem& problem_;
};

/// Moves p to the optimum.
void solve(LeastSquaresProblem& problem, std::vector<double>& p, const LeastSquaresSettings& settings, LeastSquares& out) {
  ceres::Problem::Options ownership;
  ownership.cost_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  Cost cost(problem);
  ceres::Problem ceres_problem(ownership);
  ceres_problem.AddResidualBlock(&cost, nullptr, p.data());
  for (std::size_t f = 0; f < problem.free(); ++f) {
    if (std::isfinite(problem.low(f))) ceres_problem.SetParameterLowerBound(p.data(), static_cast<int>(f), problem.low(f));
    if (std::isfinite(problem.high(f))) ceres_problem.SetParameterUpperBound(p.data(), static_cast<int>(f), problem.high(f));
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = settings.max_iterations;
  options.initial_trust_region_radius =
      10;  // the default 1e4 makes a bare Gauss-Newton step first, which can leap to where nothing depends on p
  options.function_tolerance = 1e-14;
  options.gradient_tolerance = 1e-14;
  options.parameter_tolerance = 1e-11;
  options.max_num_consecutive_invalid_steps = 40;
  options.logging_type = ceres::SILENT;
  options.num_threads = 1;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &ceres_problem, &summary);
  // Ceres projects its steps on the bounds and can stop short of the optimum along them, and of the last digits anywhere.
  const Descent descent = active_set_descent(problem, p.data(), -1, 1e-14 * 2 * summary.final_cost, 50);
  out.converged = summary.termination_type == ceres::CONVERGENCE || descent.converged;
  out.iterations = static_cast<int>(summary.iterations.size()) + descent.iterations;
  out.message = out.converged ? "converged" : fmt::format("did not converge: {}", summary.message);
}

/// sum psi^2 / (n - p) over (mean psi')^2: what the inverse of J^T J is multiplied by (Huber, Robust Statistics, 6.5).
struct Scale {
  double covariance, rise;  ///< rise of the sum of squares that one standard error makes
};
Scale noise_scale(const LeastSquaresProblem& problem, const Eigen::VectorXd& r, const LeastSquaresSettings& settings, double chi2) {
  const auto freedom = static_cast<double>(problem.residuals() - problem.free());
  if (settings.loss == "none") {
    const double variance = settings.known_errors ? 1 : freedom > 0 ? chi2 / freedom : INFINITY;
    return {variance, variance};
  }
  double squares = 0, slope = 0;
  for (const double value : r) {
    const auto [psi, d] = problem.influence(value);
    squares += psi * psi, slope += d;
  }
  slope = std::max(slope / static_cast<double>(r.size()), 1e-3);
  squares = freedom > 0 ? squares / freedom : INFINITY;
  return {squares / (slope * slope), squares / slope};
}

bool on_bound(double value, double bound, double start) {
  return std::isfinite(bound) && std::abs(value - bound) <= 1e-9 * std::max(std::abs(bound), std::abs(start));
}

/// Covariance of the free parameters that are not on a bound, and the condition of the scaled normal matrix.
void covariance(LeastSquares& out, const LeastSquaresProblem& problem, const RowMatrix& jacobian, const std::vector<std::size_t>& inner,
                double scale) {
  const auto m = static_cast<Eigen::Index>(inner.size());
  if (m == 0) return;
  Eigen::MatrixXd j(jacobian.rows(), m);
  Eigen::VectorXd norm(m);
  for (Eigen::Index k = 0; k < m; ++k) {
    j.col(k) = jacobian.col(static_cast<Eigen::Index>(inner[static_cast<std::size_t>(k)]));
    norm[k] = j.col(k).norm();
    if (norm[k] > 0) j.col(k) /= norm[k];
  }
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(
      j.rows() > m ? Eigen::MatrixXd(j.householderQr().matrixQR().topRows(m).triangularView<Eigen::Upper>()) : j, Eigen::ComputeFullV);
  const Eigen::VectorXd sigma = svd.singularValues();
  out.condition = std::pow(sigma[0] / std::max(sigma[m - 1], 1e-150), 2);
  const Eigen::VectorXd inverse = sigma.cwiseMax(1e-15 * sigma[0]).cwiseAbs2().cwiseInverse();
  const Eigen::MatrixXd c = scale * svd.matrixV() * inverse.asDiagonal() * svd.matrixV().transpose();
  for (Eigen::Index a = 0; a < m; ++a)
    for (Eigen::Index b = 0; b < m; ++b) {
      const std::size_t i = problem.free_index()[inner[static_cast<std::size_t>(a)]],
                        k = problem.free_index()[inner[static_cast<std::size_t>(b)]];
      const double divisor = norm[a] * norm[b];
      out.covariance(i, k) = divisor > 0 ? c(a, b) / divisor : a == b ? INFINITY : 0;
      if (a == b) out.error[i] = std::sqrt(out.covariance(i, k));
    }
}

void information_criteria(LeastSquares& out, bool known_errors) {
  const double n = out.residuals, k = out.free_parameters + (known_errors ? 0 : 1);  // an unknown variance is a parameter too
  const double deviance = known_errors ? out.chi2 : n * std::log(std::max(out.chi2, 1e-300) / n);
  out.aicc = n > k + 1 ? deviance + 2 * k + 2 * k * (k + 1) / (n - k - 1) : INFINITY;
  out.bic = deviance + k * std::log(n);
}

void profiles(LeastSquares& out, LeastSquaresProblem& problem, const std::vector<double>& p, const RowMatrix& jacobian, double rise) {
  const Eigen::MatrixXd normal = jacobian.transpose() * jacobian;
  Matrix curvature(problem.free(), problem.free());
  for (std::size_t a = 0; a < problem.free(); ++a)
    for (std::size_t b = 0; b < problem.free(); ++b) curvature(a, b) = normal(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
  out.interval.assign(out.value.size(), {NAN, NAN});
  for (std::size_t i = 0; i < out.value.size(); ++i) out.interval[i] = {out.value[i], out.value[i]};
  for (std::size_t f = 0; f < problem.free(); ++f)
    for (const double side : {-1.0, 1.0})
      out.interval[problem.free_index()[f]][side > 0 ? 1 : 0] = profile_end(problem, p, curvature, f, side, out.chi2, rise);
}

}  // namespace

LeastSquares least_squares(const std::vector<Parameter>& parameters, std::size_t residuals, const Residuals& function,
                           const LeastSquaresSettings& settings) {
  FLAGS_minloglevel = google::GLOG_FATAL;  // the solver writes to standard error otherwise
  LeastSquaresProblem problem(parameters, residuals, function, settings);
  std::vector<double> p = problem.start();
  Eigen::VectorXd s(static_cast<Eigen::Index>(residuals)), r = s;
  if (!problem.evaluate(p.data(), s.data(), nullptr))
    throw NumericalError("least squares: the residuals must be finite at the start, got one that is not");

  LeastSquares out;
  out.converged = true, out.message = "nothing to fit";
  if (problem.free() > 0) solve(problem, p, settings, out);
  out.value = problem.full(p.data());
  out.residuals = static_cast<int>(residuals), out.free_parameters = static_cast<int>(problem.free());
  out.error.assign(parameters.size(), 0);
  out.covariance = Matrix(parameters.size(), parameters.size());
  out.at_bound.assign(parameters.size(), false);

  RowMatrix jacobian(static_cast<Eigen::Index>(residuals), static_cast<Eigen::Index>(problem.free()));
  const bool finite = problem.evaluate(p.data(), s.data(), problem.free() ? jacobian.data() : nullptr);
  out.chi2 = s.squaredNorm();
  information_criteria(out, settings.known_errors);
  if (!finite) {
    out.converged = false, out.message = "did not converge: derivatives at the optimum are not finite";
    return out;
  }
  std::vector<std::size_t> inner;
  for (std::size_t f = 0; f < problem.free(); ++f) {
    const std::size_t i = problem.free_index()[f];
    out.at_bound[i] = on_bound(p[f], problem.low(f), parameters[i].start) || on_bound(p[f], problem.high(f), parameters[i].start);
    if (out.at_bound[i])
      out.error[i] = NAN;
    else
      inner.push_back(f);
  }
  RowMatrix plain = jacobian;
  problem.evaluate_plain(p.data(), r.data(), settings.loss == "none" || !problem.free() ? nullptr : plain.data());
  const Scale scale = noise_scale(problem, r, settings, out.chi2);
  covariance(out, problem, plain, inner, scale.covariance);
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (std::isinf(out.error[i])) out.message += fmt::format("; nothing depends on {} there", parameters[i].name);
  if (settings.profile) {
    const double t = student_t_quantile(0.975, settings.known_errors ? INFINITY : static_cast<double>(residuals - problem.free()));
    profiles(out, problem, p, jacobian, t * t * scale.rise);
  }
  return out;
}

}  // namespace heteroglass::numeric
