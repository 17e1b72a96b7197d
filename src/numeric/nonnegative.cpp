#include "numeric/nonnegative.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Map = Eigen::Map<const Rows>;
using Vector = Eigen::VectorXd;

Map map(const Matrix& a) { return {a.values.data(), static_cast<Eigen::Index>(a.rows), static_cast<Eigen::Index>(a.columns)}; }

std::vector<Eigen::Index> where(const std::vector<bool>& flags) {
  std::vector<Eigen::Index> out;
  for (std::size_t i = 0; i < flags.size(); ++i)
    if (flags[i]) out.push_back(static_cast<Eigen::Index>(i));
  return out;
}

/// Minimum over the free unknowns, the others zero.
Vector solve_free(const Map& h, const Vector& g, const std::vector<bool>& free) {
  const std::vector<Eigen::Index> index = where(free);
  Vector x = Vector::Zero(g.size());
  if (index.empty()) return x;
  const Eigen::MatrixXd block = h(index, index);
  const Eigen::LLT<Eigen::MatrixXd> llt(block);
  if (llt.info() != Eigen::Success) throw NumericalError("non-negative solution: the normal matrix must be positive definite, and is not");
  const Vector part = g(index), solved = llt.solve(part);
  x(index) = solved;
  return x;
}

/// Newton steps in the unknowns that are not held, bent at the walls; always descends, so that it cannot cycle.
/// Bertsekas, SIAM J. Control Optim. 20, 221 (1982), doi:10.1137/0320018.
Vector projected_newton(const Map& h, const Vector& g, Vector x, std::vector<bool>& free) {
  const auto value = [&](const Vector& v) { return v.dot(h * v) / 2 - g.dot(v); };
  double f = value(x);
  for (int step = 0; step < 200; ++step) {
    const Vector gradient = h * x - g;
    for (std::size_t i = 0; i < free.size(); ++i) {
      const auto k = static_cast<Eigen::Index>(i);
      free[i] = x[k] > 0 || gradient[k] < 0;
    }
    const std::vector<Eigen::Index> index = where(free);
    if (index.empty()) break;
    const Eigen::MatrixXd block = h(index, index);
    const Eigen::LLT<Eigen::MatrixXd> llt(block);
    if (llt.info() != Eigen::Success)
      throw NumericalError("non-negative solution: the normal matrix must be positive definite, and is not");
    const Vector part = gradient(index), solved = llt.solve(part);
    Vector direction = Vector::Zero(x.size());
    direction(index) = solved;
    double gain = 0;
    for (int halvings = 0; halvings < 30; ++halvings) {
      const double length = std::ldexp(1, -halvings);
      const Vector next = (x - length * direction).cwiseMax(0);
      gain = f - value(next);
      if (gain <= 0) continue;
      x = next, f -= gain;
      break;
    }
    if (gain <= 1e-11 * std::abs(f)) break;
  }
  return x;
}

}  // namespace

NonNegative nonnegative_quadratic(const Matrix& matrix, std::span<const double> right, const std::vector<bool>& start) {
  const Map h = map(matrix);
  const Vector g = Eigen::Map<const Vector>(right.data(), static_cast<Eigen::Index>(right.size()));
  const std::size_t n = right.size();
  std::vector<bool> free = start.empty() ? std::vector<bool>(n, true) : start;
  std::size_t fewest = n + 1;
  int patience = 4;
  Vector x;
  for (;;) {
    x = solve_free(h, g, free);
    const Vector gradient = h * x - g;
    const double largest = x.cwiseAbs().maxCoeff();  // what rounding leaves is not wrong
    std::vector<std::size_t> wrong;
    for (std::size_t i = 0; i < n; ++i) {
      const auto k = static_cast<Eigen::Index>(i);
      if (free[i] ? x[k] < -1e-11 * largest : gradient[k] < -1e-9 * h(k, k) * largest) wrong.push_back(i);
    }
    if (wrong.empty()) break;
    if (wrong.size() < fewest) {
      fewest = wrong.size(), patience = 4;
    } else if (--patience < 0) {
      x = projected_newton(h, g, x.cwiseMax(0), free);
      break;
    }
    for (std::size_t i : wrong) free[i] = !free[i];
  }
  NonNegative out{{x.data(), x.data() + x.size()}, std::move(free)};
  for (double& v : out.x) v = std::max(v, 0.0);
  return out;
}

std::vector<double> nonnegative_least_squares(const Matrix& matrix, std::span<const double> right) {
  const Map a = map(matrix);
  const Vector b = Eigen::Map<const Vector>(right.data(), static_cast<Eigen::Index>(right.size()));
  const Eigen::Index n = a.cols();
  std::vector<bool> free(static_cast<std::size_t>(n), false), barred(static_cast<std::size_t>(n), false);
  Vector x = Vector::Zero(n);
  const double tolerance = 1e-12 * (a.transpose() * b).cwiseAbs().maxCoeff();
  for (int round = 0; round < 3 * n; ++round) {
    const Vector w = a.transpose() * (b - a * x);
    Eigen::Index best = -1;
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto k = static_cast<std::size_t>(i);
      if (!free[k] && !barred[k] && w[i] > tolerance && (best < 0 || w[i] > w[best])) best = i;
    }
    if (best < 0) break;
    free[static_cast<std::size_t>(best)] = true;
    for (;;) {
      const std::vector<Eigen::Index> index = where(free);
      const Eigen::MatrixXd block = a(Eigen::all, index);
      const Vector s = block.colPivHouseholderQr().solve(b);
      double step = 1;
      bool inside = true;
      for (std::size_t j = 0; j < index.size(); ++j) {
        const auto k = static_cast<Eigen::Index>(j);
        if (s[k] > 0) continue;
        inside = false;
        const double span = x[index[j]] - s[k];
        step = span > 0 ? std::min(step, x[index[j]] / span) : 0;
      }
      if (inside) {
        x.setZero();
        x(index) = s;
        std::fill(barred.begin(), barred.end(), false);
        break;
      }
      for (std::size_t j = 0; j < index.size(); ++j) {
        double& value = x[index[j]];
        value += step * (s[static_cast<Eigen::Index>(j)] - value);
        if (value <= 1e-300) value = 0, free[static_cast<std::size_t>(index[j])] = false;
      }
      if (!free[static_cast<std::size_t>(best)]) barred[static_cast<std::size_t>(best)] = true;  // rounding: it cannot enter now
      if (where(free).empty()) break;
    }
  }
  return {x.data(), x.data() + n};
}

}  // namespace heteroglass::numeric
