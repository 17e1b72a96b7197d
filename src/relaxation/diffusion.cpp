#include "relaxation/diffusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/units.hpp"
#include "numeric/broken_line.hpp"
#include "numeric/straight_line.hpp"
#include "relaxation/temperature_kink.hpp"
#include "relaxation/temperature_models.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double ln10 = std::numbers::ln10;
const double joule_per_kelvin = constants::boltzmann * constants::elementary_charge;

bool has_dimension(const std::string& unit, const std::string& of) {
  try {
    return !unit.empty() && parse_unit(unit).dimension == parse_unit(of).dimension;
  } catch (const InputError&) {
    return false;
  }
}

struct Data {
  std::vector<double> t, viscosity;  ///< [K], [Pa s] (empty: none), ascending temperature
  std::vector<std::string> species;
  std::vector<std::vector<double>> d;  ///< [m^2/s]
};

std::vector<double> in_unit(const CurveColumn& c, const std::string& unit) {
  std::vector<double> out;
  for (double v : c.values) out.push_back(convert(v, c.unit, unit));
  return out;
}

Data read(const Curve& c) {
  Data d;
  std::vector<std::vector<double>> raw;
  std::vector<double> t, viscosity;
  for (const CurveColumn& column : c.columns) {
    if (has_dimension(column.unit, "K") && t.empty()) t = in_unit(column, "K");
    if (has_dimension(column.unit, "m^2/s")) d.species.push_back(column.name), raw.push_back(in_unit(column, "m^2/s"));
    if (has_dimension(column.unit, "Pa*s") && viscosity.empty()) viscosity = in_unit(column, "Pa*s");
  }
  if (t.empty() || raw.empty())
    throw InputError(
        fmt::format("{}: must have a temperature and at least one diffusivity, with their units (K, m^2/s), got {} such column(s)",
                    c.source, t.empty() ? 0 : raw.size()));
  std::vector<std::size_t> order(t.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return t[a] < t[b]; });
  d.d.resize(raw.size());
  for (std::size_t i : order) {
    d.t.push_back(t[i]);
    if (!viscosity.empty()) d.viscosity.push_back(viscosity[i]);
    for (std::size_t s = 0; s < raw.size(); ++s) {
      // An empty cell (NaN) is a temperature at which this species was not measured.
      if (raw[s][i] <= 0)
        throw InputError(fmt::format("{}: {} must be positive, got {:g} m^2/s at {:g} K", c.source, d.species[s], raw[s][i], t[i]));
      d.d[s].push_back(raw[s][i]);
    }
  }
  return d;
}

/// Points at which a species was measured.
struct Series {
  std::vector<std::size_t> index;
  std::vector<double> t, y;  ///< y: -log10 D
};

Series series(const Data& d, std::size_t s) {
  Series out;
  for (std::size_t i = 0; i < d.t.size(); ++i)
    if (std::isfinite(d.d[s][i])) out.index.push_back(i), out.t.push_back(d.t[i]), out.y.push_back(-std::log10(d.d[s][i]));
  return out;
}

void make_tables(Diffusion& out) {
  for (const char* c : {"species", "law", "parameter", "unit"}) out.laws.add_text(c);
  out.laws.add_number("value", "1", "in the unit of its row"), out.laws.add_number("value_error", "1");
  out.species.add_text("species"), out.species.add_text("law", "of lowest AICc");
  out.species.add_number("activation_energy", "eV", "-d ln D/d(1/kT) at the middle temperature"),
      out.species.add_number("activation_energy_error", "eV");
  out.species.add_number("activation_energy_r_tg", "1", "in R Tg, when Tg is given");
  out.species.add_number("kink", "K", "two regimes meet here"), out.species.add_number("kink_error", "K");
  out.species.add_number("energy_below", "eV", "below the kink"), out.species.add_number("energy_below_error", "eV");
  out.stokes_einstein.add_text("species");
  out.stokes_einstein.add_number("radius", "angstrom", "kT/(c pi eta D) at the hottest point");
  out.stokes_einstein.add_number("exponent", "1", "xi of D ~ (eta/T)^-xi; 1: Stokes-Einstein"),
      out.stokes_einstein.add_number("exponent_error", "1");
  out.stokes_einstein.add_number("breakdown", "K", "below it D eta/T grows"), out.stokes_einstein.add_number("breakdown_error", "K");
}

