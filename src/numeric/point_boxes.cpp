#include "numeric/point_boxes.hpp"

#include <cmath>

namespace heteroglass::numeric {

std::uint64_t occupied_boxes(std::span<const Vec3> fractional, const std::array<std::uint32_t, 3>& n, const Vec3& shift) {
  std::vector<bool> taken(std::size_t{n[0]} * n[1] * n[2], false);
  std::uint64_t count = 0;
  for (const Vec3& s : fractional) {
    std::size_t box = 0;
    for (std::size_t k = 3; k-- > 0;) {
      const double u = s[k] * n[k] + shift[k];
      const auto cell = static_cast<std::int64_t>(std::floor(u)) % std::int64_t{n[k]};
      box = box * n[k] + static_cast<std::size_t>(cell < 0 ? cell + n[k] : cell);
    }
    if (!taken[box]) taken[box] = true, ++count;
  }
  return count;
}

MeanBoxes mean_occupied_boxes(std::span<const Vec3> fractional, const std::array<std::uint32_t, 3>& n, int places) {
  constexpr double weyl[] = {0.8191725133961645, 0.6710436067037893, 0.5497004779019703};  // powers of 1 / 1.2207440846
  double sum = 0, squares = 0;
  for (int p = 0; p < places; ++p) {
    const auto part = [&](std::size_t k) { return p * weyl[k] - std::floor(p * weyl[k]); };
    const double count = double(occupied_boxes(fractional, n, {part(0), part(1), part(2)}));
    sum += count, squares += count * count;
  }
  const double mean = sum / places;
  return {mean, places > 1 ? std::sqrt(std::max(0.0, squares / places - mean * mean) / (places - 1)) : NAN};
}

}  // namespace heteroglass::numeric
