/// The whole-pixel shift that lays one map best over another of the same size: the largest correlation coefficient over the overlap.
///
/// Shifts up to a quarter of each side. Cost: six padded transforms. Masked pixels count as the mean.
#pragma once

#include "numeric/map_view.hpp"

namespace heteroglass::probes {

struct Alignment {
  int x = 0, y = 0;        ///< second(column + x, row + y) belongs to first(column, row)
  double coefficient = 0;  ///< of the overlap
};

Alignment alignment(const numeric::MapView& first, const numeric::MapView& second);

}  // namespace heteroglass::probes
