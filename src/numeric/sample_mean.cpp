#include "numeric/sample_mean.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace heteroglass::numeric {

Measured sample_mean(std::span<const double> values, const std::string& alone) {
  Measured m;
  const double n = static_cast<double>(values.size());
  if (values.empty()) return m;
  m.value = 0;
  for (const double v : values) m.value += v / n;
  if (values.size() == 1) {
    m.note = alone;
    return m;
  }
  double s = 0;
  for (const double v : values) s += (v - m.value) * (v - m.value);
  m.error = std::sqrt(s / (n - 1) / n);
  m.note = fmt::format("standard error over {} samples", values.size());
  return m;
}

Measured block_mean(std::span<const double> series, std::size_t blocks) {
  if (series.size() < 2 * blocks) return sample_mean(series, "a single row");
  const std::size_t length = series.size() / blocks;
  const std::span<const double> used = series.last(length * blocks);
  std::vector<double> means;
  for (std::size_t b = 0; b < blocks; ++b) means.push_back(sample_mean(used.subspan(b * length, length), "").value);
  Measured m = sample_mean(means, "");
  m.note = fmt::format("{} blocks", blocks);
  return m;
}

}  // namespace heteroglass::numeric
