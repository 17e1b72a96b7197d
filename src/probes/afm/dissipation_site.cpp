#include "probes/afm/dissipation_site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "numeric/noise_table.hpp"
#include "numeric/sample_mean.hpp"
#include "numeric/surrogate.hpp"

namespace heteroglass::probes {
namespace {

using numeric::MapView;

std::vector<double> finite(std::span<const double> values) {
  std::vector<double> v;
  std::copy_if(values.begin(), values.end(), std::back_inserter(v), [](double x) { return std::isfinite(x); });
  return v;
}

/// The smallest value of the top share of the pixels.
double top_value(std::vector<double> v, double share) {
  const std::size_t n = std::size_t(std::clamp(std::round(share * double(v.size())), 1.0, double(v.size())));
  const auto at = v.begin() + std::ptrdiff_t(v.size() - n);
  std::nth_element(v.begin(), at, v.end());
  return *at;
}

RegionStatistics statistics(const MapView& map, const numeric::RegionShapes& r, std::size_t least, std::size_t pixels) {
  RegionStatistics s;
  s.regions = r.shape.size();
  std::vector<double> radius, longest, shortest, aspect, angle;
  double large = 0;
  for (const numeric::RegionShape& shape : r.shape) {
    if (shape.pixels < least) continue;
    ++large;
    if (shape.touches_edge) continue;
    radius.push_back(shape.equivalent_radius), longest.push_back(shape.d_max), shortest.push_back(shape.d_min);
    aspect.push_back(shape.aspect), angle.push_back(shape.inclination);
  }
  s.whole = radius.size();
  s.per_area = large / (double(pixels) * map.pixel_width * map.pixel_height);
  const auto mean = [](const std::vector<double>& v) {
    if (v.empty()) return Measured{NAN, NAN, "no region of the least size lies inside the map"};
    return numeric::sample_mean(v, "one region only");
  };
  s.radius = mean(radius), s.d_max = mean(longest), s.d_min = mean(shortest), s.aspect = mean(aspect);
  s.orientation = numeric::orientation_test(angle);
  return s;
}

}  // namespace

SiteRegions site_regions(const MapView& map, const SiteSettings& s, bool labels) {
  const std::vector<double> values = finite(map.values);
  if (values.empty()) throw InputError("probes/tapping_afm: at least one pixel must not be masked, got none");
  SiteRegions r;
  r.loose_above = s.loose_above.value_or(top_value(values, s.loose_percent / 100));
  r.loose = numeric::region_shapes(map, r.loose_above, INFINITY, true, labels);
  r.shape = statistics(map, r.loose, s.least_pixels, values.size());
  r.dense_below = s.dense_below.value_or(top_value(values, 1 - s.dense_percent / 100));
  const numeric::RegionShapes dense = numeric::region_shapes(map, -INFINITY, r.dense_below, true);
  double all = 0;
  for (const numeric::RegionShape& shape : dense.shape) r.cluster_pixels.push_back(shape.pixels), all += double(shape.pixels);
  r.clusters = dense.shape.size();
  r.largest_share = all > 0 ? double(dense.shape.front().pixels) / all : 0;
  r.law = numeric::size_law(r.cluster_pixels, map.pixel_width * map.pixel_height,
                            {.min_pixels = s.least_pixels, .samples = s.samples, .seed = s.seed});
  return r;
}

namespace {

/// A length far below a pixel is no length, and a parameter at the end of its range has no error.
numeric::MapCorrelation believed(numeric::MapCorrelation c, double pixel) {
  if (c.xi.value < pixel / 2) {
    c.xi = {NAN, NAN, "shorter than a pixel: neighbours are not alike"};
    c.exponent = {NAN, NAN, c.xi.note};
  }
  if (c.exponent.error < 1e-6) c.exponent = {c.exponent.value, NAN, "at the end of its range"};
  return c;
}

}  // namespace

Site site(const MapView& map, const SiteSettings& s) {
  Site m{
      site_regions(map, s, true),
      believed(numeric::map_correlation(map, {.r_max = s.r_max, .tip_radius = s.tip_radius}), std::max(map.pixel_width, map.pixel_height)),
      {},
      false};
  try {
    m.angular = numeric::angular_power(map), m.has_angular = true;
  } catch (const InputError&) {  // too small a map for its rings
  }
  return m;
}

Table site_noise(const MapView& map, const Site& measured, const SiteSettings& settings, int surrogates, Context& context) {
  SiteSettings s = settings;
  s.samples = 0;
  const numeric::MapSurrogates source(map);
  struct Row {
    const char* name;
    double measured;
    std::vector<double> values;
  };
  const auto numbers = [](const SiteRegions& r, double xi, double decay) {
    return std::array<double, 10>{double(r.loose.shape.size()),
                                  r.shape.radius.value,
                                  r.shape.d_max.value,
                                  r.shape.d_min.value,
                                  r.shape.aspect.value,
                                  r.shape.orientation.resultant,
                                  double(r.clusters),
                                  r.largest_share,
                                  xi,
                                  decay};
  };
  constexpr const char* names[] = {"loose regions",
                                   "their mean radius [nm]",
                                   "their mean longest diameter [nm]",
                                   "their mean shortest diameter [nm]",
                                   "their mean aspect ratio",
                                   "alignment of their long axes",
                                   "dense clusters",
                                   "share of the largest dense cluster",
                                   "correlation length xi [nm]",
                                   "1/e length [nm]"};
  const auto first = numbers(measured.regions, measured.correlation.xi.value, measured.correlation.decay_length.value);
  std::vector<std::array<double, 10>> found(static_cast<std::size_t>(surrogates));
  std::vector<double> exponent(found.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    context.check_cancelled();
    context.progress(0.3 + 0.7 * double(k) / surrogates, fmt::format("random map {} of {}", k + 1, surrogates));
    const std::vector<double> random = source.draw(s.seed * 1000003u + k);
    const MapView view{map.width, map.height, map.pixel_width, map.pixel_height, random};
    const SiteRegions r = site_regions(view, s);
    const numeric::CorrelationLengths lengths = numeric::correlation_lengths(view, measured.correlation);
    found[k] = numbers(r, lengths.xi, lengths.decay_length), exponent[k] = r.law.exponent.value;
  }
  numeric::NoiseTable table;
  for (std::size_t q = 0; q < first.size(); ++q) {
    std::vector<double> column;
    for (const auto& f : found) column.push_back(f[q]);
    table.add(names[q], first[q], column);
  }
  table.add("exponent of the sizes of dense clusters", measured.regions.law.exponent.value, exponent);
  return table.table();
}

Moments block_moments(const MapView& map) {
  constexpr std::size_t side = 4;
  std::array<std::array<double, 4>, side * side> block{};  // n, sums of powers about the mean
  const numeric::MapMoments m = numeric::moments(map.values);
  for (std::size_t y = 0; y < map.height; ++y)
    for (std::size_t x = 0; x < map.width; ++x) {
      const double v = map.at(x, y) - m.mean;
      if (!std::isfinite(v)) continue;
      auto& b = block[y * side / map.height * side + x * side / map.width];
      b[0] += 1, b[1] += v, b[2] += v * v, b[3] += v * v * v;
    }
  std::array<double, 4> all{};
  for (const auto& b : block)
    for (std::size_t k = 0; k < 4; ++k) all[k] += b[k];
  const auto of = [&](const std::array<double, 4>& s) {
    const double n = s[0], mean = s[1] / n, variance = s[2] / n - mean * mean;
    const double third = s[3] / n - 3 * mean * s[2] / n + 2 * mean * mean * mean;
    return std::array<double, 3>{mean + m.mean, std::sqrt(variance * n / (n - 1)), third / std::pow(variance, 1.5)};
  };
  const std::array<double, 3> whole = of(all);
  std::array<double, 3> sum{}, squares{};
  double blocks = 0;
  for (const auto& b : block) {
    if (b[0] == 0 || b[0] == all[0]) continue;
    std::array<double, 4> rest = all;
    for (std::size_t k = 0; k < 4; ++k) rest[k] -= b[k];
    const std::array<double, 3> v = of(rest);
    for (std::size_t k = 0; k < 3; ++k) sum[k] += v[k], squares[k] += v[k] * v[k];
    ++blocks;
  }
  const auto measured = [&](std::size_t k) {
    if (blocks < 4) return Measured{whole[k], NAN, "too few pixels for blocks"};
    const double spread = std::max(0.0, squares[k] / blocks - sum[k] / blocks * (sum[k] / blocks));
    return Measured{whole[k], std::sqrt((blocks - 1) * spread), "leaving out each of 16 blocks of the map"};
  };
  return {measured(0), measured(1), measured(2), m.pixels};
}

}  // namespace heteroglass::probes
