/// Flow units: liquid-like places in an elastic glass, whose concentration a property shows as it ages.
///
///     M(t) = M_inf / (1 + c),   c(t) = [a / (b + t)]^n,   c(0) = (a/b)^n                                                (4.1)
///
/// M is a modulus, density or hardness that grows as flow units die out (1/M grows with c), or any property with that relation. c halves
/// after b (2^{1/n} - 1). Without a file the law is evaluated; with one (time and a property at constant temperature) M_inf, a, b and n are
/// fitted. a and n are strongly correlated, and b is only seen when the data begin before it; c(0) and M_inf are what the data fix best.
/// Errors: covariance of the fit (from the scatter, or `value_error`), or carried from `errors`. Cost O(points).
/// Reference: Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005, equation (4.1); Wang, Prog. Mater. Sci. 106,
/// 100561 (2019), doi:10.1016/j.pmatsci.2019.03.006.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::theory {

struct FlowUnitsOptions {
  static constexpr bool one_curve = true;
  std::optional<double> final_value = {};  ///< [1] M_inf, in any unit
  std::optional<double> a = {};            ///< [s]
  std::optional<double> b = {};            ///< [s]
  std::optional<double> exponent = {};     ///< [1] n
  std::vector<double> times = {};          ///< [s] where the law is evaluated
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct FlowUnits {
  std::string property;                                   ///< column that was fitted, with its unit
  Measured final_value;                                   ///< [1] M_inf, in the unit of the property
  Measured initial_value;                                 ///< [1] M(0)
  Measured initial_concentration;                         ///< [1] c(0)
  Measured a, b, exponent;                                ///< [s], [s], [1]
  Measured half_time;                                     ///< [s]
  Measured relative_change;                               ///< [1] M_inf/M(0) - 1 = c(0)
  double rms = 0, condition = 0;                          ///< [1] relative, of the fit
  std::vector<double> time;                               ///< [s]
  std::vector<double> value, value_model, concentration;  ///< [1]
  static const Fields& fields();
};

/// @throws InputError for missing parameters, times that are negative, or fewer than five points
FlowUnits flow_units(std::span<const Curve> curves, const FlowUnitsOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::theory
