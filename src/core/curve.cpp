#include "core/curve.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "core/units.hpp"

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

std::optional<double> Curve::property(const std::string& name, const std::string& unit) const {
  const auto p = properties.find(name);
  if (p == properties.end()) return std::nullopt;
  return convert(p->second.value, p->second.unit, unit);
}

}  // namespace heteroglass
