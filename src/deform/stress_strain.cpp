#include "deform/stress_strain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "core/error.hpp"

namespace heteroglass::deform {
namespace {

constexpr double offset_strain = 0.002;
constexpr int replicas = 400;

struct Fit {
  double mean_x = 0, mean_y = 0, slope = 0, slope_error = 0, mean_error = 0, sxx = 0, squares = 0;
  double at(double x) const { return mean_y + slope * (x - mean_x); }
};

Fit fit(std::span<const double> x, std::span<const double> y) {
  Fit f;
  const double n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) f.mean_x += x[i] / n, f.mean_y += y[i] / n;
  double sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) f.sxx += (x[i] - f.mean_x) * (x[i] - f.mean_x), sxy += (x[i] - f.mean_x) * (y[i] - f.mean_y);
  f.slope = f.sxx > 0 ? sxy / f.sxx : 0;
  double lagged = 0, before = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double r = y[i] - f.at(x[i]);
    f.squares += r * r, lagged += r * before, before = r;
  }
  const double rho = f.squares > 0 ? std::clamp(lagged / f.squares, 0.0, 0.98) : 0;
  const double variance = n > 2 ? f.squares / (n - 2) * (1 + rho) / (1 - rho) : NAN;
  f.slope_error = f.sxx > 0 ? std::sqrt(variance / f.sxx) : NAN, f.mean_error = std::sqrt(variance / n);
  return f;
}

/// Residual sum of squares about the parabola through equally spaced values.
double about_parabola(std::span<const double> y) {
  const double n = static_cast<double>(y.size()), middle = (n - 1) / 2, spread = (n * n - 1) / 12;
  double mean = 0, y1 = 0, y2 = 0, t2 = 0, q2 = 0, squares = 0;
  for (const double v : y) mean += v / n;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double t = static_cast<double>(i) - middle, q = t * t - spread, v = y[i] - mean;
    y1 += v * t, y2 += v * q, t2 += t * t, q2 += q * q, squares += v * v;
  }
  return std::max(0.0, squares - y1 * y1 / t2 - y2 * y2 / q2);
}

/// Standard errors of equally spaced window means from their scatter about parabolas through stretches of 22 % of the curve (five windows at
/// least), pooled over the stretches whose middle lies within one length.
std::vector<double> scatter_errors(const std::vector<double>& y) {
  const std::size_t w = y.size(), m = std::max<std::size_t>(5, w * 11 / 50), stride = std::max<std::size_t>(1, m / 8);
  std::vector<double> middle, variance, out;
  for (std::size_t b = 0; b + m <= w; b += stride) {
    middle.push_back(static_cast<double>(b) + static_cast<double>(m - 1) / 2);
    variance.push_back(about_parabola(std::span(y).subspan(b, m)) / static_cast<double>(m - 3));
  }
  for (std::size_t k = 0; k < w; ++k) {
    double sum = 0, count = 0;
    for (std::size_t b = 0; b < middle.size(); ++b)
      if (std::abs(middle[b] - static_cast<double>(k)) <= static_cast<double>(m)) sum += variance[b], ++count;
    out.push_back(std::sqrt(sum / count));
  }
  return out;
}

void average(std::span<const double> strain, std::span<const double> stress, int windows, StressStrain& out) {
  const std::size_t n = strain.size(), w = std::clamp<std::size_t>(static_cast<std::size_t>(windows), 1, std::max<std::size_t>(1, n / 4));
  for (std::size_t k = 0; k < w; ++k) {
    const std::size_t from = k * n / w, to = (k + 1) * n / w;
    const Fit f = fit(strain.subspan(from, to - from), stress.subspan(from, to - from));
    out.strain.push_back(f.mean_x), out.stress.push_back(f.mean_y), out.stress_error.push_back(f.mean_error);
  }
  if (w >= 5) out.stress_error = scatter_errors(out.stress);
}

/// Variance that one row would have, were rows independent, from the windows that the first `within` rows span.
double row_variance(std::size_t rows, std::size_t within, const StressStrain& s) {
  const std::size_t w = s.strain.size(), spanned = std::clamp<std::size_t>(within * w / rows, 1, w);
  double variance = 0;
  for (std::size_t k = 0; k < spanned; ++k) variance += s.stress_error[k] * s.stress_error[k] / static_cast<double>(spanned);
  return variance * static_cast<double>(rows) / static_cast<double>(w);
}

