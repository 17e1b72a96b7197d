/// Connected regions of chosen pixels of a map, each with the ellipse that has its second moments.
///
///     (xx, xy, yy)   moments of the region's area about its centre; each pixel adds its own, a^2/12
///     D_max, D_min = 4 sqrt(eigenvalue)      an ellipse of axes D_max, D_min has these moments
///     R_eq = sqrt(area / pi)                 aspect = D_max / D_min
///
/// The inclination is the angle of the long axis from the scan line, anticlockwise as the image is looked at, from 0 to 180 degrees; an
/// axis has no head, so mean angles are taken on the doubled angle (orientation.hpp). Oblong pixels are allowed for.
/// Regions that touch the edge of the map are cut by it; statistics of shapes usually leave them out.
/// Cost O(pixels / 64 + runs): 1024^2 in a few ms.
#pragma once

#include <cstdint>
#include <vector>

#include "numeric/map_view.hpp"

namespace heteroglass::numeric {

struct RegionShape {
  std::size_t pixels = 0;
  double x = 0, y = 0;  ///< centre, from the middle of the first pixel, y downwards
  double area = 0, equivalent_radius = 0, d_max = 0, d_min = 0, aspect = 1;
  double inclination = 0;  ///< [deg]
  bool touches_edge = false;
};

struct RegionShapes {
  std::vector<RegionShape> shape;    ///< largest first
  std::vector<std::uint32_t> label;  ///< (height * width) number of the region, from 1; 0 outside; empty when not asked
};

/// Pixels that are chosen: `low` <= value <= `high`; masked ones are not. @param diagonal pixels that share a corner are neighbours (8), else 4
RegionShapes region_shapes(const MapView& map, double low, double high, bool diagonal, bool labels = false);

}  // namespace heteroglass::numeric
