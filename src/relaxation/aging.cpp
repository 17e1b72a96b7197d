#include "relaxation/aging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/composition.hpp"
#include "core/constants.hpp"
#include "core/error.hpp"
#include "numeric/broken_line.hpp"
#include "numeric/straight_line.hpp"
#include "relaxation/aging_kinetics.hpp"

namespace heteroglass::relaxation {
namespace {

/// Pairs of finite values, x ascending.
std::pair<std::vector<double>, std::vector<double>> sorted(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::pair<std::vector<double>, std::vector<double>> out;
  for (std::size_t i : order) out.first.push_back(x[i]), out.second.push_back(y[i]);
  return out;
}

void prepare(Aging& out, const std::string& why) {
  for (Measured* m : {&out.initial_concentration, &out.relative_change, &out.formation_energy}) m->note = why;
  for (const char* c : {"law", "parameter", "unit"}) out.parameters.add_text(c);
  out.parameters.add_number("value", "1", "in the unit of its row"), out.parameters.add_number("value_error", "1");
  out.models.add_text("law");
  for (const char* c : {"aicc", "misfit"}) out.models.add_number(c, "1");
  out.kinks.add_text("quantity");
  for (const char* c : {"kink", "kink_error"}) out.kinks.add_number(c, "K");
  for (const char* c : {"slope_below", "slope_below_error", "slope_above", "slope_above_error"}) out.kinks.add_number(c, "1/K");
}

void add_parameters(const AgingFit& f, Aging& out) {
  for (std::size_t i = 0; i < f.names.size(); ++i) {
    const bool is_time = f.units[i] == "s";
    const double value = is_time ? std::exp(f.fit.value[i]) : f.fit.value[i];
    out.parameters.columns[0].text.push_back(name(f.law)), out.parameters.columns[1].text.push_back(f.names[i]);
    out.parameters.columns[2].text.push_back(f.units[i]), out.parameters.columns[3].number.push_back(value);
    out.parameters.columns[4].number.push_back(is_time ? value * f.fit.error[i] : f.fit.error[i]);
  }
}

/// c(0) = (a/b')^beta.
Measured concentration(const AgingFit& f) {
  const std::vector<double>& p = f.fit.value;
  const double c = std::exp(p[3] * (p[1] - p[2]));
  const double g[4] = {0, c * p[3], -c * p[3], c * (p[1] - p[2])};
  double variance = 0;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) variance += g[i] * g[j] * f.fit.covariance(i, j);
  return {c, std::sqrt(std::max(variance, 0.0)), "covariance"};
}

Aging kinetics(const Curve& c, const std::string& property, Context& context) {
  Aging out;
  prepare(out, "not asked of these columns");
  out.property = property;
  const auto [time, value] = sorted(c.at("time").values, c.at(property).values);
  if (time.size() < 6) throw InputError(fmt::format("{}: kinetics must have at least 6 points, got {}", c.source, time.size()));
  if (time.front() < 0 || time.back() <= 0)
    throw InputError(fmt::format("{}: times must not be negative, got {:g} s", c.source, time.front()));
  if (value.front() == 0) throw InputError(fmt::format("{}: the first value of {} must not be 0", c.source, property));
  out.time = time;
  for (double v : value) out.relative.push_back(v / value.front());
  const bool rising = out.relative.back() > out.relative.front();
  std::vector<AgingFit> fits;
  for (const AgingLaw law : {AgingLaw::flow_unit, AgingLaw::ln_time, AgingLaw::stretched})
    fits.push_back(fit_aging(law, out.time, out.relative, rising));
  const AgingFit& best =
      *std::min_element(fits.begin(), fits.end(), [](const AgingFit& a, const AgingFit& b) { return a.fit.aicc < b.fit.aicc; });
  for (const AgingFit& f : fits) {
    add_parameters(f, out);
    out.models.columns[0].text.push_back(name(f.law)), out.models.columns[1].number.push_back(f.fit.aicc);
    out.models.columns[2].number.push_back(std::sqrt(f.fit.chi2 / static_cast<double>(time.size())));
  }
  out.best = name(best.law);
  out.initial_concentration = concentration(fits[0]);
  if (!(out.initial_concentration.error < out.initial_concentration.value))
    context.warn("a, b' and beta of (4.1) cannot be told apart by these data: c(0) is uncertain by more than itself");
  out.relative_change.note = "ln-time kinetics has no limit";
  if (best.law != AgingLaw::ln_time) out.relative_change = {best.fit.value[0] - 1, best.fit.error[0], "covariance of the best kinetics"};
  const double misfit = std::sqrt(best.fit.chi2 / std::max(1.0, static_cast<double>(time.size()) - 4));
  if (out.time.front() == 0)
    out.time.erase(out.time.begin()), out.relative.erase(out.relative.begin());  // fitted, but has no logarithm to be drawn at
  for (double t : out.time)
    out.relative_fit.push_back(aging_value(best.law, t, best.fit.value, rising)), out.relative_error.push_back(misfit);
  const double first = *std::find_if(time.begin(), time.end(), [](double t) { return t > 0; });
  if (time.back() / first < 30)
    context.warn(fmt::format("times span {:.1f} decades only: kinetics of different form can hardly be told apart",
                             std::log10(time.back() / first)));
  return out;
}

Aging formation(const Curve& c, const AgingOptions& o) {
  Aging out;
  prepare(out, "not asked of these columns");
  out.property = "enthalpy against volume";
  if (o.composition.empty() && !o.molar_mass)
    throw InputError("--composition: must be given (or --molar-mass) for an energy per atom, got neither");
  const double mass = o.molar_mass ? *o.molar_mass : parse_composition(o.composition, "--composition").molar_mass();
  const std::vector<double>&density = c.at("density").values, &h = c.at("enthalpy").values;
  if (density.size() < 3)
    throw InputError(fmt::format("{}: enthalpy against density must have at least 3 points, got {}", c.source, density.size()));
  std::vector<double> volume, energy;
  const double ev = mass / (constants::avogadro * constants::elementary_charge);  // J/g to eV per atom
  for (std::size_t i = 0; i < density.size(); ++i) {
    if (!(density[i] > 0))
      throw InputError(fmt::format("{}: density of row {} must be positive, got {:g} g/cm^3", c.source, i + 1, density[i]));
    volume.push_back(density[0] / density[i] - 1), energy.push_back(h[i] * ev);
  }
  std::tie(out.volume_change, out.enthalpy) = sorted(volume, energy);
  const numeric::StraightLine line = numeric::straight_line(out.volume_change, out.enthalpy);
  out.formation_energy = line.slope_measured();
  for (double v : out.volume_change) out.enthalpy_line.push_back(line.at(v)), out.enthalpy_error.push_back(line.residual_sd);
  return out;
}

void add_kinks(const std::string& quantity, const numeric::BrokenLine& b, Aging& out) {
  std::vector<TableColumn>& t = out.kinks.columns;
  for (std::size_t k = 0; k < b.kink.size(); ++k) {
    t[0].text.push_back(quantity);
    t[1].number.push_back(b.kink[k].value), t[2].number.push_back(b.kink[k].error);
    t[3].number.push_back(b.slope[k].value), t[4].number.push_back(b.slope[k].error);
    t[5].number.push_back(b.slope[k + 1].value), t[6].number.push_back(b.slope[k + 1].error);
  }
}

Aging stages(const Curve& c, const std::vector<std::string>& quantities, Context& context) {
  Aging out;
  prepare(out, "not asked of these columns");
  out.property = fmt::format("{}", fmt::join(quantities, ", "));
  for (const std::string& q : quantities) {
    auto [t, y] = sorted(c.at("temperature").values, c.at(q).values);
    if (t.size() < 5) throw InputError(fmt::format("{}: a kink of {} must be sought in at least 5 points, got {}", c.source, q, t.size()));
    if (q == "constant_loss")
      for (double& v : y) {
        if (!(v > 0)) throw InputError(fmt::format("{}: constant_loss must be positive, got {:g}", c.source, v));
        v = std::log(v);
      }
    const numeric::BrokenLine b = numeric::broken_line(t, y, {}, {.most = q == "constant_loss" ? std::size_t{1} : std::size_t{2}});
    add_kinks(q, b, out);
    if (b.kink.empty()) context.warn(fmt::format("{} shows no kink: one line describes it as well (AICc)", q));
    if (!out.temperature.empty()) continue;
    const double sd = std::sqrt(b.chi2 / std::max(1.0, static_cast<double>(t.size()) - 2 - 2 * static_cast<double>(b.kink.size())));
    out.temperature = t, out.quantity = y, out.quantity_error.assign(t.size(), sd);
    for (double at : t) out.quantity_lines.push_back(b.at(at));
  }
  return out;
}

Aging formula(const AgingOptions& o) {
  Aging out;
  prepare(out, "needs data");
  out.property = "formula", out.best = "flow-unit";
  out.time = o.times;
  if (out.time.empty())
    for (int i = 0; i <= 60; ++i) out.time.push_back(o.offset * std::pow(10, -3 + i / 10.0));
  const double p[4] = {1, std::log(o.amplitude), std::log(o.offset), o.exponent};
  for (double t : out.time) out.relative.push_back(aging_value(AgingLaw::flow_unit, t, p, true)), out.relative_error.push_back(NAN);
  out.relative_fit = out.relative;
  out.initial_concentration = {std::pow(o.amplitude / o.offset, o.exponent), NAN, "formula at exact values"};
  return out;
}

}  // namespace

