#include "core/propagation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/suggest.hpp"

namespace heteroglass {

void check_errors(const std::map<std::string, double>& errors) {
  for (const auto& [name, error] : errors)
    if (!(error > 0) || !std::isfinite(error))
      throw InputError(fmt::format("--errors: the standard error of {} must be positive, got {}", name, error));
}

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

namespace detail {
namespace {

/// The array of errors that belongs to array `f`, if any.
const Field* errors_of(const Fields& results, const Field& f) {
  for (const Field& e : results)
    if (e.error_of == f.name && e.kind == Kind::reals && f.kind == Kind::reals) return &e;
  return nullptr;
}

void add_squares(std::vector<double>& sum, const std::vector<double>& low, const std::vector<double>& high) {
  sum.resize(low.size(), 0);
  for (std::size_t i = 0; i < std::min(low.size(), high.size()); ++i) sum[i] += std::pow((high[i] - low[i]) / 2, 2);
}

}  // namespace

void clear_errors(const Fields& results, void* result) {
  for (const Field& f : results)
    if (const Field* e = errors_of(results, f))
      e->get<std::vector<double>>(result).assign(f.get<std::vector<double>>(static_cast<const void*>(result)).size(), 0);
}

void add_variance(const Fields& results, void* result, const void* low, const void* high) {
  for (const Field& f : results) {
    if (f.kind == Kind::measured) {
      const double d = (f.get<Measured>(high).value - f.get<Measured>(low).value) / 2;
      Measured& m = f.get<Measured>(result);
      if (d != 0 && std::isfinite(d))
        m.error = std::isfinite(m.error) && m.note == "sum of squares" ? m.error + d * d : d * d, m.note = "sum of squares";
    } else if (const Field* e = errors_of(results, f)) {
      add_squares(e->get<std::vector<double>>(result), f.get<std::vector<double>>(low), f.get<std::vector<double>>(high));
    }
  }
}

void finish_errors(const Fields& results, void* result, const std::map<std::string, double>& errors) {
  std::vector<std::string> names;
  for (const auto& [name, unused] : errors) names.push_back(name);
  const std::string why = names.empty()
                              ? "no errors of the inputs were given (--errors)"
                              : fmt::format("the errors known, of {}, do not bear on it (--errors takes others)", fmt::join(names, ", "));
  for (const Field& f : results) {
    if (f.kind == Kind::measured) {
      Measured& m = f.get<Measured>(result);
      if (m.note == "sum of squares")
        m.error = std::sqrt(m.error), m.note = fmt::format("propagated from the error of {}", fmt::join(names, ", "));
      else if (std::isnan(m.error) && m.note.empty())
        m.note = why;
    } else if (const Field* e = errors_of(results, f)) {
      for (double& s : e->get<std::vector<double>>(result)) s = names.empty() ? NAN : std::sqrt(s);
    }
  }
}

}  // namespace detail
}  // namespace heteroglass
