#include "calorimetry/dsc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "calorimetry/exotherm.hpp"
#include "calorimetry/peak.hpp"
#include "calorimetry/transition.hpp"
#include "core/composition.hpp"
#include "core/error.hpp"

namespace heteroglass::calorimetry {
namespace {

using O = DscOptions;

/// The crystallisation in force: found, given, or denied.
std::optional<Exotherm> crystallisation(const Scan& s, const Smooth& f, const O& o) {
  if (o.exotherm_low.has_value() != o.exotherm_high.has_value())
    throw InputError("--exotherm-low and --exotherm-high: must be given together, got one");
  if (s.cooling) return {};  // freezing: peak.hpp
  if (o.exotherm_low) {
    const std::size_t a = s.index(*o.exotherm_low), b = s.index(*o.exotherm_high);
    if (b < a + 5)
      throw InputError(fmt::format("--exotherm-high: must lie above exotherm_low inside the scan, got {} K", *o.exotherm_high));
    const auto begin = f.value.begin() + static_cast<std::ptrdiff_t>(a), end = f.value.begin() + static_cast<std::ptrdiff_t>(b);
    const auto minimum = std::min_element(begin, end) - f.value.begin();
    const auto steep = std::min_element(f.slope.begin() + static_cast<std::ptrdiff_t>(a), f.slope.begin() + minimum + 1) - f.slope.begin();
    return Exotherm{*o.exotherm_low,
                    s.temperature[static_cast<std::size_t>(steep)],
                    s.temperature[static_cast<std::size_t>(minimum)],
                    *o.exotherm_high,
                    *o.exotherm_low,
                    *o.exotherm_high,
                    false};
  }
  if (o.crystallisation == "none") return {};
  return find_exotherm(s, f);
}

struct Features {
  Smooth smoothed;
  std::optional<Exotherm> exotherm;
  double width;
};

/// Smooths just enough that the steepest rise stands out of the noise of slopes.
Features features(const Scan& s, const O& o) {
  for (double width = o.smoothing.value_or(1);; width *= 1.4) {
    const auto half = std::max<std::size_t>(2, static_cast<std::size_t>(std::lround(width / s.step)));
    Smooth f = smooth(s.y, s.step, half);
    const std::optional<Exotherm> e = crystallisation(s, f, o);
    const std::optional<Rise> rise = find_rise(s, f, e ? e->departure : s.temperature.back());
    const bool clear = rise && f.slope_noise < 0.03 * rise->slope;
    if (o.smoothing || clear || width > 5) return {std::move(f), e, static_cast<double>(half) * s.step};
  }
}

Measured scaled(const Measured& m, double factor) { return {m.value * factor, m.error * factor, m.note}; }
Measured none(const std::string& why) { return {NAN, NAN, why}; }

/// A heat that needs the rate.
Measured heat(const Measured& m, const Scan& s) {
  return s.calibrated ? m : none("needs the heating rate: give --rate, or a file with a time column");
}

Measured molar(const Measured& m, const O& o, double factor) {
  if (o.composition.empty()) return none("needs --composition");
  return scaled(m, parse_composition(o.composition, "--composition").molar_mass() * factor);
}

std::vector<double> drawn(const Scan& s, const numeric::StraightLine& l, double low, double high) {
  std::vector<double> y(s.size(), NAN);
  for (std::size_t i = s.index(low); i < s.size() && s.temperature[i] <= high; ++i) y[i] = l.at(s.temperature[i]);
  return y;
}

void no_transition(Dsc& out, const std::string& why) {
  for (Measured* m :
       {&out.glass_transition_onset, &out.glass_transition_midpoint, &out.glass_transition_endset, &out.glass_transition_inflection,
        &out.cp_step, &out.cp_step_molar, &out.fictive_temperature, &out.supercooled_range, &out.reduced_glass_transition})
    *m = none(why);
  out.glass_low = out.glass_high = out.liquid_low = out.liquid_high = NAN;
}

void draw_transition(const Scan& s, const TransitionRanges& r, const Rise& rise, const TransitionLines& lines, const TransitionValues& v,
                     Dsc& out) {
  const double margin = 0.3 * (rise.end - rise.begin) + 10;
  if (s.calibrated) {
    out.glass_line = drawn(s, lines.glass, s.temperature.front(), r.liquid.low);
    out.liquid_line = drawn(s, lines.liquid, rise.begin - margin, r.liquid.high);
    out.tangent = drawn(s, lines.tangent, v.onset.value, v.endset.value);
  }
  for (std::size_t i = s.index(r.glass.low); i < s.size() && s.temperature[i] <= r.liquid.high; ++i) {
    const double t = s.temperature[i], glass = lines.glass.at(t);
    out.transition_temperature.push_back(t), out.normalised.push_back((s.y[i] - glass) / v.step.value), out.normalised_glass.push_back(0);
    out.normalised_liquid.push_back(t > rise.begin - margin ? (lines.liquid.at(t) - glass) / v.step.value : NAN);
    const bool on_tangent = t >= v.onset.value && t <= v.endset.value;
    out.normalised_tangent.push_back(on_tangent ? (lines.tangent.at(t) - glass) / v.step.value : NAN);
  }
}

constexpr double largest_step = 3;  ///< [J/(g K)] glasses show 0.05 to 2

/// Returns the noise, for the errors of the exotherm.
Noise read_transition(const Scan& s, const Smooth& f, const O& o, double ceiling, Dsc& out, Context& context) {
  std::optional<Rise> rise = find_rise(s, f, ceiling);
  if (!rise && o.glass_high && o.liquid_low) {  // the lines say where it is
    Rise between;
    const auto a = f.slope.begin() + static_cast<std::ptrdiff_t>(s.index(*o.glass_high)),
               b = f.slope.begin() + static_cast<std::ptrdiff_t>(s.index(*o.liquid_low));
    if (b - a > 3) {
      const auto top = std::max_element(a, b);
      between.steepest = s.temperature[static_cast<std::size_t>(top - f.slope.begin())], between.slope = *top;
      between.begin = *o.glass_high, between.end = between.overshoot_end = *o.liquid_low, between.top = ceiling;
      rise = between;
    }
  }
  if (!rise) {
    no_transition(out, "no rise that stands out of the noise");
    context.warn(
        fmt::format("{}: no glass transition: no rise of the heat capacity stands out of the noise below {:.5g} K", s.source, ceiling));
    return {f.noise, 0};
  }
  const TransitionRanges r = find_ranges(s, f, *rise, ceiling, {o.glass_low, o.glass_high, o.liquid_low, o.liquid_high}, context);
  const TransitionValues v = transition(s, r, *rise, ceiling, o.seed);
  const TransitionLines lines = transition_lines(s, r, *rise);
  out.glass_low = r.glass.low, out.glass_high = r.glass.high, out.liquid_low = r.liquid.low, out.liquid_high = r.liquid.high;
  out.glass_transition_onset = v.onset, out.glass_transition_midpoint = v.midpoint, out.glass_transition_endset = v.endset;
  out.glass_transition_inflection = v.inflection, out.fictive_temperature = v.fictive;
  out.cp_step = heat(v.step, s), out.cp_step_molar = molar(out.cp_step, o, 1);
  double height = 0;
  for (std::size_t i = s.index(rise->begin); i < s.index(rise->overshoot_end); ++i)
    height = std::max(height, s.y[i] - lines.glass.at(s.temperature[i]));
  if (!(v.step.value > 0.03 * height)) {
    no_transition(out, "the rise is a peak, after which the curve comes back: melting, or a wrong sign of the heat flow");
    context.warn(
        fmt::format("{}: the rise at {:.5g} K is a peak {:.3g} high and no step ({:.3g}): melting, or a wrong sign of the heat flow",
                    s.source, rise->steepest, height, v.step.value));
    return noise_of(lines);
  }
  if (s.calibrated && std::abs(v.step.value) > largest_step) {
    const std::string why = fmt::format("a step of {:.3g} J/(g K) is no glass transition (above {} J/(g K))", v.step.value, largest_step);
    no_transition(out, why);
    context.warn(fmt::format("{}: {}: the flank of a peak, or a wrong mass, rate or range of the lines", s.source, why));
    return noise_of(lines);
  }
  if (v.step.value < 2 * v.step.error)
    context.warn(fmt::format("{}: the step of c_p comes out as {:.3g} +- {:.2g}: look at the ranges of the lines", s.source, v.step.value,
                             v.step.error));
  const double reach = s.temperature.back() - s.temperature.front();
  if (v.fictive.value < s.temperature.front() - reach || v.fictive.value > s.temperature.back() + reach)
    out.fictive_temperature.value = NAN;
  if (!std::isfinite(out.fictive_temperature.value)) out.fictive_temperature.error = NAN;
  if (!std::isfinite(out.fictive_temperature.value))
    out.fictive_temperature.note = "the areas cannot be matched: look at the ranges of the lines";
  draw_transition(s, r, *rise, lines, v, out);
  return noise_of(lines);
}

void read_crystallisation(const Scan& s, const Smooth& f, const O& o, const std::optional<Exotherm>& e, const Noise& noise, Dsc& out,
                          Context& context) {
  out.exotherm_low = out.exotherm_high = NAN;
  out.baseline.assign(s.calibrated ? s.size() : 0, NAN);
  if (!e) {
    for (Measured* m : {&out.crystallisation_onset, &out.crystallisation_peak, &out.crystallisation_enthalpy,
                        &out.crystallisation_enthalpy_molar, &out.supercooled_range})
      *m = none("no crystallisation in the scan");
    return;
  }
  const ExothermValues v = exotherm(s, *e, o.exotherm_baseline, noise, o.seed);
  out.crystallisation_onset = v.onset, out.crystallisation_peak = v.peak;
  out.crystallisation_enthalpy = heat(v.enthalpy, s), out.crystallisation_enthalpy_molar = molar(out.crystallisation_enthalpy, o, 1e-3);
  out.exotherm_low = e->low, out.exotherm_high = e->high;
  if (s.calibrated) out.baseline = v.baseline;
  if (e->cut_off) context.warn(fmt::format("{}: the scan ends inside the crystallisation at {:.5g} K: no enthalpy", s.source, e->end));
  const Measured& tg = out.glass_transition_onset;
  if (std::isfinite(tg.value)) {
    out.supercooled_range = {v.onset.value - tg.value, std::hypot(v.onset.error, tg.error), "errors of both onsets"};
    if (e->departure < out.glass_transition_endset.value)
      context.warn(fmt::format("{}: crystallisation begins at {:.5g} K, before the glass transition has ended", s.source, e->departure));
  }
  static_cast<void>(f);
}

/// Freezing.
void read_freezing(const Scan& s, const O& o, const Peak& p, Dsc& out, Context& context) {
  out.crystallisation_onset = p.onset, out.crystallisation_peak = p.top, out.crystallisation_enthalpy = p.enthalpy;
  out.crystallisation_enthalpy_molar = molar(p.enthalpy, o, 1e-3), out.supercooled_range = none("a cooling scan");
  out.exotherm_low = p.low, out.exotherm_high = p.high;
  if (s.calibrated) out.baseline = p.baseline;
  if (o.exotherm_baseline != "linear") context.warn(fmt::format("{}: freezing is read with a linear baseline", s.source));
}

/// The melting of a heating scan, or the freezing of a cooling one.
std::optional<Peak> peak_of(const Scan& s, const O& o, const std::optional<Exotherm>& e) {
  if (!s.cooling) return e && e->cut_off ? std::nullopt : find_peak(s, e ? e->end : s.temperature.front(), s.temperature.back(), 0);
  if (o.crystallisation == "none" && !o.exotherm_low) return {};
  return find_peak(s, o.exotherm_low.value_or(s.temperature.front()), o.exotherm_high.value_or(s.temperature.back()), 0);
}

/// As read_transition; beside a peak, lines that cannot be drawn are no error.
Noise read_transition_beside(const std::optional<Peak>& p, const Scan& s, const Smooth& f, const O& o, double ceiling, Dsc& out,
                             Context& context) {
  if (!p || o.glass_low || o.glass_high || o.liquid_low || o.liquid_high) return read_transition(s, f, o, ceiling, out, context);
  try {
    return read_transition(s, f, o, std::min(ceiling, p->low), out, context);
  } catch (const InputError&) {
    const std::string why = fmt::format("no lines of a glass and a liquid below the peak at {:.5g} K", p->top.value);
    no_transition(out, why);
    context.warn(fmt::format("{}: no glass transition: {}", s.source, why));
    return {f.noise, 0};
  }
}

void read_melting(const Scan& s, const Smooth& f, const O& o, const std::optional<Exotherm>& e, const std::optional<Peak>& p, double step,
                  Dsc& out) {
  std::optional<Melting> m;
  if (e && !e->cut_off) m = melting(s, f, e->end, 2 * std::abs(step));
  out.melting_onset = out.melting_peak = out.liquidus = none(s.cooling ? "a cooling scan" : "no melting in the scan");
  out.melting_enthalpy = out.melting_onset;
  if (p && !s.cooling && (!m || std::abs(m->peak.value - p->top.value) < 5)) {
    out.melting_onset = p->onset, out.melting_peak = p->top, out.liquidus = p->end, out.melting_enthalpy = p->enthalpy;
  }
  if (m) {
    out.melting_onset = m->onset, out.melting_peak = m->peak, out.liquidus = m->liquidus;
    if (!std::isfinite(out.melting_enthalpy.value)) out.melting_enthalpy = none("the feet of the peak cannot be found");
  }
  const Measured tm = o.melting_temperature ? Measured{*o.melting_temperature, 0, "as given"} : out.melting_onset;
  const Measured& tg = out.glass_transition_onset;
  if (!std::isfinite(tm.value)) {
    out.reduced_glass_transition = none("needs melting in the scan, or --melting-temperature");
  } else if (std::isfinite(tg.value)) {
    const double ratio = tg.value / tm.value;
    out.reduced_glass_transition = {ratio, ratio * std::hypot(tg.error / tg.value, tm.error / tm.value),
                                    o.melting_temperature ? "onset over the melting temperature given" : "onset over the onset of melting"};
  }
}

}  // namespace

const ColumnRoles& DscOptions::columns() {
  static const ColumnRoles roles = scan_columns();
  return roles;
}

const Fields& DscOptions::fields() {
  static const Fields table = {
      field<&O::rate>("rate", "K/min", "heating rate; unset: from the time column or the header of the file")
          .positive()
          .alias("heating_rate"),
      field<&O::direction>("direction", "", "which part of a scan that turns around").one_of({"auto", "heating", "cooling"}),
      field<&O::glass_low>("glass_low", "K", "lower end of the glass line; unset: found").positive(),
      field<&O::glass_high>("glass_high", "K", "upper end of the glass line; unset: found").positive(),
      field<&O::liquid_low>("liquid_low", "K", "lower end of the liquid line; unset: found").positive(),
      field<&O::liquid_high>("liquid_high", "K", "upper end of the liquid line; unset: found").positive(),
      field<&O::crystallisation>("crystallisation", "", "look for crystallisation, or take the scan to have none").one_of({"auto", "none"}),
      field<&O::exotherm_low>("exotherm_low", "K", "start of the crystallisation; unset: found").positive(),
      field<&O::exotherm_high>("exotherm_high", "K", "end of the crystallisation; unset: found").positive(),
      field<&O::exotherm_baseline>("exotherm_baseline", "", "baseline under the crystallisation").one_of({"linear", "sigmoidal"}),
      field<&O::melting_temperature>("melting_temperature", "K", "for the reduced glass transition; unset: onset of melting in the scan")
          .positive(),
      field<&O::composition>("composition", "", "composition such as Zr55Cu30Ni5Al10, for molar values"),
      field<&O::smoothing>("smoothing", "K",
                           "half width of the lines that find features, not of those that give results; unset: by the noise")
          .positive()
          .difference(),
      field<&O::seed>("seed", "1", "of the replicas that give the errors").range(0, 1e9),
  };
  return table;
}

const Fields& Dsc::fields() {
  static const std::string chosen = "found in the scan, or as given";
  static const Fields table = {
      field<&Dsc::glass_transition_onset>("glass_transition_onset", "K", "tangent at the steepest rise meets the glass line"),
      field<&Dsc::glass_transition_midpoint>("glass_transition_midpoint", "K", "half step between the lines"),
      field<&Dsc::glass_transition_endset>("glass_transition_endset", "K", "the tangent meets the liquid line"),
      field<&Dsc::glass_transition_inflection>("glass_transition_inflection", "K", "steepest rise"),
      field<&Dsc::cp_step>("cp_step", "J/(g K)", "step of the heat capacity at the midpoint"),
      field<&Dsc::cp_step_molar>("cp_step_molar", "J/(mol K)", "the same per mole of atoms"),
      field<&Dsc::fictive_temperature>("fictive_temperature", "K", "fictive temperature of the glass, by area matching"),
      field<&Dsc::crystallisation_onset>("crystallisation_onset", "K", "T_x, tangent onset of the first crystallisation"),
      field<&Dsc::crystallisation_peak>("crystallisation_peak", "K", "bottom of the exotherm"),
      field<&Dsc::crystallisation_enthalpy>("crystallisation_enthalpy", "J/g", "heat released by crystallisation, positive"),
      field<&Dsc::crystallisation_enthalpy_molar>("crystallisation_enthalpy_molar", "kJ/mol", "the same per mole of atoms"),
      field<&Dsc::supercooled_range>("supercooled_range", "K", "T_x - T_g, both onsets"),
      field<&Dsc::melting_onset>("melting_onset", "K", "tangent onset of melting"),
      field<&Dsc::melting_peak>("melting_peak", "K", "top of the endotherm"),
      field<&Dsc::liquidus>("liquidus", "K", "end of melting, by the tangent of its last flank"),
      field<&Dsc::melting_enthalpy>("melting_enthalpy", "J/g", "heat taken up by melting, linear baseline in time"),
      field<&Dsc::reduced_glass_transition>("reduced_glass_transition", "1", "T_g (onset) over the melting temperature"),
      field<&Dsc::rate>("rate", "K/min", "rate in force, negative on cooling").exact("given, or slope of temperature against time"),
      field<&Dsc::glass_low>("glass_low", "K", "glass line from").exact(chosen),
      field<&Dsc::glass_high>("glass_high", "K", "glass line to").exact(chosen),
      field<&Dsc::liquid_low>("liquid_low", "K", "liquid line from").exact(chosen),
      field<&Dsc::liquid_high>("liquid_high", "K", "liquid line to").exact(chosen),
      field<&Dsc::exotherm_low>("exotherm_low", "K", "crystallisation from").exact(chosen),
      field<&Dsc::exotherm_high>("exotherm_high", "K", "crystallisation to").exact(chosen),
      field<&Dsc::smoothing_width>("smoothing_width", "K", "half width of the smoothing that found the features").exact(chosen),
      field<&Dsc::temperature>("temperature", "K", "evenly spaced").exact("set by the scan"),
      field<&Dsc::heat_capacity>("heat_capacity", "J/(g K)", "apparent heat capacity; empty without a rate")
          .over("temperature")
          .exact("data"),
      field<&Dsc::glass_line>("glass_line", "J/(g K)", "line of the glass")
          .over("temperature")
          .with("heat_capacity")
          .exact("see the results above"),
      field<&Dsc::liquid_line>("liquid_line", "J/(g K)", "line of the liquid")
          .over("temperature")
          .with("heat_capacity")
          .exact("see the results above"),
      field<&Dsc::tangent>("tangent", "J/(g K)", "tangent at the steepest rise")
          .over("temperature")
          .with("heat_capacity")
          .exact("see the results above"),
      field<&Dsc::baseline>("baseline", "J/(g K)", "baseline under the crystallisation")
          .over("temperature")
          .with("heat_capacity")
          .exact("see the results above"),
      field<&Dsc::transition_temperature>("transition_temperature", "K", "from glass_low to liquid_high").exact("set by the scan"),
      field<&Dsc::normalised>("normalised", "1", "the transition: excess over the glass line in units of the step")
          .over("transition_temperature")
          .exact("data"),
      field<&Dsc::normalised_glass>("normalised_glass", "1", "line of the glass")
          .over("transition_temperature")
          .with("normalised")
          .exact("zero by definition"),
      field<&Dsc::normalised_liquid>("normalised_liquid", "1", "line of the liquid")
          .over("transition_temperature")
          .with("normalised")
          .exact("see the results above"),
      field<&Dsc::normalised_tangent>("normalised_tangent", "1", "tangent at the steepest rise")
          .over("transition_temperature")
          .with("normalised")
          .exact("see the results above"),
  };
  return table;
}

Dsc dsc(std::span<const Curve> curves, const O& o, Context& context) {
  if (curves.empty()) throw InputError("calorimetry/dsc: must have a file with a scan, got none");
  const Scan s = scan(curves[0], o.rate, o.direction, context);
  if (!s.calibrated)
    context.warn(fmt::format("{}: neither a rate nor a time column: temperatures are given, heats and heat capacities are not; give --rate",
                             s.source));
  require_inside(s, o.glass_low, "--glass-low"), require_inside(s, o.glass_high, "--glass-high");
  require_inside(s, o.liquid_low, "--liquid-low"), require_inside(s, o.liquid_high, "--liquid-high");
  require_inside(s, o.exotherm_low, "--exotherm-low"), require_inside(s, o.exotherm_high, "--exotherm-high");
  const auto [f, e, width] = features(s, o);
  const std::optional<Peak> p = peak_of(s, o, e);
  Dsc out;
  out.rate = s.rate * 60, out.smoothing_width = width, out.temperature = s.temperature;
  if (s.calibrated) out.heat_capacity = s.y;
  const Noise noise = read_transition_beside(p, s, f, o, e ? e->departure : s.temperature.back(), out, context);
  if (!e && !p && !std::isfinite(out.glass_transition_onset.value))
    throw InputError(fmt::format("{}: must show a glass transition, crystallisation or melting, got none between {:.5g} K and {:.5g} K",
                                 s.source, s.temperature.front(), s.temperature.back()));
  read_crystallisation(s, f, o, e, noise, out, context);
  if (p && !s.cooling && !e && !std::isfinite(out.glass_transition_onset.value))
    context.warn(fmt::format("{}: the peak at {:.5g} K is read as melting; with a wrong sign of the heat flow it would be crystallisation",
                             s.source, p->top.value));
  if (p && s.cooling) read_freezing(s, o, *p, out, context);
  read_melting(s, f, o, e, p, std::isfinite(out.cp_step.value) ? out.cp_step.value : 0, out);
  return out;
}

const Analysis& dsc_analysis() {
  static const Analysis entry =
      analysis<&dsc>("calorimetry", "dsc", "glass transition, heat-capacity step, crystallisation and fictive temperature of a scan",
                     {{"Moynihan et al., J. Am. Ceram. Soc. 59, 12 (1976)", "10.1111/j.1151-2916.1976.tb09376.x"},
                      {"Hoehne, Hemminger, Flammersheim, Differential Scanning Calorimetry (2003)", "10.1007/978-3-662-06710-9"}});
  return entry;
}

}  // namespace heteroglass::calorimetry