const ColumnRoles& AgingOptions::columns() {
  static const ColumnRoles roles = {
      {"time", "s", "time of aging", false, {"t", "agingtime", "annealingtime", "ta"}},
      {"modulus", "GPa", "any elastic modulus", false, {"e", "g", "youngsmodulus", "shearmodulus", "storage", "storagemodulus"}},
      {"hardness", "GPa", "hardness", false, {"h", "hv"}},
      {"density", "g/cm^3", "density", false, {"rho"}},
      {"enthalpy", "J/g", "enthalpy above the relaxed state, or recovered", false, {"deltah", "dh", "recoveryenthalpy"}},
      {"temperature", "K", "temperature", false, {"temp", "t"}},
      {"constant_loss", "1", "amplitude of the nearly constant loss", false, {"ncl", "constantloss"}},
      {"beta_kww", "1", "stretching exponent", false, {"beta", "betakww"}},
      {"liquid_fraction", "1", "relaxed fraction", false, {"fliquid", "fractionrelaxed", "fraction_relaxed"}},
  };
  return roles;
}

const Fields& AgingOptions::fields() {
  using O = AgingOptions;
  static const Fields table = {
      field<&O::composition>("composition", "", "of the alloy, for energies per atom"),
      field<&O::molar_mass>("molar_mass", "g/mol", "per mole of atoms, instead of the composition").positive(),
      field<&O::amplitude>("amplitude", "s", "a of (4.1), without a file").positive(),
      field<&O::offset>("offset", "s", "b' of (4.1), without a file").positive(),
      field<&O::exponent>("exponent", "1", "beta of (4.1), without a file").positive(),
      field<&O::times>("times", "s", "where (4.1) is evaluated, without a file; empty: six decades about b'"),
  };
  return table;
}

