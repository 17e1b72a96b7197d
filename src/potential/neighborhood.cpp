#include "potential/neighborhood.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>

#include "core/error.hpp"
#include "potential/simd.hpp"

namespace heteroglass::potential {
namespace {

constexpr double slack = 1e-9;    // relative room for rounding
constexpr double far_away = 1e8;  // where the filling place lies

Mat3 edges_of(const Box& box, bool flat) {
  Mat3 h = box.edges();
  if (flat) h[0][2] = h[1][2] = h[2][0] = h[2][1] = 0, h[2][2] = 1;
  return h;
}

double deviation(const Mat3& m) {
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) sum += std::pow(m[i][j] - (i == j), 2);
  return std::sqrt(sum);
}

/// Coordinates by place, with room to read past the end.
struct Coordinates {
  std::vector<double> x, y, z;
};

/// Appends the places in [begin, end) within the range, except `self`. Writes up to Neighborhood::width past the last.
std::size_t append_plain(const Coordinates& r, std::int32_t begin, std::int32_t end, std::int32_t self, double r2_max, std::int32_t* hits,
                         std::size_t count) {
  const double rx = r.x[self], ry = r.y[self], rz = r.z[self];
  for (std::int32_t k = begin; k < end; ++k) {
    const double dx = r.x[k] - rx, dy = r.y[k] - ry, dz = r.z[k] - rz;
    hits[count] = k;
    count += static_cast<std::size_t>((dx * dx + dy * dy + dz * dz < r2_max) & (k != self));
  }
  return count;
}

#ifdef HETEROGLASS_SIMD
HETEROGLASS_V4 std::size_t append_wide(const Coordinates& r, std::int32_t begin, std::int32_t end, std::int32_t self, double r2_max,
                                       std::int32_t* hits, std::size_t count) {
  const __m512d x = _mm512_set1_pd(r.x[self]), y = _mm512_set1_pd(r.y[self]), z = _mm512_set1_pd(r.z[self]), most = _mm512_set1_pd(r2_max);
  const __m256i eight = _mm256_set1_epi32(8), last = _mm256_set1_epi32(end), own = _mm256_set1_epi32(self);
  __m256i place = _mm256_add_epi32(_mm256_set1_epi32(begin), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  for (std::int32_t k = begin; k < end; k += 8, place = _mm256_add_epi32(place, eight)) {
    const __m512d dx = _mm512_loadu_pd(r.x.data() + k) - x, dy = _mm512_loadu_pd(r.y.data() + k) - y,
                  dz = _mm512_loadu_pd(r.z.data() + k) - z;
    const __mmask8 in = _mm512_cmp_pd_mask(dx * dx + dy * dy + dz * dz, most, _CMP_LT_OQ) & _mm256_cmplt_epi32_mask(place, last) &
                        _mm256_cmpneq_epi32_mask(place, own);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(hits + count), _mm256_maskz_compress_epi32(in, place));
    count += static_cast<std::size_t>(__builtin_popcount(in));
  }
  return count;
}
#endif

std::size_t append_near(const Coordinates& r, std::int32_t begin, std::int32_t end, std::int32_t self, double r2_max, std::int32_t* hits,
                        std::size_t count) {
#ifdef HETEROGLASS_SIMD
  if (avx512::available()) return append_wide(r, begin, end, self, r2_max, hits, count);
#endif
  return append_plain(r, begin, end, self, r2_max, hits, count);
}

}  // namespace

Neighborhood::Neighborhood(std::vector<int> species, int species_count, double r_cut, double skin, bool flat)
    : species_(std::move(species)), species_count_(species_count), r_cut_(r_cut), skin_(skin), flat_(flat) {}

int Neighborhood::team(std::size_t atoms) {
  constexpr std::size_t atoms_a_thread = 200;
  return static_cast<int>(std::clamp<std::size_t>(atoms / atoms_a_thread, 1, static_cast<std::size_t>(omp_get_max_threads())));
}

void Neighborhood::update(const Box& box, std::span<const Vec3> position) {
  if (position.size() != size())
    throw InputError(fmt::format("forces: one position for each of {} atoms is needed, got {}", size(), position.size()));
  const Mat3 edges = edges_of(box, flat_);
  const Mat3 reciprocal = inverse(edges);
  std::array<bool, 3> periodic = box.periodicity();
  if (flat_) periodic[2] = false;
  if (!built_.empty() && periodic == periodic_ && follow(edges, reciprocal, position)) return;
  periodic_ = periodic;
  build(box, edges, reciprocal, position);
  follow(edges, reciprocal, position);
  fill_rows();
}

