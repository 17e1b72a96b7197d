#include "probes/indentation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/propagation.hpp"
#include "probes/contact/hold_creep.hpp"
#include "probes/contact/indent.hpp"
#include "probes/contact/indentation_maps.hpp"
#include "probes/contact/indentation_tables.hpp"
#include "probes/contact/spread.hpp"

namespace heteroglass::probes {
namespace {

using Options = IndentationOptions;

constexpr double usual_poisson = 0.363, usual_radius = 2;  // the experiment of the review: Zr glass, [um]
constexpr double diamond = 1141 / (1 - 0.07 * 0.07);       // [GPa]

IndentSettings settings_of(const Options& o) {
  IndentSettings s;
  s.corrections = {o.drift, o.drift_from, o.drift_to, o.frame_compliance};
  s.poisson = o.poisson.value_or(usual_poisson), s.radius = o.radius.value_or(usual_radius);
  s.tip = {o.tip, s.radius, o.tip_area};
  s.tip_modulus = o.tip_modulus.value_or(INFINITY);
  s.unloading = {o.unload_from, o.unload_to, o.epsilon, o.beta, s.poisson, o.tip_modulus.value_or(diamond)};
  s.model = contact_model(o.model);
  s.with_hold = o.fit == "hold", s.stop_at_pop_in = o.stop_at_pop_in;
  s.sphere = o.tip == "sphere", s.blunt = !s.sphere && o.radius.has_value();
  s.fit_from = o.fit_from, s.pop_in_threshold = o.pop_in_threshold, s.pop_in_size = o.pop_in_size;
  s.temperature = o.temperature, s.attempt_frequency = o.attempt_frequency;
  return s;
}

void check(const Options& o) {
  if (!(o.unload_to < o.unload_from))
    throw InputError(fmt::format("--unload-to: must be below --unload-from {:g}, got {:g}", o.unload_from, o.unload_to));
  if (o.tip == "function" && o.tip_area.empty()) throw InputError("--tip-area: must be given for --tip function, e.g. 24.5,1200, got none");
  if (o.tip != "function" && !o.tip_area.empty()) throw InputError(fmt::format("--tip-area: needs --tip function, got --tip {}", o.tip));
}

/// Fraction f of the memory term in the formula.
double fraction_of(const Options& o) {
  if (o.model == "hertz") return 0;
  return o.ratio ? *o.ratio / (1 + *o.ratio) : 1;
}

/// What neither the formula nor a table of parameters gives.
void needs_curves(Indentation& out) {
  for (Measured* m : {&out.mean_shear_modulus, &out.spread_shear_modulus, &out.mean_relaxation_time, &out.spread_relaxation_time,
                      &out.mean_viscosity, &out.spread_viscosity, &out.mean_barrier, &out.spread_barrier, &out.mean_hertz_modulus,
                      &out.mean_ratio, &out.activation_volume, &out.glassy_compliance, &out.fluidity, &out.drift})
    m->note = "needs curves";
}

/// Depths after loading at a constant rate, and a hold.
Indentation formula(const Options& o) {
  Indentation r;
  const IndentSettings s = settings_of(o);
  const double f = fraction_of(o), k = hertz_factor(s.poisson, s.radius) / *o.shear_modulus;
  const double tip = std::isfinite(s.tip_modulus) ? tip_factor(s.tip_modulus, s.radius) : 0;
  const double t_c = o.relaxation_time.value_or(1), t = *o.time;
  const auto depth = [](double x) { return std::pow(std::max(0.0, x), 2.0 / 3); };
  // Int exp(-(t - s)/t_c) dP(s) over the ramp, seen at its end and after the hold
  const double ramp = -t_c / t * std::expm1(-t / t_c);
  r.depth.value = depth(*o.load * (k * (1 - f * ramp) + tip)), r.depth_elastic.value = depth(*o.load * (k + tip));
  r.depth_after_hold.value = depth(*o.load * (k * (1 - f * ramp * std::exp(-o.hold / t_c)) + tip));
  r.poisson = s.poisson, r.radius = s.radius;
  const double end = t + o.hold;
  for (int i = 0; i <= 400; ++i) {
    const double now = i < 200 ? t * i / 200 : t + o.hold * (i - 200) / 200, load = *o.load * std::min(1.0, now / t);
    if (i > 200 && end == t) break;
    const double in_ramp = std::min(now, t), e = f * *o.load / t * t_c * -std::expm1(-in_ramp / t_c) * std::exp(-(now - in_ramp) / t_c);
    r.formula_time.push_back(now), r.formula_load.push_back(load);
    r.formula_depth.push_back(depth(k * (load - e) + tip * load)), r.formula_elastic.push_back(depth((k + tip) * load));
  }
  return r;
}

Indentation evaluated(const Options& o) {
  std::vector<std::string> missing;
  if (!o.load) missing.emplace_back("--load");
  if (!o.shear_modulus) missing.emplace_back("--shear-modulus");
  if (!o.time) missing.emplace_back("--time");
  if (!o.relaxation_time && o.model != "hertz") missing.emplace_back("--relaxation-time");
  if (!missing.empty())
    throw InputError(fmt::format("probes/indentation: without a file {} must be given for the formula", fmt::join(missing, ", ")));
  Indentation r = propagated<Indentation>(o, o.errors, formula);
  needs_curves(r);
  for (Measured* m : {&r.mean_h_it, &r.spread_h_it, &r.mean_e_it, &r.spread_e_it}) m->note = "needs curves";
  return r;
}

bool is_curve(const Curve& c) { return c.find("load") && c.find("depth"); }
bool is_table(const Curve& c) { return !is_curve(c) && (c.find("h_it") || c.find("e_it")); }

/// All curves that can be evaluated, on threads; the others leave a gap and a reason.
std::vector<Indent> evaluate_all(const std::vector<const Curve*>& curves, const IndentSettings& s, std::vector<double>& numbers,
                                 Context& context) {
  std::vector<Indent> all(curves.size());
  std::vector<std::string> refused(curves.size());
#pragma omp parallel for schedule(dynamic)
  for (std::size_t i = 0; i < curves.size(); ++i) try {
      if (!context.cancelled()) all[i] = indent(*curves[i], s);
    } catch (const Error& e) {
      refused[i] = e.what();
    }
  context.check_cancelled();
  std::vector<Indent> good;
  std::string first;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    if (!refused[i].empty()) {
      if (first.empty()) first = refused[i];
      continue;
    }
    good.push_back(std::move(all[i])), numbers.push_back(static_cast<double>(i + 1));
  }
  if (good.empty()) throw InputError(first);
  if (good.size() < curves.size())
    context.warn(fmt::format("{} of {} curves are left out; the first because {}", curves.size() - good.size(), curves.size(), first));
  return good;
}

/// Warnings that hold for some of the curves, each told once.
void tell(const std::vector<Indent>& all, const Options& o, Context& context) {
  const auto some = [&](const std::string& what, auto holds) {
    const auto n = std::count_if(all.begin(), all.end(), holds);
    if (n > 0) context.warn(all.size() == 1 ? what : fmt::format("{} of {} curves: {}", n, all.size(), what));
  };
  some("no model is fitted", [](const Indent& x) { return !x.fit; });
  for (const Indent& x : all)
    if (!x.why_no_fit.empty()) {
      context.warn(fmt::format("{}: {}", x.label, x.why_no_fit));
      break;
    }
  some("t_c lies outside what the times of the curve can tell; interval_low and interval_high say where it may be",
       [](const Indent& x) { return x.fit && !x.curve.time.empty() && !std::isfinite(x.relaxation_time.value) && !x.fit->resolved; });
  some("the fit did not converge", [](const Indent& x) { return x.fit && !x.fit->converged && x.fit->resolved; });
  some("the model does not describe the curve: its residuals are correlated, and errors are grown by that correlation only",
       [](const Indent& x) { return x.fit && x.fit->correlation > 0.5; });
  some("the load falls before its largest value (cycles): only the first loading is fitted", [](const Indent& x) { return x.multi_cycle; });
  if (o.stop_at_pop_in) some("the fit ends at the first pop-in", [](const Indent& x) { return x.fit && x.pop_in; });
  for (const Indent& x : all)
    if (!x.unloading.done && !x.unloading.why.empty()) {
      context.warn(fmt::format("{}: no H_IT and E_IT: {}", x.label, x.unloading.why));
      break;
    }
}

void assume(const Options& o, const IndentSettings& s, Context& context) {
  if (s.sphere && !o.radius)
    context.warn(fmt::format("--radius is not given: a tip of {:g} um is assumed; moduli go with 1/sqrt(R)", usual_radius));
  if (!o.poisson) context.warn(fmt::format("--poisson is not given: {:g} is assumed; moduli in shear go with 1 - nu", usual_poisson));
  if (!o.tip_modulus && (s.sphere || s.blunt))
    context.warn(
        "the tip is taken as rigid for the fits of loading, and as diamond (1147 GPa) for E_IT; --tip-modulus gives both the same");
}

void fill_assumptions(const Options& o, const IndentSettings& s, const std::vector<Indent>& all, Indentation& out) {
  out.poisson = s.poisson, out.radius = s.radius;
  out.area_function = s.tip.text();
  out.history = fmt::format("{}; unloading is not fitted", s.with_hold ? "loading and hold" : "loading");
  const auto zeroed = std::count_if(all.begin(), all.end(), [](const Indent& x) { return x.curve.has_baseline; });
  out.corrections =
      fmt::format("drift {}; frame compliance {:g} nm/mN; load zeroed by the approach in {} of {} curves; tip {}",
                  o.drift_from || o.drift_to ? "measured in the window given" : fmt::format("{:g} nm/s", o.drift), o.frame_compliance,
                  zeroed, all.size(), std::isfinite(s.tip_modulus) ? fmt::format("{:g} GPa", s.tip_modulus) : "rigid");
  std::vector<double> rate, error;
  for (const Indent& x : all) rate.push_back(x.curve.drift), error.push_back(x.curve.drift_error);
  out.drift = o.drift_from || o.drift_to ? spread(rate, error).mean : Measured{o.drift, NAN, "as given"};
}

/// At most 150 points of each part of the curve: a loading of a millisecond must be seen beside a hold of seconds.
std::vector<std::size_t> shown_points(const ContactCurve& c) {
  std::vector<std::size_t> shown;
  const std::array<std::size_t, 5> bounds = {0, c.contact, c.load_end, c.hold_end, c.load.size()};
  for (std::size_t k = 0; k < 4; ++k) {
    const std::size_t n = bounds[k + 1] - bounds[k], points = std::min<std::size_t>(n, 150);
    for (std::size_t i = 0; i < points; ++i) shown.push_back(bounds[k] + n * i / points);
  }
  return shown;
}

/// What the data hold at zero in all samples has no spread.
Measured at_bound(Measured m) {
  if (m.value == 0 && !(m.error > 0)) m.error = NAN, m.note = "held at zero, its least value";
  return m;
}

/// Time, load and depth of one curve with its fit, and its creep.
void fill_curve(const Indent& x, const IndentSettings& s, const Options& o, Indentation& out, Context& context) {
  const ContactCurve& c = x.curve;
  std::vector<double> model;
  if (x.fit && !c.time.empty()) model = contact_depth(x.history(), x.fit->compliance, x.fit->relaxation_time, x.fit->fraction);
  for (const std::size_t i : shown_points(c)) {
    out.curve_time.push_back(c.time.empty() ? static_cast<double>(i) : c.time[i]);
    out.curve_load.push_back(c.load[i]), out.curve_depth.push_back(c.depth[i] - x.contact_depth.value);
    const bool fitted = i >= c.contact && i - c.contact < model.size();
    out.curve_model.push_back(fitted ? model[i - c.contact] : NAN);
    out.curve_residual.push_back(fitted ? out.curve_depth.back() - out.curve_model.back() : NAN);
  }
  out.glassy_compliance.note = out.fluidity.note = "no hold";
  if (c.time.empty() || !c.has_hold || !s.sphere || x.pop_in) {
    if (x.pop_in) out.glassy_compliance.note = out.fluidity.note = "a pop-in precedes the hold";
    return;
  }
  LoadHistory h = x.history();
  const std::size_t n = c.hold_end + 1 - c.contact;
  h.time = {c.time.data() + c.contact, n}, h.load = {c.load.data() + c.contact, n}, h.depth = {c.depth.data() + c.contact, n};
  while (h.first + 1 < n && h.load[h.first] < std::max(5 * c.load_noise, s.fit_from * c.load_max())) ++h.first;
  const HoldCreep creep = hold_creep(h, x.contact_depth.value, std::max(c.depth_noise, 1e-6), hertz_factor(s.poisson, s.radius),
                                     static_cast<std::uint64_t>(o.seed));
  if (!creep.done) {
    context.warn("no spectrum of retardation times: " + creep.why);
    return;
  }
  out.creep_time = creep.time, out.compliance = creep.compliance, out.compliance_error = creep.compliance_error,
  out.compliance_model = creep.compliance_model;
  out.tau = creep.tau, out.retardation = creep.spectrum, out.retardation_error = creep.spectrum_error;
  out.retardation_low = creep.low, out.retardation_high = creep.high, out.retardation_inside = creep.inside;
  out.glassy_compliance = at_bound(creep.glassy), out.fluidity = at_bound(creep.fluidity);
}

Indentation of_curves(const std::vector<const Curve*>& used, std::span<const Curve> curves, const Options& o, Context& context) {
  Indentation out;
  IndentSettings s = settings_of(o);
  assume(o, s, context);
  context.progress(0, "curves");
  std::vector<double> numbers, x, y;
  const std::vector<Indent> all = evaluate_all(used, s, numbers, context);
  for (const double number : numbers) {
    const Curve& c = *used[static_cast<std::size_t>(number) - 1];
    const auto px = c.property("x", "nm"), py = c.property("y", "nm");
    if (px && py) x.push_back(*px), y.push_back(*py);
  }
  tell(all, o, context);
  out.indents = indent_table(all), out.oliver_pharr = oliver_pharr_table(all), out.models = model_table(all);
  out.stated = stated_table(curves, all);
  fill_assumptions(o, s, all, out);
  std::vector<Quantity> q = {
      {"shear_modulus", "GPa", values_of(all, &Indent::shear_modulus, &Value::value),
       values_of(all, &Indent::shear_modulus, &Value::error)},
      {"relaxation_time", "s", values_of(all, &Indent::relaxation_time, &Value::value),
       values_of(all, &Indent::relaxation_time, &Value::error)},
      {"viscosity", "Pa s", values_of(all, &Indent::viscosity, &Value::value), values_of(all, &Indent::viscosity, &Value::error)},
      {"barrier", "eV", values_of(all, &Indent::barrier, &Value::value), values_of(all, &Indent::barrier, &Value::error)},
      {"h_it", "GPa", {}, {}},
      {"e_it", "GPa", {}, {}}};
  std::vector<double> radii;
  for (const Indent& i : all) {
    q[4].value.push_back(i.unloading.h_it), q[4].error.push_back(i.unloading.h_it_error);
    q[5].value.push_back(i.unloading.e_it), q[5].error.push_back(i.unloading.e_it_error);
    radii.push_back(s.sphere ? std::sqrt(1e3 * s.radius * std::max(0.0, i.curve.depth[i.curve.hold_end] - i.contact_depth.value)) : NAN);
  }
  const Placement place = placement(o, x, y, numbers, context);
  fill_maps(q, place, spread(radii, {}).mean.value, o, out, context);
  out.mean_hertz_modulus =
      spread(values_of(all, &Indent::hertz_modulus, &Value::value), values_of(all, &Indent::hertz_modulus, &Value::error)).mean;
  out.mean_ratio = spread(values_of(all, &Indent::ratio, &Value::value), values_of(all, &Indent::ratio, &Value::error)).mean;
  fill_pop_ins(all, s, o, out, context);
  if (static_cast<std::size_t>(o.curve) > all.size())
    throw InputError(fmt::format("--curve: must be 1 to {}, got {}", all.size(), o.curve));
  fill_curve(all[static_cast<std::size_t>(o.curve) - 1], s, o, out, context);
  return out;
}

/// Tables with a row for each indent.
Indentation of_tables(const std::vector<const Curve*>& tables, std::span<const Curve> curves, const Options& o, Context& context) {
  Indentation out;
  std::vector<double> x, y, numbers;
  std::vector<Quantity> q = {{"h_it", "GPa", {}, {}}, {"e_it", "GPa", {}, {}}};
  Table& t = out.indents;
  t.add_text("curve"), t.add_number("h_it", "GPa", "indentation hardness H_IT"), t.add_number("e_it", "GPa", "indentation modulus E_IT");
  for (const Curve* c : tables) {
    const CurveColumn *number = c->find("indent"), *px = c->find("x"), *py = c->find("y");
    const std::size_t before = t.rows();
    for (std::size_t i = 0; i < c->size(); ++i) {
      numbers.push_back(number && tables.size() == 1 ? number->values[i] : static_cast<double>(before + i + 1));
      if (px && py) x.push_back(px->values[i]), y.push_back(py->values[i]);
      t.columns[0].text.push_back(tables.size() == 1 ? fmt::format("{:g}", numbers.back()) : fmt::format("{} {}", c->label, i + 1));
      for (std::size_t k = 0; k < 2; ++k) {
        const CurveColumn* column = c->find(q[k].name);
        q[k].value.push_back(column ? column->values[i] : NAN), q[k].error.push_back(NAN);
        t.columns[k + 1].number.push_back(q[k].value.back());
      }
    }
  }
  context.warn(
      "the files hold parameters and no curves: maps, distributions and groups of H_IT and E_IT only; their errors of measurement are not "
      "known");
  needs_curves(out);
  out.stated = stated_table(curves, {});
  fill_maps(q, placement(o, x, y, numbers, context), NAN, o, out, context);
  return out;
}

}  // namespace

