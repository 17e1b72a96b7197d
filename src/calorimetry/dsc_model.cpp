#include "calorimetry/dsc_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "calorimetry/normalised_scan.hpp"
#include "calorimetry/scan.hpp"
#include "calorimetry/structural_relaxation.hpp"
#include "core/constants.hpp"
#include "core/error.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::calorimetry {
namespace {

using O = DscModelOptions;
constexpr double k_per_kj_mol = 1e3 / constants::gas_constant;
constexpr double ev_per_kj_mol = 1e3 / (constants::avogadro * constants::elementary_charge);

/// A scan of the data with the history that made its glass.
struct Case {
  NormalisedScan scan;
  ThermalHistory history;
};

double one_of(const std::vector<double>& list, std::size_t i, const char* name, std::size_t files) {
  if (list.size() != 1 && list.size() != files)
    throw InputError(fmt::format("--{}: must be one value, or one for each of {} files, got {}", name, files, list.size()));
  return list.size() == 1 ? list[0] : list[i];
}

/// Cooling, annealing and heating from the options.
ThermalHistory history_of(const O& o, std::size_t i, std::size_t files, double start, double low, double heating, double end) {
  ThermalHistory h{start, {}};
  const double hold = one_of(o.anneal_times, i, "anneal-times", files), cooling = one_of(o.cooling_rates, i, "cooling-rates", files);
  if (hold > 0 && !o.anneal_temperatures.empty()) {
    const double at = one_of(o.anneal_temperatures, i, "anneal-temperatures", files);
    if (at >= start) throw InputError(fmt::format("--anneal-temperatures: must lie below start_temperature {} K, got {} K", start, at));
    ramp(h, at, cooling);
    h.segments.push_back({at, hold});
  }
  if (low != last_temperature(h)) ramp(h, low, cooling);
  if (hold > 0 && o.anneal_temperatures.empty()) h.segments.push_back({low, hold});
  ramp(h, end, heating);
  return h;
}

std::vector<double> modelled_at(const std::vector<double>& at, const ThermalHistory& h, const StructuralLaw& law,
                                const numeric::KohlrauschSum& memory, double step) {
  std::vector<double> t, out;
  const std::vector<double> cp = normalised_heat_capacity(fictive_path(h, law, memory, step), t);
  std::size_t k = 1;
  for (const double x : at) {
    while (k + 1 < t.size() && t[k] < x) ++k;
    const double f = std::clamp((x - t[k - 1]) / (t[k] - t[k - 1]), 0.0, 1.0);
    out.push_back(cp[k - 1] + f * (cp[k] - cp[k - 1]));
  }
  return out;
}

double needed(const std::optional<double>& v, const char* name) {
  if (!v) throw InputError(fmt::format("calorimetry/dsc_model: must have --{} (or files to fit), got none", name));
  return *v;
}

StructuralLaw given_law(const O& o) {
  const bool ags = o.model == "ags";
  StructuralLaw l{.adam_gibbs = ags, .ln_a = needed(o.ln_a, "ln-a"), .beta = needed(o.beta, "beta")};
  if (ags) {
    l.energy = needed(o.q, "q"), l.t2 = needed(o.t2, "t2");
  } else {
    l.energy = needed(o.activation_energy, "activation-energy") * k_per_kj_mol, l.x = needed(o.x, "x");
  }
  return l;
}

/// The equilibrium temperature at which tau = 100 s, and the fragility there.
void describe_liquid(const StructuralLaw& l, DscModel& out) {
  const double target = std::log(100.0);
  double low = l.adam_gibbs ? l.t2 * 1.001 : 20, high = 5000;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (l.ln_tau(middle, middle) > target ? low : high) = middle;
  }
  const double tg = low, h = 1e-3 * tg, slope = (l.ln_tau(tg - h, tg - h) - l.ln_tau(tg + h, tg + h)) / (1 / (tg - h) - 1 / (tg + h));
  const char* why = "derived from the parameters, whose errors are correlated";
  out.glass_transition = {tg, NAN, why}, out.fragility = {slope / tg / std::numbers::ln10, NAN, why};
}

