#include "relaxation/temperature_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "relaxation/temperature_kink.hpp"
#include "relaxation/temperature_models.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double ln10 = std::numbers::ln10;
constexpr double kj_per_ev = constants::gas_constant / constants::boltzmann / 1000;  ///< [kJ/mol/eV]

/// log10 of what was measured.
struct Data {
  std::vector<double> t, y, error;
  std::string quantity;  ///< "relaxation time [s]", "viscosity [Pa s]", "shift factor"
};

Data data_of(const Curve& c, const TemperatureLawOptions& o, Context& context) {
  Data d;
  const std::vector<double>& t = c.at("temperature").values;
  const auto from_positive = [&](const std::string& name, double scale) {
    const std::vector<double>& v = c.at(name).values;
    const CurveColumn* e = c.find(name + "_error");
    bool usable = e != nullptr;
    for (std::size_t i = 0; i < v.size(); ++i) {
      if (!(v[i] > 0)) throw InputError(fmt::format("{}: {} must be positive, got {} at {} K", c.source, name, v[i], t[i]));
      d.t.push_back(t[i]), d.y.push_back(std::log10(v[i] * scale));
      d.error.push_back(e ? e->values[i] / v[i] / ln10 : 0);
      usable = usable && d.error.back() > 0;
    }
    if (!usable) {
      if (e)
        context.warn(fmt::format("{}: {}_error is not positive everywhere: the scatter around the law sets the errors", c.source, name));
      d.error.clear();
    }
  };
  if (c.find("relaxation_time")) {
    d.quantity = "relaxation time [s]";
    from_positive("relaxation_time", 1);
  } else if (c.find("viscosity")) {
    d.quantity = o.shear_modulus ? "relaxation time [s]" : "viscosity [Pa s]";
    from_positive("viscosity", o.shear_modulus ? 1 / (*o.shear_modulus * 1e9) : 1);
  } else if (const CurveColumn* ln_a = c.find("ln_a")) {
    d.quantity = "shift factor";
    d.t = t;
    for (const double v : ln_a->values) d.y.push_back(v / ln10);
    if (const CurveColumn* e = c.find("ln_a_error"))
      if (std::all_of(e->values.begin(), e->values.end(), [](double v) { return v > 0; }))
        for (const double v : e->values) d.error.push_back(v / ln10);
  } else if (const CurveColumn* log10_a = c.find("log10_a")) {
    d.quantity = "shift factor";
    d.t = t, d.y = log10_a->values;
    if (const CurveColumn* e = c.find("log10_a_error"))
      if (std::all_of(e->values.begin(), e->values.end(), [](double v) { return v > 0; })) d.error = e->values;
  } else {
    throw InputError(fmt::format(
        "{}: must have a column relaxation_time, viscosity, ln_a or log10_a, got none of them; name it with --columns", c.source));
  }
  for (const double v : d.t)
    if (!(v > 0)) throw InputError(fmt::format("{}: temperatures must be positive, got {} K", c.source, v));
  return d;
}

constexpr const char* exact_formula = "formula at exact values";

/// A fitted or given law with what is derived from it.
struct Fit {
  Law law;
  double reference = 0;
  std::vector<double> p;
  Matrix covariance;

  double value(double t) const { return law_value(law, t, p, reference); }
  /// f(parameters) with its error by the covariance.
  Measured derived(const std::function<double(std::span<const double>)>& f, const std::string& note) const {
    if (covariance.rows == 0) return {f(p), NAN, exact_formula};
    Measured m{f(p), 0, note};
    std::vector<double> slope;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const double error = std::sqrt(covariance(i, i)), h = error > 0 ? 1e-3 * error : 0;
      std::vector<double> up = p, down = p;
      up[i] += h, down[i] -= h;
      slope.push_back(h > 0 ? (f(up) - f(down)) / (2 * h) : 0);
    }
    double variance = 0;
    for (std::size_t i = 0; i < p.size(); ++i)
      for (std::size_t j = 0; j < p.size(); ++j) variance += slope[i] * slope[j] * covariance(i, j);
    m.error = std::sqrt(std::max(variance, 0.0));
    return m;
  }
};

std::vector<double> given_parameters(Law law, const TemperatureLawOptions& o) {
  switch (law) {
    case Law::arrhenius:
      return {0, o.energy};
    case Law::vft:
      return {0, o.vft_b, o.vogel_temperature};
    case Law::wlf:
      return {0, o.wlf_c1, o.wlf_c2};
    case Law::myega:
      return {0, o.myega_k, o.myega_c};
    case Law::adam_gibbs:
      return {0, o.adam_gibbs_d, o.kauzmann_temperature};
    case Law::avramov:
      return {0, o.avramov_a, o.avramov_exponent};
    case Law::cohen_grest:
      return {0, o.cohen_grest_b, o.cohen_grest_t0, o.cohen_grest_c};
    case Law::mode_coupling:
      return {0, o.critical_temperature, o.mode_coupling_gamma};
  }
  return {};
}