void add_law(Diffusion& out, const std::string& species, Law law, const numeric::LeastSquares& f) {
  const std::vector<LawParameter>& p = law_parameters(law);
  for (std::size_t i = 0; i < p.size(); ++i) {
    // log10 tau0 of -log10 D is -log10 D_0.
    const double value = i == 0 ? std::pow(10, -f.value[0]) : f.value[i];
    std::vector<TableColumn>& c = out.laws.columns;
    c[0].text.push_back(species), c[1].text.push_back(law_name(law)), c[2].text.push_back(i == 0 ? "D0" : p[i].name),
        c[3].text.push_back(i == 0 ? "m^2/s" : p[i].unit);
    c[4].number.push_back(value), c[5].number.push_back(i == 0 ? value * ln10 * f.error[0] : f.error[i]);
  }
}

/// Apparent energy at T, k d(-ln D)/d(1/T), with its error by differences.
Measured energy_at(Law law, double t, const numeric::LeastSquares& f) {
  const auto energy = [&](const std::vector<double>& p) { return constants::boltzmann * ln10 * law_slope(law, t, p); };
  std::vector<double> g;
  for (std::size_t i = 0; i < f.value.size(); ++i) {
    std::vector<double> up = f.value, down = f.value;
    const double h = std::max(1e-5 * std::abs(f.value[i]), 1e-3 * f.error[i]);
    up[i] += h, down[i] -= h;
    g.push_back(h > 0 ? (energy(up) - energy(down)) / (2 * h) : 0);
  }
  double variance = 0;
  for (std::size_t i = 0; i < g.size(); ++i)
    for (std::size_t j = 0; j < g.size(); ++j) variance += g[i] * g[j] * f.covariance(i, j);
  return {energy(f.value), std::sqrt(std::max(variance, 0.0)), "covariance"};
}

void fit_species(const Data& d, std::size_t s, const DiffusionOptions& o, Context& context, Diffusion& out) {
  const Series points = series(d, s);
  if (points.t.size() < 3)
    throw InputError(fmt::format("{}: must be measured at 3 temperatures at least, got {}", d.species[s], points.t.size()));
  struct Candidate {
    Law law;
    numeric::LeastSquares fit;
  };
  std::vector<Candidate> single;
  for (const Law law : {Law::arrhenius, Law::vft})
    if (points.t.size() > law_parameters(law).size()) {
      single.push_back({law, fit_law(law, points.t, points.y, {})});
      add_law(out, d.species[s], law, single.back().fit);
    }
  if (single.empty())
    throw InputError(fmt::format("{}: must have more points than a law has parameters, got {}", d.species[s], points.t.size()));
  const Candidate& best =
      *std::min_element(single.begin(), single.end(), [](const Candidate& a, const Candidate& b) { return a.fit.aicc < b.fit.aicc; });
  std::optional<TemperatureKink> kink;
  Law above = best.law;
  for (const Law law : {Law::arrhenius, Law::vft})
    if (auto k = temperature_kink(law, points.t, points.y, {}, 0); k && k->aicc < best.fit.aicc - 6 && (!kink || k->aicc < kink->aicc))
      kink = k, above = law;

  const double middle = 2 / (1 / points.t.front() + 1 / points.t.back());
  const Measured energy = energy_at(best.law, middle, best.fit);
  std::vector<TableColumn>& c = out.species.columns;
  c[0].text.push_back(d.species[s]), c[1].text.push_back(kink ? "arrhenius+" + law_name(above) : law_name(best.law));
  c[2].number.push_back(energy.value), c[3].number.push_back(energy.error);
  c[4].number.push_back(o.glass_transition ? energy.value / (constants::boltzmann * *o.glass_transition) : NAN);
  c[5].number.push_back(kink ? kink->temperature.value : NAN), c[6].number.push_back(kink ? kink->temperature.error : NAN);
  c[7].number.push_back(kink ? kink->energy_below.value : NAN), c[8].number.push_back(kink ? kink->energy_below.error : NAN);
  if (kink && kink->temperature.value > 0)
    context.warn(fmt::format("{}: two regimes, which meet at {:.1f} K; the activation energy is that of one law over both", d.species[s],
                             kink->temperature.value));

  const double n = static_cast<double>(points.t.size()),
               sd = std::sqrt(best.fit.chi2 / std::max(1.0, n - static_cast<double>(best.fit.free_parameters)));
  for (std::size_t k = 0; k < points.t.size(); ++k) {
    const std::size_t i = points.index[k];
    out.ln_d(s, i) = std::log(d.d[s][i]), out.ln_d_error(s, i) = ln10 * sd;
    double y = law_value(best.law, points.t[k], best.fit.value);
    if (kink) {
      const double tk = kink->temperature.value;
      y = law_value(above, std::max(points.t[k], tk), kink->parameters);
      if (points.t[k] < tk) y += kink->energy_below.value / (constants::boltzmann * ln10) * (1 / points.t[k] - 1 / tk);
    }
    out.ln_d_fit(s, i) = -ln10 * y;
  }
}

