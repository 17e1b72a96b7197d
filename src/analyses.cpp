#include "analyses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/error.hpp"
#include "core/suggest.hpp"

#define HETEROGLASS_ANALYSIS(family, name) \
  namespace heteroglass::family {          \
  const Analysis& name##_analysis();       \
  }
#include "analyses.def"
#undef HETEROGLASS_ANALYSIS

namespace heteroglass {
namespace {

std::string underscored(std::string text) {
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

}  // namespace

std::span<const Analysis* const> all_analyses() {
  static const std::vector<const Analysis*> table = {
#define HETEROGLASS_ANALYSIS(family, name) &family::name##_analysis(),
#include "analyses.def"
#undef HETEROGLASS_ANALYSIS
  };
  return table;
}

const Analysis& find_analysis(const std::string& family, const std::string& name) {
  const std::string f = underscored(family), n = underscored(name);
  std::vector<std::string> families, names;
  for (const Analysis* a : all_analyses()) {
    if (a->family == f && a->name == n) return *a;
    if (std::find(families.begin(), families.end(), a->family) == families.end()) families.push_back(a->family);
    if (a->family == f) names.push_back(a->name);
  }
  if (names.empty())
    throw InputError(
        fmt::format("'{}' must be a family of analyses{}; families: {}", family, did_you_mean(f, families), fmt::join(families, ", ")));
  throw InputError(fmt::format("'{}' must be an analysis of {}{}; analyses: {}", name, f, did_you_mean(n, names), fmt::join(names, ", ")));
}

const Analysis& find_analysis(const std::string& path) {
  const std::size_t cut = path.find_first_of("/ ");
  if (cut == std::string::npos) throw InputError(fmt::format("an analysis is named family/name, got '{}'", path));
  return find_analysis(path.substr(0, cut), path.substr(cut + 1));
}

}  // namespace heteroglass
