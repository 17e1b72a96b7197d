#include "numeric/linear_map.hpp"

#include <algorithm>
#include <random>
#include <vector>

namespace heteroglass::numeric {
namespace {
constexpr std::size_t chunk = 8192;
}

double dot(std::span<const double> a, std::span<const double> b) {
  const std::size_t n = a.size(), chunks = (n + chunk - 1) / chunk;
  std::vector<double> part(chunks, 0);
#pragma omp parallel for schedule(static) if (chunks > 4)
  for (std::ptrdiff_t c = 0; c < static_cast<std::ptrdiff_t>(chunks); ++c) {
    const std::size_t from = static_cast<std::size_t>(c) * chunk, to = std::min(n, from + chunk);
    double lanes[4] = {0, 0, 0, 0};
    std::size_t i = from;
    for (; i + 4 <= to; i += 4)
      for (std::size_t l = 0; l < 4; ++l) lanes[l] += a[i + l] * b[i + l];
    for (; i < to; ++i) lanes[0] += a[i] * b[i];
    part[static_cast<std::size_t>(c)] = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
  }
  double sum = 0;
  for (const double p : part) sum += p;
  return sum;
}

void add_scaled(double s, std::span<const double> x, std::span<double> y) {
#pragma omp parallel for schedule(static) if (x.size() > 4 * chunk)
  for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(x.size()); ++i)
    y[static_cast<std::size_t>(i)] += s * x[static_cast<std::size_t>(i)];
}

void random_signs(std::span<double> v, unsigned long seed) {
  std::mt19937_64 random(seed);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (i % 64 == 0) bits = random();
    v[i] = (bits >> (i % 64)) & 1 ? 1 : -1;
  }
}

void project_out(std::span<const double> basis, std::span<double> v) {
  const std::size_t n = v.size();
  for (std::size_t k = 0; n > 0 && k < basis.size() / n; ++k) {
    const auto row = basis.subspan(k * n, n);
    add_scaled(-dot(row, v), row, v);
  }
}

}  // namespace heteroglass::numeric
