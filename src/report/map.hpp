/// A map drawn in colours as SVG text: pixels as an embedded PNG, axes with ticks and units, a colour bar.
///
/// Colours run from dark to light in equal steps of lightness (viridis, github.com/BIDS/colormap, CC0), so that they also read in
/// grey. Masked pixels are left blank. Maps of more than 600 pixels a side are averaged over blocks. The colours span all values,
/// unless single pixels lie far outside: then the 0.5 and 99.5 % quantiles, and the caption says so.
#pragma once

#include <string>

#include "report/figure.hpp"

namespace heteroglass::report {

/// Figure of a matrix whose field says `map(x, y)`; no pixels when the axes do not fit it.
Figure map_figure(const Part& part, const PartResult& result);
/// Self-contained SVG, 640 units wide; lengths of equal units are drawn to the same scale.
std::string draw_map(const Figure& figure);

}  // namespace heteroglass::report
