#include "neighbor/cell_list.hpp"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define HETEROGLASS_AVX512
#include <immintrin.h>
#endif

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/error.hpp"

namespace heteroglass::neighbor {
namespace {

constexpr std::int32_t width = 8;        // candidates tested together; coordinates and hits have room for as many more
constexpr double slack = 1e-9;           // relative room for rounding when cells and candidates are chosen
constexpr std::size_t rows_a_block = 4;  // rows of cells that a thread takes at a time

/// Edges of a cell of the same lattice with nearly shortest vectors (pairwise reduction, Semaev 2001); open directions are
/// replaced by normals, since nothing repeats along them.
Mat3 reduced_edges(const Box& box) {
  std::array<Vec3, 3> e{box.edge(0), box.edge(1), box.edge(2)};
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) {
        if (i == j || !box.periodic(i) || !box.periodic(j)) continue;
        const double overlap = dot(e[i], e[j]) / norm2(e[j]);
        if (std::abs(overlap) <= 0.5 * (1 + slack)) continue;
        e[i] -= std::round(overlap) * e[j];
        changed = true;
      }
  }
  for (std::size_t i = 0; i < 3; ++i) {
    if (box.periodic(i)) continue;
    const std::size_t j = (i + 1) % 3, k = (i + 2) % 3;
    if (box.periodic(j) && box.periodic(k)) {
      e[i] = cross(e[j], e[k]) / norm(cross(e[j], e[k])) * box.heights()[i];
    } else if (!box.periodic(j)) {  // i then j are open: Gram-Schmidt against what is fixed already
      if (box.periodic(k)) {
        e[i] -= dot(e[i], e[k]) / norm2(e[k]) * e[k];
        e[j] = cross(e[k], e[i]) / norm(cross(e[k], e[i])) * norm(e[j]);
        return Mat3::columns(e[0], e[1], e[2]);
      }
      return {{{{norm(e[0]), 0, 0}, {0, norm(e[1]), 0}, {0, 0, norm(e[2])}}}};
    }
  }
  return Mat3::columns(e[0], e[1], e[2]);
}

bool orthogonal(const Mat3& m) {
  const Vec3 a = m.column(0), b = m.column(1), c = m.column(2);
  const double tiny = 1e-12;
  return std::abs(dot(a, b)) <= tiny * norm(a) * norm(b) && std::abs(dot(b, c)) <= tiny * norm(b) * norm(c) &&
         std::abs(dot(c, a)) <= tiny * norm(c) * norm(a);
}

Vec3 heights(const Mat3& edges) {
  Vec3 h;
  for (std::size_t i = 0; i < 3; ++i) h[i] = determinant(edges) / norm(cross(edges.column((i + 1) % 3), edges.column((i + 2) % 3)));
  return h;
}

/// What a candidate is compared with.
struct Target {
  double x, y, z, r2_max;
  std::int32_t above;  ///< the candidate's index must exceed this
};

/// Coordinates and indices by place.
struct Places {
  const double *x, *y, *z;
  const std::int32_t* index;
};

/// Appends to `hits` the places in [begin, end) that are near the target. Reads up to `width` past the end, and writes as much
/// past the last hit.
inline __attribute__((always_inline)) std::size_t append_plain(const Places& p, std::int32_t begin, std::int32_t end, const Target& t,
                                                               std::int32_t* hits, std::size_t count) {
  for (std::int32_t k = begin; k < end; ++k) {
    const double dx = p.x[k] - t.x, dy = p.y[k] - t.y, dz = p.z[k] - t.z;
    hits[count] = k;
    count += static_cast<std::size_t>((dx * dx + dy * dy + dz * dz < t.r2_max) & (p.index[k] > t.above));
  }
  return count;
}

