#include "numeric/lowest_modes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numeric/blas.hpp"
#include "numeric/symmetric_eigen.hpp"

namespace heteroglass::numeric {
namespace {

using Block = std::vector<double>;  ///< vectors of length n, one after the other

std::span<double> column(Block& b, std::size_t n, std::size_t k) { return std::span<double>(b).subspan(k * n, n); }

/// c (p x q, column-major) = a^T b of blocks with p and q vectors.
std::vector<double> products(std::size_t n, std::span<const double> a, std::span<const double> b) {
  const OneBlasThread one;
  const int rows = static_cast<int>(n), p = static_cast<int>(a.size() / n), q = static_cast<int>(b.size() / n);
  std::vector<double> c(static_cast<std::size_t>(p) * static_cast<std::size_t>(q));
  const double unit = 1, zero = 0;
  if (p > 0 && q > 0) dgemm_("T", "N", &p, &q, &rows, &unit, a.data(), &rows, b.data(), &rows, &zero, c.data(), &p);
  return c;
}

/// b = keep b + sign a c.
void combine(std::size_t n, std::span<const double> a, std::span<const double> c, double sign, double keep, std::span<double> b) {
  const OneBlasThread one;
  const int rows = static_cast<int>(n), p = static_cast<int>(a.size() / n), q = static_cast<int>(b.size() / n);
  if (p > 0 && q > 0) dgemm_("N", "N", &rows, &q, &p, &sign, a.data(), &rows, c.data(), &p, &keep, b.data(), &rows);
}

void orthogonalise(std::size_t n, std::span<const double> against, std::span<double> block) {
  if (against.empty()) return;
  for (int twice = 0; twice < 2; ++twice) {
    const std::vector<double> c = products(n, against, block);
    combine(n, against, c, -1, 1, block);
  }
}

/// Orthonormalises the vectors of a block within itself; a vector that vanishes is replaced by a random one orthogonal to `against`.
/// r (b x b, row-major upper): block before = block after x r.
std::vector<double> orthonormalise(std::size_t n, Block& block, std::span<const double> known, std::span<const double> against,
                                   unsigned long& seed) {
  const std::size_t b = block.size() / n;
  std::vector<double> r(b * b, 0);
  double largest = 0;
  for (std::size_t k = 0; k < b; ++k) largest = std::max(largest, std::sqrt(dot(column(block, n, k), column(block, n, k))));
  for (std::size_t k = 0; k < b; ++k) {
    const auto v = column(block, n, k);
    for (int twice = 0; twice < 2; ++twice)
      for (std::size_t j = 0; j < k; ++j) {
        const double s = dot(column(block, n, j), v);
        add_scaled(-s, column(block, n, j), v);
        r[j * b + k] += s;
      }
    double length = std::sqrt(dot(v, v));
    r[k * b + k] = length;
    if (length <= 1e-13 * largest || length == 0) {
      r[k * b + k] = 0;
      random_signs(v, ++seed + 7919);
      for (int twice = 0; twice < 2; ++twice) {
        orthogonalise(n, known, v);
        orthogonalise(n, against, v);
        for (std::size_t j = 0; j < k; ++j) add_scaled(-dot(column(block, n, j), v), column(block, n, j), v);
      }
      length = std::sqrt(dot(v, v));
    }
    for (double& x : v) x /= length;
  }
  return r;
}

/// Values and residuals of the vectors in `modes.vector` under A, sorted.
void measure(std::size_t n, const LinearMap& product, std::size_t block, LowestModes& modes) {
  const std::size_t k = modes.vector.size() / n;
  std::vector<double> value(k), residual(k);
  Block image(n * block);
  for (std::size_t from = 0; from < k; from += block) {
    const std::size_t count = std::min(block, k - from);
    product(std::span<const double>(modes.vector).subspan(from * n, count * n), std::span<double>(image).first(count * n), count);
    for (std::size_t j = 0; j < count; ++j) {
      const auto y = column(modes.vector, n, from + j), z = column(image, n, j);
      value[from + j] = dot(y, z);
      add_scaled(-value[from + j], y, z);
      residual[from + j] = std::sqrt(dot(z, z));
    }
  }
  std::vector<std::size_t> order(k);
  for (std::size_t i = 0; i < k; ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return value[a] < value[b]; });
  LowestModes sorted = modes;
  sorted.value.resize(k), sorted.residual.resize(k);
  for (std::size_t i = 0; i < k; ++i) {
    sorted.value[i] = value[order[i]], sorted.residual[i] = residual[order[i]];
    std::copy_n(modes.vector.begin() + static_cast<std::ptrdiff_t>(order[i] * n), n,
                sorted.vector.begin() + static_cast<std::ptrdiff_t>(i * n));
  }
  modes = std::move(sorted);
}

/// Of a matrix so small that all its modes cost no more than some. The known vectors are lifted out of the way.
LowestModes lowest_by_dense(std::size_t n, const LinearMap& product, std::size_t wanted, const LowestSettings& settings) {
  Matrix a(n, n);
  Block unit(n), image(n);
  double scale = 0;
  for (std::size_t k = 0; k < n; ++k) {
    std::fill(unit.begin(), unit.end(), 0);
    unit[k] = 1;
    product(unit, image, 1);
    for (std::size_t i = 0; i < n; ++i) a(i, k) = image[i];
    scale = std::max(scale, std::abs(image[k]));
  }
  const std::size_t known = settings.known.size() / n;
  const double lift = 4 * static_cast<double>(n) * scale;
  for (std::size_t v = 0; v < known; ++v)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < n; ++k) a(i, k) += lift * settings.known[v * n + i] * settings.known[v * n + k];
  const SymmetricEigen all = symmetric_eigen(std::move(a));
  LowestModes out;
  out.products = n;
  out.converged = true;
  out.vector.assign(all.vectors.values.begin(), all.vectors.values.begin() + static_cast<std::ptrdiff_t>(n * wanted));
  measure(n, product, 1, out);
  return out;
}

}  // namespace

