#include "deform/stress_strain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::deform {
namespace {

constexpr double offset_strain = 0.002;

struct Fit {
  double mean_x = 0, mean_y = 0, slope = 0, slope_error = 0, mean_error = 0;
  double at(double x) const { return mean_y + slope * (x - mean_x); }
};

Fit fit(std::span<const double> x, std::span<const double> y) {
  Fit f;
  const double n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) f.mean_x += x[i] / n, f.mean_y += y[i] / n;
  double sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sxx += (x[i] - f.mean_x) * (x[i] - f.mean_x), sxy += (x[i] - f.mean_x) * (y[i] - f.mean_y);
  f.slope = sxx > 0 ? sxy / sxx : 0;
  double squares = 0, lagged = 0, before = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double r = y[i] - f.at(x[i]);
    squares += r * r, lagged += r * before, before = r;
  }
  const double rho = squares > 0 ? std::clamp(lagged / squares, 0.0, 0.98) : 0;
  const double variance = n > 2 ? squares / (n - 2) * (1 + rho) / (1 - rho) : NAN;
  f.slope_error = sxx > 0 ? std::sqrt(variance / sxx) : NAN, f.mean_error = std::sqrt(variance / n);
  return f;
}

void average(std::span<const double> strain, std::span<const double> stress, int windows, StressStrain& out) {
  const std::size_t n = strain.size(), w = std::clamp<std::size_t>(static_cast<std::size_t>(windows), 1, std::max<std::size_t>(1, n / 4));
  for (std::size_t k = 0; k < w; ++k) {
    const std::size_t from = k * n / w, to = (k + 1) * n / w;
    const Fit f = fit(strain.subspan(from, to - from), stress.subspan(from, to - from));
    out.strain.push_back(f.mean_x), out.stress.push_back(f.mean_y), out.stress_error.push_back(f.mean_error);
  }
}

/// From the last window above the shifted line on, the curve stays below it.
void find_yield(const Fit& elastic, StressStrain& s) {
  s.yield_strain.note = s.yield_stress.note = "the curve does not fall below the line shifted by 0.2 %: strain further";
  const auto over = [&](std::size_t k) { return s.stress[k] - elastic.at(s.strain[k] - offset_strain); };
  std::size_t k = s.strain.size();
  while (k > 0 && over(k - 1) < 0) --k;
  if (k == 0 || k == s.strain.size()) return;
  const double before = over(k - 1), t = before / (before - over(k)), width = s.strain[k] - s.strain[k - 1];
  s.yield_strain = {s.strain[k - 1] + t * width, width / 2, "half a window"};
  s.yield_stress = {s.stress[k - 1] + t * (s.stress[k] - s.stress[k - 1]), s.stress_error[k], "of the window"};
}

}  // namespace

Measured slope(std::span<const double> x, std::span<const double> y) {
  const Fit f = fit(x, y);
  return {f.slope, f.slope_error, "covariance, correlation of residuals counted"};
}

StressStrain stress_strain(std::span<const double> strain, std::span<const double> stress, double modulus_strain, int windows) {
  const auto within = static_cast<std::size_t>(std::upper_bound(strain.begin(), strain.end(), modulus_strain) - strain.begin());
  if (within < 5)
    throw InputError(fmt::format("modulus_strain: at least 5 rows must lie below it, got {} below {}", within, modulus_strain));
  StressStrain s;
  average(strain, stress, windows, s);
  const Fit elastic = fit(strain.first(within), stress.first(within));
  s.modulus = {elastic.slope, elastic.slope_error,
               fmt::format("line over strains 0 to {:.4g}, correlation of residuals counted", strain[within - 1])};
  find_yield(elastic, s);
  const auto top = static_cast<std::size_t>(std::max_element(s.stress.begin(), s.stress.end()) - s.stress.begin());
  const double width = s.strain.size() > 1 ? s.strain[1] - s.strain[0] : 0;
  s.peak_strain = {s.strain[top], width / 2, "half a window"};
  s.peak_stress = {s.stress[top], s.stress_error[top], "of the highest window"};
  return s;
}

}  // namespace heteroglass::deform
