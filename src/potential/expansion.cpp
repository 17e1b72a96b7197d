#include "potential/expansion.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "core/error.hpp"
#include "core/vector_clones.hpp"

namespace heteroglass::potential {
namespace {

/// d.e.d for the six Voigt strain components (shears count gamma = 2 e).
Voigt strained(const Vec3& d) { return {d.x * d.x, d.y * d.y, d.z * d.z, d.y * d.z, d.x * d.z, d.x * d.y}; }

/// e d for the Voigt strain components.
std::array<Vec3, 6> carried(const Vec3& d) {
  return {Vec3{d.x, 0, 0},           Vec3{0, d.y, 0},           Vec3{0, 0, d.z},
          Vec3{0, d.z / 2, d.y / 2}, Vec3{d.z / 2, 0, d.x / 2}, Vec3{d.y / 2, d.x / 2, 0}};
}

void add_outer(Mat3& m, const Vec3& a, const Vec3& b) {
  m[0][0] += a.x * b.x, m[0][1] += a.x * b.y, m[0][2] += a.x * b.z;
  m[1][0] += a.y * b.x, m[1][1] += a.y * b.y, m[1][2] += a.y * b.z;
  m[2][0] += a.z * b.x, m[2][1] += a.z * b.y, m[2][2] += a.z * b.z;
}

/// Numbers of `lanes` vectors side by side, in one register where the processor has such.
template <int lanes> struct LanesOf;
template <> struct LanesOf<1> { using type = double; };
template <> struct LanesOf<4> { using type = double __attribute__((vector_size(32))); };
template <> struct LanesOf<8> { using type = double __attribute__((vector_size(64))); };

/// F'' times the change of density that a displacement of the atoms makes at atom i; w holds x, y, z of each atom, `lanes` of each.
template <int lanes>
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
template <int lanes>
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
void rise_row(Row row, std::size_t i, double c, const double* w, double* rise, std::integral_constant<int, 1>) {
  add_rise<1>(row, i, c, w, rise);
}
void product_row(Row row, std::size_t i, const double* rise, const double* w, double* result, std::integral_constant<int, 1>) {
  add_product<1>(row, i, rise, w, result);
}
HETEROGLASS_VECTOR_CLONES void rise_row(Row row, std::size_t i, double c, const double* w, double* rise, std::integral_constant<int, 4>) {
  add_rise<4>(row, i, c, w, rise);
}
HETEROGLASS_VECTOR_CLONES void product_row(Row row, std::size_t i, const double* rise, const double* w, double* result,
                                           std::integral_constant<int, 4>) {
  add_product<4>(row, i, rise, w, result);
}
HETEROGLASS_VECTOR_CLONES void rise_row(Row row, std::size_t i, double c, const double* w, double* rise, std::integral_constant<int, 8>) {
  add_rise<8>(row, i, c, w, rise);
}
HETEROGLASS_VECTOR_CLONES void product_row(Row row, std::size_t i, const double* rise, const double* w, double* result,
                                           std::integral_constant<int, 8>) {
  add_product<8>(row, i, rise, w, result);
}

}  // namespace

void Expansion::build(const Functional& model, const Neighborhood& near, const std::vector<Embedding>& embedding,
                      const std::vector<double>& diameter, double volume) {
  const auto n = static_cast<std::int64_t>(near.size());
  const double r2_cut = near.r_cut() * near.r_cut();
  const auto visit = [&](std::size_t local, auto&& use) {
    const Neighborhood::Place& r = near.at(local);
    for (int kind = 0; kind < near.species_count(); ++kind) {
      const Neighborhood::Segment& segment = near.segment(local, kind);
      for (std::int32_t k = 0; k < segment.count; ++k) {
        const std::int32_t p = segment.places[k];
        const Neighborhood::Place& q = near.place_data()[p];
        const Vec3 d{q.x - r.x, q.y - r.y, q.z - r.z};
        if (norm2(d) < r2_cut) use(kind, near.home(p), d);
      }
    }
  };
  volume_ = volume;
  atom_.resize(near.size()), local_of_.resize(near.size()), start_.assign(near.size() + 1, 0);
  curvature_.resize(embedding.size());
#pragma omp parallel for num_threads(Neighborhood::team(size())) schedule(static)
  for (std::int64_t i = 0; i < n; ++i) {
    atom_[i] = near.atom(i), local_of_[atom_[i]] = static_cast<std::int32_t>(i);
    if (!embedding.empty()) curvature_[i] = embedding[i].second;
    visit(i, [&](int, std::int32_t, const Vec3&) { ++start_[i + 1]; });
  }
  for (std::int64_t i = 0; i < n; ++i) start_[i + 1] += start_[i];
  pairs_.resize(start_[n]);
#pragma omp parallel for num_threads(Neighborhood::team(size())) schedule(static)
  for (std::int64_t i = 0; i < n; ++i) {
    Pair* next = pairs_.data() + start_[i];
    visit(i, [&](int kind, std::int32_t j, const Vec3& d) {
      const PairTerms p =
          model.pair(near.species(i), kind, norm(d), diameter.empty() ? 1 : diameter[i], diameter.empty() ? 1 : diameter[j]);
      Pair pair{d, p.t, p.s, p.in_t, p.out_t, j};
      if (!embedding.empty()) {
        pair.t += embedding[i].first * p.in_t + embedding[j].first * p.out_t;
        pair.s += embedding[i].first * p.in_s + embedding[j].first * p.out_s;
      }
      *next++ = pair;
    });
  }
}

void Expansion::require() const {
  if (start_.empty()) throw Error("potential: expand() must be called before derivatives are asked for");
}

/// Up to `lanes` vectors (as many as fit into v) at once, so that one visit of a pair serves all.
template <int lanes> void Expansion::product_of(std::span<const Vec3> v, std::span<Vec3> out) const {
  constexpr std::integral_constant<int, lanes> kind;
  const std::size_t n = size(), vectors = v.size() / n;
  std::vector<double> w(3 * lanes * n), rise(curvature_.empty() ? 0 : lanes * n);
  const auto atoms = static_cast<std::int64_t>(n);
#pragma omp parallel num_threads(Neighborhood::team(size()))
  {
#pragma omp for schedule(static)
    for (std::int64_t i = 0; i < atoms; ++i)
      for (std::size_t c = 0; c < vectors; ++c) {
        const Vec3& from = v[c * n + atom_[i]];
        double* to = w.data() + 3 * lanes * i + c;
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

/// Frame indices of the nonzero blocks of a row, ascending. `mark` holds, by local index, the last row that was here.
std::vector<std::int32_t> Expansion::columns(std::size_t local, std::vector<std::int32_t>& mark) const {
  std::vector<std::int32_t> out;
  const auto self = static_cast<std::int32_t>(local);
  const auto touch = [&](std::int32_t j) {
    if (mark[j] != self) mark[j] = self, out.push_back(atom_[j]);
  };
  touch(self);
  for (const Pair& p : row(local)) {
    touch(p.other);
    if (curvature_.empty()) continue;
    for (const Pair& q : row(p.other)) touch(q.other);
  }
  std::sort(out.begin(), out.end());
  return out;
}

double Expansion::matrix_bytes() const {
  require();
  std::int64_t blocks = 0;
  const auto n = static_cast<std::int64_t>(size());
#pragma omp parallel num_threads(Neighborhood::team(size())) reduction(+ : blocks)
  {
    std::vector<std::int32_t> mark(size(), -1);
#pragma omp for schedule(dynamic, 16)
    for (std::int64_t i = 0; i < n; ++i) blocks += static_cast<std::int64_t>(columns(i, mark).size());
  }
  return static_cast<double>(blocks) * (sizeof(Mat3) + sizeof(std::int32_t)) + static_cast<double>(n + 1) * sizeof(std::int64_t);
}

BlockMatrix Expansion::matrix() const {
  require();
  const auto n = static_cast<std::int64_t>(size());
  BlockMatrix h;
  h.atoms = size();
  h.row.assign(size() + 1, 0);
  std::vector<std::vector<std::int32_t>> pattern(size());
#pragma omp parallel num_threads(Neighborhood::team(size()))
  {
    std::vector<std::int32_t> mark(size(), -1);
#pragma omp for schedule(dynamic, 16)
    for (std::int64_t i = 0; i < n; ++i) {
      pattern[i] = columns(i, mark);
      h.row[atom_[i] + 1] = static_cast<std::int64_t>(pattern[i].size());
    }
  }
  for (std::int64_t i = 0; i < n; ++i) h.row[i + 1] += h.row[i];
  h.column.resize(h.row[n]), h.block.resize(h.row[n]);
#pragma omp parallel num_threads(Neighborhood::team(size()))
  {
    std::vector<Mat3> sum(size());  // by frame index
#pragma omp for schedule(dynamic, 16)
    for (std::int64_t i = 0; i < n; ++i) {
      Mat3& own = sum[atom_[i]];
      for (const Pair& p : row(i)) {
        Mat3 k;
        add_outer(k, p.s * p.d, p.d);
        for (std::size_t a = 0; a < 3; ++a) k[a][a] += a == 2 && flat_ ? 0 : p.t;
        Mat3& block = sum[atom_[p.other]];
        for (std::size_t a = 0; a < 3; ++a)
          for (std::size_t b = 0; b < 3; ++b) block[a][b] -= k[a][b], own[a][b] += k[a][b];
      }
      if (!curvature_.empty()) {
        // grad is d(rho_k)/d(r_i) times F''_k; every neighbour of k, and k itself, feels it.
        const auto couple = [&](std::size_t k, const Vec3& grad) {
          Vec3 rest;
          for (const Pair& q : row(k)) {
            const Vec3 g = q.in * q.d;
            add_outer(sum[atom_[q.other]], grad, g);
            rest -= g;
          }
          add_outer(sum[atom_[k]], grad, rest);
        };
        Vec3 at_self;
        for (const Pair& p : row(i)) at_self -= p.in * p.d;
        couple(i, curvature_[i] * at_self);
        for (const Pair& p : row(i)) couple(p.other, -curvature_[p.other] * p.out * p.d);
      }
      std::int64_t to = h.row[atom_[i]];
      for (const std::int32_t j : pattern[i]) {
        h.column[to] = j, h.block[to] = sum[j];
        sum[j] = {};
        ++to;
      }
      pattern[i] = {};
    }
  }
  return h;
}

/// F'' times the change of density under each strain component.
std::vector<Voigt> Expansion::strained_slopes() const {
  std::vector<Voigt> rise(curvature_.empty() ? 0 : size());
  const auto n = static_cast<std::int64_t>(rise.size());
#pragma omp parallel for num_threads(Neighborhood::team(size())) schedule(static)
  for (std::int64_t i = 0; i < n; ++i) {
    rise[i] = {};
    for (const Pair& p : row(i)) {
      const Voigt e = strained(p.d);
      for (std::size_t a = 0; a < 6; ++a) rise[i][a] += p.in * e[a];
    }
    for (double& r : rise[i]) r *= curvature_[i];
  }
  return rise;
}

std::vector<Stiffness> Expansion::born_per_atom() const {
  require();
  const std::vector<Voigt> rise = strained_slopes();
  std::vector<Stiffness> out(size());
  const auto n = static_cast<std::int64_t>(size());
#pragma omp parallel for num_threads(Neighborhood::team(size())) schedule(static)
  for (std::int64_t i = 0; i < n; ++i) {
    Stiffness c{};
    for (const Pair& p : row(i)) {
      const Voigt e = strained(p.d);
      Voigt change{};
      for (std::size_t b = 0; b < 6; ++b) {
        change[b] = p.s * e[b];
        if (!rise.empty()) change[b] += p.in * rise[i][b] + p.out * rise[p.other][b];
      }
      for (std::size_t a = 0; a < 6; ++a)
        for (std::size_t b = 0; b < 6; ++b) c[a][b] += 0.25 * (e[a] * change[b] + e[b] * change[a]);
    }
    out[atom_[i]] = c;
  }
  return out;
}

BornTerms Expansion::born() const {
  require();
  BornTerms out;
  const auto n = static_cast<std::int64_t>(size());
  const std::vector<Voigt> rise = strained_slopes();
  std::vector<Voigt> stress(size());
  out.force.resize(size());
#pragma omp parallel for num_threads(Neighborhood::team(size())) schedule(static)
  for (std::int64_t i = 0; i < n; ++i) {
    std::array<Vec3, 6> xi{};
    stress[i] = {};
    for (const Pair& p : row(i)) {
      const Voigt e = strained(p.d);
      const std::array<Vec3, 6> w = carried(p.d);
      for (std::size_t a = 0; a < 6; ++a) {
        double along = p.s * e[a];
        if (!rise.empty()) along += p.in * rise[i][a] + p.out * rise[p.other][a];
        xi[a] += along * p.d + p.t * w[a];
        stress[i][a] += 0.5 * p.t * e[a];
      }
    }
    out.force[atom_[i]] = xi;
  }
  const std::vector<Stiffness> shares = born_per_atom();
  for (std::size_t i = 0; i < size(); ++i)
    for (std::size_t a = 0; a < 6; ++a) {
      out.stress[a] += stress[i][a] / volume_;
      for (std::size_t b = 0; b < 6; ++b) out.stiffness[a][b] += shares[i][a][b] / volume_;
    }
  return out;
}

}  // namespace heteroglass::potential