#ifdef HETEROGLASS_AVX512
/// The same with eight candidates at a time, on processors that have AVX-512.
__attribute__((target("arch=x86-64-v4"))) std::size_t append_near(const Places& p, std::int32_t begin, std::int32_t end, const Target& t,
                                                                  std::int32_t* hits, std::size_t count) {
  const __m512d x = _mm512_set1_pd(t.x), y = _mm512_set1_pd(t.y), z = _mm512_set1_pd(t.z), r2_max = _mm512_set1_pd(t.r2_max);
  const __m256i above = _mm256_set1_epi32(t.above), eight = _mm256_set1_epi32(width);
  __m256i place = _mm256_add_epi32(_mm256_set1_epi32(begin), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  const __m256i last = _mm256_set1_epi32(end);
  for (std::int32_t k = begin; k < end; k += width) {
    const __m512d dx = _mm512_sub_pd(_mm512_loadu_pd(p.x + k), x), dy = _mm512_sub_pd(_mm512_loadu_pd(p.y + k), y),
                  dz = _mm512_sub_pd(_mm512_loadu_pd(p.z + k), z);
    const __m512d r2 = _mm512_fmadd_pd(dz, dz, _mm512_fmadd_pd(dy, dy, _mm512_mul_pd(dx, dx)));
    const __m256i index = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p.index + k));
    const __mmask8 in =
        _mm256_cmplt_epi32_mask(place, last) & _mm256_cmpgt_epi32_mask(index, above) & _mm512_cmp_pd_mask(r2, r2_max, _CMP_LT_OQ);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(hits + count), _mm256_maskz_compress_epi32(in, place));
    count += static_cast<std::size_t>(__builtin_popcount(in));
    place = _mm256_add_epi32(place, eight);
  }
  return count;
}
__attribute__((target("default")))
#endif
std::size_t
append_near(const Places& p, std::int32_t begin, std::int32_t end, const Target& t, std::int32_t* hits, std::size_t count) {
  return append_plain(p, begin, end, t, hits, count);
}

}  // namespace

CellList::CellList(const Frame& frame, double r_cut) : r_cut_(r_cut) {
  if (!(r_cut > 0) || !std::isfinite(r_cut))
    throw InputError(fmt::format("neighbour list: r_cut must be positive and finite, got {} angstrom", r_cut));
  periodic_ = frame.box.periodicity();
  basis_ = reduced_edges(frame.box);
  const Mat3 inverse_basis = inverse(basis_);
  const std::size_t n = frame.size();
  wrapped_.resize(n);
  std::vector<Vec3> fractional(n);
#pragma omp parallel for schedule(static)
  for (std::int64_t atom = 0; atom < static_cast<std::int64_t>(n); ++atom) {
    const auto i = static_cast<std::size_t>(atom);
    Vec3 r = frame.position[i], s = inverse_basis * (r - frame.box.origin()), shift;
    for (std::size_t k = 0; k < 3; ++k)
      if (periodic_[k]) shift[k] = std::floor(s[k]);
    if (!(shift == Vec3{})) r -= basis_ * shift, s -= shift;
    wrapped_[i] = r, fractional[i] = s;
  }
  low_ = {0, 0, 0}, span_ = {1, 1, 1};
  for (std::size_t k = 0; k < 3 && n > 0; ++k) {
    if (periodic_[k]) continue;
    const auto [a, b] =
        std::minmax_element(fractional.begin(), fractional.end(), [k](const Vec3& p, const Vec3& q) { return p[k] < q[k]; });
    low_[k] = (*a)[k];
    span_[k] = std::max((*b)[k] - (*a)[k], 1e-6);
  }
  choose_cells(frame);
  fill_cells(fractional);
  find_rows();
}