void describe_scan(const ThermalHistory& h, const StructuralLaw& law, double step, DscModel& out) {
  const FictivePath p = fictive_path(h, law, numeric::kohlrausch_sum(law.beta), step);
  out.fictive_temperature = p.at_start, out.fictive_temperature_cooled = p.before_holds;
  out.cp_normalised = normalised_heat_capacity(p, out.temperature);
  if (out.cp_normalised.empty()) throw InputError("--history: the last entry must be a ramp, got a hold or a step");
  for (std::size_t i = 1; i < p.fictive.size(); ++i) out.fictive.push_back((p.fictive[i] + p.fictive[i - 1]) / 2);
  const auto top =
      static_cast<std::size_t>(std::max_element(out.cp_normalised.begin(), out.cp_normalised.end()) - out.cp_normalised.begin());
  out.peak_temperature = out.temperature[top], out.peak_height = out.cp_normalised[top];
}

void report_parameters(const StructuralLaw& l, const std::vector<double>& error, const std::string& note, DscModel& out) {
  const auto set = [&](Measured& m, double value, double e) { m = {value, e, note}; };
  set(out.ln_a, l.ln_a, error[0]), set(out.beta, l.beta, error[3]);
  const std::string other = fmt::format("not a parameter of the model {}", l.adam_gibbs ? "ags" : "tnm");
  for (Measured* m : {&out.activation_energy, &out.activation_energy_ev, &out.x, &out.q, &out.t2}) *m = {NAN, NAN, other};
  if (l.adam_gibbs) {
    set(out.q, l.energy, error[1]), set(out.t2, l.t2, error[2]);
  } else {
    set(out.activation_energy, l.energy / k_per_kj_mol, error[1] / k_per_kj_mol), set(out.x, l.x, error[2]);
    out.activation_energy_ev = {out.activation_energy.value * ev_per_kj_mol, out.activation_energy.error * ev_per_kj_mol, note};
  }
}

std::vector<Case> cases_of(std::span<const Curve> curves, const O& o, Context& context) {
  std::vector<Case> cases;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    std::optional<double> rate;
    if (!o.heating_rates.empty()) rate = one_of(o.heating_rates, i, "heating-rates", curves.size());
    Case c{normalised_scan(curves[i], rate, {o.glass_low, o.glass_high, o.liquid_low, o.liquid_high}, context), {}};
    if (!std::isfinite(c.scan.rate)) throw InputError(fmt::format("{}: must have a heating rate: give --heating-rates", curves[i].source));
    const double end = c.scan.temperature.back() + 1;
    if (!o.history.empty()) {
      c.history = thermal_history(o.history);
      if (curves.size() > 1)
        throw InputError("--history: is the history of one file; with several give cooling rates and anneal times, got several");
    } else {
      const double start = o.start_temperature.value_or(end), low = o.low_temperature.value_or(c.scan.first);
      if (start < c.scan.temperature.back() - 5)
        throw InputError(fmt::format("--start-temperature: must be in the liquid, above the transition, got {} K", start));
      c.history = history_of(o, i, curves.size(), start, low, c.scan.rate, end);
    }
    cases.push_back(std::move(c));
  }
  return cases;
}

/// Parameters of the fit: ln tau at the reference temperature instead of ln A, which is nearly a function of the energy.
struct Coordinates {
  bool adam_gibbs;
  double reference;

  StructuralLaw law(std::span<const double> p) const {
    StructuralLaw l{.adam_gibbs = adam_gibbs, .energy = std::exp(p[1]), .beta = p[3]};
    (adam_gibbs ? l.t2 : l.x) = p[2];
    l.ln_a = p[0] - at_reference(l);
    return l;
  }
  double at_reference(const StructuralLaw& l) const { return adam_gibbs ? l.energy / (reference - l.t2) : l.energy / reference; }
  /// d(ln A)/dp
  std::vector<double> gradient(const StructuralLaw& l) const {
    const double gap = reference - l.t2;
    return {1, -at_reference(l), adam_gibbs ? -l.energy / (gap * gap) : 0, 0};
  }
};

