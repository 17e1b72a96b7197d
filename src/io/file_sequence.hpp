/// Files that together are one trajectory: `dump.*` in numerical order, as LAMMPS writes one file per step.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/configuration.hpp"

namespace heteroglass::io {

/// Digits compare as numbers: dump.9 before dump.10.
bool numerical_less(std::string_view a, std::string_view b);
/// Files that match, in numerical order.
std::vector<std::string> matching_files(const std::string& pattern);
/// Keeps one file open at a time. @throws FormatError when nothing matches
std::unique_ptr<Trajectory> open_file_sequence(const std::string& pattern, const ReadOptions& options);

}  // namespace heteroglass::io
