/// Errors of results from errors of inputs, for analyses that evaluate a closed form.
///
///     s_y^2 = sum_k (dy/dx_k)^2 s_k^2
///
/// Inputs are real options and independent; derivatives are central differences of the analysis itself, so every measured
/// result and every array with an `error_for` companion gets its error from one place. Linear: where a result bends within
/// one standard error of an input, it is a first approximation. Cost two evaluations an input.
///
///     CoreShell core_shell(const CoreShellOptions& o, Context&) { return propagated<CoreShell>(o, o.errors, evaluated); }
///
/// Reference: JCGM 100:2008, Guide to the expression of uncertainty in measurement, section 5.1.2.
#pragma once

#include <map>
#include <string>

#include "core/field.hpp"

namespace heteroglass {

namespace detail {
/// Adds `shift` to the real option `name`. @throws InputError if there is none, or it has no value
void shift_option(const Fields& options, void* aggregate, const std::string& name, double shift);
/// Adds ((high - low) / 2 x scale)^2 to the squared errors kept in the error slots of `result`.
void add_variance(const Fields& results, void* result, const void* low, const void* high, double scale);
void clear_errors(const Fields& results, void* result);
/// Squared errors become errors, with a note of where they come from.
void finish_errors(const Fields& results, void* result, const std::map<std::string, double>& errors);
void check_errors(const std::map<std::string, double>& errors);
}  // namespace detail

/// `evaluate` is a function of the options alone. @param errors standard error of each named option, in the option's own unit.
/// Measured results that `evaluate` gave an error of their own (a fit) keep it when no input error bears on them.
template <class Result, class Options, class F>
Result propagated(const Options& options, const std::map<std::string, double>& errors, F evaluate) {
  detail::check_errors(errors);
  Result result = evaluate(options);
  constexpr double step = 0.01;  // of a standard error
  Result sum = result;
  detail::clear_errors(Result::fields(), &sum);
  for (const auto& [name, error] : errors) {
    Options low = options, high = options;
    detail::shift_option(Options::fields(), &low, name, -step * error);
    detail::shift_option(Options::fields(), &high, name, step * error);
    const Result at_low = evaluate(low), at_high = evaluate(high);
    detail::add_variance(Result::fields(), &sum, &at_low, &at_high, 1 / step);
  }
  detail::finish_errors(Result::fields(), &sum, errors);
  return sum;
}

}  // namespace heteroglass
