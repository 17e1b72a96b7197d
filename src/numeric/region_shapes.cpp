#include "numeric/region_shapes.hpp"

#include <algorithm>
#include <numbers>

#include "numeric/bit_volume.hpp"

namespace heteroglass::numeric {
namespace {

BitVolume chosen(const MapView& map, double low, double high) {
  BitVolume bits({map.width, map.height, 1});
  for (std::size_t y = 0; y < map.height; ++y) {
    const std::span<std::uint64_t> row = bits.row(y, 0);
    for (std::size_t w = 0; w < row.size(); ++w) {
      const std::size_t from = 64 * w, n = std::min<std::size_t>(64, map.width - from);
      const double* v = map.values.data() + y * map.width + from;
      std::uint64_t word = 0;
      for (std::size_t b = 0; b < n; ++b) word |= std::uint64_t{v[b] >= low && v[b] <= high} << b;
      row[w] = word;
    }
  }
  return bits;
}

RegionShape shape_of(const Region& r, const MapView& map) {
  const double w = map.pixel_width, h = map.pixel_height;
  RegionShape s;
  s.pixels = r.voxels, s.x = r.centre[0] * w, s.y = r.centre[1] * h;
  s.area = static_cast<double>(r.voxels) * w * h;
  s.equivalent_radius = std::sqrt(s.area / std::numbers::pi);
  const double xx = (r.gyration[0] + 1.0 / 12) * w * w, yy = (r.gyration[1] + 1.0 / 12) * h * h;
  const double xy = -r.gyration[5] * w * h;  // rows run downwards
  const double mean = (xx + yy) / 2, split = std::hypot((xx - yy) / 2, xy);
  s.d_max = 4 * std::sqrt(mean + split), s.d_min = 4 * std::sqrt(std::max(0.0, mean - split));
  s.aspect = s.d_max / s.d_min;
  s.inclination = std::atan2(2 * xy, xx - yy) * 90 / std::numbers::pi;
  if (s.inclination < 0) s.inclination += 180;
  s.touches_edge = r.low[0] == 0 || r.low[1] == 0 || r.high[0] + 1 == map.width || r.high[1] + 1 == map.height;
  return s;
}

}  // namespace

RegionShapes region_shapes(const MapView& map, double low, double high, bool diagonal, bool labels) {
  RegionShapes out;
  const Regions found = regions(chosen(map, low, high), diagonal, labels ? &out.label : nullptr);
  out.shape.reserve(found.region.size());
  for (const Region& r : found.region) out.shape.push_back(shape_of(r, map));
  return out;
}

}  // namespace heteroglass::numeric
