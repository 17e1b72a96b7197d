#include "numeric/angular_power.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <complex>
#include <numbers>
#include <vector>

#include "core/error.hpp"
#include "numeric/fourier.hpp"

namespace heteroglass::numeric {
namespace {

constexpr double pi = std::numbers::pi;

constexpr int reach = 2;  // modes that a Hann window ties to a mode

/// Hann over the ellipse inscribed in the map.
struct Window {
  std::vector<double> w;
  double tie[2 * reach + 1][2 * reach + 1] = {};  ///< rho(d)^2, by d_y and d_x

  explicit Window(const MapView& map) : w(map.size()) {
    std::complex<double> rho[2 * reach + 1][2 * reach + 1] = {};
    for (std::size_t y = 0; y < map.height; ++y)
      for (std::size_t x = 0; x < map.width; ++x) {
        const double u = (static_cast<double>(x) + 0.5) / static_cast<double>(map.width);
        const double v = (static_cast<double>(y) + 0.5) / static_cast<double>(map.height);
        const double r = std::hypot(2 * u - 1, 2 * v - 1), h = r < 1 ? 0.5 + 0.5 * std::cos(pi * r) : 0;
        w[y * map.width + x] = h;
        if (h == 0) continue;
        const std::complex<double> eu = std::polar(1.0, 2 * pi * u), ev = std::polar(1.0, 2 * pi * v);
        std::complex<double> along_y = h * h / (ev * ev);
        for (int dy = 0; dy <= 2 * reach; ++dy, along_y *= ev) {
          std::complex<double> both = along_y / (eu * eu);
          for (int dx = 0; dx <= 2 * reach; ++dx, both *= eu) rho[dy][dx] += both;
        }
      }
    for (int dy = 0; dy <= 2 * reach; ++dy)
      for (int dx = 0; dx <= 2 * reach; ++dx) tie[dy][dx] = std::norm(rho[dy][dx]) / std::norm(rho[reach][reach]);
  }
};

/// Modes of the whole plane, in the rows and columns of the transform.
struct Modes {
  std::vector<double> k, phi, power;
  std::vector<bool> used;
};

Modes modes_of(const MapView& map, const Window& window, double k_low, double k_high) {
  const MapMoments m = moments(map.values);
  RealFourier field({map.width, map.height, 1});
  double mean = 0, sum = 0;  // of the windowed map: its zero mode must not leak
  for (std::size_t i = 0; i < map.size(); ++i)
    if (std::isfinite(map.values[i])) mean += window.w[i] * (map.values[i] - m.mean), sum += window.w[i];
  mean /= sum;
  for (std::size_t i = 0; i < map.size(); ++i)
    field.values()[i] = std::isfinite(map.values[i]) ? window.w[i] * (map.values[i] - m.mean - mean) : 0;
  field.to_modes();
  const std::size_t half = map.width / 2 + 1, n = map.size();
  Modes out{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n), std::vector<bool>(n)};
  const auto wave = [](std::size_t i, std::size_t count) {
    return i <= count / 2 ? static_cast<double>(i) : static_cast<double>(i) - static_cast<double>(count);
  };
  for (std::size_t y = 0; y < map.height; ++y)
    for (std::size_t x = 0; x < map.width; ++x) {
      const double kx = wave(x, map.width) / (static_cast<double>(map.width) * map.pixel_width);
      const double ky = -wave(y, map.height) / (static_cast<double>(map.height) * map.pixel_height);  // y upwards
      const std::size_t i = y * map.width + x;
      out.k[i] = std::hypot(kx, ky), out.phi[i] = std::atan2(ky, kx);
      out.used[i] = out.k[i] >= k_low && out.k[i] <= k_high;
      const std::size_t hx = x < half ? x : map.width - x, hy = x < half ? y : (map.height - y) % map.height;
      out.power[i] = std::norm(field.modes()[hy * half + hx]);
    }
  return out;
}

/// Mean squares of |c_2| and |c_4| of an isotropic map, over c_0^2, from the mean power of each mode.
std::array<double, 2> levels(const MapView& map, const Window& window, const Modes& modes, const std::vector<double>& mean) {
  double two = 0, four = 0, all = 0;
  const auto w = static_cast<std::ptrdiff_t>(map.width), h = static_cast<std::ptrdiff_t>(map.height);
  for (std::ptrdiff_t y = 0; y < h; ++y)
    for (std::ptrdiff_t x = 0; x < w; ++x) {
      const auto i = static_cast<std::size_t>(y * w + x);
      if (!modes.used[i]) continue;
      all += mean[i];
      for (int dy = -reach; dy <= reach; ++dy)
        for (int dx = -reach; dx <= reach; ++dx) {
          const auto j = static_cast<std::size_t>((y + dy + h) % h * w + (x + dx + w) % w);
          if (!modes.used[j]) continue;
          const double c = std::cos(2 * (modes.phi[i] - modes.phi[j])), both = mean[i] * mean[j] * window.tie[dy + reach][dx + reach];
          two += both * c, four += both * (2 * c * c - 1);
        }
    }
  return {2 * two / (all * all), 2 * four / (all * all)};
}

}  // namespace

