#include "relaxation/isochrones.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace heteroglass::relaxation {

Isochrones isochrones(std::span<const double> f, std::span<const double> t, std::span<const double> error) {
  if (f.size() < 2) throw InputError(fmt::format("isochronal peaks: at least two frequencies are needed, got {}", f.size()));
  constexpr double k = constants::boltzmann;
  double slope = 1 / k, intercept = 0;
  Isochrones out;
  for (int pass = 0; pass < 3; ++pass) {  // weights depend on the slope
    double s = 0, x1 = 0, x2 = 0, y1 = 0, xy = 0;
    bool weighted = !error.empty();
    for (const double e : error) weighted = weighted && e > 0;
    const auto weight = [&](std::size_t i) { return weighted ? 1 / std::pow(slope * error[i] / (t[i] * t[i]), 2) : 1.0; };
    for (std::size_t i = 0; i < f.size(); ++i) {
      const double w = weight(i), x = 1 / t[i], y = std::log(2 * std::numbers::pi * f[i]);
      s += w, x1 += w * x, x2 += w * x * x, y1 += w * y, xy += w * x * y;
    }
    const double d = s * x2 - x1 * x1;
    slope = -(s * xy - x1 * y1) / d, intercept = (y1 * x2 - x1 * xy) / d;
    double chi2 = 0;
    for (std::size_t i = 0; i < f.size(); ++i)
      chi2 += weight(i) * std::pow(std::log(2 * std::numbers::pi * f[i]) - intercept + slope / t[i], 2);
    const double freedom = static_cast<double>(f.size()) - 2, scatter = freedom > 0 ? chi2 / freedom : NAN,
                 factor = weighted ? std::max(1.0, std::isfinite(scatter) ? scatter : 1.0) : scatter;
    const std::string note = std::isfinite(factor) ? "covariance of the line" : "two peaks without errors";
    out.energy = {slope * k, std::sqrt(factor * s / d) * k, note};
    out.log10_tau0 = {-intercept / std::numbers::ln10, std::sqrt(factor * x2 / d) / std::numbers::ln10, note};
  }
  out.physical = out.log10_tau0.value > -16 && out.log10_tau0.value < -10;
  if (!out.physical)
    out.message = fmt::format(
        "tau0 = 1e{:.1f} s (attempt frequency 1e{:.1f} Hz) is not that of a single thermally activated process of atoms (1e-16 to 1e-10 s)",
        out.log10_tau0.value, -out.log10_tau0.value - std::log10(2 * std::numbers::pi));
  return out;
}

std::optional<double> merging_temperature(const std::function<double(double)>& first, const std::function<double(double)>& second,
                                          double low, double high) {
  const auto difference = [&](double t) { return first(t) - second(t); };
  const int n = 400;
  for (int i = n; i > 0; --i) {  // from above: the last crossing on heating
    double a = low + (high - low) * (i - 1) / n, b = low + (high - low) * i / n;
    if (!(difference(a) * difference(b) <= 0)) continue;
    for (int k = 0; k < 80; ++k) ((difference((a + b) / 2) * difference(a) > 0) ? a : b) = (a + b) / 2;
    return (a + b) / 2;
  }
  return std::nullopt;
}

}  // namespace heteroglass::relaxation
