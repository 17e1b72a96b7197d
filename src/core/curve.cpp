#include "core/curve.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/suggest.hpp"

namespace heteroglass {

const CurveColumn* Curve::find(const std::string& name) const {
  for (const CurveColumn& c : columns)
    if (c.name == name) return &c;
  return nullptr;
}

const CurveColumn& Curve::at(const std::string& name) const {
  if (const CurveColumn* c = find(name)) return *c;
  std::vector<std::string> names;
  for (const CurveColumn& c : columns) names.push_back(c.name);
  throw InputError(
      fmt::format("{}: column '{}' must exist{}; columns are: {}", source, name, did_you_mean(name, names), fmt::join(names, ", ")));
}

}  // namespace heteroglass