double boundary_factor(const DiffusionOptions& o) { return (o.boundary == "slip" ? 4 : 6) * std::numbers::pi; }

void compare(const Data& d, std::size_t s, const DiffusionOptions& o, Context& context, Diffusion& out) {
  std::vector<double> x, y, t;  // x = ln(eta/T) ascends as T falls, y = ln(D eta/T)
  std::vector<std::size_t> index;
  for (std::size_t k = d.t.size(); k-- > 0;) {
    if (!std::isfinite(d.d[s][k]) || !(d.viscosity[k] > 0)) continue;
    x.push_back(std::log(d.viscosity[k] / d.t[k])), y.push_back(std::log(d.d[s][k]) + x.back()), t.push_back(d.t[k]), index.push_back(k);
  }
  std::vector<TableColumn>& c = out.stokes_einstein.columns;
  if (x.size() < 3) {
    context.warn(fmt::format("{}: diffusivity and viscosity have fewer than 3 temperatures in common", d.species[s]));
    return;
  }
  for (std::size_t i = 1; i < x.size(); ++i)
    if (!(x[i] > x[i - 1]))
      throw InputError(fmt::format("viscosity: must fall with temperature, got {:g} Pa s at {:g} K", d.viscosity[index[i]], t[i]));
  const numeric::StraightLine line = numeric::straight_line(x, y);
  c[0].text.push_back(d.species[s]);
  const double radius = 1e10 * joule_per_kelvin / (boundary_factor(o) * std::exp(y[0]));
  c[1].number.push_back(radius);
  c[2].number.push_back(1 - line.slope), c[3].number.push_back(std::sqrt(line.variance_slope));
  double breakdown = NAN, error = NAN;
  if (x.size() >= 6) {
    const numeric::BrokenLine b = numeric::broken_line(x, y, {});
    if (!b.kink.empty() && b.slope[1].value > b.slope[0].value) {
      // From ln(eta/T) back to a temperature, on the points around.
      const auto at = static_cast<std::size_t>(
          std::clamp<std::ptrdiff_t>(std::lower_bound(x.begin(), x.end(), b.kink[0].value) - x.begin(), 1, std::ptrdiff_t(x.size()) - 1));
      const double slope = (t[at] - t[at - 1]) / (x[at] - x[at - 1]);
      breakdown = t[at - 1] + slope * (b.kink[0].value - x[at - 1]), error = std::abs(slope) * b.kink[0].error;
    }
  }
  c[4].number.push_back(breakdown), c[5].number.push_back(error);
  const double reference = o.radius ? std::log(joule_per_kelvin / (boundary_factor(o) * 1e-10 * *o.radius)) : y[0];
  for (std::size_t i = 0; i < x.size(); ++i) {
    out.decoupling(s, index[i]) = std::exp(y[i] - reference);
    out.decoupling_error(s, index[i]) = out.decoupling(s, index[i]) * out.ln_d_error(s, index[i]);
  }
}

