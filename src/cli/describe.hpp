/// What the registry knows of an analysis, for people and for the manual.
#pragma once

#include <string>

#include "core/analysis.hpp"

namespace heteroglass::cli {

/// One line per analysis, by family.
std::string listing();
/// Summary, usage, options with defaults, units and ranges, results, references.
std::string description(const Analysis& analysis);
/// The same tables as Markdown, for the manual's pages.
std::string markdown(const Analysis& analysis);

}  // namespace heteroglass::cli