AngularPower angular_power(const MapView& map, std::optional<double> wavelength_min, std::optional<double> wavelength_max) {
  const double pixel = std::max(map.pixel_width, map.pixel_height);
  const double side = std::min(static_cast<double>(map.width) * map.pixel_width, static_cast<double>(map.height) * map.pixel_height);
  AngularPower out;
  out.wavelength_min = wavelength_min.value_or(4 * pixel), out.wavelength_max = wavelength_max.value_or(side / 4);
  const Window window(map);
  const Modes modes = modes_of(map, window, 1 / out.wavelength_max, 1 / out.wavelength_min);
  const auto count = std::count(modes.used.begin(), modes.used.end(), true) / 2;
  if (count < 20)
    throw InputError(fmt::format("angular power: 20 modes or more must lie between wavelengths {:.6g} and {:.6g}, got {}",
                                 out.wavelength_min, out.wavelength_max, count));
  const double step = 1 / side;  // rings of a mode's width
  const auto ring = [&](double k) { return static_cast<std::size_t>(k / step); };
  std::vector<double> sum(ring(1 / out.wavelength_min) + 2, 0), number(sum.size(), 0);
  std::complex<double> c2 = 0, c4 = 0;
  double c0 = 0;
  for (std::size_t i = 0; i < modes.power.size(); ++i) {
    if (!modes.used[i]) continue;
    const double p = modes.power[i];
    c0 += p, c2 += std::polar(p, -2 * modes.phi[i]), c4 += std::polar(p, -4 * modes.phi[i]);
    sum[ring(modes.k[i])] += p, ++number[ring(modes.k[i])];
  }
  if (!(c0 > 0)) throw InputError("angular power: a map must have pixels that differ, got one value");
  std::vector<double> mean(modes.power.size(), 0);
  for (std::size_t i = 0; i < mean.size(); ++i)
    if (modes.used[i]) mean[i] = sum[ring(modes.k[i])] / number[ring(modes.k[i])];
  const auto [two, four] = levels(map, window, modes, mean);
  out.two_fold = std::abs(c2) / c0, out.four_fold = std::abs(c4) / c0;
  out.two_fold_level = std::sqrt(two), out.four_fold_level = std::sqrt(four);
  out.two_fold_p = std::exp(-out.two_fold * out.two_fold / two), out.four_fold_p = std::exp(-out.four_fold * out.four_fold / four);
  double crest = -std::arg(c2) * 90 / pi + 90;  // crests stand across the wave vector
  crest -= 180 * std::floor(crest / 180);
  out.direction = crest;
  return out;
}

}  // namespace heteroglass::numeric