Diffusion formula(const DiffusionOptions& o) {
  if (!o.temperature || !o.viscosity || !o.radius)
    throw InputError("--temperature, --viscosity, --radius: must all be given when there is no file, got fewer");
  Diffusion out;
  make_tables(out);
  out.diffusivity = {joule_per_kelvin * *o.temperature / (boundary_factor(o) * *o.viscosity * 1e-10 * *o.radius), 0, "of given parameters"};
  return out;
}

}  // namespace

const Fields& DiffusionOptions::fields() {
  using O = DiffusionOptions;
  static const Fields table = {
      field<&O::boundary>("boundary", "", "of the sphere in the liquid: slip (4 pi) or stick (6 pi)").one_of({"slip", "stick"}),
      field<&O::radius>("radius", "angstrom", "of the diffusing sphere; unset: the decoupling is relative to the hottest point").positive(),
      field<&O::glass_transition>("glass_transition", "K", "gives activation energies in R Tg").positive().alias("tg"),
      field<&O::temperature>("temperature", "K", "of Stokes-Einstein, without a file").positive(),
      field<&O::viscosity>("viscosity", "Pa*s", "of Stokes-Einstein, without a file").positive(),
  };
  return table;
}

const Fields& Diffusion::fields() {
  using R = Diffusion;
  static const Fields table = {
      field<&R::diffusivity>("diffusivity", "m^2/s", "of Stokes and Einstein, without a file"),
      field<&R::species>("species", "", "law, activation energy and kink of each species, with columns x_error"),
      field<&R::laws>("laws", "", "parameters of all laws: D0 and E, or D0, B and T0").exact("each row has its value_error"),
      field<&R::stokes_einstein>("stokes_einstein", "", "radius, exponent and breakdown of each species, with columns x_error"),
      field<&R::name>("name", "", "of the species, in the order of the rows below"),
      field<&R::temperature>("temperature", "K", "of the points").exact("as read"),
      field<&R::ln_d>("ln_d", "1", "ln(D s/m^2)").over("temperature", Plot::points).labelled("name"),
      field<&R::ln_d_error>("ln_d_error", "1", "scatter about the best single law").error_for("ln_d"),
      field<&R::ln_d_fit>("ln_d_fit", "1", "the best law").over("temperature").labelled("name").with("ln_d").exact("see laws"),
      field<&R::decoupling>("decoupling", "1", "D eta/T relative to the hottest point, or to the radius given")
          .over("temperature", Plot::points)
          .labelled("name")
          .log_axis(),
      field<&R::decoupling_error>("decoupling_error", "1", "from the scatter of D").error_for("decoupling"),
  };
  return table;
}

Diffusion diffusion(std::span<const Curve> curves, const DiffusionOptions& o, Context& context) {
  if (curves.empty()) return formula(o);
  if (curves.size() > 1)
    throw InputError(
        fmt::format("{}: diffusion must be one table (--step chooses it, --split none joins it), got {}", curves[0].source, curves.size()));
  const Data d = read(curves[0]);
  Diffusion out;
  make_tables(out);
  out.diffusivity.note = "see ln_d";
  out.name = d.species, out.temperature = d.t;
  for (Matrix* m : {&out.ln_d, &out.ln_d_error, &out.ln_d_fit}) *m = Matrix(d.species.size(), d.t.size(), NAN);
  for (std::size_t s = 0; s < d.species.size(); ++s) fit_species(d, s, o, context, out);
  if (d.viscosity.empty()) return out;
  out.decoupling = out.decoupling_error = Matrix(d.species.size(), d.t.size(), NAN);
  for (std::size_t s = 0; s < d.species.size(); ++s) compare(d, s, o, context, out);
  return out;
}

const Analysis& diffusion_analysis() {
  static const Analysis entry =
      analysis<&diffusion>("relaxation", "diffusion", "diffusion of several species against temperature, Stokes-Einstein and its breakdown",
                           {{"Faupel et al., Rev. Mod. Phys. 75, 237 (2003)", "10.1103/RevModPhys.75.237"},
                            {"Einstein, Ann. Phys. 322, 549 (1905)", "10.1002/andp.19053220806"}});
  return entry;
}

}  // namespace heteroglass::relaxation