Fit given_law(const TemperatureLawOptions& o) {
  Fit f{parse_law(o.model, "--model"), o.reference_temperature.value_or(o.glass_transition.value_or(0)), {}, {}};
  f.p = given_parameters(f.law, o);
  if (f.law == Law::wlf && !o.reference_temperature && !o.glass_transition)
    throw InputError("--reference-temperature: must be given for wlf, got none");
  if (o.tau0) {
    f.p[0] = std::log10(*o.tau0);
  } else {
    if (!o.glass_transition) throw InputError("--tau0 or --glass-transition: one must be given without a file, got neither");
    f.p[0] = std::log10(o.glass_time) - f.value(*o.glass_transition);
    if (!std::isfinite(f.p[0]))
      throw InputError(fmt::format("--glass-transition: must be where {} is finite, got {} K", o.model, *o.glass_transition));
  }
  return f;
}

void glass_results(TemperatureLaw& out, const Fit& f, const TemperatureLawOptions& o, double target, const std::string& note) {
  const auto transition = [&](std::span<const double> p) {
    return o.glass_transition ? *o.glass_transition : law_temperature(f.law, target, p, f.reference);
  };
  out.glass_transition = o.glass_transition ? Measured{*o.glass_transition, NAN, "as given"} : f.derived(transition, note);
  if (!std::isfinite(out.glass_transition.value)) {
    out.glass_transition = {NAN, NAN, "the law does not reach the time or viscosity of the glass transition"};
    for (Measured* m : {&out.fragility, &out.activation_energy, &out.activation_energy_ev, &out.activation_energy_r_tg})
      *m = {NAN, NAN, "no glass transition"};
    return;
  }
  const auto fragility = [&](std::span<const double> p) {
    const double tg = transition(p);
    return law_slope(f.law, tg, p, f.reference) / tg;
  };
  const auto energy = [&](std::span<const double> p) {
    return law_slope(f.law, transition(p), p, f.reference) * constants::boltzmann * ln10;
  };
  out.fragility = f.derived(fragility, note);
  out.activation_energy_ev = f.derived(energy, note);
  out.activation_energy = {out.activation_energy_ev.value * kj_per_ev, out.activation_energy_ev.error * kj_per_ev,
                           out.activation_energy_ev.note};
  out.activation_energy_r_tg = {out.fragility.value * ln10, out.fragility.error * ln10, out.fragility.note};
}

void law_curve(TemperatureLaw& out, const Fit& f, double cold, double hot) {
  const int n = 200;
  for (int i = 0; i <= n; ++i) {
    const double t = 1 / (1 / hot + (1 / cold - 1 / hot) * i / n);
    if (!std::isfinite(f.value(t))) continue;
    out.curve_temperature.push_back(t), out.curve.push_back(f.value(t));
    out.apparent_energy.push_back(law_slope(f.law, t, f.p, f.reference) * constants::boltzmann * ln10);
  }
}

Table parameter_table(Law law, const Fit& f, const numeric::LeastSquares* fit) {
  Table out;
  TableColumn name = out.add_text("parameter"), unit = out.add_text("unit");
  TableColumn value = out.add_number("value", "1"), error = out.add_number("value_error", "1"),
              low = out.add_number("low", "1", "95 %, profile likelihood"), high = out.add_number("high", "1", "95 %, profile likelihood"),
              bound = out.add_number("at_bound", "1", "1: on a bound");
  const auto& specs = law_parameters(law);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    name.text.push_back(specs[i].name), unit.text.push_back(specs[i].unit);
    value.number.push_back(f.p[i]), error.number.push_back(fit ? fit->error[i] : NAN);
    low.number.push_back(fit ? fit->interval[i][0] : NAN), high.number.push_back(fit ? fit->interval[i][1] : NAN);
    bound.number.push_back(fit && fit->at_bound[i]);
  }
  out.columns = {name, unit, value, error, low, high, bound};
  return out;
}

Fit make_fit(Law law, double reference, const numeric::LeastSquares& fit) {
  Fit f{law, reference, fit.value, fit.covariance};
  for (double& v : f.covariance.values)
    if (!std::isfinite(v)) v = 0;
  return f;
}

