#include <omp.h>

#include <algorithm>
#include <bit>
#include <numeric>

#include "numeric/bit_volume.hpp"

namespace heteroglass::numeric {
namespace {

struct Run {
  std::uint32_t from, to;  ///< voxels [from, to)
};

/// Runs of every row, and the trees that join them. The root of a tree is its first run, so that neither slabs nor threads show.
class Forest {
 public:
  Forest(const BitVolume& v, bool diagonal) : size_(v.size()), first_(size_[1] * size_[2] + 1, 0) {
    const auto lines = static_cast<std::int64_t>(size_[1] * size_[2]);
#pragma omp parallel for schedule(static)
    for (std::int64_t k = 0; k < lines; ++k) {
      const auto l = static_cast<std::size_t>(k);
      first_[l + 1] = starts(v.row(l % size_[1], l / size_[1]));
    }
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    runs_.resize(first_.back());
    parent_.resize(first_.back());
    const auto slabs = static_cast<std::int64_t>(std::min<std::size_t>(static_cast<std::size_t>(omp_get_max_threads()), size_[2]));
    const auto from = [&](std::int64_t slab) { return size_[2] * static_cast<std::size_t>(slab) / static_cast<std::size_t>(slabs); };
#pragma omp parallel for schedule(static, 1)
    for (std::int64_t slab = 0; slab < slabs; ++slab)
      for (std::size_t z = from(slab); z < from(slab + 1); ++z)
        for (std::size_t y = 0; y < size_[1]; ++y) {
          fill(v.row(y, z), first_[line(y, z)]);
          if (y > 0) join(line(y, z), line(y - 1, z), diagonal);
          if (z > from(slab) && y > 0) join_planes(y - 1, z, diagonal);
          if (z > from(slab) && y + 1 == size_[1]) join_planes(y, z, diagonal);
        }
    for (std::int64_t slab = 1; slab < slabs; ++slab)
      for (std::size_t y = 0; y < size_[1]; ++y) join_planes(y, from(slab), diagonal);
    for (std::uint32_t& p : parent_) p = parent_[p];  // parents stand before their children
  }

  const std::vector<Run>& runs() const { return runs_; }
  std::uint32_t tree(std::size_t run) const { return parent_[run]; }
  std::size_t line(std::size_t y, std::size_t z) const { return z * size_[1] + y; }
  std::size_t first(std::size_t line) const { return first_[line]; }

 private:
  static std::size_t starts(std::span<const std::uint64_t> row) {
    std::size_t n = 0;
    std::uint64_t carry = 0;
    for (const std::uint64_t w : row) n += static_cast<std::size_t>(std::popcount(w & ~(w << 1 | carry))), carry = w >> 63;
    return n;
  }
  /// Places where set and unset bits meet are the ends of runs.
  void fill(std::span<const std::uint64_t> row, std::size_t at) {
    const std::size_t begin = at;
    std::uint64_t carry = 0;
    bool open = false;
    for (std::size_t w = 0; w < row.size(); ++w) {
      std::uint64_t edges = row[w] ^ (row[w] << 1 | carry);
      carry = row[w] >> 63;
      for (; edges != 0; edges &= edges - 1, open = !open) {
        const auto x = static_cast<std::uint32_t>(64 * w + static_cast<std::size_t>(std::countr_zero(edges)));
        open ? runs_[at++].to = x : runs_[at].from = x;
      }
    }
    if (open) runs_[at++].to = static_cast<std::uint32_t>(64 * row.size());
    for (std::size_t r = begin; r < at; ++r) parent_[r] = static_cast<std::uint32_t>(r);
  }
  /// Joins row y of plane z to the plane before it.
  void join_planes(std::size_t y, std::size_t z, bool diagonal) {
    join(line(y, z), line(y, z - 1), diagonal);
    if (diagonal && y > 0) join(line(y, z), line(y - 1, z - 1), true);
    if (diagonal && y + 1 < size_[1]) join(line(y, z), line(y + 1, z - 1), true);
  }

  std::uint32_t root(std::uint32_t r) {
    while (parent_[r] != r) r = parent_[r] = parent_[parent_[r]];
    return r;
  }
  void join(std::size_t a, std::size_t b, bool diagonal) {
    const std::uint32_t reach = diagonal ? 1 : 0;
    std::size_t i = first_[a], j = first_[b];
    while (i < first_[a + 1] && j < first_[b + 1]) {
      if (runs_[i].from < runs_[j].to + reach && runs_[j].from < runs_[i].to + reach) {
        const std::uint32_t p = root(static_cast<std::uint32_t>(i)), q = root(static_cast<std::uint32_t>(j));
        parent_[std::max(p, q)] = std::min(p, q);
      }
      runs_[i].to < runs_[j].to ? ++i : ++j;
    }
  }