/// Cells of r_cut / m: a larger m tests fewer candidates, in more and shorter runs. The best m is found from the density.
void CellList::choose_cells(const Frame& frame) {
  const Vec3 h = heights(basis_);
  const double volume = determinant(basis_) * span_.x * span_.y * span_.z;
  const double density = static_cast<double>(frame.size()) / volume;
  double best = std::numeric_limits<double>::infinity();
  int divisions = 1;
  for (int m = 1; m <= 4; ++m) {
    const double runs = (2 * m + 1) * (2 * m + 1), candidates = density * std::pow((2 * m + 1) * r_cut_ / m, 3);
    if (const double cost = runs * 4 + candidates; cost < best) best = cost, divisions = m;
  }
  Vec3 count;
  for (std::size_t k = 0; k < 3; ++k) count[k] = std::max(1.0, std::floor(h[k] * span_[k] * divisions / r_cut_ * (1 - 2 * slack)));
  // Sparse frames: no more cells than about two an atom.
  for (const double most = 2.0 * static_cast<double>(frame.size()) + 8; count.x * count.y * count.z > most;)
    for (std::size_t k = 0; k < 3; ++k) count[k] = std::max(1.0, std::floor(count[k] * 0.8));
  double images = static_cast<double>(frame.size());
  for (std::size_t k = 0; k < 3; ++k) {
    const double margin = std::ceil(r_cut_ * count[k] / (h[k] * span_[k]) * (1 + slack));
    // Beyond an open end there is nothing, so that more than all cells need not be looked at.
    const double used = periodic_[k] ? margin : std::min(margin, count[k]);
    if (periodic_[k]) images *= 1 + 2 * used / count[k];
    if (!(images < 1.5e9) || !(used < 1e6))
      throw InputError(
          fmt::format("neighbour list: r_cut must be short enough that the images within it fit into memory, got {} angstrom for a cell of "
                      "heights {:.4g} {:.4g} {:.4g}",
                      r_cut_, h.x, h.y, h.z));
    cells_[k] = static_cast<std::int32_t>(count[k]), margin_[k] = static_cast<std::int32_t>(used);
    padded_[k] = cells_[k] + 2 * margin_[k];
    if (periodic_[k] && 2 * margin_[k] + 1 > cells_[k]) several_images_ = true;
  }
  const std::size_t rows = static_cast<std::size_t>(cells_[1]) * static_cast<std::size_t>(cells_[2]);
  blocks_ = (rows + rows_a_block - 1) / rows_a_block;
}

