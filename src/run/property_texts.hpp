/// `--property temperature=380:390:400K,mass=9mg`: what belongs to a whole curve or image, for one or for each of several.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/curve.hpp"

namespace heteroglass::run {

/// Names with their values, in the order given; a unit behind the last value of a list holds for all of it.
/// @throws InputError for what is no number, and where the unit of a known property (temperature, mass, rate, frequency) is missing
std::vector<std::pair<std::string, std::vector<CurveProperty>>> property_lists(const std::string& text);

}  // namespace heteroglass::run
