#include "probes/afm/map_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "core/error.hpp"

namespace heteroglass::probes {

numeric::MapView map_of(const Image& image, const std::vector<double>& values) {
  if (!(image.pixel_width > 0) || !(image.pixel_height > 0))
    throw InputError(fmt::format(
        "{}: the size of pixels must be known, and the file does not say it: give --pixel-size, e.g. --pixel-size 10nm", image.source));
  return {image.width, image.height, image.pixel_width, image.pixel_height, values};
}

std::vector<double> x_axis(const Image& image) {
  std::vector<double> x(image.width);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i) * image.pixel_width;
  return x;
}

std::vector<double> y_axis(const Image& image) {
  std::vector<double> y(image.height);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<double>(i) * image.pixel_height;
  return y;
}

Matrix matrix_of(const Image& image, std::vector<double> values) {
  Matrix m;
  m.rows = image.height, m.columns = image.width, m.values = std::move(values);
  return m;
}

double independent_share(const numeric::MapView& map, double decay_length) {
  if (!(decay_length > 0)) return 1;
  return std::min(1.0, map.pixel_width * map.pixel_height / (2 * std::numbers::pi * decay_length * decay_length));
}

}  // namespace heteroglass::probes
