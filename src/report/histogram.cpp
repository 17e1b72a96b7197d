#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/figure.hpp"
#include "report/number.hpp"

namespace heteroglass::report {
namespace {

double quantile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const std::size_t i = static_cast<std::size_t>(at);
  const double next = i + 1 < sorted.size() ? sorted[i + 1] : sorted[i];
  return sorted[i] + (at - static_cast<double>(i)) * (next - sorted[i]);
}

struct Bins {
  double low = 0, width = 1;
  std::size_t count = 1;
};

bool whole_numbers(const std::vector<double>& sorted) {
  return sorted.back() - sorted.front() <= 40 && std::all_of(sorted.begin(), sorted.end(), [](double v) { return v == std::round(v); });
}

Bins choose_bins(const std::vector<double>& sorted) {
  if (whole_numbers(sorted)) return {sorted.front() - 0.5, 1, static_cast<std::size_t>(sorted.back() - sorted.front()) + 1};
  double low = sorted.front(), high = sorted.back();
  const double spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const double middle = quantile(sorted, 0.5);
  if (spread > 0 && middle - low > 8 * spread) low = quantile(sorted, 0.005);
  if (spread > 0 && high - middle > 8 * spread) high = quantile(sorted, 0.995);
  if (!(high > low)) return {low - 0.5, 1, 1};
  const double ideal = 2 * spread / std::cbrt(static_cast<double>(sorted.size()));
  const double wanted = ideal > 0 ? (high - low) / ideal : 20;
  const std::size_t count = static_cast<std::size_t>(std::clamp(std::ceil(wanted), 10.0, 60.0));
  return {low, (high - low) / static_cast<double>(count), count};
}

}  // namespace

Figure histogram(const std::string& name, const std::string& label, const std::string& unit, const std::vector<double>& values) {
  Figure f;
  f.name = name, f.results = {name}, f.kind = Plot::histogram;
  f.x.title = with_unit(label, unit), f.y.title = "count";
  std::vector<double> sorted;
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted), [](double v) { return std::isfinite(v); });
  if (sorted.empty()) return f;
  std::sort(sorted.begin(), sorted.end());
  const Bins bins = choose_bins(sorted);
  Series s;
  s.y.assign(bins.count, 0.0);
  std::size_t outside = 0;
  for (const double v : sorted) {
    const double at = std::floor((v - bins.low) / bins.width);
    const double last = static_cast<double>(bins.count);
    if (at < 0 || at > last || v > bins.low + bins.width * last * (1 + 1e-12))
      ++outside;
    else
      s.y[std::min(bins.count - 1, static_cast<std::size_t>(at))] += 1;
  }
  for (std::size_t i = 0; i < bins.count; ++i) s.x.push_back(bins.low + (static_cast<double>(i) + 0.5) * bins.width);
  f.bar_width = bins.width;
  f.series.push_back(std::move(s));
  if (outside) f.caption = fmt::format("{} of {} values lie outside the range shown", outside, sorted.size());
  const std::size_t missing = values.size() - sorted.size();
  if (missing) f.caption += fmt::format("{}{} without a value", f.caption.empty() ? "" : "; ", missing);
  return f;
}

}  // namespace heteroglass::report
