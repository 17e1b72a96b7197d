#include "numeric/spectral_density.hpp"

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "numeric/blas.hpp"

namespace heteroglass::numeric {

Matrix chebyshev_moments(std::size_t n, const LinearMap& product, double low, double high, std::size_t moments, std::size_t vectors,
                         std::span<const double> known, unsigned long seed, Context& context) {
  const double half = (high - low) / 2, middle = (high + low) / 2;
  Matrix mu(vectors, moments);
  constexpr std::size_t together = 8;  // a product with eight vectors costs little more than with one
  std::vector<double> start, old, now, image;
  for (std::size_t from = 0; from < vectors; from += together) {
    const std::size_t count = std::min(together, vectors - from), length = count * n;
    const auto part = [n](std::vector<double>& v, std::size_t k) { return std::span<double>(v).subspan(k * n, n); };
    old.resize(length), now.resize(length), image.resize(length);
    for (std::size_t k = 0; k < count; ++k) {
      random_signs(part(old, k), seed + 1000003 * (from + k));
      project_out(known, part(old, k));
      const double length_k = std::sqrt(dot(part(old, k), part(old, k)));
      for (double& x : part(old, k)) x /= length_k;
    }
    product(old, image, count);
    const auto scaled = [&](std::ptrdiff_t i) {
      return (image[static_cast<std::size_t>(i)] - middle * now[static_cast<std::size_t>(i)]) / half;
    };
    now = old;
#pragma omp parallel for schedule(static)
    for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(length); ++i) image[static_cast<std::size_t>(i)] = scaled(i);
    std::swap(now, image);
    // old = T_m v, now = T_{m+1} v: mu_2m = 2 <old|old> - mu_0, mu_2m+1 = 2 <old|now> - mu_1
    for (std::size_t k = 0; k < count; ++k) mu(from + k, 0) = 1;
    for (std::size_t k = 0; k < count && moments > 1; ++k) mu(from + k, 1) = dot(part(old, k), part(now, k));
    for (std::size_t m = 1; 2 * m < moments; ++m) {
      context.check_cancelled();
      context.progress(
          (static_cast<double>(from) + static_cast<double>(count) * 2 * static_cast<double>(m) / static_cast<double>(moments)) /
              static_cast<double>(vectors),
          "moments of the density of states");
      product(now, image, count);
#pragma omp parallel for schedule(static)
      for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(length); ++i) {
        const auto j = static_cast<std::size_t>(i);
        image[j] = 2 * scaled(i) - old[j];
      }
      std::swap(old, now);
      std::swap(now, image);
      for (std::size_t k = 0; k < count; ++k) {
        mu(from + k, 2 * m) = 2 * dot(part(old, k), part(old, k)) - 1;
        if (2 * m + 1 < moments) mu(from + k, 2 * m + 1) = 2 * dot(part(old, k), part(now, k)) - mu(from + k, 1);
        if (std::abs(mu(from + k, 2 * m)) > 1.1)
          throw NumericalError(
              "kernel polynomials: all eigenvalues must lie inside the bounds; more Lanczos steps for the bounds are needed");
      }
    }
  }
  return mu;
}

std::vector<double> jackson(std::size_t moments) {
  std::vector<double> g(moments);
  const double m = static_cast<double>(moments) + 1, q = std::numbers::pi / m;
  for (std::size_t k = 0; k < moments; ++k) {
    const auto n = static_cast<double>(k);
    g[k] = ((m - n) * std::cos(q * n) + std::sin(q * n) / std::tan(q)) / m;
  }
  return g;
}

double chebyshev_density(std::span<const double> mu, std::span<const double> weights, double phi) {
  const double theta = std::numbers::pi - phi;
  double sum = mu[0] * weights[0];
  for (std::size_t m = 1; m < mu.size(); ++m) sum += 2 * weights[m] * mu[m] * std::cos(static_cast<double>(m) * theta);
  return sum / std::numbers::pi;
}

namespace {

Quadrature golub_welsch(std::vector<double> alpha, std::vector<double> beta, double norm2) {
  const int n = static_cast<int>(alpha.size());
  Quadrature q;
  if (n == 0 || norm2 == 0) return q;
  const OneBlasThread one;
  std::vector<double> z(alpha.size() * alpha.size()), work(2 * alpha.size());
  beta.resize(alpha.size());
  int info = 0;
  dstev_("V", &n, alpha.data(), beta.data(), z.data(), &n, work.data(), &info);
  if (info != 0) throw NumericalError("Lanczos quadrature: eigenvalues did not converge");
  q.node = alpha;
  for (std::size_t k = 0; k < alpha.size(); ++k) q.weight.push_back(norm2 * z[k * alpha.size()] * z[k * alpha.size()]);
  return q;
}

}  // namespace

std::vector<Quadrature> lanczos_quadrature(std::size_t n, const LinearMap& product, std::span<const double> start,
                                           std::span<const double> known, int steps, Context& context) {
  const std::size_t m = start.size() / n;
  const auto part = [n](std::vector<double>& v, std::size_t k) { return std::span<double>(v).subspan(k * n, n); };
  std::vector<double> now(start.begin(), start.end()), before(start.size(), 0), image(start.size()), norm2(m), last(m, 0);
  std::vector<std::vector<double>> alpha(m), beta(m);
  std::vector<char> ended(m, 0);
  for (std::size_t k = 0; k < m; ++k) {
    project_out(known, part(now, k));
    norm2[k] = dot(part(now, k), part(now, k));
    ended[k] = norm2[k] == 0;
    for (double& x : part(now, k)) x /= norm2[k] > 0 ? std::sqrt(norm2[k]) : 1;
  }
  for (int s = 0; s < steps; ++s) {
    context.check_cancelled();
    context.progress(static_cast<double>(s) / steps, "Lanczos recursion");
    product(now, image, m);
    for (std::size_t k = 0; k < m; ++k) {
      if (ended[k]) continue;
      const auto w = part(image, k), v = part(now, k), u = part(before, k);
      project_out(known, w);
      add_scaled(-last[k], u, w);
      alpha[k].push_back(dot(v, w));
      add_scaled(-alpha[k].back(), v, w);
      last[k] = std::sqrt(dot(w, w));
      if (last[k] <= 1e-12 * std::abs(alpha[k].front()) || s + 1 == steps) {
        ended[k] = 1;
        continue;
      }
      beta[k].push_back(last[k]);
      for (std::size_t i = 0; i < n; ++i) u[i] = v[i], v[i] = w[i] / last[k];
    }
  }
  std::vector<Quadrature> out;
  for (std::size_t k = 0; k < m; ++k) out.push_back(golub_welsch(alpha[k], beta[k], norm2[k]));
  return out;
}

}  // namespace heteroglass::numeric
