/// The registry: every analysis of src/analyses.def.
#pragma once

#include <span>
#include <string>

#include "core/analysis.hpp"

namespace heteroglass {

std::span<const Analysis* const> all_analyses();
/// Accepts hyphens and underscores. @throws InputError with the nearest name.
const Analysis& find_analysis(const std::string& family, const std::string& name);
/// "structure/voronoi" or "structure voronoi".
const Analysis& find_analysis(const std::string& path);

}  // namespace heteroglass