/// Moves atoms and images to their new places. False when the list may lack a pair.
bool Neighborhood::follow(const Mat3& edges, const Mat3& reciprocal, std::span<const Vec3> position) {
  double first = 0, second = 0;  // the largest moves, squared
  bool lost = false;
  const auto n = static_cast<std::int64_t>(size()), all = static_cast<std::int64_t>(places());
#pragma omp parallel num_threads(team(size()))
  {
    double a = 0, b = 0;
    bool bad = false;
#pragma omp for schedule(static) nowait
    for (std::int64_t k = 0; k < n; ++k) {
      const auto i = static_cast<std::size_t>(atom_[k]);
      const std::array<int, 3>& w = wrap_[i];
      Vec3 r = position[i] + edges * Vec3{double(w[0]), double(w[1]), double(w[2])};
      if (flat_) r.z = 0;
      wrapped_[k] = r;
      // From where the strain alone would have carried the atom; a common shift of all is seen as moves.
      const double u2 = norm2(r - origin_ - edges * built_[k]);
      bad = bad || !(u2 < 1e300);
      b = std::max(b, std::min(a, u2)), a = std::max(a, u2);
    }
#pragma omp critical(heteroglass_moves)
    {
      second = std::max({second, b, std::min(first, a)}), first = std::max(first, a);
      lost = lost || bad;
    }
#pragma omp barrier
#pragma omp for schedule(static) nowait
    for (std::int64_t p = 0; p < all; ++p) {
      const std::array<int, 3>& s = shift_[p];
      const Vec3 r = wrapped_[static_cast<std::size_t>(home_[p])] + edges * Vec3{double(s[0]), double(s[1]), double(s[2])};
      Place& to = coordinates_[p];
      to.x = r.x, to.y = r.y, to.z = r.z;
    }
  }
  const double scale = 1 + deviation(built_edges_ * reciprocal);
  return !lost && scale * (r_cut_ + std::sqrt(first) + std::sqrt(second)) <= r_cut_ + skin_;
}

void Neighborhood::build(const Box& box, const Mat3& edges, const Mat3& reciprocal, std::span<const Vec3> position) {
  ++rebuilds_;
  const std::size_t n = size();
  built_edges_ = edges, origin_ = box.origin();
  if (flat_) origin_.z = 0;
  built_.clear(), wrap_.resize(n);
  std::vector<Vec3> fractional(n);
  bool finite = true;
  low_ = {0, 0, 0};
  Vec3 high{1, 1, 1};
  for (std::size_t k = 0; k < 3; ++k)
    if (!periodic_[k]) low_[k] = 1e300, high[k] = -1e300;
  for (std::size_t i = 0; i < n; ++i) {
    Vec3 r = position[i] - origin_;
    if (flat_) r.z = 0;
    Vec3 s = reciprocal * r;
    finite = finite && std::abs(s.x) < 1e6 && std::abs(s.y) < 1e6 && std::abs(s.z) < 1e6;
    for (std::size_t k = 0; k < 3 && finite; ++k) {
      wrap_[i][k] = periodic_[k] ? -static_cast<int>(std::floor(s[k])) : 0;
      s[k] += wrap_[i][k];
      if (!periodic_[k]) low_[k] = std::min(low_[k], s[k]), high[k] = std::max(high[k], s[k]);
    }
    if (!finite) {
      throw NumericalError(fmt::format("forces: positions must be finite and near the box, got ({}, {}, {}) for atom {}", position[i].x,
                                       position[i].y, position[i].z, i + 1));
    }
    fractional[i] = s;
  }
  const double range = r_cut_ + skin_, volume = std::abs(determinant(edges));
  auto images = static_cast<double>(n);
  for (std::size_t k = 0; k < 3; ++k) {
    span_[k] = periodic_[k] ? 1 : std::max(high[k] - low_[k], 1e-9);
    const double height = volume / norm(cross(edges.column((k + 1) % 3), edges.column((k + 2) % 3))) * span_[k];
    const double most = 2 * std::cbrt(static_cast<double>(n)) + 8;  // sparse systems: cells are not worth more
    const double cells = std::clamp(std::floor(2 * height / range * (1 - 2 * slack)), 1.0, most);
    double margin = std::ceil(range * cells / height * (1 + slack));
    if (!periodic_[k]) margin = std::min(margin, cells);
    if (periodic_[k]) images *= 1 + 2 * margin / cells;
    if (!(images < 1e9) || !(margin < 1e6)) {
      throw InputError(fmt::format(
          "forces: the cut-off must be short enough that images within it fit into memory, got {:.4g} for a cell of height {:.4g}", r_cut_,
          height));
    }
    cells_[k] = static_cast<std::int32_t>(cells), margin_[k] = static_cast<std::int32_t>(margin);
  }
  lay_out(fractional);
  built_.resize(n), wrapped_.resize(n);
  for (std::size_t k = 0; k < n; ++k) built_[k] = fractional[static_cast<std::size_t>(atom_[k])];
  coordinates_.assign(places() + 1, {far_away, far_away, far_away, 0});
}

