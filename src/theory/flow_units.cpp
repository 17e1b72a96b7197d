#include "theory/flow_units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/propagation.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::theory {
namespace {

using O = FlowUnitsOptions;

double concentration(double t, double a, double b, double n) { return std::pow(a / (b + t), n); }

enum Closed { final_value, initial_value, c0, half, relative };

std::vector<double> evaluate(const O& o) {
  const double m = o.final_value.value_or(1), c = concentration(0, *o.a, *o.b, *o.exponent);
  return {m, m / (1 + c), c, *o.b * (std::pow(2, 1 / *o.exponent) - 1), c};
}

struct Series {
  std::vector<double> time, value, error;
  std::string property;
};

Series series_of(const Curve& c) {
  Series s;
  const CurveColumn* value = nullptr;
  for (const char* role : {"modulus", "density", "hardness", "property"})
    if (const CurveColumn* found = c.find(role)) {
      if (value) throw InputError(fmt::format("{}: one property must be chosen, got {} and {}", c.source, value->name, role));
      value = found;
    }
  if (!value) throw InputError(fmt::format("{}: must have a column modulus, density, hardness or property, got none", c.source));
  s.property = value->unit.empty() || value->unit == "1" ? value->name : fmt::format("{} in {}", value->name, value->unit);
  const std::vector<double>& t = c.at("time").values;
  const CurveColumn* error = c.find("value_error");
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (!std::isfinite(t[i]) || !std::isfinite(value->values[i])) continue;
    if (t[i] < 0 || !(value->values[i] > 0))
      throw InputError(fmt::format("{}: times must not be negative and the property must be positive, got {} at {} s", c.source,
                                   value->values[i], t[i]));
    s.time.push_back(t[i]), s.value.push_back(value->values[i]);
    if (error) s.error.push_back(error->values[i]);
  }
  if (s.time.size() < 5) throw InputError(fmt::format("{}: must have at least 5 points, got {}", c.source, s.time.size()));
  return s;
}

/// Parameters ln M_inf, ln c(0), ln b, n: c(0) is what the data fix, a follows.
void fit(std::span<const Curve> curves, FlowUnits& out, Context& context) {
  const Series s = series_of(curves[0]);
  const double last = *std::max_element(s.time.begin(), s.time.end()), high = *std::max_element(s.value.begin(), s.value.end()),
               low = *std::min_element(s.value.begin(), s.value.end());
  double first = last;
  for (const double t : s.time)
    if (t > 0) first = std::min(first, t);
  if (!(high > low) || !(last > first))
    throw InputError(fmt::format("{}: the property must change in time, got {} throughout", curves[0].source, high));
  const auto residuals = [&](std::span<const double> p, std::span<double> r, double*) {
    for (std::size_t i = 0; i < s.time.size(); ++i) {
      const double c = std::exp(p[1]) * std::pow(1 + s.time[i] / std::exp(p[2]), -p[3]), model = std::exp(p[0]) / (1 + c);
      r[i] = s.error.empty() ? model / s.value[i] - 1 : (model - s.value[i]) / s.error[i];
    }
  };
  std::optional<numeric::LeastSquares> best;
  for (const double place : {0.2, 0.5, 0.8})
    for (const double n : {0.3, 1.0}) {
      const std::vector<numeric::Parameter> p = {
          {"ln_final", std::log(high * 1.02), std::log(high) - 1, std::log(high) + 3},
          {"ln_c0", std::log(std::max(1e-6, high * 1.02 / low - 1)), -14, 5},
          {"ln_b", std::log(first) + place * std::log(last / first), std::log(first) - 7, std::log(last) + 7},
          {"exponent", n, 0.02, 5}};
      numeric::LeastSquares f = numeric::least_squares(p, s.time.size(), residuals, {.known_errors = !s.error.empty()});
      if (!best || f.chi2 < best->chi2) best = std::move(f);
    }
  const std::vector<double>& v = best->value;
  const double m = std::exp(v[0]), c = std::exp(v[1]), b = std::exp(v[2]), n = v[3], a = b * std::pow(c, 1 / n);
  const auto error = [&](const std::vector<double>& g) {
    double variance = 0;
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t j = 0; j < 4; ++j) variance += g[i] * g[j] * best->covariance(i, j);
    return std::sqrt(std::max(0.0, variance));
  };
  std::string note = "covariance of the fit";
  const char* names[] = {"final value", "c(0)", "b", "exponent"};
  for (std::size_t i = 0; i < 4; ++i)
    if (best->at_bound[i]) note += fmt::format("; {} at its bound", names[i]);
  const double two = std::pow(2, 1 / n);
  out.property = s.property;
  out.final_value = {m, error({m, 0, 0, 0}), note},
  out.initial_value = {m / (1 + c), error({m / (1 + c), -m * c / ((1 + c) * (1 + c)), 0, 0}), note};
  out.initial_concentration = {c, error({0, c, 0, 0}), note}, out.relative_change = out.initial_concentration;
  out.b = {b, error({0, 0, b, 0}), note}, out.exponent = {n, error({0, 0, 0, 1}), note};
  out.a = {a, error({0, a / n, a, -a * v[1] / (n * n)}), note};
  out.half_time = {b * (two - 1), error({0, 0, b * (two - 1), -b * two * std::log(2) / (n * n)}), note};
  out.condition = best->condition;
  double squares = 0;
  for (std::size_t i = 0; i < s.time.size(); ++i) {
    const double ct = concentration(s.time[i], a, b, n);
    out.time.push_back(s.time[i]), out.value.push_back(s.value[i]), out.value_model.push_back(m / (1 + ct)),
        out.concentration.push_back(ct);
    squares += std::pow(out.value_model.back() / s.value[i] - 1, 2);
  }
  out.rms = std::sqrt(squares / static_cast<double>(s.time.size()));
  if (!best->converged) context.warn("the fit did not converge: " + best->message);
  if (out.final_value.value > 1.5 * high)
    context.warn(fmt::format("the final value {:.4g} is extrapolated far above the data, which end at {:.4g}", m, high));
  if (out.half_time.value > last)
    context.warn(fmt::format("half of the flow units live longer than the data, which end at {:.4g} s", last));
}

}  // namespace

