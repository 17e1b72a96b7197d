#include "calorimetry/enthalpy_recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "calorimetry/exotherm.hpp"
#include "calorimetry/recovery_kinetics.hpp"
#include "calorimetry/scan.hpp"
#include "calorimetry/transition.hpp"
#include "core/error.hpp"
#include "numeric/straight_line.hpp"

namespace heteroglass::calorimetry {
namespace {

using O = EnthalpyRecoveryOptions;
constexpr int replicas = 200;

/// rescan - scan on the points of the scan.
struct Difference {
  std::vector<double> temperature, scan, rescan, y;
  double step = 0;
  std::size_t index(double t) const {
    const auto place = std::lower_bound(temperature.begin(), temperature.end(), t) - temperature.begin();
    return std::min(static_cast<std::size_t>(place), temperature.size() - 1);
  }
};

struct Ends {
  Range glass, liquid;
};

struct Read {
  double enthalpy = 0, onset = 0, departure = 0, extremum = 0;
};

Difference difference_of(const Scan& a, const Scan& b) {
  Difference d;
  d.step = a.step;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double t = a.temperature[i];
    if (t < b.temperature.front() || t > b.temperature.back()) continue;
    const std::size_t k = std::max<std::size_t>(1, b.index(t));
    const double f = (t - b.temperature[k - 1]) / b.step, other = b.y[k - 1] + std::clamp(f, 0.0, 1.0) * (b.y[k] - b.y[k - 1]);
    d.temperature.push_back(t), d.scan.push_back(a.y[i]), d.rescan.push_back(other), d.y.push_back(other - a.y[i]);
  }
  if (d.temperature.size() < 20)
    throw InputError(fmt::format("calorimetry/enthalpy_recovery: scan and rescan must overlap in 20 points, got {}", d.temperature.size()));
  return d;
}

/// Where both must agree: the cold end, and the liquid between transition and crystallisation.
Ends ends_of(const Scan& a, const Scan& b, const Difference& d, const O& o, Context& context) {
  double ceiling = d.temperature.back(), top = NAN;
  for (const Scan* s : {&a, &b}) {
    const Smooth f = smooth(s->y, s->step, std::max<std::size_t>(2, static_cast<std::size_t>(1.5 / s->step)));
    if (const auto e = find_exotherm(*s, f)) ceiling = std::min(ceiling, e->departure);
    if (const auto rise = find_rise(*s, f, ceiling)) top = std::fmax(top, rise->overshoot_end), ceiling = std::min(ceiling, rise->top);
  }
  const double range = ceiling - d.temperature.front();
  Ends e;
  e.glass = {o.glass_low.value_or(d.temperature.front() + 0.02 * range), 0, o.glass_low.has_value(), o.glass_high.has_value()};
  e.glass.high = o.glass_high.value_or(e.glass.low + std::max(0.1 * range, 6 * d.step));
  const double high = ceiling - 0.01 * range, from = std::isfinite(top) ? top + 0.2 * (high - top) : high - 0.07 * range;
  e.liquid = {o.liquid_low.value_or(std::min(from, high - std::max(0.02 * range, 6 * d.step))), o.liquid_high.value_or(high),
              o.liquid_low.has_value(), o.liquid_high.has_value()};
  if (!std::isfinite(top) && !o.liquid_low)
    context.warn(
        "no glass transition seen in the scans: the upper end of the common range is taken as liquid; give --liquid-low and --liquid-high");
  if (!(e.glass.high < e.liquid.low) || !(e.liquid.high > e.liquid.low))
    throw InputError(fmt::format(
        "calorimetry/enthalpy_recovery: the glass range must lie below the liquid range, got {:.5g}-{:.5g} K and {:.5g}-{:.5g} K",
        e.glass.low, e.glass.high, e.liquid.low, e.liquid.high));
  return e;
}

numeric::StraightLine line_of(const Difference& d, double low, double high) {
  std::size_t from = d.index(low), to = std::max(d.index(high) + 1, from + 3);
  if (to > d.temperature.size()) to = d.temperature.size(), from = to - 3;
  return numeric::straight_line(std::span(d.temperature).subspan(from, to - from), std::span(d.y).subspan(from, to - from), {}, true);
}

/// The line that makes scan and rescan agree at both ends.
numeric::StraightLine alignment(const Difference& d, const Ends& e, const std::string& align) {
  numeric::StraightLine l = line_of(d, e.glass.low, e.glass.high);
  const numeric::StraightLine upper = line_of(d, e.liquid.low, e.liquid.high);
  if (align == "none") return {};
  if (align == "offset") return l.slope = 0, l;
  l.slope = (upper.mean_y - l.mean_y) / (upper.mean_x - l.mean_x);
  return l;
}

Read read(const Difference& d, const Ends& e, const std::string& align, double noise) {
  const numeric::StraightLine base = alignment(d, e, align);
  const std::size_t from = d.index((e.glass.low + e.glass.high) / 2), to = d.index((e.liquid.low + e.liquid.high) / 2);
  std::vector<double> y;
  for (std::size_t i = from; i <= to; ++i) y.push_back(d.y[i] - base.at(d.temperature[i]));
  Read r;
  for (std::size_t i = 0; i + 1 < y.size(); ++i) r.enthalpy += d.step / 2 * (y[i] + y[i + 1]);
  const double sign = r.enthalpy < 0 ? -1 : 1;
  const Smooth f = smooth(y, d.step, std::max<std::size_t>(2, static_cast<std::size_t>(2 / d.step)));
  std::size_t top = 0;
  for (std::size_t i = 0; i < y.size(); ++i)
    if (sign * f.value[i] > sign * f.value[top]) top = i;
  std::size_t steep = 0, leave = top;
  while (leave > 0 && sign * f.value[leave] > 3 * noise) --leave;
  // The tangent over an eighth of the flank, or noise decides where it is steepest.
  std::size_t tenth = top;
  while (tenth > 0 && sign * f.value[tenth] > 0.1 * sign * f.value[top]) --tenth;
  const Smooth wide = smooth(y, d.step, std::max<std::size_t>(2, std::max((top - tenth) / 8, static_cast<std::size_t>(2 / d.step))));
  for (std::size_t i = 0; i <= top; ++i)
    if (sign * wide.slope[i] > sign * wide.slope[steep]) steep = i;
  r.extremum = d.temperature[from + top], r.departure = d.temperature[from + leave];
  r.onset = d.temperature[from + steep] - wide.value[steep] / wide.slope[steep];
  return r;
}

struct Spread {
  Measured enthalpy, onset, departure, extremum;
};

Spread measured(const Difference& d, const Ends& e, const O& o, double& noise_sd) {
  const numeric::StraightLine g = line_of(d, e.glass.low, e.glass.high), l = line_of(d, e.liquid.low, e.liquid.high);
  const Noise noise = noise_of({g, l, {}});
  noise_sd = noise.sd;
  const Read best = read(d, e, o.align, noise.sd);
  std::array<double, 4> squares{};
  std::mt19937_64 random(static_cast<unsigned>(o.seed));
  std::uniform_real_distribution<double> uniform(-0.25, 0.25);
  Difference other = d;
  for (int k = 0; k < replicas; ++k) {
    other.y = d.y;
    add_noise(other.y, noise, static_cast<unsigned>(o.seed) * 65537u + static_cast<unsigned>(k));
    Ends m = e;
    const double wg = e.glass.high - e.glass.low, wl = e.liquid.high - e.liquid.low;
    if (!e.glass.low_given) m.glass.low = std::max(d.temperature.front(), e.glass.low + wg * uniform(random));
    if (!e.glass.high_given) m.glass.high += wg * uniform(random);
    if (!e.liquid.low_given) m.liquid.low += wl * uniform(random);
    if (!e.liquid.high_given) m.liquid.high -= wl * std::abs(uniform(random));
    const Read r = read(other, m, o.align, noise.sd);
    const double off[] = {r.enthalpy - best.enthalpy, r.onset - best.onset, r.departure - best.departure, r.extremum - best.extremum};
    for (std::size_t i = 0; i < 4; ++i) squares[i] += off[i] * off[i] / replicas;
  }
  const std::string note = "noise, and ends of the ranges moved by up to a quarter of their width";
  return {{best.enthalpy, std::sqrt(squares[0]), note},
          {best.onset, std::sqrt(squares[1]), note},
          {best.departure, std::sqrt(squares[2]), note},
          {best.extremum, std::max(d.step, std::sqrt(squares[3])), note}};
}

void compare_scans(std::span<const Curve> curves, const O& o, EnthalpyRecovery& out, Context& context) {
  if (curves.size() < 2) throw InputError("calorimetry/enthalpy_recovery: must have a scan and a rescan (last), got one file");
  if (!o.aging_times.empty() && o.aging_times.size() != curves.size() - 1)
    throw InputError(
        fmt::format("--aging-times: must be one for each of {} scans before the rescan, got {}", curves.size() - 1, o.aging_times.size()));
  std::vector<Scan> scans;
  for (const Curve& c : curves) {
    scans.push_back(scan(c, o.rate, "auto", context));
    if (!scans.back().calibrated) throw InputError(fmt::format("{}: must have a rate for heats: give --rate, or a time column", c.source));
  }
  out.scans.columns.reserve(6);
  std::vector<std::string>& name = out.scans.add_text("scan").text;
  const auto number = [&](const char* column, const char* unit) -> std::vector<double>& {
    return out.scans.add_number(column, unit).number;
  };
  auto &value = number("recovery_enthalpy", "J/g"), &error = number("recovery_enthalpy_error", "J/g"), &onset = number("onset", "K"),
       &onset_error = number("onset_error", "K");
  double sign = 0;
  for (std::size_t k = 0; k + 1 < scans.size(); ++k) {
    context.check_cancelled();
    const Difference d = difference_of(scans[k], scans.back());
    const Ends e = ends_of(scans[k], scans.back(), d, o, context);
    double noise = 0;
    const Spread s = measured(d, e, o, noise);
    if (k == 0) {
      sign = o.sense == "absorbed" || (o.sense == "auto" && s.enthalpy.value < 0) ? -1 : 1;
      out.direction = sign > 0 ? "released" : "absorbed";
      out.recovery_enthalpy = {sign * s.enthalpy.value, s.enthalpy.error, s.enthalpy.note};
      out.onset = s.onset, out.departure = s.departure, out.extremum = s.extremum;
      out.glass_low = e.glass.low, out.glass_high = e.glass.high, out.liquid_low = e.liquid.low, out.liquid_high = e.liquid.high;
      const numeric::StraightLine base = alignment(d, e, o.align);
      out.temperature = d.temperature, out.scan = d.scan;
      for (std::size_t i = 0; i < d.y.size(); ++i) {
        out.rescan.push_back(d.rescan[i] - base.at(d.temperature[i]));
        out.difference.push_back(sign * (d.y[i] - base.at(d.temperature[i])));
      }
      if (std::abs(s.enthalpy.value) < 2 * s.enthalpy.error)
        context.warn(fmt::format("the recovery enthalpy {:.3g} J/g is within two errors of zero", sign * s.enthalpy.value));
    }
    name.push_back(curves[k].source), value.push_back(sign * s.enthalpy.value), error.push_back(s.enthalpy.error);
    onset.push_back(s.onset.value), onset_error.push_back(s.onset.error);
  }
  if (o.aging_times.empty()) return;
  out.aging_time = o.aging_times, out.enthalpy = value, out.enthalpy_error = error;
}

void fit_growth(const O& o, EnthalpyRecovery& out, Context& context) {
  std::vector<double> error = out.enthalpy_error;
  if (std::any_of(error.begin(), error.end(), [](double e) { return !(e > 0); })) error.clear();
  std::vector<RecoveryKinetics> fits;
  const std::size_t n = out.aging_time.size();
  for (const int steps : {1, 2}) {
    if ((o.steps == "one" && steps == 2) || (o.steps == "two" && steps == 1)) continue;
    if (n < static_cast<std::size_t>(3 * steps) + (o.steps == "auto" && steps == 2 ? 2 : 1)) continue;
    fits.push_back(recovery_kinetics(out.aging_time, out.enthalpy, error, steps));
  }
  if (fits.empty()) {
    context.warn(fmt::format("{} aging times are too few for a fit of {} parameters", n, o.steps == "two" ? 6 : 3));
    return;
  }
  std::vector<std::string>& name = out.models.add_text("model").text;
  out.models.columns.reserve(5);
  std::vector<std::string> names;
  std::vector<double> chi2, aicc, bic;
  for (const RecoveryKinetics& f : fits) {
    names.push_back(f.steps.size() == 1 ? "one step" : "two steps");
    chi2.push_back(f.chi2), aicc.push_back(f.aicc), bic.push_back(f.bic);
  }
  name = names;
  out.models.add_number("chi2", "1", "sum of squared residuals").number = chi2;
  out.models.add_number("aicc", "1", "Akaike's criterion, small samples").number = aicc;
  out.models.add_number("bic", "1", "Bayesian criterion").number = bic;
  const RecoveryKinetics& best = *std::min_element(fits.begin(), fits.end(), [](const auto& a, const auto& b) { return a.aicc < b.aicc; });
  out.equilibrium_enthalpy = best.steps[0].amplitude, out.tau = best.steps[0].tau, out.beta = best.steps[0].beta;
  if (best.steps.size() == 2)
    out.second_enthalpy = best.steps[1].amplitude, out.second_tau = best.steps[1].tau, out.second_beta = best.steps[1].beta;
  if (!best.converged) context.warn("the fit of the growth did not converge: " + best.message);
  const double last = *std::max_element(out.aging_time.begin(), out.aging_time.end());
  if (best.steps.back().tau.value > last)
    context.warn(
        fmt::format("the relaxation time {:.3g} s exceeds the longest aging time {:.3g} s: the equilibrium enthalpy is extrapolated",
                    best.steps.back().tau.value, last));
  const double first = *std::min_element(out.aging_time.begin(), out.aging_time.end());
  for (int i = 0; i <= 100; ++i) {
    out.curve_time.push_back(first * std::pow(last / first, i / 100.0));
    out.enthalpy_curve.push_back(best.at(out.curve_time.back()));
  }
}

void check_times(const std::vector<double>& times) {
  for (const double t : times)
    if (!(t > 0)) throw InputError(fmt::format("aging time: must be positive, got {} s", t));
}

void evaluate(const O& o, EnthalpyRecovery& out) {
  if (!o.equilibrium_enthalpy || !o.tau || !o.beta || o.aging_times.empty())
    throw InputError(
        "calorimetry/enthalpy_recovery: must have a scan and a rescan, or --equilibrium-enthalpy, --tau, --beta and --aging-times, got "
        "neither");
  out.curve_time = o.aging_times;
  for (const double t : o.aging_times) out.enthalpy_curve.push_back(*o.equilibrium_enthalpy * -std::expm1(-std::pow(t / *o.tau, *o.beta)));
}

}  // namespace