Indentation indentation(std::span<const Curve> curves, const Options& o, Context& context) {
  check(o);
  Indentation out;
  if (curves.empty()) {
    out = evaluated(o);
  } else {
    std::vector<const Curve*> with_curves, tables;
    for (const Curve& c : curves) {
      if (is_curve(c)) {
        with_curves.push_back(&c);
      } else if (is_table(c)) {
        tables.push_back(&c);
      } else {
        throw InputError(
            fmt::format("{}: columns must be load and depth, or hardness and modulus of indents, got {}; choose with --columns "
                        "load=NAME,depth=NAME",
                        c.source,
                        c.find("load")    ? "load only"
                        : c.find("depth") ? "depth only"
                                          : "neither"));
      }
    }
    if (!with_curves.empty() && !tables.empty())
      throw InputError(fmt::format("probes/indentation: files must all hold curves or all hold parameters, got {} curves and {} tables",
                                   with_curves.size(), tables.size()));
    out = with_curves.empty() ? of_tables(tables, curves, o, context) : of_curves(with_curves, curves, o, context);
    for (Measured* m : {&out.depth, &out.depth_elastic, &out.depth_after_hold}) m->note = "of the formula, without a file";
  }
  return out;
}

const Analysis& indentation_analysis() {
  static const Analysis entry = analysis<&indentation>(
      "probes", "indentation", "local modulus, relaxation time, viscosity and barrier from nanoindentation curves, maps, pop-ins",
      {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019)", "10.1016/j.pmatsci.2019.04.005"},
       {"Lee, Radok, J. Appl. Mech. 27, 438 (1960)", "10.1115/1.3644020"},
       {"Oliver, Pharr, J. Mater. Res. 19, 3 (2004)", "10.1557/jmr.2004.19.1.3"},
       {"Schuh, Lund, J. Mater. Res. 19, 2152 (2004)", "10.1557/JMR.2004.0276"}});
  return entry;
}

}  // namespace heteroglass::probes