Table model_table(const Data& d, const TemperatureLawOptions& o, double reference, double target) {
  Table out;
  TableColumn name = out.add_text("model");
  TableColumn aicc = out.add_number("aicc", "1"),
              delta = out.add_number("delta_aicc", "1", "above the best; beyond 6 a law is disfavoured"), bic = out.add_number("bic", "1"),
              rms = out.add_number("rms", "1", "scatter in decades"), tg = out.add_number("glass_transition", "K"),
              tg_error = out.add_number("glass_transition_error", "K"), m = out.add_number("fragility", "1"),
              m_error = out.add_number("fragility_error", "1"), ok = out.add_number("converged", "1", "1: yes");
  std::vector<std::string> names = o.compare;
  if (std::find(names.begin(), names.end(), o.model) == names.end()) names.insert(names.begin(), o.model);
  for (const std::string& text : names) {
    const Law law = parse_law(text, "--compare");
    if (d.t.size() < law_parameters(law).size() + 1 || (law == Law::wlf && reference <= 0)) continue;
    try {
      const numeric::LeastSquares fit = fit_law(law, d.t, d.y, d.error, reference);
      TemperatureLaw derived;
      glass_results(derived, make_fit(law, reference, fit), o, target, "covariance");
      double squares = 0;
      for (std::size_t i = 0; i < d.t.size(); ++i) squares += std::pow(law_value(law, d.t[i], fit.value, reference) - d.y[i], 2);
      name.text.push_back(text), aicc.number.push_back(fit.aicc), bic.number.push_back(fit.bic), ok.number.push_back(fit.converged);
      rms.number.push_back(std::sqrt(squares / static_cast<double>(d.t.size())));
      tg.number.push_back(derived.glass_transition.value), tg_error.number.push_back(derived.glass_transition.error);
      m.number.push_back(derived.fragility.value), m_error.number.push_back(derived.fragility.error);
    } catch (const NumericalError&) {
      continue;  // a law that the data leave no place for is not in the table
    }
  }
  double best = INFINITY;
  for (const double a : aicc.number) best = std::min(best, a);
  for (const double a : aicc.number) delta.number.push_back(a - best);
  out.columns = {name, aicc, delta, bic, rms, tg, tg_error, m, m_error, ok};
  return out;
}

void kink(TemperatureLaw& out, const Data& d, Law law, double reference, Context& context) {
  const auto found = temperature_kink(law, d.t, d.y, d.error, reference);
  if (!found) return;
  out.kink_aicc_gain = out.aicc - found->aicc;
  if (!(out.kink_aicc_gain > 6)) return;
  out.kink_temperature = found->temperature, out.energy_below = found->energy_below;
  context.warn(
      fmt::format("two regimes describe the data better (AICc lower by {:.1f}): below {:.1f} K Arrhenius with {:.3f} eV; the law of all "
                  "points is kept, "
                  "limit it with --range",
                  out.kink_aicc_gain, found->temperature.value, found->energy_below.value));
}

}  // namespace

