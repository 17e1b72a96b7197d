#include "relaxation/stress_relaxation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/error.hpp"
#include "numeric/sign_runs.hpp"
#include "relaxation/beta_stages.hpp"
#include "relaxation/step_fit.hpp"

namespace heteroglass::relaxation {
namespace {

/// A curve after time zero.
struct Step {
  std::string name, quantity;
  double temperature = NAN;
  std::vector<double> time, value;
  bool creep = false;
};

/// The largest value minus the least is below this part of the largest.
bool constant(const std::vector<double>& v, double part) {
  double low = INFINITY, high = -INFINITY;
  for (const double x : v)
    if (std::isfinite(x)) low = std::min(low, x), high = std::max(high, x);
  return high - low <= part * std::max(std::abs(low), std::abs(high));
}

/// What relaxes or creeps. A stress that is held, beside a compliance, is the load of a creep test.
const CurveColumn& measured_column(const Curve& c, Context& context) {
  const CurveColumn* y = nullptr;
  for (const char* name : {"stress", "modulus", "compliance"})
    if (!y) y = c.find(name);
  if (!y)
    throw InputError(
        fmt::format("{}: must have a column stress, modulus or compliance, got none of them; name it with --columns", c.source));
  const CurveColumn* compliance = c.find("compliance");
  if (y->name == "stress" && compliance && constant(y->values, 0.01) && !constant(compliance->values, 0.01)) {
    context.warn(fmt::format("{}: the stress is held constant: this is creep, the compliance is fitted", c.source));
    return *compliance;
  }
  if (constant(y->values, 1e-6))
    throw InputError(fmt::format("{}: {} must change with time, got one value, {:.6g} {}{}", c.source, y->name,
                                 y->values.empty() ? NAN : y->values.front(), y->name == "compliance" ? "1/GPa" : "GPa",
                                 y->name == "stress" ? "; if it is the load of a creep test, name --columns compliance=NAME" : ""));
  return *y;
}

Step step_of(const Curve& c, const StressRelaxationOptions& o, Context& context) {
  Step s;
  s.name = c.label.empty() ? c.source : c.label;
  s.temperature = c.property("temperature", "K").value_or(NAN);
  if (const CurveColumn* t = c.find("temperature"); t && !t->values.empty() && std::isnan(s.temperature))
    s.temperature = std::accumulate(t->values.begin(), t->values.end(), 0.0) / static_cast<double>(t->values.size());
  const CurveColumn& y = measured_column(c, context);
  s.quantity = y.name;
  s.creep = s.quantity == "compliance";
  const std::vector<double>& t = c.at("time").values;
  std::vector<std::size_t> order(t.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  bool ascends = true, descends = true;
  for (std::size_t i = 1; i < t.size(); ++i) ascends = ascends && t[i] >= t[i - 1], descends = descends && t[i] <= t[i - 1];
  if (!ascends && !descends)
    throw InputError(
        fmt::format("{}: time must ascend (or descend) along the curve, got a step back; cut it with --split or --step", c.source));
  if (descends) std::reverse(order.begin(), order.end());
  std::size_t before = 0, missing = 0;
  for (const std::size_t i : order) {
    const double at = t[i] - o.time_zero;
    if (at < 0)
      ++before;
    else if (!std::isfinite(at) || !std::isfinite(y.values[i]))
      ++missing;
    else
      s.time.push_back(at), s.value.push_back(y.values[i]);
  }
  if (before) context.warn(fmt::format("{}: {} rows before time zero left out", s.name, before));
  if (missing) context.warn(fmt::format("{}: {} rows without a number left out", s.name, missing));
  if (s.time.size() < 6) throw InputError(fmt::format("{}: must have at least 6 rows after time zero, got {}", s.name, s.time.size()));
  if (!s.creep && !(s.value.front() > 0))
    throw InputError(fmt::format("{}: stress must be positive at time zero, got {} GPa", s.name, s.value.front()));
  return s;
}

StepSettings settings_of(const StressRelaxationOptions& o, bool creep) {
  StepSettings s;
  s.steps = o.steps, s.ramp = o.ramp, s.drift = o.drift, s.flow = creep && o.flow;
  s.remnant = o.remnant, s.beta = o.fix_beta, s.unload = o.unload_time;
  return s;
}

Measured measured(const numeric::LeastSquares& f, std::size_t i, bool logarithm, bool fixed) {
  const double v = logarithm ? std::exp(f.value[i]) : f.value[i];
  if (f.at_bound[i]) return {v, NAN, "on its bound"};
  if (!std::isfinite(f.error[i])) return {v, NAN, "not determined by these data"};
  return {v, (logarithm ? v : 1) * f.error[i], fixed ? "held fixed" : "covariance"};
}

/// tau Gamma(1/beta)/beta with its error by the covariance of ln tau and beta.
Measured mean_time(const numeric::LeastSquares& f, std::size_t tau) {
  const auto log_mean = [](double log_tau, double beta) { return log_tau + std::lgamma(1 + 1 / beta); };
  const double b = f.value[tau + 1], h = 1e-5, slope = (log_mean(0, b + h) - log_mean(0, b - h)) / (2 * h);
  const double variance = f.covariance(tau, tau) + 2 * slope * f.covariance(tau, tau + 1) + slope * slope * f.covariance(tau + 1, tau + 1);
  const double mean = std::exp(log_mean(f.value[tau], b));
  if (f.at_bound[tau] || !std::isfinite(variance)) return {mean, NAN, "tau is not determined by these data"};
  return {mean, mean * std::sqrt(std::max(variance, 0.0)), "covariance"};
}

/// Part of the delayed compliance (of the first step) that was reached at `end`, with its error by the covariance of ln tau and beta.
Measured reached_part(const numeric::LeastSquares& f, double end, double ramp) {
  const auto part = [&](double log_tau, double beta) { return std::min(1.0, 1 - ramped_step(end, ramp, std::exp(log_tau), beta)); };
  const double log_tau = f.value[2], beta = f.value[3], h = 1e-4;
  const double a = (part(log_tau + h, beta) - part(log_tau - h, beta)) / (2 * h),
               b = (part(log_tau, beta + h) - part(log_tau, beta - h)) / (2 * h);
  const double variance = a * a * f.covariance(2, 2) + 2 * a * b * f.covariance(2, 3) + b * b * f.covariance(3, 3);
  if (f.at_bound[2] || !std::isfinite(variance)) return {part(log_tau, beta), NAN, "tau is not determined by these data"};
  if (!(variance > 0)) return {part(log_tau, beta), NAN, "complete, of the delayed compliance"};
  return {part(log_tau, beta), std::sqrt(variance), "covariance, of the delayed compliance"};
}

/// Part of the slower step in both strengths.
Measured slower_part(const numeric::LeastSquares& f) {
  const double a = f.value[1], b = f.value[4], sum = a + b;
  const double variance = b * b * f.covariance(1, 1) - 2 * a * b * f.covariance(1, 4) + a * a * f.covariance(4, 4);
  return {b / sum, std::sqrt(std::max(variance, 0.0)) / (sum * sum), "covariance"};
}

/// How tau and beta move when time zero is put later by the ramp, or by the first measured time.
void time_zero_sensitivity(StressRelaxation& out, const Step& s, StepSettings settings, const StressRelaxationOptions& o) {
  const auto first = std::find_if(s.time.begin(), s.time.end(), [](double t) { return t > 0; });
  const double shift = o.ramp > 0 ? o.ramp : *first;
  settings.profile = false, settings.ramp = 0;
  const auto fit_at = [&](double move) {
    std::vector<double> t, y;
    for (std::size_t i = 0; i < s.time.size(); ++i)
      if (s.time[i] + move >= 0) t.push_back(s.time[i] + move), y.push_back(s.value[i]);
    return step_fit(averaged(t, y, s.creep), settings).fit.value;
  };
  try {
    const std::vector<double> here = fit_at(0), moved = fit_at(shift);
    out.tau_change = std::expm1(moved[2] - here[2]), out.beta_change = moved[3] - here[3];
  } catch (const Error&) {
    out.tau_change = out.beta_change = NAN;
  }
}

void compare(StressRelaxation& out, const StepData& d, StepSettings s, const StepFit& main) {
  TableColumn name = out.models.add_text("model");
  TableColumn parameters = out.models.add_number("free_parameters", "1"), aicc = out.models.add_number("aicc", "1"),
              bic = out.models.add_number("bic", "1"),
              rms = out.models.add_number("rms", d.creep ? "1/GPa" : "GPa", "scatter about the model"),
              runs = out.models.add_number("runs", "1", "z of the runs test");
  const auto row = [&](const std::string& text, const StepFit& f) {
    std::vector<double> r;
    double squares = 0;
    for (std::size_t i = 0; i < d.time.size(); ++i) r.push_back(d.value[i] - f.model[i]), squares += r.back() * r.back();
    name.text.push_back(text), parameters.number.push_back(f.fit.free_parameters), aicc.number.push_back(f.fit.aicc),
        bic.number.push_back(f.fit.bic);
    rms.number.push_back(std::sqrt(squares / static_cast<double>(r.size()))), runs.number.push_back(numeric::sign_runs(r));
  };
  row(s.steps == 1 ? "kww" : "kww+kww", main);
  s.profile = false;
  const auto other = [&](const std::string& text, int steps, std::optional<double> beta) {
    if (d.time.size() < static_cast<std::size_t>(3 * steps + 4)) return;
    StepSettings t = s;
    t.steps = steps, t.beta = beta;
    try {
      row(text, step_fit(d, t));
    } catch (const NumericalError&) {
      return;  // no start values: not a rival
    }
  };
  if (!s.beta) other("exponential", 1, 1.0), other("two exponentials", 2, 1.0);
  other(s.steps == 1 ? "kww+kww" : "kww", s.steps == 1 ? 2 : 1, s.beta);
  out.models.columns = {name, parameters, aicc, bic, rms, runs};
}

void fill(StressRelaxation& out, const Step& s, const StressRelaxationOptions& o, Context& context, bool full) {
  const StepSettings settings = settings_of(o, s.creep);
  const StepData d = averaged(s.time, s.value, s.creep);
  const StepFit f = step_fit(d, settings);
  const bool fixed = o.fix_beta.has_value();
  out.quantity = s.quantity;
  // Of two steps the first in tau is the main result, the slower one the second.
  (s.creep ? out.delayed_compliance : out.strength) = measured(f.fit, 1, false, false);
  (s.creep ? out.unrelaxed_compliance : out.remnant) = measured(f.fit, 0, false, o.remnant.has_value());
  out.tau = measured(f.fit, 2, true, false), out.beta = measured(f.fit, 3, false, fixed);
  out.mean_tau = mean_time(f.fit, 2);
  out.tau_interval = {std::exp(f.fit.interval[2][0]), std::exp(f.fit.interval[2][1])},
  out.beta_interval = {f.fit.interval[3][0], f.fit.interval[3][1]};
  if (o.steps == 2)
    out.fraction_2 = slower_part(f.fit), out.tau_2 = measured(f.fit, 5, true, false), out.beta_2 = measured(f.fit, 6, false, fixed);
  const std::size_t last = f.fit.value.size() - 1;
  if (o.drift && !s.creep) out.drift = measured(f.fit, last, false, false);
  if (settings.flow) {
    const double fluidity = f.fit.value[last];  // [1/(GPa s)]
    out.viscosity = fluidity > 0 ? Measured{1e9 / fluidity, 1e9 / (fluidity * fluidity) * f.fit.error[last], "covariance"}
                                 : Measured{NAN, NAN, "no flow was seen"};
  }
  const auto first = std::find_if(s.time.begin(), s.time.end(), [](double t) { return t > 0; });
  out.decades_covered = std::log10(s.time.back() / *first);
  double recoverable = 0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(o.steps); ++k) recoverable += f.fit.value[1 + 3 * k];
  if (!s.creep) {
    const double end = f.model.back(), noise = std::sqrt(f.fit.chi2 / std::max(1, f.fit.residuals - f.fit.free_parameters));
    const double error = std::hypot(f.fit.error[0], f.fit.error[1]);
    out.fraction_relaxed = {
        1 - end / f.initial,
        std::hypot(noise / std::sqrt(3.0), end / f.initial * std::min(std::isfinite(error) ? error : 0.0, 0.3 * f.initial)) / f.initial,
        "scatter of the end and covariance of the amplitudes"};
    const double total = recoverable + f.fit.value[0];
    out.liquid_fraction = {
        recoverable / total,
        std::hypot(recoverable / total * (std::isfinite(f.fit.error[0]) ? f.fit.error[0] : 0), f.fit.value[0] / total * f.fit.error[1]) /
            total,
        "errors of the amplitudes, as if independent"};
    if (!(out.fraction_relaxed.value > 1e-4))
      context.warn(fmt::format("{}: nothing relaxes: tau and beta mean nothing", s.name));
    else if (out.fraction_relaxed.value < 0.5)
      context.warn(
          fmt::format("{}: only {:.0f} % of the stress relaxed in the time measured: tau and beta are one number, (t_end/tau)^beta; do not "
                      "compare them apart",
                      s.name, 100 * out.fraction_relaxed.value));
  } else {
    out.fraction_relaxed = reached_part(f.fit, o.unload_time.value_or(s.time.back()), o.ramp);
    const double reached = out.fraction_relaxed.value;
    out.liquid_fraction = {NAN, NAN, "not of a creep curve"};
    if (reached < 0.5)
      context.warn(fmt::format("{}: only {:.0f} % of the delayed compliance was reached: tau, beta and strength are hardly apart", s.name,
                               100 * reached));
  }
  if (!s.creep && f.initial > 1.5 * s.value.front())
    context.warn(
        fmt::format("{}: the stress at time zero is extrapolated to {:.3g} times the first value measured: most of the step lies before "
                    "the first time; tau and strength rest "
                    "on the extrapolation",
                    s.name, f.initial / s.value.front()));
  if (f.fit.condition > 1e10)
    context.warn(fmt::format("{}: some parameters can hardly be told apart by these data (condition of the normal matrix {:.1e})", s.name,
                             f.fit.condition));
  if (out.decades_covered < 1.5)
    context.warn(fmt::format("{}: the times cover {:.1f} decades only: the shape is hardly measured", s.name, out.decades_covered));
  std::vector<std::string> names = {"remnant", "strength", "tau", "beta", "strength_2", "tau_2", "beta_2"};
  if (s.creep) names[0] = "unrelaxed_compliance", names[1] = "delayed_compliance", names[4] = "delayed_compliance_2";
  for (std::size_t i = 0; i < last; ++i)
    if (f.fit.at_bound[i]) {
      out.at_bound.push_back(names[i]);
      if (!(i == 0 && f.fit.value[0] == 0)) context.warn(fmt::format("{}: {} is at its bound", s.name, names[i]));
    }
  std::vector<double> r;
  for (std::size_t i = 0; i < d.time.size(); ++i) r.push_back(d.value[i] - f.model[i]);
  out.runs = numeric::sign_runs(r), out.aicc = f.fit.aicc, out.converged = f.fit.converged;
  const double scale = *std::max_element(d.value.begin(), d.value.end());
  out.misfit = out.runs < -2.6 && std::sqrt(f.fit.chi2) > 1e-7 * scale;
  if (out.misfit)
    context.warn(fmt::format(
        "{}: the residuals keep one sign for long stretches (runs test z = {:.1f}): the model misses structure, and errors are too small",
        s.name, out.runs));
  if (!f.fit.converged) context.warn(fmt::format("{}: {}", s.name, f.fit.message));
  if (!full) return;
  time_zero_sensitivity(out, s, settings, o);
  compare(out, d, settings, f);
  const double noise = std::sqrt(f.fit.chi2 / std::max(1, f.fit.residuals - f.fit.free_parameters));
  out.time = d.time;
  (s.creep ? out.compliance : out.stress) = d.value, (s.creep ? out.compliance_model : out.stress_model) = f.model;
  (s.creep ? out.compliance_residual : out.stress_residual) = r;
  for (const double w : d.weight) (s.creep ? out.compliance_error : out.stress_error).push_back(noise / w);
}

void family(StressRelaxation& out, const std::vector<Step>& steps, const StressRelaxationOptions& o, Context& context) {
  std::vector<std::size_t> order(steps.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return steps[a].temperature < steps[b].temperature; });
  TableColumn name = out.family.add_text("curve");
  TableColumn t = out.family.add_number("temperature", "K"), tau = out.family.add_number("tau", "s"),
              tau_error = out.family.add_number("tau_error", "s"), beta = out.family.add_number("beta", "1"),
              beta_error = out.family.add_number("beta_error", "1"), mean = out.family.add_number("mean_tau", "s"),
              mean_error = out.family.add_number("mean_tau_error", "s"), decades = out.family.add_number("decades_covered", "1"),
              relaxed = out.family.add_number("fraction_relaxed", "1"), liquid = out.family.add_number("liquid_fraction", "1");
  std::vector<std::string> short_ones, extrapolated;
  for (const std::size_t i : order) {
    context.check_cancelled();
    StressRelaxation one;
    Context own;  // one remark on all curves instead of several on each
    fill(one, steps[i], o, own, false);
    for (const std::string& text : own.warnings()) {
      if (text.find("one number") != std::string::npos) short_ones.push_back(steps[i].name);
      if (text.find("extrapolated") != std::string::npos) extrapolated.push_back(steps[i].name);
    }
    name.text.push_back(steps[i].name), t.number.push_back(steps[i].temperature), tau.number.push_back(one.tau.value),
        tau_error.number.push_back(one.tau.error);
    beta.number.push_back(one.beta.value), beta_error.number.push_back(one.beta.error), mean.number.push_back(one.mean_tau.value),
        mean_error.number.push_back(one.mean_tau.error);
    decades.number.push_back(one.decades_covered), relaxed.number.push_back(one.fraction_relaxed.value),
        liquid.number.push_back(one.liquid_fraction.value);
    if (std::isnan(steps[i].temperature)) continue;
    out.temperature.push_back(steps[i].temperature), out.family_beta.push_back(one.beta.value),
        out.family_beta_error.push_back(one.beta.error);
    out.family_fraction.push_back(one.liquid_fraction.value), out.family_fraction_error.push_back(one.liquid_fraction.error);
  }
  if (!short_ones.empty())
    context.warn(fmt::format(
        "less than half of the stress relaxed in {} of {} curves ({}): there tau and beta are one number, and beta(T) says nothing",
        short_ones.size(), steps.size(), fmt::join(short_ones, ", ")));
  if (!extrapolated.empty())
    context.warn(
        fmt::format("in {} of {} curves ({}) the stress at time zero is extrapolated to more than 1.5 times the first value: most of the "
                    "step lies before the first time",
                    extrapolated.size(), steps.size(), fmt::join(extrapolated, ", ")));
  out.family.columns = {name, t, tau, tau_error, beta, beta_error, mean, mean_error, decades, relaxed, liquid};
  TableColumn what = out.stages.add_text("stage");
  TableColumn from = out.stages.add_number("from", "K"), to = out.stages.add_number("to", "K"),
              level = out.stages.add_number("beta", "1", "mean"), slope = out.stages.add_number("slope", "1/K");
  for (const BetaStage& s : beta_stages(out.temperature, out.family_beta, out.family_beta_error)) {
    what.text.push_back(s.what), from.number.push_back(s.from), to.number.push_back(s.to), level.number.push_back(s.mean),
        slope.number.push_back(s.slope);
  }
  out.stages.columns = {what, from, to, level, slope};
}

void evaluated(StressRelaxation& out, const StressRelaxationOptions& o) {
  out.quantity = "modulus";
  out.tau = {o.tau, 0, "as given"}, out.beta = {o.beta, 0, "as given"}, out.strength = {o.strength, 0, "as given"};
  out.remnant = {o.remnant.value_or(0) * o.strength, 0, "as given"};
  out.mean_tau = {o.tau * std::tgamma(1 + 1 / o.beta), 0, "of the given law"};
  out.tau_interval = {o.tau, o.tau}, out.beta_interval = {o.beta, o.beta};
  out.time = o.time;
  if (out.time.empty())
    for (int i = 0; i <= 60; ++i) out.time.push_back(o.tau * std::pow(10, -4 + i * 0.1));
  for (const double t : out.time) {
    out.stress.push_back(out.remnant.value + o.strength * ramped_step(t, o.ramp, o.tau, o.beta));
    out.stress_model.push_back(out.stress.back()), out.stress_residual.push_back(0), out.stress_error.push_back(0);
  }
  out.decades_covered =
      std::log10(*std::max_element(out.time.begin(), out.time.end()) / *std::min_element(out.time.begin(), out.time.end()));
  out.fraction_relaxed = {1 - out.stress.back() / (out.remnant.value + o.strength), 0, "of the given law"};
  out.liquid_fraction = {o.strength / (o.strength + out.remnant.value), 0, "of the given law"};
}

}  // namespace