  std::array<std::size_t, 3> size_;
  std::vector<std::size_t> first_;
  std::vector<Run> runs_;
  std::vector<std::uint32_t> parent_;
};

/// Sums go where means will stand: of coordinates to `centre`, of their products to `gyration`.
void add_run(Region& r, const Run& run, std::size_t y, std::size_t z) {
  const double a = run.from, b = run.to, n = b - a, yd = double(y), zd = double(z);
  const double sx = (b - a) * (a + b - 1) / 2;                                     // sum of x
  const double sxx = (b * (b - 1) * (2 * b - 1) - a * (a - 1) * (2 * a - 1)) / 6;  // sum of x^2
  r.centre[0] += sx, r.centre[1] += n * yd, r.centre[2] += n * zd;
  r.gyration[0] += sxx, r.gyration[1] += n * yd * yd, r.gyration[2] += n * zd * zd;
  r.gyration[3] += n * yd * zd, r.gyration[4] += sx * zd, r.gyration[5] += sx * yd;
  const std::array<std::size_t, 3> low = {run.from, y, z}, high = {run.to - 1, y, z};
  for (std::size_t k = 0; k < 3; ++k) {
    r.low[k] = r.voxels ? std::min(r.low[k], low[k]) : low[k];
    r.high[k] = r.voxels ? std::max(r.high[k], high[k]) : high[k];
  }
  r.voxels += run.to - run.from;
}

void finish(Region& r) {
  const auto n = static_cast<double>(r.voxels);
  for (double& c : r.centre) c /= n;
  constexpr std::array<std::array<std::size_t, 2>, 6> pair = {{{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}}};
  for (std::size_t k = 0; k < 6; ++k) r.gyration[k] = r.gyration[k] / n - r.centre[pair[k][0]] * r.centre[pair[k][1]];
}

}  // namespace

bool Regions::percolates(std::size_t axis, const std::array<std::size_t, 3>& size) const {
  return std::any_of(region.begin(), region.end(), [&](const Region& r) { return r.low[axis] == 0 && r.high[axis] + 1 == size[axis]; });
}

Regions regions(const BitVolume& v, bool diagonal, std::vector<std::uint32_t>* label) {
  const Forest forest(v, diagonal);
  std::vector<std::uint32_t> number(forest.runs().size(), 0);
  std::uint32_t count = 0;
  for (std::size_t r = 0; r < number.size(); ++r) number[r] = forest.tree(r) == r ? count++ : number[forest.tree(r)];
  std::vector<Region> found(count);
  const auto [nx, ny, nz] = v.size();
  for (std::size_t z = 0; z < nz; ++z)
    for (std::size_t y = 0; y < ny; ++y)
      for (std::size_t r = forest.first(forest.line(y, z)); r < forest.first(forest.line(y, z) + 1); ++r)
        add_run(found[number[r]], forest.runs()[r], y, z);
  for (Region& r : found) finish(r);
  std::vector<std::uint32_t> order(found.size()), rank(found.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return found[a].voxels > found[b].voxels; });
  Regions out;
  out.region.reserve(found.size());
  for (std::uint32_t k = 0; k < order.size(); ++k) out.region.push_back(found[order[k]]), rank[order[k]] = k + 1;
  if (!label) return out;
  label->assign(nx * ny * nz, 0);
  for (std::size_t line = 0; line < ny * nz; ++line)
    for (std::size_t r = forest.first(line); r < forest.first(line + 1); ++r)
      std::fill_n(label->begin() + static_cast<std::ptrdiff_t>(line * nx + forest.runs()[r].from),
                  forest.runs()[r].to - forest.runs()[r].from, rank[number[r]]);
  return out;
}

BitVolume largest_region(const BitVolume& v, bool diagonal) {
  const Forest forest(v, diagonal);
  std::vector<std::uint64_t> voxels(forest.runs().size(), 0);
  for (std::size_t r = 0; r < voxels.size(); ++r) voxels[forest.tree(r)] += forest.runs()[r].to - forest.runs()[r].from;
  const auto largest = static_cast<std::uint32_t>(std::max_element(voxels.begin(), voxels.end()) - voxels.begin());
  BitVolume out(v.size());
  for (std::size_t z = 0; z < v.size()[2]; ++z)
    for (std::size_t y = 0; y < v.size()[1]; ++y)
      for (std::size_t r = forest.first(forest.line(y, z)); r < forest.first(forest.line(y, z) + 1); ++r)
        if (forest.tree(r) == largest)
          for (std::size_t x = forest.runs()[r].from; x < forest.runs()[r].to; ++x) out.set(x, y, z);
  return out;
}

}  // namespace heteroglass::numeric
