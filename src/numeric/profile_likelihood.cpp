#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "numeric/least_squares_problem.hpp"

namespace heteroglass::numeric {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

/// Sum of squares, half gradient and normal matrix at a point.
struct Local {
  double value = 0;
  Vector gradient;
  Eigen::MatrixXd normal;
};

class Profile {
 public:
  Profile(LeastSquaresProblem& problem, std::span<const double> best, std::size_t f, double minimum, double rise)
      : problem_(problem), best_(Eigen::Map<const Vector>(best.data(), index(best.size()))), f_(index(f)), minimum_(minimum), rise_(rise) {}

  /// Venzon and Moolgavkar: parameter and nuisances move together to the end of the interval. False when it does not settle.
  bool newton(double side, const Eigen::MatrixXd& curvature, double& end) {
    Vector p = best_ + step(curvature, Vector::Zero(best_.size()), side * standard(curvature), f_mask(best_));
    clamp(p);
    for (int i = 0; i < 15; ++i) {
      Local at;
      if (!local(p, at)) return false;
      const std::vector<bool> frozen = active(p, at.gradient);
      const Vector relax = step(at.normal, at.gradient, 0, frozen);  // nuisances to their best at this value of the parameter
      const double gain = -at.gradient.dot(relax), miss = at.value - gain - minimum_ - rise_;
      if (std::abs(miss) < 2e-3 * rise_ && gain < 2e-3 * rise_) {
        end = p[f_];
        return side * (end - best_[f_]) > 0;
      }
      const Vector direction = step(at.normal, Vector::Zero(p.size()), 1, frozen);  // change of all per unit of the parameter
      const double slope = 2 * at.gradient.dot(direction) + 2 * relax.dot(at.normal * direction),
                   bend = direction.dot(at.normal * direction);
      const double root = slope * slope / 4 - bend * miss;
      double move = root > 0 ? (-slope / 2 + side * std::sqrt(root)) / bend : -slope / (2 * bend);
      const double distance = std::abs(p[f_] - best_[f_]);
      move = std::clamp(move, -0.7 * distance, 2 * distance);
      if (side < 0) move = std::clamp(move, -2 * distance, 0.7 * distance);
      p += relax + move * direction;
      clamp(p);
      if (side * (p[f_] - best_[f_]) <= 0) return false;
      if (at_limit(p, side) && below_at(p)) {
        end = p[f_];
        return true;
      }
    }
    return false;
  }

  /// Brackets the end by doubling steps and halves, with a damped descent over the nuisances at each value.
  double bisection(double side, const Eigen::MatrixXd& curvature) {
    const double limit = side > 0 ? problem_.high(static_cast<std::size_t>(f_)) : problem_.low(static_cast<std::size_t>(f_));
    const double unit = standard(curvature);
    double inside = best_[f_], outside = INFINITY * side;
    Vector p = best_;
    for (double width = unit; !std::isfinite(outside); width *= 2) {
      if (!std::isfinite(width) || width > 1e4 * unit) return side * INFINITY;
      double trial = best_[f_] + side * width;
      const bool last = side * (trial - limit) >= 0;
      if (last) trial = limit;
      Vector q = p;
      q[f_] = trial;
      if (descend(q) - minimum_ < rise_) {
        inside = trial, p = q;
        if (last) return limit;
      } else {
        outside = trial;
      }
    }
    for (int i = 0; i < 12 && std::abs(outside - inside) > 2e-3 * unit; ++i) {
      Vector q = p;
      q[f_] = (inside + outside) / 2;
      if (descend(q) - minimum_ < rise_)
        inside = q[f_], p = q;
      else
        outside = q[f_];
    }
    return (inside + outside) / 2;
  }

 private:
  bool local(const Vector& p, Local& out) {
    Vector s(index(problem_.residuals()));
    RowMatrix j(s.size(), p.size());
    if (!problem_.evaluate(p.data(), s.data(), j.data())) return false;
    out.value = s.squaredNorm();
    out.gradient = j.transpose() * s;
    out.normal = j.transpose() * j;
    return true;
  }

