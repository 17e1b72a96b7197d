/// The commands of the program: list, describe, inspect, study, report, and FAMILY ANALYSIS.
#pragma once

#include <string>
#include <vector>

namespace heteroglass::cli {

/// Runs one command; results go to standard output. Returns the exit code. @throws Error
int command_line(const std::vector<std::string>& arguments);

}  // namespace heteroglass::cli