double half_height(const NormalisedScan& s) {
  const auto top = std::max_element(s.value.begin(), s.value.end()) - s.value.begin();
  for (auto i = top; i > 0; --i)
    if (s.value[static_cast<std::size_t>(i)] < 0.5) return s.temperature[static_cast<std::size_t>(i)];
  return s.temperature[static_cast<std::size_t>(top)];
}

std::vector<numeric::Parameter> start_values(const std::vector<Case>& cases, const O& o, const Coordinates& c, double width) {
  const bool ags = c.adam_gibbs;
  const double t = c.reference, rate = std::abs(cases[0].scan.rate) / 60;
  // The transition is ten times as fast as it is wide: H/(R T^2) width is a few units of ln tau.
  double energy = 4 * t * t / std::max(width, 1.0), t2 = 0.7 * t;
  if (ags) energy *= std::pow(1 - t2 / t, 2);
  const double slope = ags ? energy / std::pow(1 - t2 / t, 2) : energy;
  double ln_tau = std::log(t * t / (slope * rate));
  if (ags && o.q) energy = *o.q;
  if (ags && o.t2) t2 = *o.t2;
  if (!ags && o.activation_energy) energy = *o.activation_energy * k_per_kj_mol;
  if (o.ln_a) ln_tau = *o.ln_a + (ags ? energy / (t - t2) : energy / t);
  const auto kept = [&](const char* name) { return std::find(o.fixed.begin(), o.fixed.end(), name) != o.fixed.end(); };
  for (const std::string& f : o.fixed)
    if (f != "ln_a" && f != "beta" && f != (ags ? "q" : "activation_energy") && f != (ags ? "t2" : "x"))
      throw InputError(fmt::format("--fixed: must name parameters of {}, got '{}'", o.model, f));
  if (kept("ln_a") && !kept(ags ? "q" : "activation_energy"))
    throw InputError(
        fmt::format("--fixed ln_a: needs {} fixed too, since they are fitted together, got ln_a alone", ags ? "q" : "activation_energy"));
  std::vector<numeric::Parameter> p = {
      {"ln_tau", ln_tau, ln_tau - 40, ln_tau + 40, kept("ln_a")},
      {"ln_energy", std::log(energy), std::log(energy) - 4, std::log(energy) + 3, kept(ags ? "q" : "activation_energy")},
      {ags ? "t2" : "x", ags ? t2 : o.x.value_or(0.6), 0.02, ags ? t * 0.98 : 1.0, kept(ags ? "t2" : "x")},
      {"beta", o.beta.value_or(0.6), 0.15, 1, kept("beta")}};
  return p;
}

