/// The structure in one map of dissipation: lengths, loosely and densely packed regions, preferred directions, and noise alike.
///
/// Loosely packed regions: pixels in the top P percent of the distribution, connected over edges and corners, each with the ellipse of its
/// second moments; regions cut by the edge of the map or of fewer than `least_pixels` are counted but give no shape. Densely packed
/// ones: pixels in the lowest percent given, or below a value; their sizes are fitted by R^-a exp(-R/R_c) (numeric/size_law.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/context.hpp"
#include "numeric/angular_power.hpp"
#include "numeric/map_correlation.hpp"
#include "numeric/map_view.hpp"
#include "numeric/orientation.hpp"
#include "numeric/region_shapes.hpp"
#include "numeric/size_law.hpp"

namespace heteroglass::probes {

struct SiteSettings {
  double loose_percent = 5, dense_percent = 45;
  std::optional<double> loose_above = {}, dense_below = {};  ///< values, instead of percent
  std::size_t least_pixels = 5;
  std::optional<double> tip_radius = {}, r_max = {};  ///< [nm]
  int samples = 100;                                  ///< for the p-value of the size law
  std::uint64_t seed = 1;
};

/// Shapes of whole regions of the least size.
struct RegionStatistics {
  std::size_t regions = 0, whole = 0;  ///< all, and those with a shape
  double per_area = 0;                 ///< [1/nm^2] all of the least size
  Measured radius, d_max, d_min;       ///< [nm] means
  Measured aspect;                     ///< [1]
  numeric::OrientationTest orientation;
};

struct SiteRegions {
  double loose_above = NAN, dense_below = NAN;
  numeric::RegionShapes loose;
  RegionStatistics shape;
  std::size_t clusters = 0;  ///< densely packed
  double largest_share = 0;  ///< of the densely packed pixels in the largest cluster
  numeric::SizeLaw law;
  std::vector<std::size_t> cluster_pixels;
};

/// @param labels keep which pixel belongs to which loose region
SiteRegions site_regions(const numeric::MapView& map, const SiteSettings& settings, bool labels = false);

struct Site {
  SiteRegions regions;
  numeric::MapCorrelation correlation;
  numeric::AngularPower angular;
  bool has_angular = false;
};
Site site(const numeric::MapView& map, const SiteSettings& settings);

/// The same on random maps of the same histogram and spectrum, beside the measured map.
Table site_noise(const numeric::MapView& map, const Site& measured, const SiteSettings& settings, int surrogates, Context& context);

/// Mean, standard deviation and skewness with errors from leaving out each of 4 x 4 blocks.
struct Moments {
  Measured mean, sd, skew;
  std::size_t pixels = 0;
};
Moments block_moments(const numeric::MapView& map);

}  // namespace heteroglass::probes