LowestModes lowest_by_inverse(std::size_t n, const LinearMap& inverse, const LinearMap& product, const LowestSettings& settings,
                              Context& context) {
  LowestModes out;
  const std::size_t room = n - settings.known.size() / n;
  const std::size_t wanted = std::min(settings.count, room), b = std::min(settings.block, room);
  if (4 * wanted >= room || n < 64) return lowest_by_dense(n, product, wanted, settings);
  const std::size_t limit = std::min(settings.max_products ? settings.max_products : 10 * wanted + 200, room / b * b);
  unsigned long seed = settings.seed;
  Block basis, current(n * b), next(n * b);
  for (std::size_t k = 0; k < b; ++k) random_signs(column(current, n, k), seed++);
  orthogonalise(n, settings.known, current);
  orthonormalise(n, current, settings.known, {}, seed);
  std::vector<std::vector<double>> projected;  // column j of Q^T A^-1 Q, down to its own block
  std::size_t next_check = std::max(wanted + 2 * b, 3 * b);
  for (;;) {
    context.check_cancelled();
    basis.insert(basis.end(), current.begin(), current.end());
    const std::size_t m = basis.size() / n;
    inverse(current, next, b);
    out.products += b;
    orthogonalise(n, settings.known, next);
    const std::vector<double> c = products(n, basis, next);
    for (std::size_t j = 0; j < b; ++j)
      projected.emplace_back(c.begin() + static_cast<std::ptrdiff_t>(j * m), c.begin() + static_cast<std::ptrdiff_t>((j + 1) * m));
    combine(n, basis, c, -1, 1, next);
    orthogonalise(n, basis, next);
    const bool last = m + b > limit;
    std::vector<double> r;
    if (!last || m < room) r = orthonormalise(n, next, settings.known, basis, seed);
    if (m >= next_check || last) {
      Matrix t(m, m);
      for (std::size_t j = 0; j < m; ++j)
        for (std::size_t i = 0; i < projected[j].size() && i <= j; ++i) t(i, j) = t(j, i) = projected[j][i];
      const SymmetricEigen ritz = symmetric_eigen(t);
      double worst = 0;
      std::size_t good = 0;
      for (std::size_t k = 0; k < wanted; ++k) {
        const std::size_t p = m - 1 - k;
        double square = 0;
        for (std::size_t i = 0; !r.empty() && i < b; ++i) {
          double sum = 0;
          for (std::size_t j = 0; j < b; ++j) sum += r[i * b + j] * ritz.vectors(p, m - b + j);
          square += sum * sum;
        }
        const double error = std::sqrt(square) / std::abs(ritz.values[p]);
        worst = std::max(worst, error);
        good += error <= settings.tolerance;
      }
      context.progress(std::min(1.0, static_cast<double>(good) / static_cast<double>(wanted)), "lowest modes");
      if (worst <= settings.tolerance || last) {
        out.converged = worst <= settings.tolerance;
        std::vector<double> s(m * wanted);
        for (std::size_t k = 0; k < wanted; ++k)
          for (std::size_t i = 0; i < m; ++i) s[k * m + i] = ritz.vectors(m - 1 - k, i);
        out.vector.resize(n * wanted);
        combine(n, basis, s, 1, 0, out.vector);
        break;
      }
      next_check = m + std::max<std::size_t>(2 * b, m / 8);
    }
    std::swap(current, next);
  }
  basis = {};
  measure(n, product, b, out);
  return out;
}