void fit(std::span<const Curve> curves, const O& o, DscModel& out, Context& context) {
  const std::vector<Case> cases = cases_of(curves, o, context);
  double reference = 0, width = 0;
  std::size_t points = 0;
  for (const Case& c : cases) {
    reference += half_height(c.scan) / static_cast<double>(cases.size()), points += c.scan.value.size();
    const auto top = std::max_element(c.scan.value.begin(), c.scan.value.end()) - c.scan.value.begin();
    width += 2 * (c.scan.temperature[static_cast<std::size_t>(top)] - half_height(c.scan)) / static_cast<double>(cases.size());
  }
  const Coordinates coordinates{o.model == "ags", reference};
  const double step = std::max(o.temperature_step, 0.25);
  const auto residuals = [&](std::span<const double> p, std::span<double> r, double*) {
    context.check_cancelled();
    const StructuralLaw law = coordinates.law(p);
    const numeric::KohlrauschSum memory = numeric::kohlrausch_sum(law.beta);
    std::size_t k = 0;
    for (const Case& c : cases) {
      const std::vector<double> model = modelled_at(c.scan.temperature, c.history, law, memory, step);
      for (std::size_t i = 0; i < model.size(); ++i) r[k++] = model[i] - c.scan.value[i];
    }
  };
  const std::vector<numeric::Parameter> start = start_values(cases, o, coordinates, width);
  std::optional<numeric::LeastSquares> best;
  for (const double shift : {0.0, -1.5, 1.5}) {  // the place of the transition first, or the fit starts where there is no gradient
    std::vector<numeric::Parameter> p = start;
    if (!p[0].fixed) p[0].start += shift;
    numeric::LeastSquares f = numeric::least_squares(p, points, residuals, {.max_iterations = 60});
    if (!best || f.chi2 < best->chi2) best = std::move(f);
    if (best->chi2 / static_cast<double>(points) < 1e-3) break;
  }
  const StructuralLaw law = coordinates.law(best->value);
  const std::vector<double> g = coordinates.gradient(law);
  double variance = 0;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) variance += g[i] * g[j] * best->covariance(i, j);
  std::string note = "covariance of the fit";
  for (std::size_t i = 0; i < 4; ++i)
    if (best->at_bound[i]) note += fmt::format("; {} at its bound", start[i].name);
  if (note.find("bound") != std::string::npos)
    context.warn(
        fmt::format("parameters ran to their bounds ({}): the scans do not determine them; fix some, or cover more cooling rates", note));
  report_parameters(law, {std::sqrt(std::max(0.0, variance)), law.energy * best->error[1], best->error[2], best->error[3]}, note, out);
  out.converged = best->converged, out.aicc = best->aicc, out.condition = best->condition;
  out.rms = std::sqrt(best->chi2 / static_cast<double>(points));
  if (!best->converged) context.warn("the fit did not converge: " + best->message);
  if (out.rms > 0.1) context.warn(fmt::format("the model misses the scans by {:.2g} of the step (rms)", out.rms));

  const numeric::KohlrauschSum memory = numeric::kohlrausch_sum(law.beta);
  double low = INFINITY, high = 0;
  for (const Case& c : cases) low = std::min(low, c.scan.temperature.front()), high = std::max(high, c.scan.temperature.back());
  constexpr std::size_t grid = 300;
  for (std::size_t i = 0; i < grid; ++i) out.scan_temperature.push_back(low + (high - low) * static_cast<double>(i) / (grid - 1));
  out.measured = out.modelled = out.residual = Matrix(cases.size(), grid, NAN);
  out.scans.columns.reserve(6);
  std::vector<std::string>& name = out.scans.add_text("scan").text;
  std::vector<double>& rate = out.scans.add_number("rate", "K/min", "of heating").number;
  std::vector<double>& fictive = out.scans.add_number("fictive_temperature", "K", "of the model before the scan").number;
  std::vector<double>& rms = out.scans.add_number("rms", "1", "misfit").number;
  for (std::size_t k = 0; k < cases.size(); ++k) {
    const NormalisedScan& s = cases[k].scan;
    const std::vector<double> at_data = modelled_at(s.temperature, cases[k].history, law, memory, o.temperature_step),
                              on_grid = modelled_at(out.scan_temperature, cases[k].history, law, memory, o.temperature_step);
    double squares = 0;
    for (std::size_t i = 0; i < at_data.size(); ++i) squares += std::pow(at_data[i] - s.value[i], 2);
    for (std::size_t i = 0, j = 0; i < grid; ++i) {
      const double t = out.scan_temperature[i];
      if (t < s.temperature.front() || t > s.temperature.back()) continue;
      while (j + 2 < s.temperature.size() && s.temperature[j + 1] < t) ++j;
      const double f = (t - s.temperature[j]) / (s.temperature[j + 1] - s.temperature[j]);
      out.measured(k, i) = s.value[j] + f * (s.value[j + 1] - s.value[j]), out.modelled(k, i) = on_grid[i];
      out.residual(k, i) = out.measured(k, i) - on_grid[i];
    }
    name.push_back(s.source), rate.push_back(s.rate), rms.push_back(std::sqrt(squares / static_cast<double>(at_data.size())));
    fictive.push_back(fictive_path(cases[k].history, law, memory, o.temperature_step).at_start);
    out.scan_name.push_back(s.source);
  }
  describe_scan(cases[0].history, law, o.temperature_step, out);
  describe_liquid(law, out);
}

}  // namespace

