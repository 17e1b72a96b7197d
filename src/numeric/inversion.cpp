#include "numeric/inversion.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/error.hpp"
#include "numeric/nonnegative.hpp"

namespace heteroglass::numeric {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Dense = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

Matrix plain(const Rows& a) {
  Matrix out(static_cast<std::size_t>(a.rows()), static_cast<std::size_t>(a.cols()));
  out.values.assign(a.data(), a.data() + a.size());
  return out;
}

/// Second differences, (smooth - 2, unknowns).
Rows differences(const LinearProblem& p) {
  const auto m = static_cast<Eigen::Index>(p.a.columns), k = static_cast<Eigen::Index>(p.smooth);
  const double scale = std::pow(p.step, -1.5);  // second derivative, squared and summed with weight step
  Rows d = Rows::Zero(std::max<Eigen::Index>(k - 2, 0), m);
  for (Eigen::Index i = 0; i + 2 < k; ++i) d(i, i) = scale, d(i, i + 1) = -2 * scale, d(i, i + 2) = scale;
  return d;
}

class Problem {
 public:
  explicit Problem(const LinearProblem& p) : d(differences(p)) {
    a = Eigen::Map<const Rows>(p.a.values.data(), static_cast<Eigen::Index>(p.a.rows), static_cast<Eigen::Index>(p.a.columns));
    b = Eigen::Map<const Vector>(p.b.data(), static_cast<Eigen::Index>(p.b.size()));
    normal = a.transpose() * a, penalty = d.transpose() * d, right = a.transpose() * b;
    // Rounding of the normal matrix: below it no smoothing can be told from none.
    normal.diagonal().array() += 1e-15 * normal.trace();
  }
  Dense matrix(double lambda) const { return normal + lambda * penalty; }
  /// Makes the prior as rough as the solution is, place by place: second differences are divided by their local size, which is that of
  /// the solution x and its uncertainty at this lambda, averaged over `width`.
  void adapt(const Vector& x, double lambda, double variance, double width) {
    const Eigen::LLT<Dense> llt(matrix(lambda));
    const Dense solved = llt.matrixL().solve(Dense(plain_d.transpose()));
    const Vector second = plain_d * x;
    const Eigen::Index n = d.rows();
    Vector size(n);
    for (Eigen::Index i = 0; i < n; ++i) size[i] = second[i] * second[i] + variance * solved.col(i).squaredNorm();
    double mean = 0;
    Vector local(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      double sum = 0, weights = 0;
      for (Eigen::Index j = 0; j < n; ++j) {
        const double z = static_cast<double>(i - j) / width, w = std::exp(-z * z / 2);
        sum += w * size[j], weights += w;
      }
      local[i] = sum / weights, mean += std::log(local[i]) / static_cast<double>(n);
    }
    for (Eigen::Index i = 0; i < n; ++i) d.row(i) = plain_d.row(i) * std::exp((mean - std::log(local[i])) / 2);
    penalty = d.transpose() * d;
  }
  double rank() const { return static_cast<double>(d.rows()); }
  double null() const { return static_cast<double>(normal.rows() - d.rows()); }

