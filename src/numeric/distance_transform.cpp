#include "numeric/distance_transform.hpp"

#include <algorithm>
#include <cmath>

namespace heteroglass::numeric {
namespace {

constexpr double far = 1e11;

/// Lower envelope of the parabolas (x - i)^2 + f_i, in place of f.
void along(std::vector<double>& f, std::vector<std::size_t>& place, std::vector<double>& from, std::vector<double>& out) {
  const std::size_t n = f.size();
  std::size_t k = 0;
  place[0] = 0, from[0] = -far, from[1] = far;
  for (std::size_t q = 1; q < n; ++q) {
    const auto meet = [&](std::size_t v) {
      const double a = double(q), b = double(v);
      return ((f[q] + a * a) - (f[v] + b * b)) / (2 * (a - b));
    };
    double s = meet(place[k]);
    while (k > 0 && s <= from[k]) s = meet(place[--k]);
    if (s <= from[k]) {  // k == 0
      place[0] = q;
      continue;
    }
    place[++k] = q, from[k] = s, from[k + 1] = far;
  }
  k = 0;
  for (std::size_t x = 0; x < n; ++x) {
    while (from[k + 1] < double(x)) ++k;
    const double d = double(x) - double(place[k]);
    out[x] = d * d + f[place[k]];
  }
  f = out;
}

}  // namespace

std::vector<double> distance_transform(const std::vector<char>& set, std::size_t width, std::size_t height) {
  std::vector<double> d(width * height);
  for (std::size_t i = 0; i < d.size(); ++i) d[i] = set[i] ? far : 0;
  const std::size_t longest = std::max(width, height);
  std::vector<std::size_t> place(longest + 1);
  std::vector<double> from(longest + 2), line, out;
  line.resize(height), out.resize(height);
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t y = 0; y < height; ++y) line[y] = d[y * width + x];
    along(line, place, from, out);
    for (std::size_t y = 0; y < height; ++y) d[y * width + x] = line[y];
  }
  line.resize(width), out.resize(width);
  for (std::size_t y = 0; y < height; ++y) {
    line.assign(d.begin() + std::ptrdiff_t(y * width), d.begin() + std::ptrdiff_t((y + 1) * width));
    along(line, place, from, out);
    for (std::size_t x = 0; x < width; ++x) d[y * width + x] = line[x] >= far / 2 ? INFINITY : std::sqrt(line[x]);
  }
  return d;
}

std::vector<char> filled_holes(const std::vector<char>& set, std::size_t width, std::size_t height) {
  std::vector<char> out(set.size(), 1);
  std::vector<std::size_t> stack;
  const auto visit = [&](std::size_t i) {
    if (!set[i] && out[i]) out[i] = 0, stack.push_back(i);
  };
  for (std::size_t x = 0; x < width; ++x) visit(x), visit((height - 1) * width + x);
  for (std::size_t y = 0; y < height; ++y) visit(y * width), visit(y * width + width - 1);
  while (!stack.empty()) {
    const std::size_t i = stack.back(), x = i % width, y = i / width;
    stack.pop_back();
    if (x > 0) visit(i - 1);
    if (x + 1 < width) visit(i + 1);
    if (y > 0) visit(i - width);
    if (y + 1 < height) visit(i + width);
  }
  return out;
}

}  // namespace heteroglass::numeric
