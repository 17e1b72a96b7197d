#include "numeric/surrogate.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <random>

#include "numeric/fourier.hpp"
#include "numeric/order.hpp"

namespace heteroglass::numeric {
namespace {

/// White noise: it carries the new phases, with the symmetry that a real field needs.
void fill_white(std::span<double> values, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < values.size(); i += 2) {
    const double u = (double(random() >> 11) + 0.5) * 0x1p-53, v = double(random() >> 11) * 0x1p-53;
    const double radius = std::sqrt(-2 * std::log(u));
    values[i] = radius * std::cos(2 * std::numbers::pi * v);
    if (i + 1 < values.size()) values[i + 1] = radius * std::sin(2 * std::numbers::pi * v);
  }
}

std::vector<double> filled(const MapView& map) {
  const double mean = moments(map.values).mean;
  std::vector<double> out(map.values.begin(), map.values.end());
  for (double& v : out)
    if (!std::isfinite(v)) v = mean;
  return out;
}

}  // namespace

Surrogates::Surrogates(std::span<const float> values, std::array<std::size_t, 3> size)
    : Surrogates(values, std::vector<double>(values.begin(), values.end()), size) {}

Surrogates::Surrogates(std::span<const float> values, std::span<const double> spectrum_of, std::array<std::size_t, 3> size) : size_(size) {
  for (const std::uint32_t i : ascending(values)) sorted_.push_back(values[i]);
  RealFourier field(size);
  std::copy(spectrum_of.begin(), spectrum_of.end(), field.values().begin());
  field.to_modes();
  amplitude_.reserve(field.modes().size());
  for (const auto& m : field.modes()) amplitude_.push_back(std::abs(m));
}

std::vector<float> Surrogates::draw(std::uint64_t seed, int iterations) const {
  RealFourier field(size_);
  const std::span<double> values = field.values();
  fill_white(values, seed);
  std::vector<Keyed> order(values.size()), spare(values.size());
  for (int i = 0; i < iterations; ++i) {
    field.to_modes();
    const auto modes = field.modes();
    for (std::size_t k = 0; k < modes.size(); ++k) {
      const double square = std::norm(modes[k]);
      modes[k] = square > 0 ? modes[k] * (amplitude_[k] / std::sqrt(square)) : amplitude_[k];
    }
    field.to_values();  // unnormalised: only the ranks are used
    for (std::size_t k = 0; k < values.size(); ++k) order[k] = {sortable(static_cast<float>(values[k])), static_cast<std::uint32_t>(k)};
    sort_keyed(order, spare);
    for (std::size_t r = 0; r < order.size(); ++r) values[order[r].index] = double(sorted_[r]);
  }
  return {values.begin(), values.end()};
}

std::vector<float> surrogate(std::span<const float> original, std::array<std::size_t, 3> size, std::uint64_t seed, int iterations) {
  return Surrogates(original, size).draw(seed, iterations);
}

std::vector<double> periodic_part(std::span<const double> values, std::array<std::size_t, 3> size) {
  const auto [nx, ny, nz] = size;
  const std::size_t stride[] = {1, nx, nx * ny};
  RealFourier field(size);
  const auto v = field.values();  // jumps across the faces, with the sign that each side of a face sees
  std::fill(v.begin(), v.end(), 0.0);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (size[axis] == 1) continue;
    const std::size_t last = (size[axis] - 1) * stride[axis];
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i / stride[axis] % size[axis] != 0) continue;
      const double jump = values[i + last] - values[i];
      v[i] += jump, v[i + last] -= jump;
    }
  }
  field.to_modes();
  const auto modes = field.modes();
  const std::size_t half = nx / 2 + 1;
  const double n = static_cast<double>(values.size());
  const auto wave = [](std::size_t k, std::size_t count) {
    return 2 * std::cos(2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(count)) - 2;
  };
  for (std::size_t z = 0; z < nz; ++z)
    for (std::size_t y = 0; y < ny; ++y)
      for (std::size_t x = 0; x < half; ++x) {
        const std::size_t k = (z * ny + y) * half + x;
        modes[k] = k == 0 ? 0 : modes[k] / ((wave(x, nx) + wave(y, ny) + wave(z, nz)) * n);
      }
  field.to_values();
  std::vector<double> out(values.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[i] - field.values()[i];
  return out;
}

MapSurrogates::MapSurrogates(const MapView& map)
    : field_([&] {
        const std::vector<double> whole = filled(map);
        return Surrogates(std::vector<float>(whole.begin(), whole.end()), periodic_part(whole, {map.width, map.height, 1}),
                          {map.width, map.height, 1});
      }()) {
  for (std::size_t i = 0; i < map.values.size(); ++i)
    if (!std::isfinite(map.values[i])) masked_.push_back(i);
}

std::vector<double> MapSurrogates::draw(std::uint64_t seed, int iterations) const {
  const std::vector<float> field = field_.draw(seed, iterations);
  std::vector<double> out(field.begin(), field.end());
  for (const std::size_t i : masked_) out[i] = std::numeric_limits<double>::quiet_NaN();
  return out;
}

}  // namespace heteroglass::numeric
