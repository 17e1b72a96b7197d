#include "numeric/least_squares_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::numeric {

LeastSquaresProblem::LeastSquaresProblem(const std::vector<Parameter>& parameters, std::size_t residuals, const Residuals& function,
                                         const LeastSquaresSettings& settings)
    : parameters_(parameters), residuals_(residuals), function_(function), settings_(settings) {
  static const std::vector<std::string> losses = {"none", "soft-l1", "cauchy", "huber"};
  if (std::find(losses.begin(), losses.end(), settings.loss) == losses.end())
    throw InputError(fmt::format("least squares: loss must be none, soft-l1, cauchy or huber, got {}", settings.loss));
  if (!(settings.loss_scale > 0)) throw InputError(fmt::format("least squares: loss scale must be positive, got {}", settings.loss_scale));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& p = parameters[i];
    if (!std::isfinite(p.start)) throw NumericalError(fmt::format("{}: start value must be finite, got {}", p.name, p.start));
    if (p.fixed) continue;
    if (!(p.low < p.high)) throw InputError(fmt::format("{}: bounds must be in ascending order, got {} and {}", p.name, p.low, p.high));
    free_.push_back(i);
  }
  if (residuals < free_.size())
    throw NumericalError(
        fmt::format("least squares: needs at least as many residuals as free parameters ({}), got {}", free_.size(), residuals));
  plus_.resize(residuals), minus_.resize(residuals);
}

std::vector<double> LeastSquaresProblem::start() const {
  std::vector<double> p;
  for (const std::size_t i : free_) p.push_back(std::clamp(parameters_[i].start, parameters_[i].low, parameters_[i].high));
  return p;
}

std::vector<double> LeastSquaresProblem::full(const double* p) const {
  std::vector<double> all;
  for (const Parameter& q : parameters_) all.push_back(q.start);
  for (std::size_t f = 0; f < free_.size(); ++f) all[free_[f]] = p[f];
  return all;
}

double LeastSquaresProblem::rho(double x, double& first, double& second) const {
  if (settings_.loss == "soft-l1") {
    const double root = std::sqrt(1 + x);
    first = 1 / root, second = -0.5 / (root * root * root);
    return 2 * x / (root + 1);
  }
  if (settings_.loss == "cauchy") {
    first = 1 / (1 + x), second = -first * first;
    return std::log1p(x);
  }
  if (settings_.loss == "huber" && x > 1) {
    const double root = std::sqrt(x);
    first = 1 / root, second = -0.5 / (x * root);
    return 2 * root - 1;
  }
  first = 1, second = 0;
  return x;
}

LeastSquaresProblem::Influence LeastSquaresProblem::influence(double r) const {
  const double x = r * r / (settings_.loss_scale * settings_.loss_scale);
  double first = 1, second = 0;
  rho(x, first, second);
  return {r * first, first + 2 * x * second};
}

bool LeastSquaresProblem::differences(const double* p, double* jacobian) {
  const std::size_t m = free_.size();
  for (std::size_t f = 0; f < m; ++f) {
    const Parameter& q = parameters_[free_[f]];
    const double range = std::isfinite(q.high - q.low) ? 1e-3 * (q.high - q.low) : 0;
    double size = std::max(std::abs(p[f]), std::min(std::abs(q.start), range > 0 ? range : INFINITY));
    if (size == 0) size = range > 0 ? range : 1;
    const double step = 6.1e-6 * size;  // cube root of the rounding error
    const double up = std::min(p[f] + step, q.high), down = std::max(p[f] - step, q.low);
    const auto at = [&](double value, std::vector<double>& r) {
      point_ = full(p);
      point_[free_[f]] = value;
      function_(point_, r, nullptr);
    };
    at(up, plus_), at(down, minus_);
    for (std::size_t i = 0; i < residuals_; ++i) jacobian[i * m + f] = (plus_[i] - minus_[i]) / (up - down);
  }
  return true;
}

bool LeastSquaresProblem::evaluate_plain(const double* p, double* r, double* jacobian) {
  const std::size_t m = free_.size();
  const auto finite = [](double v) { return std::isfinite(v); };
  if (!std::all_of(p, p + m, finite)) return false;  // a solver's step may leap out of the numbers
  point_ = full(p);
  const bool given = jacobian && settings_.analytic;
  if (given) all_jacobian_.assign(residuals_ * parameters_.size(), 0);
  function_(point_, std::span(r, residuals_), given ? all_jacobian_.data() : nullptr);
  if (given)
    for (std::size_t i = 0; i < residuals_; ++i)
      for (std::size_t f = 0; f < m; ++f) jacobian[i * m + f] = all_jacobian_[i * parameters_.size() + free_[f]];
  else if (jacobian)
    differences(p, jacobian);
  return std::all_of(r, r + residuals_, finite) && (!jacobian || std::all_of(jacobian, jacobian + residuals_ * m, finite));
}

bool LeastSquaresProblem::evaluate(const double* p, double* s, double* jacobian) {
  if (!evaluate_plain(p, s, jacobian)) return false;
  if (settings_.loss == "none") return true;
  const std::size_t m = free_.size();
  const double scale = settings_.loss_scale;
  for (std::size_t i = 0; i < residuals_; ++i) {
    const double r = s[i] / scale;
    double first = 1, second = 0;
    const double root = std::sqrt(rho(r * r, first, second));
    s[i] = std::copysign(scale * root, r);
    if (!jacobian) continue;
    const double slope = root > 0 ? std::abs(r) * first / root : 1;
    for (std::size_t f = 0; f < m; ++f) jacobian[i * m + f] *= slope;
  }
  return true;
}

}  // namespace heteroglass::numeric