TemperatureLaw temperature_law(std::span<const Curve> curves, const TemperatureLawOptions& o, Context& context) {
  TemperatureLaw out;
  out.law = o.model;
  const std::string note_none = "no such regime";
  out.kink_temperature.note = out.energy_below.note = note_none;
  if (curves.empty()) {
    const Fit f = given_law(o);
    out.quantity = "relaxation time [s]";
    glass_results(out, f, o, std::log10(o.glass_time), "of the given law");
    if (!std::isfinite(out.glass_transition.value))
      throw InputError(fmt::format("{}: must reach {} s somewhere, got parameters for which it does not", o.model, o.glass_time));
    out.parameters = parameter_table(f.law, f, nullptr);
    out.temperature = o.temperature;
    for (const double t : o.temperature) {
      out.log10_value.push_back(f.value(t)), out.log10_error.push_back(NAN), out.log10_model.push_back(f.value(t)),
          out.residual.push_back(0);
      out.tg_over_t.push_back(out.glass_transition.value / t), out.angell.push_back(f.value(t)), out.angell_error.push_back(NAN),
          out.angell_model.push_back(f.value(t));
    }
    law_curve(out, f, out.glass_transition.value * 0.95, out.glass_transition.value * 2);
    return out;
  }

  const Data d = data_of(curves[0], o, context);
  const Law law = parse_law(o.model, "--model");
  const std::size_t least = law_parameters(law).size() + (d.error.empty() ? 1 : 0);
  if (d.t.size() < least)
    throw InputError(fmt::format("{}: {} needs at least {} points, got {}", curves[0].source, o.model, least, d.t.size()));
  std::vector<double> distinct = d.t;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (distinct.size() < law_parameters(law).size())
    throw InputError(fmt::format("{}: {} needs at least {} different temperatures, got {}", curves[0].source, o.model,
                                 law_parameters(law).size(), distinct.size()));
  const auto [cold, hot] = std::minmax_element(d.t.begin(), d.t.end());
  const double reference = o.reference_temperature.value_or(o.glass_transition.value_or((*cold + *hot) / 2));
  const numeric::LeastSquares fit = fit_law(law, d.t, d.y, d.error, reference, true);
  const Fit f = make_fit(law, reference, fit);
  out.quantity = d.quantity, out.converged = fit.converged, out.aicc = fit.aicc;
  if (!fit.converged) context.warn(fmt::format("{}: {}", o.model, fit.message));
  if (fit.condition > 1e12)
    context.warn(fmt::format("{}: its parameters cannot be told apart by these data (condition {:.1e})", o.model, fit.condition));
  for (std::size_t i = 0; i < fit.at_bound.size(); ++i)
    if (fit.at_bound[i]) context.warn(fmt::format("{}: {} is at its bound {:.6g}", o.model, law_parameters(law)[i].name, fit.value[i]));
  if (!(f.value(*cold) - f.value(*hot) > 1e-9)) {
    context.warn(fmt::format("{}: the values do not fall with temperature: no glass transition, no fragility", curves[0].source));
    for (Measured* m :
         {&out.glass_transition, &out.fragility, &out.activation_energy, &out.activation_energy_ev, &out.activation_energy_r_tg})
      m->note = "the values do not fall with temperature";
  } else if (d.quantity == "shift factor" && !o.glass_transition) {
    for (Measured* m :
         {&out.glass_transition, &out.fragility, &out.activation_energy, &out.activation_energy_ev, &out.activation_energy_r_tg})
      m->note = "shift factors without --glass-transition";
    if (law == Law::arrhenius) {  // one energy at all temperatures
      out.activation_energy_ev = f.derived([](std::span<const double> p) { return p[1]; }, "covariance");
      out.activation_energy = {out.activation_energy_ev.value * kj_per_ev, out.activation_energy_ev.error * kj_per_ev, "covariance"};
      context.warn("shift factors have no absolute time: T_g and fragility need --glass-transition");
    } else {
      context.warn(
          "shift factors have no absolute time: T_g, fragility and activation energy need --glass-transition (the activation energy "
          "alone: --model arrhenius)");
    }
  } else {
    const double target = d.quantity == "viscosity [Pa s]" ? std::log10(o.glass_viscosity) : std::log10(o.glass_time);
    glass_results(out, f, o, target, "covariance");
    const double tg = out.glass_transition.value;
    if (std::isfinite(tg) && (tg < 0.98 * *cold || tg > 1.02 * *hot))
      context.warn(fmt::format(
          "T_g = {:.1f} K lies outside the data ({:.1f} to {:.1f} K): T_g and fragility are extrapolated and hold only if the law does", tg,
          *cold, *hot));
    out.models = model_table(d, o, reference, target);
  }
  if (out.models.rows() == 0) out.models = model_table(d, o, reference, NAN);
  if (o.kink) kink(out, d, law, reference, context);
  out.parameters = parameter_table(law, f, &fit);
  out.temperature = d.t, out.log10_value = d.y;
  out.log10_error = d.error.empty() ? std::vector<double>(d.t.size(), NAN) : d.error;
  const double tg = out.glass_transition.value;
  for (std::size_t i = 0; i < d.t.size(); ++i) {
    out.log10_model.push_back(f.value(d.t[i])), out.residual.push_back(d.y[i] - f.value(d.t[i]));
    if (!std::isfinite(tg)) continue;
    out.tg_over_t.push_back(tg / d.t[i]), out.angell.push_back(d.y[i]), out.angell_error.push_back(out.log10_error[i]),
        out.angell_model.push_back(f.value(d.t[i]));
  }
  law_curve(out, f, std::isfinite(tg) ? std::min(*cold, tg) : *cold, *hot);
  return out;
}

const Analysis& temperature_law_analysis() {
  static const Analysis entry = analysis<&temperature_law>(
      "relaxation", "temperature_law", "VFT, Arrhenius, MYEGA, Adam-Gibbs and more: T_g, fragility, activation energy",
      {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019)", "10.1016/j.pmatsci.2019.04.005"},
       {"Angell, Science 267, 1924 (1995)", "10.1126/science.267.5206.1924"}});
  return entry;
}

}  // namespace heteroglass::relaxation
