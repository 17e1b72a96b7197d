#include "numeric/box_dimension.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

struct Line {
  double slope = 0, error = 0;
};

Line line_through(std::span<const double> x, std::span<const double> y) {
  const double n = double(x.size());
  double mx = 0, my = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) mx += x[i] / n, my += y[i] / n;
  for (std::size_t i = 0; i < x.size(); ++i) xx += (x[i] - mx) * (x[i] - mx), xy += (x[i] - mx) * (y[i] - my);
  Line l{xy / xx, 0};
  double rest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) rest += std::pow(y[i] - my - l.slope * (x[i] - mx), 2);
  l.error = std::sqrt(rest / (n - 2) / xx);
  return l;
}

}  // namespace

BoxDimension box_dimension(std::span<const double> size, std::span<const double> count, double span) {
  std::vector<double> x, y, e;
  for (std::size_t i = 0; i < size.size(); ++i)
    if (count[i] > 0) x.push_back(std::log(size[i])), y.push_back(std::log(count[i])), e.push_back(size[i]);
  constexpr std::size_t fewest = 4;
  if (x.size() < fewest)
    throw InputError(fmt::format("box counting: must have at least {} sizes of boxes for a slope, got {}", fewest, x.size()));
  BoxDimension out;
  double best = INFINITY, sum = 0, squares = 0, windows = 0;
  for (std::size_t n = x.size(); n >= fewest; --n)
    for (std::size_t i = 0; i + n <= x.size(); ++i) {
      if (e[i + n - 1] < 0.999 * span * e[i] && n < x.size()) continue;
      const Line l = line_through(std::span(x).subspan(i, n), std::span(y).subspan(i, n));
      sum += l.slope, squares += l.slope * l.slope, ++windows;
      if (l.error < best - 1e-12) {
        best = l.error;
        out.dimension = {-l.slope, l.error, "standard error of the line, and standard deviation of the slopes of all windows"};
        out.from = e[i], out.to = e[i + n - 1];
      }
    }
  // the window was chosen because its points lie on a line: their own error is too small
  const double spread = windows > 1 ? std::sqrt(std::max(0.0, squares / windows - sum * sum / windows / windows)) : 0;
  out.dimension.error = std::hypot(out.dimension.error, spread);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t a = i == 0 ? 0 : i - 1, b = std::min(i + 1, x.size() - 1);
    out.local_slope.push_back(-(y[b] - y[a]) / (x[b] - x[a]));
  }
  return out;
}

std::vector<std::size_t> box_sizes(std::span<const std::size_t> edges) {
  std::size_t smallest = SIZE_MAX;
  for (const std::size_t n : edges)
    if (n > 1) smallest = std::min(smallest, n);
  if (smallest == SIZE_MAX) return {1};
  std::vector<std::size_t> divisors, powers;
  for (std::size_t d = 1; d <= smallest / 2; ++d)
    if (std::all_of(edges.begin(), edges.end(), [&](std::size_t n) { return n == 1 || n % d == 0; })) divisors.push_back(d);
  if (divisors.size() >= 6) return divisors;
  for (std::size_t d = 1; d <= std::max<std::size_t>(1, smallest / 4); d *= 2) powers.push_back(d);
  return powers;
}

}  // namespace heteroglass::numeric