void CellList::fill_cells(const std::vector<Vec3>& fractional) {
  const std::size_t n = wrapped_.size();
  const auto cell_along = [&](const Vec3& s, std::size_t k) {
    const auto c = static_cast<std::int32_t>((s[k] - low_[k]) / span_[k] * cells_[k]);
    return std::clamp(c, 0, cells_[k] - 1);
  };
  // Counting sort of the atoms into the cells of the box, by index inside a cell.
  const std::size_t real_cells =
      static_cast<std::size_t>(cells_[0]) * static_cast<std::size_t>(cells_[1]) * static_cast<std::size_t>(cells_[2]);
  std::vector<std::int32_t> cell_of(n), begin(real_cells + 1, 0), sorted(n);
#pragma omp parallel for schedule(static)
  for (std::int64_t atom = 0; atom < static_cast<std::int64_t>(n); ++atom) {
    const Vec3& f = fractional[static_cast<std::size_t>(atom)];
    cell_of[static_cast<std::size_t>(atom)] = (cell_along(f, 2) * cells_[1] + cell_along(f, 1)) * cells_[0] + cell_along(f, 0);
  }
  for (const std::int32_t c : cell_of) ++begin[static_cast<std::size_t>(c) + 1];
  for (std::size_t c = 0; c < real_cells; ++c) begin[c + 1] += begin[c];
  {
    std::vector<std::int32_t> next(begin.begin(), begin.end() - 1);
    for (std::size_t i = 0; i < n; ++i) sorted[next[cell_of[i]]++] = static_cast<std::int32_t>(i);
  }
  // The padded grid: each cell is a cell of the box moved by a lattice vector.
  struct Along {
    std::int32_t cell;
    int image;
  };
  std::array<std::vector<Along>, 3> along;
  std::array<int, 3> reach{};
  for (std::size_t k = 0; k < 3; ++k)
    for (std::int32_t p = -margin_[k]; p < cells_[k] + margin_[k]; ++p) {
      const bool inside = p >= 0 && p < cells_[k];
      const int image = inside ? 0 : p < 0 ? -((-p + cells_[k] - 1) / cells_[k]) : p / cells_[k];
      along[k].push_back({periodic_[k] || inside ? p - image * cells_[k] : -1, image});
      if (periodic_[k]) reach[k] = std::max(reach[k], std::abs(image));
    }
  const auto code = [&](int a, int b, int c) {
    if (a == 0 && b == 0 && c == 0) return 0;
    return 1 + ((c + reach[2]) * (2 * reach[1] + 1) + b + reach[1]) * (2 * reach[0] + 1) + a + reach[0];
  };
  shifts_.assign(static_cast<std::size_t>(2 + (2 * reach[0] + 1) * (2 * reach[1] + 1) * (2 * reach[2] + 1)), Vec3{});
  for (int c = -reach[2]; c <= reach[2]; ++c)
    for (int b = -reach[1]; b <= reach[1]; ++b)
      for (int a = -reach[0]; a <= reach[0]; ++a) shifts_[code(a, b, c)] = basis_ * Vec3{double(a), double(b), double(c)};

  const std::size_t all_cells =
      static_cast<std::size_t>(padded_[0]) * static_cast<std::size_t>(padded_[1]) * static_cast<std::size_t>(padded_[2]);
  std::vector<std::int32_t> source(all_cells, -1);
  start_.assign(all_cells + 1, 0);
  std::size_t cell = 0;
  for (const Along& c : along[2])
    for (const Along& b : along[1])
      for (const Along& a : along[0]) {
        if (a.cell >= 0 && b.cell >= 0 && c.cell >= 0) {
          source[cell] = (c.cell * cells_[1] + b.cell) * cells_[0] + a.cell;
          start_[cell + 1] = begin[source[cell] + 1] - begin[source[cell]];
        }
        ++cell;
      }
  for (std::size_t c = 0; c < all_cells; ++c) start_[c + 1] += start_[c];
  const std::size_t places = static_cast<std::size_t>(start_[all_cells]);
  const auto unset = [&]<class T>(std::unique_ptr<T[]>& array) {  // filled by the threads below; zero past the end
    array = std::make_unique_for_overwrite<T[]>(places + width);
    std::fill_n(array.get() + places, width, T{});
  };
  unset(x_), unset(y_), unset(z_), unset(index_), unset(image_);
  const auto planes = static_cast<std::int64_t>(padded_[2]);
#pragma omp parallel for schedule(static)
  for (std::int64_t plane = 0; plane < planes; ++plane) {
    std::size_t here = static_cast<std::size_t>(plane) * along[1].size() * along[0].size();
    for (const Along& b : along[1])
      for (const Along& a : along[0]) {
        if (source[here] >= 0) {
          const int image = code(periodic_[0] ? a.image : 0, periodic_[1] ? b.image : 0, periodic_[2] ? along[2][plane].image : 0);
          std::int32_t place = start_[here];
          for (std::int32_t k = begin[source[here]]; k < begin[source[here] + 1]; ++k, ++place) {
            const Vec3 r = wrapped_[sorted[k]] + shifts_[image];
            x_[place] = r.x, y_[place] = r.y, z_[place] = r.z;
            index_[place] = sorted[k], image_[place] = image;
          }
        }
        ++here;
      }
  }
}

/// Rows of cells that can hold neighbours. In a rectangular cell, rows and their ends beyond the cut-off are left out.
void CellList::find_rows() {
  const Vec3 h = heights(basis_);
  const Vec3 edge{h.x * span_.x / cells_[0], h.y * span_.y / cells_[1], h.z * span_.z / cells_[2]};
  const bool rectangular = orthogonal(basis_);
  const auto gap = [](std::int32_t d, double e) { return std::max(0, std::abs(d) - 1) * e; };
  for (std::int32_t c = -margin_[2]; c <= margin_[2]; ++c)
    for (std::int32_t b = -margin_[1]; b <= margin_[1]; ++b) {
      std::int32_t ends = margin_[0];
      if (rectangular) {
        const double rest = r_cut_ * r_cut_ * (1 + slack) - std::pow(gap(b, edge.y), 2) - std::pow(gap(c, edge.z), 2);
        if (rest <= 0) continue;
        ends = std::min(ends, static_cast<std::int32_t>(std::ceil(std::sqrt(rest) / edge.x * (1 + slack))));
      }
      const std::ptrdiff_t middle = (static_cast<std::ptrdiff_t>(c) * padded_[1] + b) * padded_[0];
      const int order = c != 0 ? (c > 0 ? 1 : -1) : b != 0 ? (b > 0 ? 1 : -1) : 0;
      rows_.push_back({middle - ends, middle + ends, order});
    }
}

std::size_t CellList::row_begin(std::size_t block) const {
  return std::min(block * rows_a_block, static_cast<std::size_t>(cells_[1]) * static_cast<std::size_t>(cells_[2]));
}

