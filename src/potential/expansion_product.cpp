// Products of the expansion's Hessian with vectors.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "core/error.hpp"
#include "core/vector_clones.hpp"
#include "potential/expansion.hpp"

namespace heteroglass::potential {
namespace {

/// Numbers of `lanes` vectors side by side, in one register where the processor has such.
template <std::size_t lanes> struct LanesOf;
template <> struct LanesOf<1> { using type = double; };
template <> struct LanesOf<4> { using type = double __attribute__((vector_size(32))); };
template <> struct LanesOf<8> { using type = double __attribute__((vector_size(64))); };

/// F'' times the change of density that a displacement of the atoms makes at atom i; w holds x, y, z of each atom, `lanes` of each.
template <std::size_t lanes>
inline __attribute__((always_inline)) void add_rise(std::span<const Expansion::Pair> row, std::size_t i, double curvature, const double* w,
                                                    double* rise) {
  using Lanes = typename LanesOf<lanes>::type;
  Lanes x, y, z, xi, yi, zi, sum{};
  const auto load = [](const double* from, Lanes& to) __attribute__((always_inline)) { std::memcpy(&to, from, sizeof to); };
  const double* own = w + 3 * lanes * i;
  load(own, xi), load(own + lanes, yi), load(own + 2 * lanes, zi);
  for (const Expansion::Pair& p : row) {
    const double* other = w + 3 * lanes * static_cast<std::size_t>(p.other);
    load(other, x), load(other + lanes, y), load(other + 2 * lanes, z);
    sum += p.in * (p.d.x * (x - xi) + p.d.y * (y - yi) + p.d.z * (z - zi));
  }
  sum *= curvature;
  std::memcpy(rise + lanes * i, &sum, sizeof sum);
}

/// -(H v) of atom i; `rise` null for pair potentials.
template <std::size_t lanes>
inline __attribute__((always_inline)) void add_product(std::span<const Expansion::Pair> row, std::size_t i, const double* rise,
                                                       const double* w, double* result) {
  using Lanes = typename LanesOf<lanes>::type;
  Lanes x, y, z, xi, yi, zi, fx{}, fy{}, fz{}, rise_i{}, rise_j{};
  const auto load = [](const double* from, Lanes& to) __attribute__((always_inline)) { std::memcpy(&to, from, sizeof to); };
  const double* own = w + 3 * lanes * i;
  load(own, xi), load(own + lanes, yi), load(own + 2 * lanes, zi);
  if (rise) load(rise + lanes * i, rise_i);
  for (const Expansion::Pair& p : row) {
    const auto j = static_cast<std::size_t>(p.other);
    const double* other = w + 3 * lanes * j;
    load(other, x), load(other + lanes, y), load(other + 2 * lanes, z);
    x -= xi, y -= yi, z -= zi;
    Lanes along = p.s * (p.d.x * x + p.d.y * y + p.d.z * z);
    if (rise) {
      load(rise + lanes * j, rise_j);
      along += p.in * rise_i + p.out * rise_j;
    }
    fx += along * p.d.x + p.t * x, fy += along * p.d.y + p.t * y, fz += along * p.d.z + p.t * z;
  }
  std::memcpy(result, &fx, sizeof fx), std::memcpy(result + lanes, &fy, sizeof fy), std::memcpy(result + 2 * lanes, &fz, sizeof fz);
}

using Row = std::span<const Expansion::Pair>;
void rise_row(Row row, std::size_t i, double c, const double* w, double* rise, std::integral_constant<std::size_t, 1>) {
  add_rise<1>(row, i, c, w, rise);
}
void product_row(Row row, std::size_t i, const double* rise, const double* w, double* result, std::integral_constant<std::size_t, 1>) {
  add_product<1>(row, i, rise, w, result);
}
HETEROGLASS_VECTOR_CLONES void rise_row(Row row, std::size_t i, double c, const double* w, double* rise,
                                        std::integral_constant<std::size_t, 4>) {
  add_rise<4>(row, i, c, w, rise);
}
HETEROGLASS_VECTOR_CLONES void product_row(Row row, std::size_t i, const double* rise, const double* w, double* result,
                                           std::integral_constant<std::size_t, 4>) {
  add_product<4>(row, i, rise, w, result);
}
HETEROGLASS_VECTOR_CLONES void rise_row(Row row, std::size_t i, double c, const double* w, double* rise,
                                        std::integral_constant<std::size_t, 8>) {
  add_rise<8>(row, i, c, w, rise);
}
HETEROGLASS_VECTOR_CLONES void product_row(Row row, std::size_t i, const double* rise, const double* w, double* result,
                                           std::integral_constant<std::size_t, 8>) {
  add_product<8>(row, i, rise, w, result);
}

}  // namespace

/// Up to `lanes` vectors (as many as fit into v) at once, so that one visit of a pair serves all.
template <std::size_t lanes> void Expansion::product_of(std::span<const Vec3> v, std::span<Vec3> out) const {
  constexpr std::integral_constant<std::size_t, lanes> kind;
  const std::size_t n = size(), vectors = v.size() / n;
  std::vector<double> w(3 * lanes * n), rise(curvature_.empty() ? 0 : lanes * n);
  const auto atoms = static_cast<std::int64_t>(n);
#pragma omp parallel num_threads(Neighborhood::team(size()))
  {
#pragma omp for schedule(static)
    for (std::int64_t i = 0; i < atoms; ++i)
      for (std::size_t c = 0; c < vectors; ++c) {
        const Vec3& from = v[c * n + atom_[i]];
        double* to = w.data() + 3 * lanes * static_cast<std::size_t>(i) + c;
        to[0] = from.x, to[lanes] = from.y, to[2 * lanes] = flat_ ? 0 : from.z;
      }
    if (!curvature_.empty()) {
#pragma omp for schedule(static)
      for (std::int64_t i = 0; i < atoms; ++i) rise_row(row(i), i, curvature_[i], w.data(), rise.data(), kind);
    }
#pragma omp for schedule(static)
    for (std::int64_t i = 0; i < atoms; ++i) {
      double sum[3 * lanes];
      product_row(row(i), i, rise.empty() ? nullptr : rise.data(), w.data(), sum, kind);
      for (std::size_t c = 0; c < vectors; ++c) out[c * n + atom_[i]] = {-sum[c], -sum[lanes + c], flat_ ? 0 : -sum[2 * lanes + c]};
    }
  }
}

void Expansion::product(std::span<const Vec3> v, std::span<Vec3> out, std::size_t vectors) const {
  require();
  const std::size_t n = size();
  if (v.size() != n * vectors || out.size() != n * vectors) throw Error("potential: hessian_product needs vectors of one entry an atom");
  for (std::size_t from = 0, now = 0; from < vectors; from += now) {
    const std::size_t left = vectors - from;
    now = left == 1 ? 1 : std::min<std::size_t>(left, left <= 4 ? 4 : 8);
    const auto a = v.subspan(from * n, now * n);
    const auto b = out.subspan(from * n, now * n);
    if (now == 1)
      product_of<1>(a, b);
    else if (now <= 4)
      product_of<4>(a, b);
    else
      product_of<8>(a, b);
  }
}

}  // namespace heteroglass::potential
