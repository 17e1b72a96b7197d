#include "core/image.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "core/units.hpp"

namespace heteroglass {

const ImageChannel* Image::find(const std::string& name) const {
  for (const ImageChannel& c : channels)
    if (c.name == name) return &c;
  return nullptr;
}

const ImageChannel& Image::at(const std::string& name) const {
  if (const ImageChannel* c = find(name)) return *c;
  std::vector<std::string> names;
  for (const ImageChannel& c : channels) names.push_back(c.name);
  throw InputError(
      fmt::format("{}: channel '{}' must exist{}; channels are: {}", source, name, did_you_mean(name, names), fmt::join(names, ", ")));
}

std::optional<double> Image::property(const std::string& name, const std::string& unit) const {
  const auto p = properties.find(name);
  if (p == properties.end()) return std::nullopt;
  return convert(p->second.value, p->second.unit, unit);
}

}  // namespace heteroglass
