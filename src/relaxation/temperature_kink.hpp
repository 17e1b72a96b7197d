/// Two regimes in a table of times: an Arrhenius law below a temperature, another law above, equal where they meet.
#pragma once

#include <optional>
#include <span>

#include "core/value.hpp"
#include "relaxation/temperature_models.hpp"

namespace heteroglass::relaxation {

struct TemperatureKink {
  Measured temperature, energy_below;  ///< [K], [eV]
  double aicc = 0;
  std::vector<double> parameters;  ///< of the law above
};

/// The best kink with at least three points on each side; nothing when there are too few. Errors as in fit_law.
std::optional<TemperatureKink> temperature_kink(Law above, std::span<const double> temperature, std::span<const double> log10_value,
                                                std::span<const double> error, double reference);

}  // namespace heteroglass::relaxation
