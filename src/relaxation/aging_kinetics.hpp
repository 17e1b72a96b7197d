/// The three laws by which a property ages, and their fits; see aging.hpp.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "numeric/least_squares.hpp"

namespace heteroglass::relaxation {

enum class AgingLaw { flow_unit, ln_time, stretched };

struct AgingFit {
  AgingLaw law = AgingLaw::flow_unit;
  std::vector<std::string> names, units;  ///< of the parameters as reported
  numeric::LeastSquares fit;              ///< times as logarithms
};

std::string name(AgingLaw law);
/// Relative property. Parameters: flow_unit M_inf, ln a, ln b', beta; ln_time M_0, s, ln t_0; stretched M_inf, M_0, ln tau, beta.
double aging_value(AgingLaw law, double time, std::span<const double> parameters, bool rising);
AgingFit fit_aging(AgingLaw law, std::span<const double> time, std::span<const double> value, bool rising);

}  // namespace heteroglass::relaxation
