#include <algorithm>
#include <bit>
#include <numeric>

#include "numeric/bit_volume.hpp"

namespace heteroglass::numeric {
namespace {

struct Run {
  std::uint32_t from, to;  ///< voxels [from, to)
};

/// Runs of every row, and the trees that join them.
class Forest {
 public:
  Forest(const BitVolume& v, bool diagonal) : size_(v.size()) {
    first_.reserve(size_[1] * size_[2] + 1);
    for (std::size_t z = 0; z < size_[2]; ++z)
      for (std::size_t y = 0; y < size_[1]; ++y) {
        first_.push_back(runs_.size());
        append(v.row(y, z));
      }
    first_.push_back(runs_.size());
    parent_.resize(runs_.size());
    std::iota(parent_.begin(), parent_.end(), 0u);
    for (std::size_t z = 0; z < size_[2]; ++z)
      for (std::size_t y = 0; y < size_[1]; ++y) {
        if (y > 0) join(line(y, z), line(y - 1, z), diagonal);
        if (z == 0) continue;
        join(line(y, z), line(y, z - 1), diagonal);
        if (diagonal && y > 0) join(line(y, z), line(y - 1, z - 1), true);
        if (diagonal && y + 1 < size_[1]) join(line(y, z), line(y + 1, z - 1), true);
      }
    for (std::uint32_t r = 0; r < parent_.size(); ++r) parent_[r] = root(r);
  }

  const std::vector<Run>& runs() const { return runs_; }
  std::uint32_t tree(std::size_t run) const { return parent_[run]; }
  std::size_t line(std::size_t y, std::size_t z) const { return z * size_[1] + y; }
  std::size_t first(std::size_t line) const { return first_[line]; }

 private:
  void append(std::span<const std::uint64_t> row) {
    std::size_t x = 0;
    const std::size_t end = 64 * row.size();
    while (x < end) {
      x = next(row, x, false);
      if (x >= end) break;
      const std::size_t stop = next(row, x, true);
      runs_.push_back({static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(stop)});
      x = stop;
    }
  }
  /// First set (or, inverted, unset) bit from x on.
  static std::size_t next(std::span<const std::uint64_t> row, std::size_t x, bool inverted) {
    std::size_t w = x / 64;
    const std::uint64_t flip = inverted ? ~std::uint64_t{0} : 0;
    std::uint64_t rest = (row[w] ^ flip) & (~std::uint64_t{0} << (x % 64));
    while (rest == 0 && ++w < row.size()) rest = row[w] ^ flip;
    return w >= row.size() ? 64 * row.size() : 64 * w + static_cast<std::size_t>(std::countr_zero(rest));
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

struct Moments {
  double n = 0;
  std::array<double, 3> sum{};
  std::array<double, 6> square{};
};

void add_run(Region& r, Moments& m, const Run& run, std::size_t y, std::size_t z) {
  const double a = run.from, b = run.to, n = b - a, yd = double(y), zd = double(z);
  const double sx = (b - a) * (a + b - 1) / 2;                                     // sum of x
  const double sxx = (b * (b - 1) * (2 * b - 1) - a * (a - 1) * (2 * a - 1)) / 6;  // sum of x^2
  m.n += n;
  m.sum[0] += sx, m.sum[1] += n * yd, m.sum[2] += n * zd;
  m.square[0] += sxx, m.square[1] += n * yd * yd, m.square[2] += n * zd * zd;
  m.square[3] += n * yd * zd, m.square[4] += sx * zd, m.square[5] += sx * yd;
  const std::array<std::size_t, 3> low = {run.from, y, z}, high = {run.to - 1, y, z};
  for (std::size_t k = 0; k < 3; ++k) {
    r.low[k] = r.voxels ? std::min(r.low[k], low[k]) : low[k];
    r.high[k] = r.voxels ? std::max(r.high[k], high[k]) : high[k];
  }
  r.voxels += run.to - run.from;
}

void finish(Region& r, const Moments& m) {
  for (std::size_t k = 0; k < 3; ++k) r.centre[k] = m.sum[k] / m.n;
  constexpr std::array<std::array<std::size_t, 2>, 6> pair = {{{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}}};
  for (std::size_t k = 0; k < 6; ++k) r.gyration[k] = m.square[k] / m.n - r.centre[pair[k][0]] * r.centre[pair[k][1]];
}

}  // namespace

bool Regions::percolates(std::size_t axis, const std::array<std::size_t, 3>& size) const {
  return std::any_of(region.begin(), region.end(), [&](const Region& r) { return r.low[axis] == 0 && r.high[axis] + 1 == size[axis]; });
}

Regions regions(const BitVolume& v, bool diagonal, std::vector<std::uint32_t>* label) {
  const Forest forest(v, diagonal);
  std::vector<std::uint32_t> number(forest.runs().size(), 0);
  std::vector<Region> found;
  std::vector<Moments> moments;
  const auto [nx, ny, nz] = v.size();
  for (std::size_t z = 0; z < nz; ++z)
    for (std::size_t y = 0; y < ny; ++y)
      for (std::size_t r = forest.first(forest.line(y, z)); r < forest.first(forest.line(y, z) + 1); ++r) {
        const std::uint32_t tree = forest.tree(r);
        if (number[tree] == 0) {
          found.emplace_back(), moments.emplace_back();
          number[tree] = static_cast<std::uint32_t>(found.size());
        }
        add_run(found[number[tree] - 1], moments[number[tree] - 1], forest.runs()[r], y, z);
      }
  for (std::size_t k = 0; k < moments.size(); ++k) finish(found[k], moments[k]);
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
                  forest.runs()[r].to - forest.runs()[r].from, rank[number[forest.tree(r)] - 1]);
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
