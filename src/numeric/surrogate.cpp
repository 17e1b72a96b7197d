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

std::vector<double> amplitudes(std::span<const float> values, std::array<std::size_t, 3> size) {
  RealFourier field(size);
  std::copy(values.begin(), values.end(), field.values().begin());
  field.to_modes();
  std::vector<double> out;
  out.reserve(field.modes().size());
  for (const auto& m : field.modes()) out.push_back(std::abs(m));
  return out;
}

/// Lags of one axis, positive and negative, up to the reach.
struct Axis {
  std::size_t size, reach, padded;
  Axis(std::size_t n, std::size_t part) : size(n), reach(n / part), padded(n == 1 ? 1 : good_fourier_size(n + n / part)) {}
  double distance(std::size_t i) const { return static_cast<double>(std::min(i, size - i)); }
  /// One over the share of pairs, times the lag window.
  double weight(std::size_t i) const {
    const double d = distance(i), r = static_cast<double>(reach), n = static_cast<double>(size);
    if (size == 1) return 1;
    if (d >= r) return 0;
    const double c = d > r / 2 ? std::cos(std::numbers::pi / 2 * (2 * d / r - 1)) : 1;
    return c * c / (n - d);
  }
  /// Where the lag lies in the padded transform.
  std::size_t at(std::size_t i) const { return 2 * i <= size ? i : padded - (size - i); }
};

}  // namespace

Surrogates::Surrogates(std::span<const float> values, std::array<std::size_t, 3> size)
    : Surrogates(values, amplitudes(values, size), size) {}

Surrogates::Surrogates(std::span<const float> values, std::vector<double> amplitude, std::array<std::size_t, 3> size)
    : size_(size), amplitude_(std::move(amplitude)) {
  for (const std::uint32_t i : ascending(values)) sorted_.push_back(values[i]);
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

std::vector<double> open_amplitudes(std::span<const float> values, std::array<std::size_t, 3> size) {
  constexpr std::size_t large = 4'000'000;  // the room beyond the edges is held in memory
  const std::size_t part = size[2] > 1 && values.size() > large ? 4 : 2;
  const Axis ax(size[0], part), ay(size[1], part), az(size[2], part);
  const double all = static_cast<double>(ax.padded) * static_cast<double>(ay.padded) * static_cast<double>(az.padded);
  double mean = 0;
  for (const float v : values) mean += double(v) / static_cast<double>(values.size());
  RealFourier lags(size);
  {
    RealFourier padded({ax.padded, ay.padded, az.padded});
    const auto room = padded.values();
    std::fill(room.begin(), room.end(), 0.0);
    for (std::size_t z = 0, i = 0; z < size[2]; ++z)
      for (std::size_t y = 0; y < size[1]; ++y)
        for (std::size_t x = 0; x < size[0]; ++x, ++i) room[(z * ay.padded + y) * ax.padded + x] = double(values[i]) - mean;
    padded.to_modes();
    for (auto& m : padded.modes()) m = std::norm(m);
    padded.to_values();
    for (std::size_t z = 0, i = 0; z < size[2]; ++z)
      for (std::size_t y = 0; y < size[1]; ++y)
        for (std::size_t x = 0; x < size[0]; ++x, ++i) {
          const double weight = ax.weight(x) * ay.weight(y) * az.weight(z) / all;
          lags.values()[i] = weight > 0 ? weight * room[(az.at(z) * ay.padded + ay.at(y)) * ax.padded + ax.at(x)] : 0;
        }
  }
  lags.to_modes();
  std::vector<double> out;
  out.reserve(lags.modes().size());
  for (const auto& m : lags.modes()) out.push_back(std::sqrt(std::max(0.0, m.real())));
  return out;
}

MapSurrogates::MapSurrogates(const MapView& map)
    : field_([&] {
        const std::vector<double> whole = filled(map);
        const std::vector<float> values(whole.begin(), whole.end());
        return Surrogates(values, open_amplitudes(values, {map.width, map.height, 1}), {map.width, map.height, 1});
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
