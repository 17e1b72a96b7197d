#include "numeric/bit_volume.hpp"

#include <bit>

namespace heteroglass::numeric {

BitVolume::BitVolume(std::array<std::size_t, 3> size) : size_(size), words_((size[0] + 63) / 64), bits_(words_ * size[1] * size[2], 0) {}

void BitVolume::threshold_row(std::size_t y, std::size_t z, std::span<const float> grey, float low, float high) {
  const std::span<std::uint64_t> out = row(y, z);
  for (std::size_t w = 0; w < words_; ++w) {
    const std::size_t from = 64 * w, n = std::min<std::size_t>(64, size_[0] - from);
    std::uint64_t word = 0;
    for (std::size_t b = 0; b < n; ++b) word |= std::uint64_t{grey[from + b] >= low && grey[from + b] <= high} << b;
    out[w] = word;
  }
}

std::uint64_t BitVolume::count() const {
  std::uint64_t n = 0;
  for (const std::uint64_t w : bits_) n += static_cast<std::uint64_t>(std::popcount(w));
  return n;
}

namespace {

/// Set bits of `words`, taken in groups of `box` along x: how many groups have one.
std::uint64_t groups_set(std::span<const std::uint64_t> words, std::size_t nx, std::size_t box) {
  std::uint64_t n = 0;
  if (box == 1) {
    for (const std::uint64_t w : words) n += static_cast<std::uint64_t>(std::popcount(w));
    return n;
  }
  // Jump from one set bit to the first group after its own.
  std::size_t x = 0;
  while (x < nx) {
    std::size_t w = x / 64;
    std::uint64_t rest = words[w] & (~std::uint64_t{0} << (x % 64));
    while (rest == 0 && ++w < words.size()) rest = words[w];
    if (w >= words.size()) break;
    const std::size_t found = 64 * w + static_cast<std::size_t>(std::countr_zero(rest));
    ++n;
    x = (found / box + 1) * box;
  }
  return n;
}

template <class Count> std::uint64_t over_columns_of_boxes(const BitVolume& v, std::size_t box, Count count) {
  const auto [nx, ny, nz] = v.size();
  const auto layers = static_cast<std::int64_t>((nz + box - 1) / box);
  std::uint64_t n = 0;
#pragma omp parallel for schedule(static) reduction(+ : n)
  for (std::int64_t layer = 0; layer < layers; ++layer) {
    std::vector<std::uint64_t> any(v.words_per_row()), all(v.words_per_row());
    const std::size_t z0 = static_cast<std::size_t>(layer) * box, z1 = std::min(nz, z0 + box);
    for (std::size_t y0 = 0; y0 < ny; y0 += box) {
      std::fill(any.begin(), any.end(), 0);
      std::fill(all.begin(), all.end(), ~std::uint64_t{0});
      for (std::size_t z = z0; z < z1; ++z)
        for (std::size_t y = y0; y < std::min(ny, y0 + box); ++y) {
          const auto row = v.row(y, z);
          for (std::size_t w = 0; w < row.size(); ++w) any[w] |= row[w], all[w] &= row[w];
        }
      n += count(any, all, z1 - z0 < box && nz > 1, std::min(ny, y0 + box) - y0 < box);
    }
  }
  return n;
}

}  // namespace

std::uint64_t box_count(const BitVolume& v, std::size_t box) {
  return over_columns_of_boxes(v, box, [&](const auto& any, const auto&, bool, bool) { return groups_set(any, v.size()[0], box); });
}

std::uint64_t boundary_box_count(const BitVolume& v, std::size_t box) {
  const std::size_t nx = v.size()[0];
  return over_columns_of_boxes(v, box, [&](const auto& any, const auto& all, bool cut_z, bool cut_y) {
    std::uint64_t n = groups_set(any, nx, box);
    if (cut_z || cut_y) return n;
    for (std::size_t x = 0; x + box <= nx; x += box) {
      bool full = true;
      for (std::size_t b = x; b < x + box && full; ++b) full = all[b / 64] >> (b % 64) & 1;
      n -= full;
    }
    return n;
  });
}

double two_point(const BitVolume& v, std::size_t axis, std::size_t distance) {
  const auto& size = v.size();
  if (distance >= size[axis]) return 0;
  std::uint64_t both = 0;
  const std::size_t words = v.words_per_row();
  const auto nz = static_cast<std::int64_t>(size[2] - (axis == 2 ? distance : 0));
#pragma omp parallel for schedule(static) reduction(+ : both)
  for (std::int64_t z = 0; z < nz; ++z)
    for (std::size_t y = 0; y < size[1] - (axis == 1 ? distance : 0); ++y) {
      const auto zu = static_cast<std::size_t>(z);
      const auto a = v.row(y, zu), b = axis == 0 ? a : axis == 1 ? v.row(y + distance, zu) : v.row(y, zu + distance);
      if (axis != 0) {
        for (std::size_t w = 0; w < words; ++w) both += static_cast<std::uint64_t>(std::popcount(a[w] & b[w]));
        continue;
      }
      const std::size_t whole = distance / 64, part = distance % 64;
      for (std::size_t w = 0; w + whole < words; ++w) {
        std::uint64_t shifted = a[w + whole] >> part;
        if (part && w + whole + 1 < words) shifted |= a[w + whole + 1] << (64 - part);
        both += static_cast<std::uint64_t>(std::popcount(a[w] & shifted));
      }
    }
  double pairs = 1;
  for (std::size_t k = 0; k < 3; ++k) pairs *= static_cast<double>(size[k] - (k == axis ? distance : 0));
  return static_cast<double>(both) / pairs;
}

}  // namespace heteroglass::numeric
