#include "core/context.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace heteroglass {

void Context::check_cancelled() const {
  if (cancelled()) throw Interrupted();
}

void Context::warn(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (keep_ && std::find(warnings_.begin(), warnings_.end(), text) == warnings_.end()) warnings_.push_back(text);
}

std::vector<std::string> Context::take_warnings() {
  const std::lock_guard lock(mutex_);
  return std::exchange(warnings_, {});
}

Context& Context::quiet() {
  static Context context;
  context.keep_ = false;
  return context;
}

}  // namespace heteroglass