  void clamp(Vector& p) const {
    for (Eigen::Index k = 0; k < p.size(); ++k) {
      const auto u = static_cast<std::size_t>(k);
      p[k] = std::clamp(p[k], problem_.low(u), problem_.high(u));
    }
  }
  bool at_limit(const Vector& p, double side) const {
    const auto u = static_cast<std::size_t>(f_);
    return p[f_] == (side > 0 ? problem_.high(u) : problem_.low(u));
  }
  bool below_at(const Vector& p) {
    Vector q = p;
    return descend(q) - minimum_ < rise_;
  }

  std::vector<bool> f_mask(const Vector& p) const { return active(p, Vector::Zero(p.size())); }
  /// The parameter itself, and nuisances held by a bound.
  std::vector<bool> active(const Vector& p, const Vector& gradient) const {
    std::vector<bool> held(static_cast<std::size_t>(p.size()));
    for (std::size_t u = 0; u < held.size(); ++u) {
      const double g = gradient[index(u)], v = p[index(u)];
      held[u] = index(u) == f_ || (v <= problem_.low(u) && g >= 0) || (v >= problem_.high(u) && g <= 0);
    }
    return held;
  }

  /// Change of all parameters when the profiled one moves by `move` and the rest go to the minimum of the quadratic model.
  Vector step(const Eigen::MatrixXd& normal, const Vector& gradient, double move, const std::vector<bool>& held) const {
    std::vector<Eigen::Index> rest;
    for (std::size_t u = 0; u < held.size(); ++u)
      if (!held[u]) rest.push_back(index(u));
    Vector out = Vector::Zero(gradient.size());
    out[f_] = move;
    if (rest.empty()) return out;
    const Vector scale = normal(rest, rest).diagonal().cwiseMax(1e-300).cwiseSqrt();
    Eigen::MatrixXd a = scale.cwiseInverse().asDiagonal() * normal(rest, rest) * scale.cwiseInverse().asDiagonal();
    a.diagonal().array() += 1e-14;
    const Vector b = -(gradient(rest) + move * normal(rest, f_));
    out(rest) = scale.cwiseInverse().asDiagonal() * a.ldlt().solve(scale.cwiseInverse().asDiagonal() * b);
    return out;
  }

  /// Distance at which the quadratic model of the profile has risen by `rise`.
  double standard(const Eigen::MatrixXd& curvature) const {
    const Vector direction = step(curvature, Vector::Zero(best_.size()), 1, f_mask(best_));
    return std::sqrt(rise_ / std::max(direction.dot(curvature * direction), 1e-300));
  }

  /// Moves the nuisances to their best; returns the sum of squares reached.
  double descend(Vector& p) {
    clamp(p);
    return active_set_descent(problem_, p.data(), f_, 1e-4 * rise_, 60).value;
  }

  LeastSquaresProblem& problem_;
  Vector best_;
  Eigen::Index f_;
  double minimum_, rise_;
};

}  // namespace

double profile_end(LeastSquaresProblem& problem, std::span<const double> best, const Matrix& curvature, std::size_t f, double side,
                   double minimum, double rise) {
  const auto n = index(best.size());
  const Eigen::MatrixXd normal = Eigen::Map<const RowMatrix>(curvature.values.data(), n, n);
  const double limit = side > 0 ? problem.high(f) : problem.low(f);
  if (best[f] == limit) return limit;
  if (!std::isfinite(rise) || rise <= 0) return rise <= 0 ? best[f] : side * INFINITY;
  Profile profile(problem, best, f, minimum, rise);
  double end = 0;
  if (profile.newton(side, normal, end)) return end;
  return profile.bisection(side, normal);
}

}  // namespace heteroglass::numeric