  Rows d, a, plain_d = d;
  Vector b, right;
  Dense normal, penalty;
};

constexpr double finest = 1e-4;  // relative error

struct Trial {
  double lambda = 0, minus_two_ln_evidence = 0, gcv = 0, variance = 0, misfit = 0, roughness = 0;
};

Trial evaluate(const Problem& p, double lambda, bool with_gcv) {
  Trial t;
  t.lambda = lambda;
  const Eigen::LLT<Dense> llt(p.matrix(lambda));
  const Vector x = llt.solve(p.right);
  const auto n = static_cast<double>(p.b.size());
  t.misfit = (p.a * x - p.b).squaredNorm(), t.roughness = (p.d * x).squaredNorm();
  // Rows are divided by the size of the data: no measurement, and no grid, is better than `finest`.
  const double objective = t.misfit + lambda * t.roughness + finest * finest * p.b.squaredNorm();
  const double freedom = n - p.null();
  t.variance = objective / freedom;
  t.minus_two_ln_evidence =
      freedom * std::log(objective) + 2 * llt.matrixLLT().diagonal().array().log().sum() - p.rank() * std::log(lambda);
  if (!with_gcv) return t;
  const auto trace = static_cast<double>(x.size()) - lambda * llt.solve(p.penalty).trace();
  t.gcv = n * t.misfit / std::pow(n - trace, 2);
  return t;
}

/// Place of the largest curvature of the L-curve.
std::size_t corner(const std::vector<Trial>& t) {
  std::size_t best = 1;
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i + 1 < t.size(); ++i) {
    const auto u = [&](std::size_t k) { return std::log(std::max(t[k].misfit, 1e-300)); };
    const auto v = [&](std::size_t k) { return std::log(std::max(t[k].roughness, 1e-300)); };
    const double du = (u(i + 1) - u(i - 1)) / 2, dv = (v(i + 1) - v(i - 1)) / 2;
    const double ddu = u(i + 1) - 2 * u(i) + u(i - 1), ddv = v(i + 1) - 2 * v(i) + v(i - 1);
    const double curvature = (du * ddv - dv * ddu) / std::pow(du * du + dv * dv + 1e-12, 1.5);
    if (curvature > most) most = curvature, best = i;
  }
  return best;
}

std::vector<Trial> trials(const Problem& p, bool with_gcv) {
  const double scale = p.normal.trace() / std::max(p.penalty.trace(), 1e-300);
  constexpr int per_decade = 2, decades_down = 12, decades_up = 6;
  std::vector<Trial> list((decades_down + decades_up) * per_decade + 1);
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < static_cast<int>(list.size()); ++i)
    list[static_cast<std::size_t>(i)] = evaluate(p, scale * std::pow(10.0, static_cast<double>(i) / per_decade - decades_down), with_gcv);
  return list;
}

/// A value for which chance has it that values x_i weigh w_i.
std::size_t pick(const std::vector<double>& cumulative, double chance) {
  const auto at = std::upper_bound(cumulative.begin(), cumulative.end(), chance * cumulative.back());
  return static_cast<std::size_t>(std::min<std::ptrdiff_t>(at - cumulative.begin(), std::ptrdiff_t(cumulative.size()) - 1));
}

void sample(const Problem& p, const std::vector<Trial>& list, const std::vector<double>& cumulative, const InversionSettings& s,
            Inversion& out) {
  const auto m = static_cast<std::size_t>(p.normal.rows());
  const auto freedom = static_cast<double>(p.b.size()) - p.null();
  Matrix drawn(static_cast<std::size_t>(s.samples), m);
#pragma omp parallel for schedule(dynamic)
  for (int draw = 0; draw < s.samples; ++draw) {
    std::mt19937_64 random(s.seed * 1000003 + static_cast<std::uint64_t>(draw));
    std::normal_distribution<double> normal;
    std::gamma_distribution<double> gamma(std::max(freedom, 1.0) / 2, 2);
    const double chance = static_cast<double>(random() >> 11) * 0x1p-53;
    const Trial& t = list[pick(cumulative, chance)];
    const double sigma = std::sqrt(t.variance * freedom / gamma(random));
    Vector noise(p.b.size()), prior(p.d.rows());
    for (double& v : noise) v = sigma * normal(random);
    for (double& v : prior) v = sigma * std::sqrt(t.lambda) * normal(random);
    const Vector right = p.right + p.a.transpose() * noise + p.d.transpose() * prior;
    const Rows h = p.matrix(t.lambda);
    const std::vector<double> g(right.data(), right.data() + right.size());
    const NonNegative solved = nonnegative_quadratic(plain(h), g, out.free);
    std::copy(solved.x.begin(), solved.x.end(), drawn.values.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(draw) * m));
  }
  out.error.assign(m, NAN), out.low.assign(m, NAN), out.high.assign(m, NAN);
  if (s.samples < 2) return;
  const auto n = static_cast<double>(s.samples);
  for (std::size_t j = 0; j < m; ++j) {
    std::vector<double> column;
    double sum = 0, square = 0;
    for (std::size_t i = 0; i < drawn.rows; ++i) column.push_back(drawn(i, j)), sum += drawn(i, j);
    for (double v : column) square += std::pow(v - sum / n, 2);
    std::sort(column.begin(), column.end());
    const auto quantile = [&](double q) { return column[static_cast<std::size_t>(std::lround(q * (n - 1)))]; };
    out.error[j] = std::sqrt(square / (n - 1)), out.low[j] = quantile(0.025), out.high[j] = quantile(0.975);
  }
  out.samples = std::move(drawn);
}

}  // namespace