DscModel dsc_model(std::span<const Curve> curves, const O& o, Context& context) {
  DscModel out;
  if (!curves.empty()) return fit(curves, o, out, context), out;
  const StructuralLaw law = given_law(o);
  ThermalHistory h;
  if (!o.history.empty()) {
    h = thermal_history(o.history);
    if (h.segments.empty()) throw InputError("--history: must have a segment after the temperature it starts from, got none");
  } else {
    const double start = needed(o.start_temperature, "start-temperature"), low = needed(o.low_temperature, "low-temperature");
    if (low >= start) throw InputError(fmt::format("--low-temperature: must lie below start_temperature {} K, got {} K", start, low));
    const double heating = o.heating_rates.empty() ? o.cooling_rates.at(0) : one_of(o.heating_rates, 0, "heating-rates", 1);
    h = history_of(o, 0, 1, start, low, heating, o.end_temperature.value_or(start));
  }
  report_parameters(law, {NAN, NAN, NAN, NAN}, "as given", out);
  out.rms = out.aicc = out.condition = NAN;
  describe_scan(h, law, o.temperature_step, out);
  describe_liquid(law, out);
  return out;
}

const ColumnRoles& DscModelOptions::columns() {
  static const ColumnRoles roles = [] {
    ColumnRoles r = scan_columns();
    r.push_back({"normalised",
                 "1",
                 "normalised heat capacity, 0 in the glass and 1 in the liquid, instead of heat_flow",
                 false,
                 {"cpn", "cpnorm", "normalisedheatcapacity"}});
    return r;
  }();
  return roles;
}

const Fields& DscModelOptions::fields() {
  static const Fields table = {
      field<&O::model>("model", "", "law of the relaxation time").one_of({"tnm", "ags"}),
      field<&O::ln_a>("ln_a", "1", "ln A, A in s; of a fit: where it starts"),
      field<&O::activation_energy>("activation_energy", "kJ/mol", "H of tnm").positive().alias("energy"),
      field<&O::x>("x", "1", "nonlinearity of tnm").range(0, 1),
      field<&O::q>("q", "K", "Q of ags").positive(),
      field<&O::t2>("t2", "K", "T2 of ags, where the configurational entropy vanishes").positive(),
      field<&O::beta>("beta", "1", "stretching exponent").range(0.1, 1),
      field<&O::fixed>("fixed", "", "parameters that a fit keeps at the value given: ln_a, activation_energy, x, q, t2, beta"),
      field<&O::history>("history", "", "thermal history, such as '380K, 270K@10K/min, 1e5s, 400K@10K/min'; its last ramp is the scan"),
      field<&O::start_temperature>("start_temperature", "K",
                                   "liquid in equilibrium that is cooled; of a fit unset: the upper end of the scan")
          .positive(),
      field<&O::low_temperature>("low_temperature", "K", "cooled to; of a fit unset: where the scan begins").positive(),
      field<&O::cooling_rates>("cooling_rates", "K/min", "one, or one for each file").positive().alias("cooling_rate"),
      field<&O::heating_rates>("heating_rates", "K/min", "one, or one for each file; unset: as the file says, or the cooling rate")
          .positive()
          .alias("rate"),
      field<&O::anneal_times>("anneal_times", "s", "one, or one for each file").non_negative().alias("anneal_time"),
      field<&O::anneal_temperatures>("anneal_temperatures", "K", "one, or one for each file; unset: where the cooling ends")
          .positive()
          .alias("anneal_temperature"),
      field<&O::end_temperature>("end_temperature", "K", "heated to; unset: start_temperature").positive(),
      field<&O::temperature_step>("temperature_step", "K", "temperature step").positive().difference(),
      field<&O::glass_low>("glass_low", "K", "lower end of the glass line of measured scans; unset: found").positive(),
      field<&O::glass_high>("glass_high", "K", "upper end of the glass line; unset: found").positive(),
      field<&O::liquid_low>("liquid_low", "K", "lower end of the liquid line; unset: found").positive(),
      field<&O::liquid_high>("liquid_high", "K", "upper end of the liquid line; unset: found").positive(),
  };
  return table;
}

