/// Where a falling curve crosses 1/e of its first value, by a line between two points; NaN when it does not.
#pragma once

#include <cmath>
#include <span>

namespace heteroglass::numeric {

inline double decay_length(std::span<const double> r, std::span<const double> c) {
  const double level = c.empty() ? 0 : c[0] * std::exp(-1.0);
  for (std::size_t i = 1; i < c.size(); ++i)
    if (c[i] <= level) return r[i - 1] + (c[i - 1] - level) / (c[i - 1] - c[i]) * (r[i] - r[i - 1]);
  return NAN;
}

}  // namespace heteroglass::numeric
