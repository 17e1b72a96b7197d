/// `heteroglass FAMILY ANALYSIS INPUT... [--option VALUE] [-o DIR] [--json]`
#pragma once

#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::cli {

/// @throws Error
int analysis_command(const Analysis& analysis, const std::vector<std::string>& arguments);

}  // namespace heteroglass::cli