const Fields& Aging::fields() {
  using R = Aging;
  static const Fields table = {
      field<&R::property>("property", "", "what was analysed"),
      field<&R::best>("best", "", "kinetics of lowest AICc"),
      field<&R::initial_concentration>("initial_concentration", "1", "c(0) = (a/b')^beta of (4.1)"),
      field<&R::relative_change>("relative_change", "1", "of the property from its first value to the limit of the best kinetics"),
      field<&R::formation_energy>("formation_energy", "eV", "per atom and relative volume: enthalpy of free volume"),
      field<&R::parameters>("parameters", "", "of the three kinetics, the property relative to its first value")
          .exact("each row has its value_error"),
      field<&R::models>("models", "", "kinetics ranked by AICc").exact("criteria"),
      field<&R::kinks>("kinks", "", "temperatures where slopes change").exact("each column has its error"),
      field<&R::time>("time", "s", "of aging, beyond 0").exact("as read").log_axis(),
      field<&R::relative>("relative", "1", "property over its first value").over("time", Plot::points),
      field<&R::relative_error>("relative_error", "1", "scatter about the best kinetics").error_for("relative"),
      field<&R::relative_fit>("relative_fit", "1", "the best kinetics").over("time").with("relative").exact("see parameters"),
      field<&R::volume_change>("volume_change", "1", "against the first row").exact("as read"),
      field<&R::enthalpy>("enthalpy", "eV", "per atom").over("volume_change", Plot::points),
      field<&R::enthalpy_error>("enthalpy_error", "eV", "scatter about the line").error_for("enthalpy"),
      field<&R::enthalpy_line>("enthalpy_line", "eV", "line of slope formation_energy")
          .over("volume_change")
          .with("enthalpy")
          .exact("see formation_energy"),
      field<&R::temperature>("temperature", "K", "of the quantity with kinks").exact("as read"),
      field<&R::quantity>("quantity", "1", "constant loss (its logarithm), beta_kww or liquid_fraction").over("temperature", Plot::points),
      field<&R::quantity_error>("quantity_error", "1", "scatter about the lines").error_for("quantity"),
      field<&R::quantity_lines>("quantity_lines", "1", "lines between kinks").over("temperature").with("quantity").exact("see kinks"),
  };
  return table;
}

Aging aging(std::span<const Curve> curves, const AgingOptions& o, Context& context) {
  if (curves.empty()) return formula(o);
  const Curve& c = curves[0];
  if (curves.size() > 1) throw InputError(fmt::format("{}: aging must be one curve (--step chooses it), got {}", c.source, curves.size()));
  if (c.find("time"))
    for (const char* property : {"modulus", "hardness", "density", "enthalpy"})
      if (c.find(property)) return kinetics(c, property, context);
  if (c.find("enthalpy") && c.find("density")) return formation(c, o);
  std::vector<std::string> staged;
  for (const char* q : {"constant_loss", "beta_kww", "liquid_fraction"})
    if (c.find(q) && c.find("temperature")) staged.emplace_back(q);
  if (!staged.empty()) return stages(c, staged, context);
  throw InputError(
      fmt::format("{}: must have time with modulus, hardness, density or enthalpy; enthalpy with density; or temperature with "
                  "constant_loss, beta_kww or liquid_fraction, got {} column(s) of other roles",
                  c.source, c.columns.size()));
}

const Analysis& aging_analysis() {
  static const Analysis entry =
      analysis<&aging>("relaxation", "aging", "kinetics of aging properties, kinks against temperature, energy of free volume",
                       {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019), equation 4.1", "10.1016/j.pmatsci.2019.04.005"},
                        {"Gibbs, Evetts, Leake, J. Mater. Sci. 18, 278 (1983)", "10.1007/BF00543836"}});
  return entry;
}

}  // namespace heteroglass::relaxation
