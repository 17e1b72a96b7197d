/// A map of numbers on a grid of pixels, row by row from the top; NaN is a masked pixel. It does not own its values.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace heteroglass::numeric {

struct MapView {
  std::size_t width = 0, height = 0;
  double pixel_width = 1, pixel_height = 1;  ///< in one unit of length
  std::span<const double> values;            ///< (height * width)

  std::size_t size() const { return width * height; }
  double at(std::size_t x, std::size_t y) const { return values[y * width + x]; }
};

/// Pixels that are not masked, their mean and their standard deviation.
struct MapMoments {
  std::size_t pixels = 0;
  double mean = 0, sd = 0;
};

inline MapMoments moments(std::span<const double> values) {
  MapMoments m;
  for (const double v : values)
    if (std::isfinite(v)) m.mean += v, ++m.pixels;
  if (m.pixels == 0) return m;
  m.mean /= static_cast<double>(m.pixels);
  double sum = 0;
  for (const double v : values)
    if (std::isfinite(v)) sum += (v - m.mean) * (v - m.mean);
  m.sd = m.pixels > 1 ? std::sqrt(sum / static_cast<double>(m.pixels - 1)) : 0;
  return m;
}

}  // namespace heteroglass::numeric