/// Sorts the atoms into cells and lays the images out beside them.
void Neighborhood::lay_out(const std::vector<Vec3>& fractional) {
  const std::size_t n = size();
  const auto cell_along = [&](const Vec3& s, std::size_t k) {
    return std::clamp(static_cast<std::int32_t>((s[k] - low_[k]) / span_[k] * cells_[k]), 0, cells_[k] - 1);
  };
  const auto at = [](std::int32_t a, std::int32_t b, std::int32_t c, const std::array<std::int32_t, 3>& m) {
    return static_cast<std::size_t>((static_cast<std::int64_t>(c) * m[1] + b) * m[0] + a);
  };
  const std::size_t inner = at(cells_[0] - 1, cells_[1] - 1, cells_[2] - 1, cells_) + 1;
  std::vector<std::int32_t> cell(n), begin(inner + 1, 0), sorted(n);
  for (std::size_t i = 0; i < n; ++i) {
    cell[i] =
        static_cast<std::int32_t>(at(cell_along(fractional[i], 0), cell_along(fractional[i], 1), cell_along(fractional[i], 2), cells_));
    ++begin[static_cast<std::size_t>(cell[i]) + 1];
  }
  for (std::size_t c = 0; c < inner; ++c) begin[c + 1] += begin[c];
  atom_.resize(n), local_species_.resize(n), place_.resize(n), local_cell_.resize(n);
  {
    std::vector<std::int32_t> next(begin.begin(), begin.end() - 1);
    for (std::size_t i = 0; i < n; ++i)
      atom_[static_cast<std::size_t>(next[static_cast<std::size_t>(cell[i])]++)] = static_cast<std::int32_t>(i);
  }
  for (std::size_t k = 0; k < n; ++k) local_species_[k] = species_[static_cast<std::size_t>(atom_[k])];
  std::array<std::int32_t, 3> all{};
  for (std::size_t k = 0; k < 3; ++k) all[k] = cells_[k] + 2 * margin_[k];
  home_.clear(), shift_.clear();
  cell_start_.assign(at(all[0] - 1, all[1] - 1, all[2] - 1, all) + 2, 0);
  const auto image_of = [&](std::int32_t p, std::size_t k) { return p >= 0 ? p / cells_[k] : -((-p + cells_[k] - 1) / cells_[k]); };
  std::size_t here = 0;
  std::array<std::int32_t, 3> p{}, image{};
  for (p[2] = -margin_[2]; p[2] < cells_[2] + margin_[2]; ++p[2])
    for (p[1] = -margin_[1]; p[1] < cells_[1] + margin_[1]; ++p[1])
      for (p[0] = -margin_[0]; p[0] < cells_[0] + margin_[0]; ++p[0], ++here) {
        cell_start_[here] = static_cast<std::int32_t>(home_.size());
        bool empty = false;
        for (std::size_t k = 0; k < 3; ++k) {
          image[k] = image_of(p[k], k);
          empty = empty || (image[k] != 0 && !periodic_[k]);
        }
        if (empty) continue;
        const std::size_t source = at(p[0] - image[0] * cells_[0], p[1] - image[1] * cells_[1], p[2] - image[2] * cells_[2], cells_);
        const bool own = image == std::array<std::int32_t, 3>{};
        for (std::int32_t k = begin[source]; k < begin[source + 1]; ++k) {
          if (own)
            place_[static_cast<std::size_t>(k)] = static_cast<std::int32_t>(home_.size()),
            local_cell_[static_cast<std::size_t>(k)] = static_cast<std::int32_t>(here);
          home_.push_back(k);
          shift_.push_back({image[0], image[1], image[2]});
        }
      }
  cell_start_[here] = static_cast<std::int32_t>(home_.size());
}