StressRelaxation stress_relaxation(std::span<const Curve> curves, const StressRelaxationOptions& o, Context& context) {
  StressRelaxation out;
  const std::string one = "one step was fitted";
  out.tau_2.note = out.beta_2.note = out.fraction_2.note = one;
  out.strength.note = out.remnant.note = "a creep curve", out.delayed_compliance.note = out.unrelaxed_compliance.note = "not a creep curve";
  out.drift.note = "not asked for", out.viscosity.note = "not a creep curve with flow";
  if (curves.empty()) {
    evaluated(out, o);
    return out;
  }
  std::vector<Step> steps;
  for (const Curve& c : curves) steps.push_back(step_of(c, o, context));
  if (steps.size() > 1) {
    family(out, steps, o, context);
    context.warn(fmt::format("the file has {} curves: `family` has them all, single values are those of the last ({}); choose with --step",
                             steps.size(), steps.back().name));
  }
  fill(out, steps.back(), o, context, true);
  return out;
}

const Analysis& stress_relaxation_analysis() {
  static const Analysis entry = analysis<&stress_relaxation>(
      "relaxation", "stress_relaxation", "stretched exponentials of stress relaxation and creep; beta(T) of a family",
      {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019)", "10.1016/j.pmatsci.2019.04.005"},
       {"Wang et al., Nat. Commun. 5, 5823 (2014)", "10.1038/ncomms6823"}});
  return entry;
}

}  // namespace heteroglass::relaxation
