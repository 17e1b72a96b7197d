#include "numeric/local_line.hpp"

#include <algorithm>

namespace heteroglass::numeric {

StraightLine local_line(std::span<const double> x, std::span<const double> y, double at, double half) {
  const auto position = [&](double t) { return static_cast<std::size_t>(std::lower_bound(x.begin(), x.end(), t) - x.begin()); };
  std::size_t from = position(at - half), to = position(at + half);
  while (to - from < std::min<std::size_t>(4, x.size())) {
    const bool left = from > 0 && (to == x.size() || at - x[from - 1] < x[to] - at);
    left ? --from : ++to;
  }
  return straight_line(x.subspan(from, to - from), y.subspan(from, to - from), {}, true);
}

}  // namespace heteroglass::numeric
