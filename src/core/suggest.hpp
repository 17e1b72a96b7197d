/// Nearest names, for "did you mean".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heteroglass {

/// Edits (insert, delete, replace, swap neighbours) that turn a into b. Cost O(|a| |b|).
std::size_t edit_distance(std::string_view a, std::string_view b);
/// The nearest of `names`, or empty when none is within a third of the length (at least 2 edits).
std::string nearest(std::string_view name, const std::vector<std::string>& names);
/// " (did you mean 'x'?)" or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

}  // namespace heteroglass