const Fields& DscModel::fields() {
  using M = DscModel;
  static const std::string model = "of the model at the parameters above";
  static const Fields table = {
      field<&M::ln_a>("ln_a", "1", "ln A, A in s"),
      field<&M::activation_energy>("activation_energy", "kJ/mol", "H of tnm"),
      field<&M::activation_energy_ev>("activation_energy_ev", "eV", "the same per atom"),
      field<&M::x>("x", "1", "nonlinearity of tnm"),
      field<&M::q>("q", "K", "Q of ags"),
      field<&M::t2>("t2", "K", "T2 of ags"),
      field<&M::beta>("beta", "1", "stretching exponent"),
      field<&M::glass_transition>("glass_transition", "K", "where the equilibrium relaxation time is 100 s"),
      field<&M::fragility>("fragility", "1", "d log10 tau / d(Tg/T) there"),
      field<&M::fictive_temperature>("fictive_temperature", "K", "before the scan").exact(model),
      field<&M::fictive_temperature_cooled>("fictive_temperature_cooled", "K", "before the first hold; without one as fictive_temperature")
          .exact(model),
      field<&M::peak_temperature>("peak_temperature", "K", "of the normalised heat capacity").exact(model),
      field<&M::peak_height>("peak_height", "1", "of the normalised heat capacity; above 1: overshoot").exact(model),
      field<&M::temperature>("temperature", "K", "along the scan of the (first) history").exact("set by the history"),
      field<&M::fictive>("fictive", "K", "fictive temperature along it").over("temperature").exact(model),
      field<&M::cp_normalised>("cp_normalised", "1", "dT_f/dT along it").over("temperature").exact(model),
      field<&M::scan_name>("scan_name", "", "files fitted"),
      field<&M::scan_temperature>("scan_temperature", "K", "common temperatures of the fitted scans").exact("a grid"),
      field<&M::measured>("measured", "1", "normalised measured scans").over("scan_temperature").labelled("scan_name").exact("data"),
      field<&M::modelled>("modelled", "1", "fitted model").over("scan_temperature").labelled("scan_name").with("measured").exact(model),
      field<&M::residual>("residual", "1", "measured minus modelled")
          .over("scan_temperature")
          .labelled("scan_name")
          .exact("data minus model"),
      field<&M::scans>("scans", "", "files with rate, fictive temperature and misfit").exact("of the model"),
      field<&M::rms>("rms", "1", "misfit of all scans in units of the step").exact("sum of the residuals"),
      field<&M::aicc>("aicc", "1", "Akaike's criterion, to compare tnm and ags on the same files").exact("a criterion"),
      field<&M::condition>("condition", "1", "condition number of the fit; large: parameters cannot be told apart")
          .exact("of the normal matrix"),
      field<&M::converged>("converged", "", "whether the fit converged"),
  };
  return table;
}

const Analysis& dsc_model_analysis() {
  static const Analysis entry = analysis<&dsc_model>(
      "calorimetry", "dsc_model", "heat capacity after any thermal history, computed and fitted (TNM, Adam-Gibbs-Scherer)",
      {{"Moynihan et al., J. Am. Ceram. Soc. 59, 12 (1976)", "10.1111/j.1151-2916.1976.tb09376.x"},
       {"Scherer, J. Am. Ceram. Soc. 67, 504 (1984)", "10.1111/j.1151-2916.1984.tb19643.x"},
       {"Hodge, J. Non-Cryst. Solids 169, 211 (1994)", "10.1016/0022-3093(94)90321-2"}});
  return entry;
}

}  // namespace heteroglass::calorimetry