SpectralBounds spectral_bounds(std::size_t n, const LinearMap& product, std::span<const double> known, int steps, unsigned long seed) {
  Block v(n), before(n, 0), w(n);
  random_signs(v, seed);
  project_out(known, v);
  const double length = std::sqrt(dot(v, v));
  for (double& x : v) x /= length;
  std::vector<double> alpha, beta;
  double last = 0;
  for (int k = 0; k < steps; ++k) {
    product(v, w, 1);
    project_out(known, w);
    if (k > 0) add_scaled(-last, before, w);
    alpha.push_back(dot(v, w));
    add_scaled(-alpha.back(), v, w);
    last = std::sqrt(dot(w, w));
    if (last < 1e-14 * std::abs(alpha.front()) || k + 1 == steps) break;
    beta.push_back(last);
    std::swap(before, v);
    for (std::size_t i = 0; i < n; ++i) v[i] = w[i] / last;
  }
  Matrix t(alpha.size(), alpha.size());
  for (std::size_t i = 0; i < alpha.size(); ++i) {
    t(i, i) = alpha[i];
    if (i + 1 < alpha.size()) t(i, i + 1) = t(i + 1, i) = beta[i];
  }
  const SymmetricEigen ritz = symmetric_eigen(t);
  // The residual of a Ritz value bounds its distance from an eigenvalue; at the ends of the spectrum it is far smaller than that.
  const auto widened = [&](std::size_t p) { return last * std::abs(ritz.vectors(p, alpha.size() - 1)); };
  const std::size_t top = alpha.size() - 1;
  const double width = ritz.values[top] - ritz.values[0];
  return {ritz.values[0] - widened(0), ritz.values[top] + std::max(widened(top), 1e-3 * width), ritz.values[0]};
}

