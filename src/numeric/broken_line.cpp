#include "numeric/broken_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "numeric/covariance_factor.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::numeric {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Data {
  std::vector<double> x, y, weight;
  double low = 0, width = 1;  ///< x is scaled to [0, 1]
};

/// Coefficients c, s, d_k for given kinks, and chi^2.
std::vector<double> linear(const Data& d, const std::vector<double>& kinks, double& chi2) {
  const std::size_t m = 2 + kinks.size();
  const auto basis = [&](double x, std::size_t j) { return j == 0 ? 1 : j == 1 ? x : std::max(x - kinks[j - 2], 0.0); };
  Matrix h(m, m);
  std::vector<double> g(m, 0);
  for (std::size_t i = 0; i < d.x.size(); ++i) {
    const double w = d.weight[i] * d.weight[i];
    for (std::size_t a = 0; a < m; ++a) {
      g[a] += w * basis(d.x[i], a) * d.y[i];
      for (std::size_t b = 0; b <= a; ++b) h(a, b) += w * basis(d.x[i], a) * basis(d.x[i], b);
    }
  }
  for (std::size_t a = 0; a < m; ++a) h(a, a) *= 1 + 1e-12;
  std::vector<double> c = CovarianceFactor(h).solve(g);
  chi2 = 0;
  for (std::size_t i = 0; i < d.x.size(); ++i) {
    double r = d.y[i];
    for (std::size_t a = 0; a < m; ++a) r -= c[a] * basis(d.x[i], a);
    chi2 += std::pow(d.weight[i] * r, 2);
  }
  return c;
}

/// Best kinks among the middles between points.
std::vector<double> searched(const Data& d, std::size_t count, std::size_t least) {
  const std::size_t n = d.x.size();
  std::vector<double> best;
  double lowest = infinity;
  const auto middle = [&](std::size_t i) { return (d.x[i - 1] + d.x[i]) / 2; };
  const auto consider = [&](const std::vector<double>& kinks) {
    double chi2 = 0;
    linear(d, kinks, chi2);
    if (chi2 < lowest) lowest = chi2, best = kinks;
  };
  for (std::size_t i = least; i + least <= n; ++i) {
    if (count == 1) consider({middle(i)});
    for (std::size_t j = i + least; count == 2 && j + least <= n; ++j) consider({middle(i), middle(j)});
  }
  return best;
}

LeastSquares refined(const Data& d, const std::vector<double>& kinks) {
  double chi2 = 0;
  const std::vector<double> c = linear(d, kinks, chi2);
  std::vector<Parameter> p = {{"c", c[0]}, {"s", c[1]}};
  for (std::size_t j = 0; j < kinks.size(); ++j) p.push_back({"d", c[2 + j]});
  for (double k : kinks) p.push_back({"kink", k, d.x[1], d.x[d.x.size() - 2]});
  const std::size_t m = kinks.size();
  LeastSquaresSettings settings;
  settings.analytic = true;
  return least_squares(
      p, d.x.size(),
      [&](std::span<const double> q, std::span<double> r, double* jacobian) {
        for (std::size_t i = 0; i < d.x.size(); ++i) {
          double value = q[0] + q[1] * d.x[i];
          for (std::size_t j = 0; j < m; ++j) value += q[2 + j] * std::max(d.x[i] - q[2 + m + j], 0.0);
          r[i] = d.weight[i] * (value - d.y[i]);
          if (!jacobian) continue;
          double* row = jacobian + i * p.size();
          row[0] = d.weight[i], row[1] = d.weight[i] * d.x[i];
          for (std::size_t j = 0; j < m; ++j) {
            const bool beyond = d.x[i] > q[2 + m + j];
            row[2 + j] = beyond ? d.weight[i] * (d.x[i] - q[2 + m + j]) : 0;
            row[2 + m + j] = beyond ? -d.weight[i] * q[2 + j] : 0;
          }
        }
      },
      settings);
}

double corrected(double chi2, double n, double p, double floor) {
  return n - p - 1 > 0 ? n * std::log(std::max(chi2, floor) / n) + 2 * p + 2 * p * (p + 1) / (n - p - 1) : infinity;
}

BrokenLine result(const Data& d, const LeastSquares& f, std::size_t kinks) {
  BrokenLine out;
  double slope = f.value[1], slope_variance = f.covariance(1, 1);
  out.slope.push_back({slope / d.width, std::sqrt(std::max(slope_variance, 0.0)) / d.width, "least squares"});
  for (std::size_t j = 0; j < kinks; ++j) {
    slope += f.value[2 + j];
    for (std::size_t i = 1; i <= 2 + j; ++i) slope_variance += (i == 2 + j ? 1 : 2) * f.covariance(i, 2 + j);
    out.slope.push_back({slope / d.width, std::sqrt(std::max(slope_variance, 0.0)) / d.width, "least squares"});
    out.kink.push_back({d.low + d.width * f.value[2 + kinks + j], d.width * f.error[2 + kinks + j], "least squares"});
  }
  out.intercept = f.value[0] - f.value[1] * d.low / d.width;
  out.chi2 = f.chi2;
  return out;
}

}  // namespace

double BrokenLine::at(double x) const {
  double y = intercept + slope[0].value * x;
  for (std::size_t k = 0; k < kink.size(); ++k) y += (slope[k + 1].value - slope[k].value) * std::max(x - kink[k].value, 0.0);
  return y;
}

BrokenLine broken_line(std::span<const double> x, std::span<const double> y, std::span<const double> error, const BrokenLineSettings& s) {
  if (x.size() < 3) throw NumericalError(fmt::format("line with kinks: must have at least 3 points, got {}", x.size()));
  Data d;
  d.low = x.front(), d.width = x.back() - x.front();
  double square = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    d.x.push_back((x[i] - d.low) / d.width), d.y.push_back(y[i]);
    d.weight.push_back(error.empty() ? 1 : 1 / error[i]);
    square += std::pow(d.weight[i] * y[i], 2);
  }
  const auto n = static_cast<double>(x.size());
  BrokenLine best;
  std::vector<double> aicc;
  for (std::size_t kinks = 0; kinks <= std::min<std::size_t>(s.most, 2); ++kinks) {
    if ((kinks + 1) * s.least > x.size() || static_cast<double>(2 + 2 * kinks) >= n) break;
    const std::vector<double> places = kinks == 0 ? std::vector<double>{} : searched(d, kinks, s.least);
    const LeastSquares f = refined(d, places);
    aicc.push_back(corrected(f.chi2, n, static_cast<double>(2 + 2 * kinks), 1e-24 * square));
    if (kinks == 0 || aicc.back() < *std::min_element(aicc.begin(), aicc.end() - 1) - s.gain) best = result(d, f, kinks);
  }
  best.aicc = aicc;
  return best;
}

}  // namespace heteroglass::numeric