const ColumnRoles& EnthalpyRecoveryOptions::columns() {
  static const ColumnRoles roles = [] {
    ColumnRoles r = scan_columns();
    for (ColumnRole& role : r) role.required = false;
    r.push_back({"enthalpy", "J/g", "recovery enthalpy against time, instead of scans", false, {"recoveryenthalpy", "dh", "deltah"}});
    r.push_back({"enthalpy_error", "J/g", "its standard error", false, {"recoveryenthalpyerror", "dherror"}});
    return r;
  }();
  return roles;
}

EnthalpyRecovery enthalpy_recovery(std::span<const Curve> curves, const O& o, Context& context) {
  EnthalpyRecovery out;
  for (Measured* m : {&out.recovery_enthalpy, &out.onset, &out.departure, &out.extremum}) m->note = "needs a scan and a rescan";
  for (Measured* m : {&out.equilibrium_enthalpy, &out.tau, &out.beta, &out.mean_tau}) m->note = "needs a series of aging times";
  for (Measured* m : {&out.second_enthalpy, &out.second_tau, &out.second_beta}) m->note = "one step describes the data, or there are none";
  out.glass_low = out.glass_high = out.liquid_low = out.liquid_high = NAN;
  check_times(o.aging_times);
  if (curves.empty()) return evaluate(o, out), out;
  if (curves[0].find("enthalpy")) {
    const std::vector<double>&time = curves[0].at("time").values, &value = curves[0].at("enthalpy").values;
    const CurveColumn* error = curves[0].find("enthalpy_error");
    for (std::size_t i = 0; i < time.size(); ++i) {
      if (!std::isfinite(time[i]) || !std::isfinite(value[i])) continue;
      out.aging_time.push_back(time[i]), out.enthalpy.push_back(value[i]), out.enthalpy_error.push_back(error ? error->values[i] : NAN);
    }
    check_times(out.aging_time);
  } else {
    compare_scans(curves, o, out, context);
  }
  if (out.aging_time.size() > 1) fit_growth(o, out, context);
  if (std::isfinite(out.tau.value)) {
    const double b = out.beta.value, mean = out.tau.value * std::tgamma(1 / b) / b;
    out.mean_tau = {mean, mean * out.tau.error / out.tau.value, "from the error of tau at fixed beta"};
  }
  return out;
}

