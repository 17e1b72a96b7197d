/// Runs a reader that may crash on a damaged file in a process of its own, so that its crash is an error here and not the end.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace heteroglass::io {

/// What `produce` returned in a child process; nothing when the child crashed, threw, or used more than `seconds` of processor time.
/// The child's standard error is discarded. `produce` must not use threads or files that are open here.
std::optional<std::string> isolated(const std::function<std::string()>& produce, unsigned seconds = 60);

}  // namespace heteroglass::io
