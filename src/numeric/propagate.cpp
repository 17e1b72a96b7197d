#include "numeric/propagate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/suggest.hpp"

namespace heteroglass::numeric {

const Field& error_option(const Fields& fields, const std::string& name, const void* options) {
  std::string wanted = name;
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  std::vector<std::string> names;
  for (const Field& f : fields) {
    if (f.kind != Kind::real && f.kind != Kind::optional_real) continue;
    names.push_back(f.name);
    if (f.name != wanted && std::find(f.aliases.begin(), f.aliases.end(), wanted) == f.aliases.end()) continue;
    const bool unset = f.kind == Kind::real ? !std::isfinite(f.get<double>(options)) : !f.get<std::optional<double>>(options).has_value();
    if (unset) throw InputError(fmt::format("--errors {}: the option must have a value of its own, got none", name));
    return f;
  }
  throw InputError(fmt::format("--errors: '{}' must be an option that is a number{}", name, did_you_mean(wanted, names)));
}

double& option_number(const Field& field, void* options) {
  return field.kind == Kind::real ? field.get<double>(options) : *field.get<std::optional<double>>(options);
}

}  // namespace heteroglass::numeric
