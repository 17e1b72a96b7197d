/// `heteroglass inspect FILE... [--units U] [--elements A,B] [--timestep T] [--json]`
#pragma once

#include <string>
#include <vector>

namespace heteroglass::cli {

/// @throws Error
int inspect_command(const std::vector<std::string>& arguments);

}  // namespace heteroglass::cli
