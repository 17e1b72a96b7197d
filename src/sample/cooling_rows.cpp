#include "sample/cooling_rows.hpp"

#include <algorithm>
#include <numeric>

namespace heteroglass::sample {
namespace {

std::vector<std::size_t> rows_of_dynamics(std::span<const double> t) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < t.size(); ++i) {
    const bool repeats = (i > 0 && t[i] == t[i - 1]) || (i + 1 < t.size() && t[i] == t[i + 1]);
    if (t[i] > 1 && !repeats) rows.push_back(i);
  }
  return rows;
}

/// Running mean over a twenty-fifth of the rows.
std::vector<double> smoothed(std::span<const double> t, const std::vector<std::size_t>& rows) {
  const std::size_t n = rows.size(), half = n / 50;
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t reach = std::min({half, i, n - 1 - i});
    double sum = 0;
    for (std::size_t j = i - reach; j <= i + reach; ++j) sum += t[rows[j]];
    out.push_back(sum / static_cast<double>(2 * reach + 1));
  }
  return out;
}

}  // namespace

CoolingRows cooling_rows(std::span<const double> temperature) {
  const std::vector<std::size_t> rows = rows_of_dynamics(temperature);
  const std::vector<double> t = smoothed(temperature, rows);
  std::size_t highest = 0, top = 0, bottom = 0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (t[i] > t[highest]) highest = i;
    if (t[highest] - t[i] > t[top] - t[bottom]) top = highest, bottom = i;
  }
  if (t.empty() || t[top] - t[bottom] < 100) return {};
  const double margin = 0.04 * (t[top] - t[bottom]);
  std::size_t first = top, last = bottom;
  for (std::size_t i = top; i <= bottom; ++i)
    if (t[i] >= t[top] - margin) first = i;
  for (std::size_t i = bottom + 1; i-- > first;)
    if (t[i] <= t[bottom] + margin) last = i;
  const auto from = static_cast<std::ptrdiff_t>(first), to = static_cast<std::ptrdiff_t>(last) + 1;
  return {{rows.begin() + from, rows.begin() + to}, {t.begin() + from, t.begin() + to}};
}

}  // namespace heteroglass::sample
