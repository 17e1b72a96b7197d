#pragma once

#include <string>
#include <vector>

namespace heteroglass::cli {

/// `heteroglass study ...`. @throws Error
int study_command(const std::vector<std::string>& arguments);

}  // namespace heteroglass::cli