Matrix roughness(const LinearProblem& problem) {
  const Rows d = differences(problem);
  return plain(d.transpose() * d);
}

Inversion invert(const LinearProblem& problem, const InversionSettings& s) {
  Problem p(problem);
  Inversion out;
  constexpr int rounds = 5;
  std::vector<Trial> list;
  for (int round = 0;; ++round) {
    list = s.choice == "fixed" ? std::vector<Trial>{evaluate(p, s.lambda, false)} : trials(p, s.choice == "gcv");
    if (!s.adaptive || round == rounds || p.d.rows() < 5) break;
    const Trial& t = *std::min_element(list.begin(), list.end(),
                                       [](const Trial& a, const Trial& b) { return a.minus_two_ln_evidence < b.minus_two_ln_evidence; });
    const Rows h = p.matrix(t.lambda);
    const NonNegative x = nonnegative_quadratic(plain(h), std::vector<double>(p.right.data(), p.right.data() + p.right.size()));
    p.adapt(Eigen::Map<const Vector>(x.x.data(), static_cast<Eigen::Index>(x.x.size())), t.lambda, t.variance, s.width / problem.step);
  }
  std::size_t best = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool better = s.choice == "gcv" ? list[i].gcv < list[best].gcv : list[i].minus_two_ln_evidence < list[best].minus_two_ln_evidence;
    if (better) best = i;
  }
  double least = std::numeric_limits<double>::infinity();
  for (const Trial& t : list) least = std::min(least, t.minus_two_ln_evidence);
  if (s.choice == "l-curve") best = corner(list);
  out.lambda = list[best].lambda;
  out.lambda_at_end = list.size() > 1 && (best == 0 || best + 1 == list.size());

  // Where the user or another rule chose lambda, it is held; only the evidence gives it a distribution.
  std::vector<double> cumulative;
  double total = 0, mean = 0, square = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const double weight = s.choice == "evidence" ? std::exp(-(list[i].minus_two_ln_evidence - least) / 2) : i == best ? 1 : 0;
    out.lambda_grid.push_back(list[i].lambda), out.ln_evidence.push_back(-(list[i].minus_two_ln_evidence - least) / 2);
    total += weight, mean += weight * std::log(list[i].lambda), square += weight * std::pow(std::log(list[i].lambda), 2);
    cumulative.push_back(total);
  }
  mean /= total, square /= total;
  out.ln_lambda_error = s.choice == "evidence" ? std::sqrt(std::max(square - mean * mean, 0.0)) : NAN;
  if (s.choice == "evidence") out.lambda = std::exp(mean);

  const Dense h = p.matrix(out.lambda);
  const NonNegative solved = nonnegative_quadratic(plain(h), std::vector<double>(p.right.data(), p.right.data() + p.right.size()));
  out.x = solved.x, out.free = solved.free;
  const Eigen::LLT<Dense> llt(h);
  const Dense resolution = llt.solve(p.normal);
  out.degrees = resolution.trace();
  for (Eigen::Index j = 0; j < static_cast<Eigen::Index>(problem.smooth); ++j)
    out.resolution.push_back(problem.step / std::clamp(resolution(j, j), 1e-12, 1.0));
  const Vector x = Eigen::Map<const Vector>(out.x.data(), static_cast<Eigen::Index>(out.x.size()));
  const auto n = static_cast<double>(p.b.size());
  out.noise = std::sqrt((p.a * x - p.b).squaredNorm() / std::max(n - std::min(out.degrees, n - 1), 1.0));
  sample(p, list, cumulative, s, out);
  return out;
}

}  // namespace heteroglass::numeric
