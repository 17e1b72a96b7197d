#include "numeric/map_levelling.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

double median(std::vector<double>& v) {
  const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  if (v.size() % 2) return *middle;
  return (*middle + *std::max_element(v.begin(), middle)) / 2;
}

/// Orthogonal polynomials on [-1, 1] keep the normal equations well conditioned.
void legendre(double t, int degree, std::vector<double>& p) {
  p.resize(static_cast<std::size_t>(degree) + 1);
  p[0] = 1;
  if (degree > 0) p[1] = t;
  for (std::size_t n = 2; n < p.size(); ++n) {
    const auto m = static_cast<double>(n);
    p[n] = ((2 * m - 1) * t * p[n - 1] - (m - 1) * p[n - 2]) / m;
  }
}

/// Solves A x = b for a symmetric positive matrix (n, n), in place; false when it is singular.
bool solve(std::vector<double>& a, std::vector<double>& b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    const double before = a[i * n + i];
    for (std::size_t k = 0; k < i; ++k) a[i * n + i] -= a[i * n + k] * a[i * n + k];
    if (!(a[i * n + i] > 1e-12 * before)) return false;
    a[i * n + i] = std::sqrt(a[i * n + i]);
    for (std::size_t j = i + 1; j < n; ++j) {
      for (std::size_t k = 0; k < i; ++k) a[j * n + i] -= a[j * n + k] * a[i * n + k];
      a[j * n + i] /= a[i * n + i];
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
  return true;
}

double unit(std::size_t i, std::size_t n) { return n > 1 ? 2 * static_cast<double>(i) / static_cast<double>(n - 1) - 1 : 0; }

/// Least squares on `terms(i)`, the values of the basis at pixel i; subtracts the fit from the pixels i0 .. i1.
template <class Terms> void subtract_fit(std::vector<double>& v, std::size_t i0, std::size_t i1, std::size_t basis, Terms terms) {
  std::vector<double> a(basis * basis, 0), b(basis, 0), t(basis);
  std::size_t pixels = 0;
  for (std::size_t i = i0; i < i1; ++i) {
    if (!std::isfinite(v[i])) continue;
    terms(i, t);
    ++pixels;
    for (std::size_t j = 0; j < basis; ++j) {
      b[j] += t[j] * v[i];
      for (std::size_t k = 0; k <= j; ++k) a[j * basis + k] += t[j] * t[k];
    }
  }
  if (pixels == 0) return;
  if (pixels < basis || !solve(a, b))
    throw InputError(fmt::format("levelling: {} pixels must determine a polynomial of {} terms, and do not", pixels, basis));
  for (std::size_t i = i0; i < i1; ++i) {
    if (!std::isfinite(v[i])) continue;
    terms(i, t);
    for (std::size_t j = 0; j < basis; ++j) v[i] -= b[j] * t[j];
  }
}

void polynomial(const MapView& map, std::vector<double>& v, int degree) {
  std::vector<std::vector<double>> px(map.width), py(map.height);
  for (std::size_t x = 0; x < map.width; ++x) legendre(unit(x, map.width), degree, px[x]);
  for (std::size_t y = 0; y < map.height; ++y) legendre(unit(y, map.height), degree, py[y]);
  const auto d = static_cast<std::size_t>(degree);
  subtract_fit(v, 0, v.size(), (d + 1) * (d + 2) / 2, [&](std::size_t i, std::vector<double>& t) {
    const auto &x = px[i % map.width], &y = py[i / map.width];
    for (std::size_t total = 0, n = 0; total <= d; ++total)
      for (std::size_t m = 0; m <= total; ++m) t[n++] = x[total - m] * y[m];
  });
}

void line_fits(const MapView& map, std::vector<double>& v, int degree) {
  std::vector<std::vector<double>> px(map.width);
  for (std::size_t x = 0; x < map.width; ++x) legendre(unit(x, map.width), degree, px[x]);
  for (std::size_t y = 0; y < map.height; ++y)
    subtract_fit(v, y * map.width, (y + 1) * map.width, static_cast<std::size_t>(degree) + 1,
                 [&](std::size_t i, std::vector<double>& t) { t = px[i % map.width]; });
}

void lines(const MapView& map, std::vector<double>& v) {
  std::vector<double> row;
  for (std::size_t y = 0; y < map.height; ++y) {
    row.clear();
    for (std::size_t x = 0; x < map.width; ++x)
      if (std::isfinite(v[y * map.width + x])) row.push_back(v[y * map.width + x]);
    if (row.empty()) continue;
    const double m = median(row);
    for (std::size_t x = 0; x < map.width; ++x) v[y * map.width + x] -= m;
  }
}

void steps(const MapView& map, std::vector<double>& v) {
  std::vector<double> difference;
  for (std::size_t y = 1; y < map.height; ++y) {
    difference.clear();
    for (std::size_t x = 0; x < map.width; ++x) {
      const double d = v[y * map.width + x] - v[(y - 1) * map.width + x];
      if (std::isfinite(d)) difference.push_back(d);
    }
    if (difference.empty()) continue;
    const double m = median(difference);
    for (std::size_t x = 0; x < map.width; ++x) v[y * map.width + x] -= m;
  }
}

}  // namespace

const std::vector<std::string>& levelling_names() {
  static const std::vector<std::string> names = {"none", "plane", "parabola", "lines", "line-fits", "steps"};
  return names;
}

std::vector<double> levelled(const MapView& map, Levelling how, int degree) {
  if (degree < 0 || degree > 6) throw InputError(fmt::format("levelling: the degree must be from 0 to 6, got {}", degree));
  std::vector<double> v(map.values.begin(), map.values.end());
  switch (how) {
    case Levelling::none:
      break;
    case Levelling::polynomial:
      polynomial(map, v, degree);
      break;
    case Levelling::lines:
      lines(map, v);
      break;
    case Levelling::line_fits:
      line_fits(map, v, degree);
      break;
    case Levelling::steps:
      steps(map, v);
      break;
  }
  return v;
}

std::vector<double> levelled(const MapView& map, const std::string& name) {
  if (name == "none") return levelled(map, Levelling::none);
  if (name == "plane") return levelled(map, Levelling::polynomial, 1);
  if (name == "parabola") return levelled(map, Levelling::polynomial, 2);
  if (name == "lines") return levelled(map, Levelling::lines);
  if (name == "line-fits") return levelled(map, Levelling::line_fits, 1);
  if (name == "steps") return levelled(map, Levelling::steps);
  throw InputError(fmt::format("levelling: must be one of {}, got '{}'", fmt::join(levelling_names(), ", "), name));
}

}  // namespace heteroglass::numeric
