/// Random maps of known correlation: Gaussian, with C(r) = s^2 exp[-(r / xi)^(2 a)], cut from a field that repeats and is larger.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <random>
#include <vector>

#include "numeric/fourier.hpp"
#include "numeric/map_view.hpp"

namespace heteroglass::test {

struct Surface {
  std::size_t width = 128, height = 128;
  double xi = 6, exponent = 0.5, s = 1;  ///< xi in pixels of width; see stretch_y
  double pixel_width = 1, pixel_height = 1;
  double stretch = 1;  ///< correlation length along (1, 1) over that across it
};

inline std::vector<double> gaussian_map(const Surface& o, unsigned seed) {
  const std::size_t nx = 2 * numeric::good_fourier_size(o.width), ny = 2 * numeric::good_fourier_size(o.height);
  numeric::RealFourier field({nx, ny, 1});
  for (std::size_t y = 0; y < ny; ++y)
    for (std::size_t x = 0; x < nx; ++x) {
      const double dx = (x < nx - x ? static_cast<double>(x) : -static_cast<double>(nx - x)) * o.pixel_width;
      const double dy = (y < ny - y ? static_cast<double>(y) : -static_cast<double>(ny - y)) * o.pixel_height;
      const double u = (dx + dy) / std::sqrt(2.0) / std::sqrt(o.stretch), v = (dx - dy) / std::sqrt(2.0) * std::sqrt(o.stretch);
      field.values()[y * nx + x] = o.s * o.s * std::exp(-std::pow(std::sqrt(u * u + v * v) / o.xi, 2 * o.exponent));
    }
  field.to_modes();
  std::vector<double> amplitude;
  for (const auto& m : field.modes()) amplitude.push_back(std::sqrt(std::max(0.0, m.real())));
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  for (double& v : field.values()) v = normal(random);
  field.to_modes();
  for (std::size_t k = 0; k < amplitude.size(); ++k) field.modes()[k] *= amplitude[k] / (static_cast<double>(nx) * static_cast<double>(ny));
  field.to_values();
  std::vector<double> out;
  for (std::size_t y = 0; y < o.height; ++y)
    for (std::size_t x = 0; x < o.width; ++x) out.push_back(field.values()[y * nx + x]);
  return out;
}

inline numeric::MapView view(const Surface& o, const std::vector<double>& values) {
  return {o.width, o.height, o.pixel_width, o.pixel_height, values};
}

}  // namespace heteroglass::test
