/// Errors of options carried to results by differences: for analyses that evaluate a formula.
///
///     error(f)^2 = sum_k { [f(x_k + e_k) - f(x_k - e_k)] / 2 }^2
///
/// The user gives the e_k as `--errors NAME=VALUE,...`, each in the unit of its option; they are taken as independent. The full
/// step e_k is used, so that the error of a strongly curved formula is that over the error bar, not at its middle.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "core/field.hpp"

namespace heteroglass::numeric {

inline constexpr const char* errors_help = "standard errors of options, NAME=VALUE in the unit of the option, carried to the results";

/// The option that an entry of `errors` means. @throws InputError when it is no number or has no value to vary
const Field& error_option(const Fields& fields, const std::string& name, const void* options);
double& option_number(const Field& field, void* options);

/// `f(options)` gives the values; `options.errors` the errors. Without errors the results carry none, and a note says why.
template <class O, class F> std::vector<Measured> propagated(const O& options, const F& f) {
  const std::vector<double> value = f(options);
  std::vector<Measured> out;
  for (const double v : value) out.push_back({v, NAN, "formula at exact values; give errors of the options to carry them"});
  if (options.errors.empty()) return out;
  std::vector<double> variance(value.size(), 0);
  for (const auto& [name, error] : options.errors) {
    const Field& field = error_option(O::fields(), name, &options);
    O above = options, below = options;
    option_number(field, &above) += error, option_number(field, &below) -= error;
    const std::vector<double> high = f(above), low = f(below);
    for (std::size_t k = 0; k < value.size(); ++k) variance[k] += (high[k] - low[k]) * (high[k] - low[k]) / 4;
  }
  for (std::size_t k = 0; k < value.size(); ++k)
    out[k].error = std::sqrt(variance[k]), out[k].note = "carried from the errors of the options";
  return out;
}

}  // namespace heteroglass::numeric