/// The line of the modulus; its errors from those of the windows it spans, as if these were independent. Narrow windows are not: the largest
/// error counts of windows that are doubled in width as long as 25 of them remain.
Fit elastic_line(std::span<const double> strain, std::span<const double> stress, std::size_t within, const StressStrain& s) {
  Fit line = fit(strain.first(within), stress.first(within));
  if (s.strain.size() < 5) return line;
  double variance = row_variance(strain.size(), within, s);
  for (std::size_t w = s.strain.size() / 2; w >= 25; w /= 2) {
    StressStrain wider;
    average(strain, stress, static_cast<int>(w), wider);
    variance = std::max(variance, row_variance(strain.size(), within, wider));
  }
  line.slope_error = line.sxx > 0 ? std::sqrt(variance / line.sxx) : NAN;
  line.mean_error = std::sqrt(variance / static_cast<double>(within));
  return line;
}

struct Crossing {
  double strain = NAN, stress = NAN, width = 0;
};

/// From the last window above the shifted line on, the curve stays below it.
Crossing crossing(const Fit& elastic, std::span<const double> strain, const std::function<double(std::size_t)>& stress) {
  double after = NAN, stress_after = NAN;
  for (std::size_t k = strain.size(); k-- > 0;) {
    const double here = stress(k), over = here - elastic.at(strain[k] - offset_strain);
    if (over >= 0) {
      if (std::isnan(after)) return {};
      const double t = over / (over - after), width = strain[k + 1] - strain[k];
      return {strain[k] + t * width, here + t * (stress_after - here), width};
    }
    after = over, stress_after = here;
  }
  return {};
}

double spread(const std::vector<double>& v) {
  double mean = 0, squares = 0;
  for (const double x : v) mean += x / static_cast<double>(v.size());
  for (const double x : v) squares += (x - mean) * (x - mean);
  return v.size() > 1 ? std::sqrt(squares / static_cast<double>(v.size() - 1)) : NAN;
}

/// Errors: the crossing is sought again with the windows, the modulus and the height of its line moved at random by their errors.
void find_yield(const Fit& elastic, StressStrain& s) {
  s.yield_strain.note = s.yield_stress.note = "the curve does not fall below the line shifted by 0.2 %: strain further";
  const Crossing found = crossing(elastic, s.strain, [&](std::size_t k) { return s.stress[k]; });
  if (std::isnan(found.strain)) return;
  std::mt19937_64 random(1);
  std::normal_distribution<double> gauss;
  std::vector<double> strains, stresses;
  for (int i = 0; i < replicas; ++i) {
    Fit line = elastic;
    line.slope += line.slope_error * gauss(random), line.mean_y += line.mean_error * gauss(random);
    const Crossing c = crossing(line, s.strain, [&](std::size_t k) { return s.stress[k] + s.stress_error[k] * gauss(random); });
    if (!std::isnan(c.strain)) strains.push_back(c.strain), stresses.push_back(c.stress);
  }
  const double missed = 1 - static_cast<double>(strains.size()) / replicas;
  const std::string how = fmt::format("{} resamplings of windows and modulus line{}", replicas,
                                      missed > 0.02 ? fmt::format(", {:.0f} % without yield", 100 * missed) : "");
  s.yield_strain = {found.strain, std::hypot(spread(strains), found.width / 2), how + ", with half a window"};
  s.yield_stress = {found.stress, spread(stresses), how};
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
  const Fit elastic = elastic_line(strain, stress, within, s);
  s.modulus = {elastic.slope, elastic.slope_error,
               fmt::format("line over strains 0 to {:.4g}, from the scatter of windows", strain[within - 1])};
  find_yield(elastic, s);
  const auto top = static_cast<std::size_t>(std::max_element(s.stress.begin(), s.stress.end()) - s.stress.begin());
  const double width = s.strain.size() > 1 ? s.strain[1] - s.strain[0] : 0;
  s.peak_strain = {s.strain[top], width / 2, "half a window"};
  s.peak_stress = {s.stress[top], s.stress_error[top], "of the highest window; the maximum of noisy windows is biased upward"};
  return s;
}

}  // namespace heteroglass::deform
