#pragma once

#include <string>
#include <vector>

namespace heteroglass::cli {

/// `heteroglass report ...`. @throws Error
int report_command(const std::vector<std::string>& arguments);

}  // namespace heteroglass::cli
