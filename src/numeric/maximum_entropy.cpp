#include "numeric/maximum_entropy.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Dense = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

struct Optimum {
  Vector x;
  Dense hessian;  ///< in x
  double misfit = 0, objective = 0, minus_two_ln_evidence = 0;
};

class Problem {
 public:
  Problem(const LinearProblem& p, std::span<const double> standard) {
    a = Eigen::Map<const Rows>(p.a.values.data(), static_cast<Eigen::Index>(p.a.rows), static_cast<Eigen::Index>(p.a.columns));
    b = Eigen::Map<const Vector>(p.b.data(), static_cast<Eigen::Index>(p.b.size()));
    m = Eigen::Map<const Vector>(standard.data(), static_cast<Eigen::Index>(standard.size()));
    normal = a.transpose() * a;
  }

  double objective(const Vector& x, double lambda) const {
    const double entropy = (x.array() - m.array() - x.array() * (x.array() / m.array()).log()).sum();
    return (a * x - b).squaredNorm() / 2 - lambda * entropy;
  }

  /// Newton steps in x, taken in ln x where they are long.
  Optimum optimum(Vector x, double lambda) const {
    double value = objective(x, lambda);
    Optimum o;
    for (int step = 0; step < 200; ++step) {
      const Vector gradient = a.transpose() * (a * x - b) + lambda * (x.array() / m.array()).log().matrix();
      o.hessian = normal;
      o.hessian.diagonal().array() += lambda / x.array();
      const Vector delta = -o.hessian.llt().solve(gradient);
      const double decrement = -gradient.dot(delta);
      if (decrement < 1e-10 * (1 + std::abs(value))) break;
      bool better = false;
      for (int halvings = 0; halvings < 20 && !better; ++halvings) {
        const double length = std::ldexp(1, -halvings);
        const Vector next = (x.array() * (length * delta.array() / x.array()).max(-3.0).min(3.0).exp()).max(1e-30).matrix();
        const double trial = objective(next, lambda);
        if (trial < value) x = next, value = trial, better = true;
      }
      if (!better) break;
    }
    o.x = x, o.misfit = (a * x - b).squaredNorm(), o.objective = 2 * value;
    o.hessian = normal;
    o.hessian.diagonal().array() += lambda / x.array();
    // ln |I + X^1/2 A^T A X^1/2 / lambda|
    const Vector root = x.cwiseSqrt();
    Dense inner = root.asDiagonal() * normal * root.asDiagonal() / lambda;
    inner.diagonal().array() += 1;
    const double determinant = 2 * inner.llt().matrixLLT().diagonal().array().log().sum();
    o.minus_two_ln_evidence = static_cast<double>(b.size()) * std::log(std::max(o.objective, 1e-24 * b.squaredNorm())) + determinant;
    return o;
  }

  Rows a;
  Vector b, m;
  Dense normal;
};

}  // namespace

Inversion maximum_entropy(const LinearProblem& problem, std::span<const double> standard, const InversionSettings& s) {
  const Problem p(problem, standard);
  Inversion out;
  Optimum best;
  best.minus_two_ln_evidence = std::numeric_limits<double>::infinity();
  const double scale = p.b.squaredNorm() / std::max(p.m.sum(), 1e-300);
  std::vector<double> grid;
  if (s.choice == "fixed") {
    grid = {s.lambda};
  } else {
    for (int i = 0; i <= 27; ++i) grid.push_back(scale * std::pow(10.0, -static_cast<double>(i) / 3));
  }
  Vector x = p.m;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) {  // from smooth to rough, each started at the one before
    const Optimum o = p.optimum(x, grid[i]);
    x = o.x;
    out.lambda_grid.push_back(grid[i]), out.ln_evidence.push_back(-o.minus_two_ln_evidence / 2);
    if (o.minus_two_ln_evidence < best.minus_two_ln_evidence) best = o, chosen = i;
    if (o.minus_two_ln_evidence > best.minus_two_ln_evidence + 60) break;
  }
  double total = 0, mean = 0, square = 0;
  for (double& e : out.ln_evidence) e += best.minus_two_ln_evidence / 2;
  for (std::size_t i = 0; i < out.ln_evidence.size(); ++i) {
    const double w = std::exp(out.ln_evidence[i]), l = std::log(grid[i]);
    total += w, mean += w * l, square += w * l * l;
  }
  out.lambda = grid[chosen], out.lambda_at_end = s.choice != "fixed" && (chosen == 0 || chosen + 1 == grid.size());
  out.ln_lambda_error = s.choice == "fixed" ? NAN : std::sqrt(std::max(square / total - mean * mean / (total * total), 0.0));

  const auto m = static_cast<std::size_t>(best.x.size());
  const Eigen::LLT<Dense> llt(best.hessian);
  const Dense resolution = llt.solve(p.normal);
  const auto n = static_cast<double>(p.b.size());
  out.degrees = resolution.trace();
  out.noise = std::sqrt(best.misfit / std::max(n - std::min(out.degrees, n - 1), 1.0));
  out.x.assign(best.x.data(), best.x.data() + m), out.free.assign(m, true);
  for (std::size_t j = 0; j < problem.smooth; ++j) {
    const auto k = static_cast<Eigen::Index>(j);
    out.resolution.push_back(problem.step / std::clamp(resolution(k, k), 1e-12, 1.0));
  }
  Matrix drawn(static_cast<std::size_t>(s.samples), m);
  for (std::size_t draw = 0; draw < drawn.rows; ++draw) {
    std::mt19937_64 random(s.seed * 1000003 + draw);
    std::normal_distribution<double> normal;
    Vector unit(static_cast<Eigen::Index>(m));
    for (double& v : unit) v = out.noise * normal(random);
    const Vector delta = llt.matrixU().solve(unit);
    for (std::size_t j = 0; j < m; ++j) {
      const auto k = static_cast<Eigen::Index>(j);
      const double root = std::sqrt(best.x[k]);
      drawn(draw, j) = std::pow(root + delta[k] / (2 * root), 2);
    }
  }
  out.error.assign(m, NAN), out.low.assign(m, NAN), out.high.assign(m, NAN);
  for (std::size_t j = 0; j < m && drawn.rows >= 2; ++j) {
    std::vector<double> column;
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < drawn.rows; ++i) column.push_back(drawn(i, j)), sum += drawn(i, j);
    const auto count = static_cast<double>(column.size());
    for (double v : column) squares += std::pow(v - sum / count, 2);
    std::sort(column.begin(), column.end());
    const auto quantile = [&](double q) { return column[static_cast<std::size_t>(std::lround(q * (count - 1)))]; };
    out.error[j] = std::sqrt(squares / (count - 1)), out.low[j] = quantile(0.025), out.high[j] = quantile(0.975);
  }
  out.samples = std::move(drawn);
  return out;
}

}  // namespace heteroglass::numeric
