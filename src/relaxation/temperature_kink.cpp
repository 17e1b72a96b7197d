#include "relaxation/temperature_kink.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace heteroglass::relaxation {

std::optional<TemperatureKink> temperature_kink(Law above, std::span<const double> t, std::span<const double> y,
                                                std::span<const double> error, double reference) {
  const std::size_t n = t.size(), k = law_parameters(above).size(), side = std::max<std::size_t>(3, k);
  if (n < side + 3 || n < k + 5) return std::nullopt;
  const double per_ev = 1 / (constants::boltzmann * std::numbers::ln10);
  std::vector<double> sorted(t.begin(), t.end());
  std::sort(sorted.begin(), sorted.end());
  const auto residual = [&](std::span<const double> p, std::span<double> r, double*) {
    const double at = p[k], joint = law_value(above, at, p.first(k), reference);
    for (std::size_t i = 0; i < n; ++i) {
      const double model = t[i] >= at ? law_value(above, t[i], p.first(k), reference) : joint + p[k + 1] * per_ev * (1 / t[i] - 1 / at);
      r[i] = (model - y[i]) / (error.empty() ? 1 : error[i]);
    }
  };
  std::optional<numeric::LeastSquares> best;
  for (std::size_t cut = 3; cut + side <= n; ++cut) {
    const double low = sorted[cut - 1], high = sorted[cut], middle = (low + high) / 2;
    std::vector<double> hot_t, hot_y;
    for (std::size_t i = 0; i < n; ++i)
      if (t[i] > middle) hot_t.push_back(t[i]), hot_y.push_back(y[i]);
    try {
      const std::vector<double> start = law_start(above, hot_t, hot_y, reference);
      std::vector<numeric::Parameter> parameters;
      for (std::size_t j = 0; j < k; ++j) {
        numeric::Parameter p{law_parameters(above)[j].name, start[j], law_parameters(above)[j].low, law_parameters(above)[j].high, false};
        if (p.name == "vogel_temperature" || p.name == "kauzmann_temperature" || p.name == "critical_temperature")
          p.high = low * (1 - 1e-6);
        if (p.name == "wlf_c2") p.low = std::max(p.low, reference - low * (1 - 1e-6));
        p.start = std::clamp(p.start, p.low, p.high);
        parameters.push_back(p);
      }
      parameters.push_back({"kink", middle, low, high, false});
      parameters.push_back({"energy", std::clamp(law_slope(above, middle, start, reference) / per_ev / 2, 0.01, 50.0), 0, 100, false});
      const numeric::LeastSquares fit = numeric::least_squares(parameters, n, residual, {.known_errors = !error.empty()});
      if (!best || fit.chi2 < best->chi2) best = fit;
    } catch (const NumericalError&) {
      continue;  // this cut leaves the law nothing to stand on
    }
  }
  if (!best) return std::nullopt;
  const auto note = [&](std::size_t j) { return best->at_bound[j] ? "it lies at a data point" : "covariance"; };
  return TemperatureKink{{best->value[k], best->error[k], note(k)},
                         {best->value[k + 1], best->error[k + 1], note(k + 1)},
                         best->aicc,
                         {best->value.begin(), best->value.begin() + static_cast<std::ptrdiff_t>(k)}};
}

}  // namespace heteroglass::relaxation