const Fields& EnthalpyRecoveryOptions::fields() {
  static const Fields table = {
      field<&O::rate>("rate", "K/min", "heating rate; unset: from time columns or headers").positive().alias("heating_rate"),
      field<&O::sense>("sense", "", "what counts as positive: heat released or absorbed by the scan")
          .one_of({"auto", "released", "absorbed"}),
      field<&O::align>("align", "", "how the rescan is put onto the scan").one_of({"line", "offset", "none"}),
      field<&O::glass_low>("glass_low", "K", "both are the same glass from; unset: the cold end").positive(),
      field<&O::glass_high>("glass_high", "K", "both are the same glass to; unset: a tenth of the range").positive(),
      field<&O::liquid_low>("liquid_low", "K", "both are the same liquid from; unset: above the transition").positive(),
      field<&O::liquid_high>("liquid_high", "K", "both are the same liquid to; unset: before crystallisation").positive(),
      field<&O::aging_times>("aging_times", "s", "aging time of each scan before the rescan"),
      field<&O::steps>("steps", "", "Kohlrausch steps of the growth; auto: by Akaike's criterion").one_of({"auto", "one", "two"}),
      field<&O::equilibrium_enthalpy>("equilibrium_enthalpy", "J/g", "without a file: dH_eq of the formula"),
      field<&O::tau>("tau", "s", "without a file: relaxation time of the formula").positive(),
      field<&O::beta>("beta", "1", "without a file: stretching exponent of the formula").range(0.05, 2),
      field<&O::seed>("seed", "1", "of the replicas that give the errors").range(0, 1e9),
  };
  return table;
}

