#include "links/linear_classifier.hpp"

#include <algorithm>
#include <cmath>

namespace heteroglass::links {
namespace {

/// Solves A x = b for a symmetric positive definite A (n x n, row-major) by Cholesky decomposition.
std::vector<double> solved(std::vector<double> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double s = a[i * n + j];
      for (std::size_t k = 0; k < j; ++k) s -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i == j ? std::sqrt(std::max(s, 1e-300)) : s / a[j * n + j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
  return b;
}

void standardise(const std::vector<const double*>& rows, LinearClassifier& c) {
  const auto n = static_cast<double>(rows.size());
  for (std::size_t k = 0; k < c.mean.size(); ++k) {
    double sum = 0, squares = 0;
    for (const double* r : rows) sum += r[k];
    c.mean[k] = sum / n;
    for (const double* r : rows) squares += (r[k] - c.mean[k]) * (r[k] - c.mean[k]);
    const double sd = std::sqrt(squares / n);
    c.scale[k] = sd > 1e-12 * (1 + std::abs(c.mean[k])) ? 1 / sd : 0;
  }
}

}  // namespace

double LinearClassifier::score(std::span<const double> features) const {
  double s = bias, length = 0;
  for (std::size_t k = 0; k < weight.size(); ++k) s += weight[k] * (features[k] - mean[k]) * scale[k], length += weight[k] * weight[k];
  return length > 0 ? s / std::sqrt(length) : 0;
}

LinearClassifier train(const std::vector<const double*>& rows, std::size_t features, const std::vector<char>& positive, double ridge) {
  LinearClassifier c;
  c.mean.resize(features), c.scale.resize(features), c.weight.assign(features, 0);
  standardise(rows, c);
  const auto of_positive = static_cast<double>(std::count(positive.begin(), positive.end(), char{1}));
  const double each_positive = 0.5 / of_positive, each_negative = 0.5 / (static_cast<double>(rows.size()) - of_positive);
  const std::size_t n = features + 1;  // the bias comes last
  std::vector<double> z(n, 1);
  for (int iteration = 0; iteration < 50 && !c.converged; ++iteration) {
    std::vector<double> gradient(n, 0), hessian(n * n, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double s = c.bias;
      for (std::size_t k = 0; k < features; ++k) z[k] = (rows[i][k] - c.mean[k]) * c.scale[k], s += c.weight[k] * z[k];
      const double p = 1 / (1 + std::exp(-s)), w = positive[i] ? each_positive : each_negative;
      const double g = w * (p - (positive[i] ? 1 : 0)), h = w * p * (1 - p);
      for (std::size_t a = 0; a < n; ++a) {
        gradient[a] += g * z[a];
        for (std::size_t b = 0; b <= a; ++b) hessian[a * n + b] += h * z[a] * z[b];
      }
    }
    for (std::size_t a = 0; a < n; ++a) hessian[a * n + a] += (a < features ? ridge : 0) + 1e-10;
    for (std::size_t a = 0; a < features; ++a) gradient[a] += ridge * c.weight[a];
    const std::vector<double> step = solved(std::move(hessian), gradient);
    double most = 0;
    for (const double s : step) most = std::max(most, std::abs(s));
    const double shorten = most > 2 ? 2 / most : 1;  // far from the minimum a full step may overshoot
    for (std::size_t k = 0; k < features; ++k) c.weight[k] -= shorten * step[k];
    c.bias -= shorten * step[features];
    c.converged = most < 1e-8;
  }
  return c;
}

}  // namespace heteroglass::links