void Neighborhood::fill_rows() {
  const std::size_t n = size(), kinds = static_cast<std::size_t>(species_count_), blocks = (n + block_size - 1) / block_size;
  blocks_.resize(blocks), notes_.resize(blocks), segments_.resize(n * kinds);
  const std::size_t all = places();
  Coordinates r{std::vector<double>(all + width), std::vector<double>(all + width), std::vector<double>(all + width)};
  std::vector<std::uint8_t> species(all);
  for (std::size_t p = 0; p < all; ++p) {
    r.x[p] = coordinates_[p].x, r.y[p] = coordinates_[p].y, r.z[p] = coordinates_[p].z;
    species[p] = static_cast<std::uint8_t>(local_species_[static_cast<std::size_t>(home_[p])]);
  }
  const double r2_max = std::pow((r_cut_ + skin_) * (1 + slack), 2);
  const std::int32_t nx = cells_[0] + 2 * margin_[0], ny = cells_[1] + 2 * margin_[1], nothing = static_cast<std::int32_t>(all);
#pragma omp parallel num_threads(team(n))
  {
    std::vector<std::int32_t> hits;
    std::vector<std::vector<std::int32_t>> of_kind(kinds);
    std::vector<std::size_t> found(kinds);
    std::vector<std::size_t> begins;
#pragma omp for schedule(dynamic)
    for (std::int64_t block = 0; block < static_cast<std::int64_t>(blocks); ++block) {
      std::vector<std::int32_t>& rows = blocks_[block];
      rows.clear(), begins.clear();
      const std::size_t first = static_cast<std::size_t>(block) * block_size, last = std::min(n, first + block_size);
      for (std::size_t local = first; local < last; ++local) {
        std::size_t count = 0;
        for (std::int32_t c = -margin_[2]; c <= margin_[2]; ++c)
          for (std::int32_t b = -margin_[1]; b <= margin_[1]; ++b) {
            const std::int64_t cell = local_cell_[local] + (static_cast<std::int64_t>(c) * ny + b) * nx;
            const std::int32_t begin = cell_start_[cell - margin_[0]], end = cell_start_[cell + margin_[0] + 1];
            const std::size_t most = count + static_cast<std::size_t>(end - begin) + width;
            if (hits.size() < most) hits.resize(2 * most);
            count = append_near(r, begin, end, place_[local], r2_max, hits.data(), count);
          }
        std::fill(found.begin(), found.end(), 0);
        for (auto& list : of_kind)
          if (list.size() < count) list.resize(2 * count);
        for (std::size_t h = 0; h < count; ++h) {
          const std::uint8_t kind = species[hits[h]];
          of_kind[kind][found[kind]++] = hits[h];
        }
        for (std::size_t kind = 0; kind < kinds; ++kind) {
          const auto padded = (found[kind] + width - 1) / width * width;
          begins.push_back(rows.size());
          segments_[local * kinds + kind] = {nullptr, static_cast<std::int32_t>(found[kind]), static_cast<std::int32_t>(padded)};
          rows.insert(rows.end(), of_kind[kind].begin(), of_kind[kind].begin() + static_cast<std::ptrdiff_t>(found[kind]));
          rows.resize(rows.size() + padded - found[kind], nothing);
        }
      }
      notes_[block] = std::make_unique_for_overwrite<std::uint8_t[]>(rows.size() / width + 1);
      for (std::size_t k = 0; k < begins.size(); ++k) segments_[first * kinds + k].places = rows.data() + begins[k];
    }
  }
}

void Neighborhood::spread(const std::vector<double>& local) {
  const auto all = static_cast<std::int64_t>(places());
#pragma omp for schedule(static)
  for (std::int64_t p = 0; p < all; ++p) coordinates_[p].value = local[static_cast<std::size_t>(home_[p])];
}

}  // namespace heteroglass::potential