const Fields& EnthalpyRecovery::fields() {
  using E = EnthalpyRecovery;
  static const std::string chosen = "chosen, or as given";
  static const Fields table = {
      field<&E::recovery_enthalpy>("recovery_enthalpy", "J/g", "enthalpy released or absorbed by the first scan, beyond the rescan"),
      field<&E::onset>("onset", "K", "tangent at the first flank of the difference meets zero"),
      field<&E::departure>("departure", "K", "the difference leaves three times the noise"),
      field<&E::extremum>("extremum", "K", "largest difference"),
      field<&E::direction>("direction", "", "released or absorbed"),
      field<&E::glass_low>("glass_low", "K", "same glass from").exact(chosen),
      field<&E::glass_high>("glass_high", "K", "same glass to").exact(chosen),
      field<&E::liquid_low>("liquid_low", "K", "same liquid from").exact(chosen),
      field<&E::liquid_high>("liquid_high", "K", "same liquid to").exact(chosen),
      field<&E::scans>("scans", "", "every scan against the rescan"),
      field<&E::temperature>("temperature", "K", "of the first scan").exact("set by the scan"),
      field<&E::scan>("scan", "J/(g K)", "apparent heat capacity of the first scan").over("temperature").exact("data"),
      field<&E::rescan>("rescan", "J/(g K)", "rescan put onto it").over("temperature").with("scan").exact("data"),
      field<&E::difference>("difference", "J/(g K)", "difference, positive in the direction named")
          .over("temperature")
          .with("scan")
          .exact("data"),
      field<&E::equilibrium_enthalpy>("equilibrium_enthalpy", "J/g", "dH_eq of the (first) Kohlrausch step"),
      field<&E::tau>("tau", "s", "its relaxation time"),
      field<&E::beta>("beta", "1", "its stretching exponent"),
      field<&E::mean_tau>("mean_tau", "s", "tau Gamma(1/beta) / beta"),
      field<&E::second_enthalpy>("second_enthalpy", "J/g", "dH_eq of a second, slower step"),
      field<&E::second_tau>("second_tau", "s", "its relaxation time"),
      field<&E::second_beta>("second_beta", "1", "its stretching exponent"),
      field<&E::models>("models", "", "one step and two compared; the least aicc is taken").exact("criteria of the fits"),
      field<&E::aging_time>("aging_time", "s", "aging times").exact("set by the experiment"),
      field<&E::enthalpy>("enthalpy", "J/g", "recovery enthalpy of each aging time").over("aging_time", Plot::points),
      field<&E::enthalpy_error>("enthalpy_error", "J/g", "its error").error_for("enthalpy"),
      field<&E::curve_time>("curve_time", "s", "times of enthalpy_curve").exact("a grid, or as given").log_axis(),
      field<&E::enthalpy_curve>("enthalpy_curve", "J/g", "fitted growth, or the formula").over("curve_time").exact("see the parameters"),
  };
  return table;
}

const Analysis& enthalpy_recovery_analysis() {
  static const Analysis entry = analysis<&enthalpy_recovery>(
      "calorimetry", "enthalpy_recovery", "enthalpy of relaxation of a scan against its rescan, and its growth with aging time",
      {{"Slipenyuk, Eckert, Scr. Mater. 50, 39 (2004)", "10.1016/j.scriptamat.2003.09.038"},
       {"Hodge, J. Non-Cryst. Solids 169, 211 (1994)", "10.1016/0022-3093(94)90321-2"}});
  return entry;
}

}  // namespace heteroglass::calorimetry
