/// The JSON object of an outcome (see docs/conventions.md): analysis, version, command, units, inputs, options, results,
/// warnings, references. Arrays are arrays, NaN is null, numbers read back bit for bit.
#pragma once

#include <string>

#include "run/outcome.hpp"

namespace heteroglass::run {

/// @param frame_file name of the file that a frames result was written to, by result name; empty map: none.
std::string json(const Outcome& outcome, const std::map<std::string, std::string>& frame_files = {});

}  // namespace heteroglass::run