FlowUnits flow_units(std::span<const Curve> curves, const O& o, Context& context) {
  FlowUnits out;
  out.rms = out.condition = NAN;
  if (!curves.empty()) return fit(curves, out, context), out;
  if (!o.a || !o.b || !o.exponent) throw InputError("theory/flow_units: must have --a, --b and --exponent, or a file, got neither");
  const std::vector<Measured> v = propagated(o, evaluate);
  out.property = o.final_value ? "as given" : "relative to its final value";
  out.final_value = v[final_value], out.initial_value = v[initial_value], out.initial_concentration = v[c0], out.half_time = v[half];
  out.relative_change = v[relative];
  out.a = {*o.a, NAN, "as given"}, out.b = {*o.b, NAN, "as given"}, out.exponent = {*o.exponent, NAN, "as given"};
  out.time = o.times;
  if (out.time.empty())
    for (int k = 0; k <= 100; ++k) out.time.push_back(*o.b * std::pow(10, -2 + 0.05 * k));
  for (const double t : out.time) {
    if (t < 0) throw InputError(fmt::format("--times: must not be negative, got {} s", t));
    out.concentration.push_back(concentration(t, *o.a, *o.b, *o.exponent));
    out.value_model.push_back(out.final_value.value / (1 + out.concentration.back()));
  }
  return out;
}

const ColumnRoles& FlowUnitsOptions::columns() {
  static const ColumnRoles roles = {
      {"time", "s", "aging time", true, {"t", "agingtime", "annealingtime"}},
      {"modulus", "GPa", "elastic modulus", false, {"shearmodulus", "youngsmodulus", "storage", "e", "g"}},
      {"density", "g/cm^3", "density", false, {"rho"}},
      {"hardness", "GPa", "hardness", false, {"h"}},
      {"property", "1", "any other property, relative", false, {"value", "m"}},
      {"value_error", "1", "standard error of the property, in its unit", false, {"error"}},
  };
  return roles;
}

const Fields& FlowUnitsOptions::fields() {
  static const Fields table = {
      field<&O::final_value>("final_value", "1", "M_inf in any unit; unset: 1").positive(),
      field<&O::a>("a", "s", "a of c = [a/(b + t)]^n").positive(),
      field<&O::b>("b", "s", "b of c = [a/(b + t)]^n").positive(),
      field<&O::exponent>("exponent", "1", "n of c = [a/(b + t)]^n").positive().alias("n"),
      field<&O::times>("times", "s", "where the law is evaluated; unset: five decades about b").non_negative(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const Fields& FlowUnits::fields() {
  using F = FlowUnits;
  static const Fields table = {
      field<&F::property>("property", "", "what M is, and its unit"),
      field<&F::final_value>("final_value", "1", "M_inf, in the unit of the property"),
      field<&F::initial_value>("initial_value", "1", "M(0), in the unit of the property"),
      field<&F::initial_concentration>("initial_concentration", "1", "flow units at the beginning, (a/b)^n"),
      field<&F::a>("a", "s", "a of c = [a/(b + t)]^n"),
      field<&F::b>("b", "s", "b of c = [a/(b + t)]^n"),
      field<&F::exponent>("exponent", "1", "n of c = [a/(b + t)]^n"),
      field<&F::half_time>("half_time", "s", "when half of the flow units have gone"),
      field<&F::relative_change>("relative_change", "1", "M_inf/M(0) - 1"),
      field<&F::rms>("rms", "1", "relative scatter about the fit").exact("sum of the residuals"),
      field<&F::condition>("condition", "1", "condition number of the fit; large: parameters cannot be told apart")
          .exact("of the normal matrix"),
      field<&F::time>("time", "s", "aging time").exact("given").log_axis(),
      field<&F::value>("value", "1", "measured property, in its unit").over("time", Plot::points).exact("data"),
      field<&F::value_model>("value_model", "1", "M(t)").over("time").with("value").exact("see the parameters"),
      field<&F::concentration>("concentration", "1", "c(t)").over("time").exact("see the parameters"),
  };
  return table;
}

const Analysis& flow_units_analysis() {
  static const Analysis entry =
      analysis<&flow_units>("theory", "flow_units", "concentration of flow units from the aging of a property, evaluated or fitted",
                            {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019)", "10.1016/j.pmatsci.2019.04.005"},
                             {"Wang, Prog. Mater. Sci. 106, 100561 (2019)", "10.1016/j.pmatsci.2019.03.006"}});
  return entry;
}

}  // namespace heteroglass::theory