LowestModes lowest_by_filter(std::size_t n, const LinearMap& product, double high, const LowestSettings& settings, Context& context) {
  LowestModes out;
  const std::size_t room = n - settings.known.size() / n;
  const std::size_t wanted = std::min(settings.count, room), size = std::min(room, wanted + std::max<std::size_t>(8, wanted / 4));
  if (4 * wanted >= room || n < 64) return lowest_by_dense(n, product, wanted, settings);
  const std::size_t limit = settings.max_products ? settings.max_products : 4000 * size;
  unsigned long seed = settings.seed;
  Block v(n * size), image(n * size), previous(n * settings.block), work(n * settings.block);
  for (std::size_t k = 0; k < size; ++k) random_signs(column(v, n, k), seed++);
  orthogonalise(n, settings.known, v);
  orthonormalise(n, v, settings.known, {}, seed);
  double cut = high / 10, lowest = 0;
  int degree = 20;
  for (;;) {
    // T_degree((2 A - high - cut) / (high - cut)), scaled to 1 at `lowest`, block by block.
    const double e = (high - cut) / 2, c = (high + cut) / 2, sigma1 = e / (lowest - c);
    for (std::size_t from = 0; from < size; from += settings.block) {
      context.check_cancelled();
      const std::size_t count = std::min(settings.block, size - from), length = count * n;
      const auto x = std::span<double>(v).subspan(from * n, length);
      double sigma = sigma1;
      std::span<double> old(previous.data(), length), now(work.data(), length);
      std::copy(x.begin(), x.end(), old.begin());
      product(x, now, count);
      for (std::size_t i = 0; i < length; ++i) now[i] = (now[i] - c * x[i]) * sigma1 / e;
      for (int d = 2; d <= degree; ++d) {
        const double next = 1 / (2 / sigma1 - sigma);
        product(now, x, count);
        for (std::size_t i = 0; i < length; ++i) x[i] = 2 * next / e * (x[i] - c * now[i]) - sigma * next * old[i];
        std::copy(now.begin(), now.end(), old.begin());
        std::copy(x.begin(), x.end(), now.begin());
        sigma = next;
      }
      out.products += count * static_cast<std::size_t>(degree);
    }
    orthogonalise(n, settings.known, v);
    orthonormalise(n, v, settings.known, {}, seed);
    for (std::size_t from = 0; from < size; from += settings.block) {
      const std::size_t count = std::min(settings.block, size - from);
      product(std::span<const double>(v).subspan(from * n, count * n), std::span<double>(image).subspan(from * n, count * n), count);
      out.products += count;
    }
    const std::vector<double> h = products(n, v, image);
    Matrix t(size, size);
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j < size; ++j) t(i, j) = (h[j * size + i] + h[i * size + j]) / 2;
    const SymmetricEigen ritz = symmetric_eigen(t);
    Block rotated(n * size), rotated_image(n * size);
    combine(n, v, ritz.vectors.values, 1, 0, rotated);  // row p of vectors = column p of the coefficients
    combine(n, image, ritz.vectors.values, 1, 0, rotated_image);
    v.swap(rotated);
    double worst = 0;
    std::size_t good = 0;
    const double scale = std::max(std::abs(ritz.values[wanted - 1]), 1e-12 * high);
    for (std::size_t k = 0; k < wanted; ++k) {
      const auto r = column(rotated_image, n, k);
      add_scaled(-ritz.values[k], column(v, n, k), r);
      const double error = std::sqrt(dot(r, r)) / scale;
      worst = std::max(worst, error);
      good += error <= settings.tolerance;
    }
    context.progress(static_cast<double>(good) / static_cast<double>(wanted), "lowest modes");
    if (worst <= settings.tolerance || out.products > limit) {
      out.converged = worst <= settings.tolerance;
      v.resize(n * wanted);
      out.vector = std::move(v);
      break;
    }
    lowest = ritz.values[0];
    cut = std::min(ritz.values[size - 1], high / 3);
    // Deep enough to damp the unwanted tenfold a step beyond the gap, shallow enough not to lose the small in rounding.
    degree = static_cast<int>(std::clamp(2.5 * std::sqrt(high / std::max(cut - lowest, 1e-6 * high)), 20.0, 300.0));
  }
  measure(n, product, settings.block, out);
  return out;
}

}  // namespace heteroglass::numeric
