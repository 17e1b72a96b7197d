#include "potential/expansion.hpp"

#include <algorithm>

#include "core/error.hpp"

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
