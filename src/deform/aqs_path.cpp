#include "deform/aqs_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace heteroglass::deform {
namespace {

struct Slope {
  double value = NAN, error = NAN;
};

/// Least squares of y in the columns, and of their coefficients the sum with the weights g: Gram-Schmidt, then R^T z = g gives z.(Q^T y).
Slope combination(std::vector<std::vector<double>> columns, std::vector<double> g, std::span<const double> y) {
  const auto dot = [](std::span<const double> a, std::span<const double> b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  };
  std::vector<double> rest(y.begin(), y.end());
  Slope s{0, 0};
  double variance = 0;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    std::vector<double>& q = columns[k];
    const double length = std::sqrt(dot(q, q));
    for (double& v : q) v /= length;
    const double z = g[k] / length, along = dot(q, rest);
    s.value += z * along, variance += z * z;
    for (std::size_t i = 0; i < q.size(); ++i) rest[i] -= along * q[i];
    for (std::size_t l = k + 1; l < columns.size(); ++l) {
      const double r = dot(q, columns[l]);
      for (std::size_t i = 0; i < q.size(); ++i) columns[l][i] -= r * q[i];
      g[l] -= r * z;
    }
  }
  if (y.size() > columns.size()) variance *= dot(rest, rest) / double(y.size() - columns.size());
  s.error = y.size() > columns.size() ? std::sqrt(variance) : NAN;
  return s;
}

/// Slope at x = 0 of a + b x + c x^2; with a drop at x_c of a + b x + (c + d u) sqrt(u), u = 1 - x / x_c. `last`: with c x^2, or d u.
Slope slope_at_zero(std::span<const double> x, std::span<const double> y, std::optional<double> drop, bool last = true) {
  std::vector<std::vector<double>> columns = {std::vector<double>(x.size(), 1), {x.begin(), x.end()}};
  std::vector<double> g = {0, 1};
  const auto add = [&](double slope, auto&& of) {
    g.push_back(slope), columns.emplace_back();
    for (const double v : x) columns.back().push_back(of(v));
  };
  if (drop) add(-0.5 / *drop, [&](double v) { return std::sqrt(std::max(0.0, 1 - v / *drop)); });
  if (drop && last) add(-1.5 / *drop, [&](double v) { return std::pow(std::max(0.0, 1 - v / *drop), 1.5); });
  if (!drop && last) add(0, [](double v) { return v * v; });
  return combination(std::move(columns), std::move(g), y);
}

/// The error is the larger of that of the fit and the change when the second half of the points, or the last term where these are few, is left out.
Slope judged_slope(std::span<const double> x, std::span<const double> y, std::optional<double> drop) {
  const std::size_t n = x.size(), half = (n + 1) / 2, least = drop ? 5 : 4;
  if (n < least) return {};
  Slope s = slope_at_zero(x, y, drop);
  const double other = half >= least ? slope_at_zero(x.first(half), y.first(half), drop).value : slope_at_zero(x, y, drop, false).value;
  s.error = std::max(std::isfinite(s.error) ? s.error : 0, std::abs(s.value - other));
  return s;
}

}  // namespace

std::vector<double> straight_path(double end, double step) {
  const auto n = std::max(1L, std::lround(std::ceil(std::abs(end) / step - 1e-9)));
  std::vector<double> path;
  for (long k = 0; k < n; ++k) path.push_back(std::copysign(double(k) * step, end));
  path.push_back(end);
  path.front() = 0;
  return path;
}

std::vector<double> cyclic_path(double amplitude, double step, int cycles) {
  const auto n = std::max(1L, std::lround(std::ceil(amplitude / step - 1e-9)));
  std::vector<double> path = {0};
  const auto leg = [&](long from, long to) {
    for (long k = from; k != to;) k += to > from ? 1 : -1, path.push_back(amplitude * double(k) / double(n));
  };
  for (int c = 0; c < cycles; ++c) leg(0, n), leg(n, -n), leg(-n, 0);
  return path;
}

std::size_t nearest(const std::vector<double>& path, double strain) {
  const auto at =
      std::min_element(path.begin(), path.end(), [&](double a, double b) { return std::abs(a - strain) < std::abs(b - strain); });
  return static_cast<std::size_t>(at - path.begin());
}

Measured initial_slope(std::span<const double> strain, std::span<const double> stress, std::size_t end, std::optional<double> drop) {
  std::size_t n = 0;
  while (n < std::min(end, strain.size()) && (n < 5 || std::abs(strain[n]) <= 1e-3 * (1 + 1e-9))) {
    if (n > 0 && std::abs(strain[n]) < std::abs(strain[n - 1])) break;  // turned round
    ++n;
  }
  if (n < 4) return {NAN, NAN, fmt::format("a parabola needs 4 points before the first drop, got {}", n)};
  const auto x = strain.first(n), y = stress.first(n);
  const Slope plain = judged_slope(x, y, {}), bent = drop && *drop * x.back() > 0 ? judged_slope(x, y, drop) : Slope{};
  const bool root = bent.error < plain.error;
  const Slope& best = root ? bent : plain;
  return {best.value, best.error,
          fmt::format("{} through {} points up to a strain of {:.2g}", root ? "line and root of the way to the drop" : "parabola", n,
                      x.back())};
}

}  // namespace heteroglass::deform