std::size_t CellList::home_cell(std::size_t row, std::int32_t c) const {
  const std::size_t b = row % static_cast<std::size_t>(cells_[1]) + static_cast<std::size_t>(margin_[1]);
  const std::size_t plane = row / static_cast<std::size_t>(cells_[1]) + static_cast<std::size_t>(margin_[2]);
  return (plane * static_cast<std::size_t>(padded_[1]) + b) * static_cast<std::size_t>(padded_[0]) +
         static_cast<std::size_t>(c + margin_[0]);
}

void CellList::find_runs(std::size_t home, std::size_t row, std::int32_t c, Pairs pairs, Scratch& scratch) const {
  const std::array<std::int32_t, 3> at{c, static_cast<std::int32_t>(row % static_cast<std::size_t>(cells_[1])),
                                       static_cast<std::int32_t>(row / static_cast<std::size_t>(cells_[1]))};
  scratch.images = false;
  for (std::size_t k = 0; k < 3; ++k)
    if (periodic_[k] && (at[k] < margin_[k] || at[k] >= cells_[k] - margin_[k])) scratch.images = true;
  scratch.runs.clear();
  std::size_t candidates = 0;
  const auto h = static_cast<std::ptrdiff_t>(home);
  for (const Row& r : rows_) {
    if (pairs == Pairs::once && r.order < 0) continue;
    Run run{start_[h + r.first], start_[h + r.last + 1]};
    if (pairs == Pairs::once && r.order == 0) run.begin = start_[h];
    if (run.begin == run.end) continue;
    scratch.runs.push_back(run);
    candidates += static_cast<std::size_t>(run.end - run.begin);
  }
  if (scratch.hits.size() < candidates + width) scratch.hits.resize(2 * candidates + width), scratch.neighbors.resize(2 * candidates);
}

/// Fills scratch.hits with the places of the neighbours. Near the boundary the images' rounded coordinates only select;
/// the separation, which is symmetric, decides.
void CellList::select(std::int32_t slot, Pairs pairs, Scratch& scratch) const {
  const double r2_cut = r_cut_ * r_cut_, r2_max = scratch.images ? r2_cut * (1 + slack) : r2_cut;
  const std::int32_t self = index_[slot];
  const Places places{x_.get(), y_.get(), z_.get(), index_.get()};
  const Target target{x_[slot], y_[slot], z_[slot], r2_max, pairs == Pairs::by_index ? (several_images_ ? self - 1 : self) : -1};
  std::size_t count = 0, kept = 0;
  for (Run run : scratch.runs) {
    if (pairs == Pairs::once) run.begin = std::max(run.begin, slot + 1);
    count = append_near(places, run.begin, run.end, target, scratch.hits.data(), count);
  }
  if (scratch.images) {
    for (std::size_t k = 0; k < count; ++k) {
      const std::int32_t place = scratch.hits[k];
      const bool wanted = pairs != Pairs::by_index || index_[place] > self || place > slot;
      scratch.hits[kept] = place;
      kept += static_cast<std::size_t>(wanted && place != slot && norm2(separation(slot, place)) < r2_cut);
    }
  } else if (pairs == Pairs::all) {
    for (std::size_t k = 0; k < count; ++k) {
      const std::int32_t place = scratch.hits[k];
      scratch.hits[kept] = place;
      kept += static_cast<std::size_t>(place != slot);
    }
  } else {
    kept = count;
  }
  scratch.count = kept;
}

void CellList::resolve(std::int32_t slot, Scratch& scratch) const {
  if (scratch.images) {
    for (std::size_t k = 0; k < scratch.count; ++k) scratch.neighbors[k] = {index_[scratch.hits[k]], separation(slot, scratch.hits[k])};
    return;
  }
  const double rx = x_[slot], ry = y_[slot], rz = z_[slot];
  for (std::size_t k = 0; k < scratch.count; ++k) {
    const std::int32_t p = scratch.hits[k];
    scratch.neighbors[k] = {index_[p], {x_[p] - rx, y_[p] - ry, z_[p] - rz}};
  }
}

}  // namespace heteroglass::neighbor
