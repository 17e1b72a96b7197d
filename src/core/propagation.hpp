/// Errors of options carried to results by differences, for analyses that evaluate a formula.
///
///     error(f)^2 = sum_k { [f(x_k + e_k) - f(x_k - e_k)] / 2 }^2
///
/// The user gives the e_k as `--errors NAME=VALUE,...`, each in the unit of its option; they are taken as independent. The full
/// step e_k is used, so that the error of a strongly curved formula is that over the error bar, not at its middle.
/// Cost two evaluations an input.
///
///     CoreShell core_shell(const CoreShellOptions& o, Context&) { return propagated<CoreShell>(o, o.errors, evaluated); }
///
/// Reference: JCGM 100:2008, Guide to the expression of uncertainty in measurement, section 5.1.2.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "core/field.hpp"

namespace heteroglass {

inline constexpr const char* errors_help = "standard errors of options, NAME=VALUE in the unit of the option, carried to the results";

/// The option that an entry of `errors` means. @throws InputError when it is no number or has no value to vary
const Field& error_option(const Fields& fields, const std::string& name, const void* options);
double& option_number(const Field& field, void* options);
/// @throws InputError unless every error is positive and finite
void check_errors(const std::map<std::string, double>& errors);

namespace detail {
/// Adds ((high - low) / 2)^2 to the squared errors kept in the error slots of `result`.
void add_variance(const Fields& results, void* result, const void* low, const void* high);
void clear_errors(const Fields& results, void* result);
/// Squared errors become errors, with a note of where they come from.
void finish_errors(const Fields& results, void* result, const std::map<std::string, double>& errors);

/// Options with one of them moved by its error, down and up.
template <class O> std::pair<O, O> around(const O& options, const std::string& name, double error) {
  const Field& field = error_option(O::fields(), name, &options);
  std::pair<O, O> moved = {options, options};
  option_number(field, &moved.first) -= error, option_number(field, &moved.second) += error;
  return moved;
}
}  // namespace detail

/// `f(options)` gives values; `options.errors` the errors. Without errors the results carry none, and a note says why.
template <class O, class F> std::vector<Measured> propagated(const O& options, const F& f) {
  check_errors(options.errors);
  const std::vector<double> value = f(options);
  std::vector<Measured> out;
  for (const double v : value) out.push_back({v, NAN, "formula at exact values; give errors of the options to carry them"});
  if (options.errors.empty()) return out;
  std::vector<double> variance(value.size(), 0);
  for (const auto& [name, error] : options.errors) {
    const auto [below, above] = detail::around(options, name, error);
    const std::vector<double> high = f(above), low = f(below);
    for (std::size_t k = 0; k < value.size(); ++k) variance[k] += (high[k] - low[k]) * (high[k] - low[k]) / 4;
  }
  for (std::size_t k = 0; k < value.size(); ++k)
    out[k].error = std::sqrt(variance[k]), out[k].note = "carried from the errors of the options";
  return out;
}

/// The same for a whole result: every measured result and every array with an `error_for` companion gets its error.
/// @param errors standard error of each named option. Measured results that `evaluate` gave an error of their own (a fit) keep it
/// when no input error bears on them.
template <class Result, class Options, class F>
Result propagated(const Options& options, const std::map<std::string, double>& errors, F evaluate) {
  check_errors(errors);
  Result sum = evaluate(options);
  detail::clear_errors(Result::fields(), &sum);
  for (const auto& [name, error] : errors) {
    const auto [below, above] = detail::around(options, name, error);
    const Result low = evaluate(below), high = evaluate(above);
    detail::add_variance(Result::fields(), &sum, &low, &high);
  }
  detail::finish_errors(Result::fields(), &sum, errors);
  return sum;
}

}  // namespace heteroglass
