// The chain of n masses and springs with fixed ends is the second-difference matrix: diagonal 2, beside it -1,
//     lambda_k = 2 - 2 cos(k pi / (n + 1)),   y_k(j) = sqrt(2/(n+1)) sin(j k pi / (n + 1)),   k = 1 .. n.
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <numbers>

#include "numeric/cholesky.hpp"
#include "numeric/conjugate_gradients.hpp"
#include "numeric/lowest_modes.hpp"
#include "numeric/spectral_density.hpp"
#include "numeric/symmetric_eigen.hpp"

namespace heteroglass::numeric {
namespace {

constexpr double pi = std::numbers::pi;
double chain_value(std::size_t k, std::size_t n) { return 2 - 2 * std::cos(static_cast<double>(k) * pi / (static_cast<double>(n) + 1)); }

SparseLower chain(std::size_t n) {
  SparseLower a{n, {0}, {}, {}};
  for (std::size_t c = 0; c < n; ++c) {
    a.row.push_back(static_cast<std::int64_t>(c)), a.value.push_back(2);
    if (c + 1 < n) a.row.push_back(static_cast<std::int64_t>(c + 1)), a.value.push_back(-1);
    a.start.push_back(static_cast<std::int64_t>(a.row.size()));
  }
  return a;
}

LinearMap map_of(const SparseLower& a) {
  return [&a](std::span<const double> x, std::span<double> y, std::size_t vectors) { a.multiply(x, y, vectors); };
}

/// A grid of l x l masses: sums of two chain values, nearly all of them twice.
SparseLower grid(std::size_t l) {
  SparseLower a{l * l, {0}, {}, {}};
  for (std::size_t c = 0; c < l * l; ++c) {
    a.row.push_back(static_cast<std::int64_t>(c)), a.value.push_back(4);
    if (c % l + 1 < l) a.row.push_back(static_cast<std::int64_t>(c + 1)), a.value.push_back(-1);
    if (c + l < l * l) a.row.push_back(static_cast<std::int64_t>(c + l)), a.value.push_back(-1);
    a.start.push_back(static_cast<std::int64_t>(a.row.size()));
  }
  return a;
}

std::vector<double> grid_values(std::size_t l) {
  std::vector<double> v;
  for (std::size_t i = 1; i <= l; ++i)
    for (std::size_t j = 1; j <= l; ++j) v.push_back(chain_value(i, l) + chain_value(j, l));
  std::sort(v.begin(), v.end());
  return v;
}

TEST(SymmetricEigen, ChainIsTheClosedForm) {
  const std::size_t n = 40;
  Matrix a(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    a(i, i) = 2;
    if (i > 0) a(i, i - 1) = -1;
  }
  const SymmetricEigen e = symmetric_eigen(a);
  for (std::size_t k = 0; k < n; ++k) {
    EXPECT_NEAR(e.values[k], chain_value(k + 1, n), 1e-13);
    const double sign = e.vectors(k, 0) > 0 ? 1 : -1;
    for (std::size_t j = 0; j < n; ++j)
      EXPECT_NEAR(sign * e.vectors(k, j), std::sqrt(2.0 / 41) * std::sin(static_cast<double>((j + 1) * (k + 1)) * pi / 41), 1e-11);
  }
}

TEST(Cholesky, SparseAndDenseSolveTheChain) {
  const std::size_t n = 60;
  const SparseLower a = chain(n);
  Matrix full(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    full(i, i) = 2;
    if (i > 0) full(i, i - 1) = -1;
  }
  std::vector<double> b(2 * n, 0), x(2 * n), y(2 * n), back(2 * n);
  b[3] = 1, b[n + 40] = -2;
  const auto sparse = sparse_cholesky(a), dense = dense_cholesky(full);
  ASSERT_TRUE(sparse && dense);
  sparse->solve(b, x, 2);
  dense->solve(b, y, 2);
  a.multiply(x, back, 2);
  for (std::size_t i = 0; i < 2 * n; ++i) {
    EXPECT_NEAR(x[i], y[i], 1e-11);
    EXPECT_NEAR(back[i], b[i], 1e-11);
  }
}

TEST(Cholesky, NegativeModeHasNoFactor) {
  const std::size_t n = 30;
  const double lowest = chain_value(1, n);
  EXPECT_EQ(sparse_cholesky(chain(n), -1.01 * lowest), nullptr);
  EXPECT_NE(sparse_cholesky(chain(n), -0.99 * lowest), nullptr);
  Matrix a(2, 2);
  a(0, 0) = 1, a(1, 0) = 2, a(1, 1) = 1;
  EXPECT_EQ(dense_cholesky(a), nullptr);
}

TEST(LowestModes, InverseAndFilterFindDegenerateModesOfAGrid) {
  const std::size_t l = 24, n = l * l;
  const SparseLower a = grid(l);
  const std::vector<double> truth = grid_values(l);
  const auto factor = sparse_cholesky(a, 1e-3);
  const LinearMap inverse = [&](auto x, auto y, std::size_t m) { factor->solve(x, y, m); };
  const LowestModes one = lowest_by_inverse(n, inverse, map_of(a), {.count = 30});
  const SpectralBounds bounds = spectral_bounds(n, map_of(a));
  EXPECT_GE(bounds.high, truth.back());
  EXPECT_LT(bounds.high, 1.1 * truth.back());
  const LowestModes two = lowest_by_filter(n, map_of(a), bounds.high, {.count = 30, .tolerance = 1e-7});
  ASSERT_TRUE(one.converged && two.converged);
  for (std::size_t k = 0; k < 30; ++k) {
    EXPECT_NEAR(one.value[k], truth[k], 1e-10) << k;
    EXPECT_NEAR(two.value[k], truth[k], 1e-10) << k;
    EXPECT_LT(one.residual[k], 1e-6);
    for (std::size_t j = 0; j <= k; ++j) {
      const auto vector = [&](const LowestModes& m, std::size_t p) { return std::span<const double>(m.vector).subspan(p * n, n); };
      EXPECT_NEAR(dot(vector(one, j), vector(one, k)), j == k, 1e-10);
      EXPECT_NEAR(dot(vector(two, j), vector(two, k)), j == k, 1e-10);
    }
  }
}

TEST(LowestModes, KnownVectorsAreLeftOutAndNegativeOnesFound) {
  const std::size_t n = 80;
  const SparseLower a = chain(n);
  std::vector<double> known(n);
  for (std::size_t j = 0; j < n; ++j) known[j] = std::sqrt(2.0 / 81) * std::sin(static_cast<double>(j + 1) * pi / 81);
  const double down = 0.01;  // A - down: the lowest few are negative
  const LinearMap lowered = [&](std::span<const double> x, std::span<double> y, std::size_t m) {
    a.multiply(x, y, m);
    for (std::size_t i = 0; i < x.size(); ++i) y[i] -= down * x[i];
  };
  const auto factor = sparse_cholesky(a, 1e-4);  // (A - down) + shift with shift = down + 1e-4
  const LowestModes m =
      lowest_by_inverse(n, [&](auto x, auto y, std::size_t v) { factor->solve(x, y, v); }, lowered, {.count = 5, .known = known});
  const LowestModes f = lowest_by_filter(n, lowered, 4.1, {.count = 5, .known = known});
  ASSERT_LT(chain_value(2, n) - down, 0);
  for (std::size_t k = 0; k < 5; ++k) {
    EXPECT_NEAR(m.value[k], chain_value(k + 2, n) - down, 1e-11);
    EXPECT_NEAR(f.value[k], chain_value(k + 2, n) - down, 1e-11);
  }
}

TEST(LowestModes, AllOfASmallMatrix) {
  const std::size_t n = 10;
  const SparseLower a = chain(n);
  const auto factor = sparse_cholesky(a);
  const LowestModes m = lowest_by_inverse(n, [&](auto x, auto y, std::size_t v) { factor->solve(x, y, v); }, map_of(a), {.count = 100});
  ASSERT_EQ(m.value.size(), n);
  for (std::size_t k = 0; k < n; ++k) EXPECT_NEAR(m.value[k], chain_value(k + 1, n), 1e-11);
}

TEST(LowestModes, SameForAnyNumberOfThreads) {
  const SparseLower a = grid(30);
  const auto run = [&](int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    const auto factor = sparse_cholesky(a, 1e-3);
    const LowestModes m = lowest_by_inverse(900, [&](auto x, auto y, std::size_t v) { factor->solve(x, y, v); }, map_of(a), {.count = 12});
    omp_set_num_threads(before);
    return m.vector;
  };
  EXPECT_EQ(run(1), run(4));
}

TEST(ConjugateGradients, SolvesWithANullSpace) {
  // A ring of springs: the uniform vector is the null space.
  const std::size_t n = 50;
  const LinearMap ring = [n](std::span<const double> x, std::span<double> y, std::size_t m) {
    for (std::size_t v = 0; v < m; ++v)
      for (std::size_t i = 0; i < n; ++i) y[v * n + i] = 2 * x[v * n + i] - x[v * n + (i + 1) % n] - x[v * n + (i + n - 1) % n];
  };
  const std::vector<double> known(n, 1 / std::sqrt(double(n)));
  std::vector<double> b(2 * n, 0);
  b[0] = 1, b[25] = -1, b[n + 3] = 5;  // the second has a part in the null space, which is removed
  const ConjugateGradients s = conjugate_gradients(n, ring, b, known, 1e-10);
  EXPECT_TRUE(s.converged);
  // Two arms of 25 springs in parallel carry a unit force: x_0 - x_25 = 12.5.
  EXPECT_NEAR(s.x[0] - s.x[25], 12.5, 1e-8);
  EXPECT_NEAR(dot(std::span<const double>(s.x).first(n), known), 0, 1e-10);
  const LinearMap upside_down = [&](auto x, auto y, std::size_t m) {
    ring(x, y, m);
    for (double& v : y) v = -v;
  };
  const ConjugateGradients bad = conjugate_gradients(n, upside_down, b, known);
  EXPECT_TRUE(bad.negative_curvature);
  EXPECT_FALSE(bad.converged);
}

// In phi the spectrum of the long chain is uniform: lambda = 4 sin^2(phi/2), k pi / (n+1) = phi.
TEST(KernelPolynomials, ChainIsUniformInPhi) {
  const SparseLower a = chain(4000);
  const std::size_t moments = 100, vectors = 64;
  const Matrix mu = chebyshev_moments(4000, map_of(a), 0, 4, moments, vectors, {}, 3);
  const std::vector<double> g = jackson(moments);
  EXPECT_DOUBLE_EQ(g[0], 1);
  std::vector<double> mean(moments, 0);
  for (std::size_t v = 0; v < vectors; ++v)
    for (std::size_t m = 0; m < moments; ++m) mean[m] += mu(v, m) / double(vectors);
  // sqrt(2 / (vectors x modes in the window)), modes = n x smearing x 2 sqrt(pi) / pi: 1.5 %, four times of which is allowed.
  for (double phi = 0.3; phi < 2.9; phi += 0.1) EXPECT_NEAR(chebyshev_density(mean, g, phi), 1 / pi, 0.06 / pi);
  double integral = 0;
  for (int k = 0; k < 1000; ++k) integral += chebyshev_density(mean, g, (k + 0.5) * pi / 1000) * pi / 1000;
  EXPECT_NEAR(integral, 1, 1e-9);
}

TEST(LanczosQuadrature, GivesTheInverseAndMoments) {
  const std::size_t n = 60;
  const SparseLower a = chain(n);
  std::vector<double> v(2 * n, 0);
  v[10] = 1, v[n] = 2, v[n + 30] = -1;
  const auto q = lanczos_quadrature(n, map_of(a), v, {}, 60);
  ASSERT_EQ(q.size(), 2u);
  // (A^-1)_jj of the chain = j (n + 1 - j) / (n + 1) with j = 11; A_jj = 2; (A^2)_jj = 6.
  double inverse = 0, first = 0, second = 0;
  for (std::size_t k = 0; k < q[0].node.size(); ++k)
    inverse += q[0].weight[k] / q[0].node[k], first += q[0].weight[k] * q[0].node[k],
        second += q[0].weight[k] * q[0].node[k] * q[0].node[k];
  EXPECT_NEAR(inverse, 11.0 * 50 / 61, 1e-9);
  EXPECT_NEAR(first, 2, 1e-12);
  EXPECT_NEAR(second, 6, 1e-12);
  double norm2 = 0;
  for (const double w : q[1].weight) norm2 += w;
  EXPECT_NEAR(norm2, 5, 1e-12);
}

}  // namespace
}  // namespace heteroglass::numeric
