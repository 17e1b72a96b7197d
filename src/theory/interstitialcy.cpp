#include "theory/interstitialcy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/composition.hpp"
#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"
#include "theory/interstitialcy_data.hpp"
#include "theory/interstitialcy_model.hpp"

namespace heteroglass::theory {
namespace {

using O = InterstitialcyOptions;
using constants::boltzmann, constants::ev_per_cubic_angstrom_in_gpa;
constexpr double j_per_g = 1e3;  // of a GPa at 1 g/cm^3

double number(const std::optional<double>& x) { return x.value_or(NAN); }

double modulus_ratio(const O& o) { return o.glass_to_crystal ? *o.glass_to_crystal : number(o.glass_modulus) / number(o.crystal_modulus); }

double volume(const O& o) {
  if (o.atomic_volume) return *o.atomic_volume;
  if (o.composition.empty() || !o.density) return NAN;
  return parse_composition(o.composition, "--composition").molar_mass() / *o.density * constants::density_factor;
}

DefectCrystal crystal_of(const O& o) {
  const double ev = volume(o) / ev_per_cubic_angstrom_in_gpa * o.alpha;
  return {o.alpha * number(o.beta), number(o.crystal_modulus) * ev, o.formation_entropy, o.crystal_slope * ev, number(o.temperature)};
}

enum Closed {
  concentration,
  stored,
  stored_mass,
  stored_atom,
  formation,
  density_change,
  density_slope,
  anharmonic,
  equilibrium,
  instability,
  instability_c,
  liquid_c,
  melting,
  entropy,
  lindemann,
  melting_ratio,
  fragility
};

std::vector<double> evaluate(const O& o) {
  const double beta = number(o.beta), ratio = modulus_ratio(o), omega = volume(o), mu = number(o.crystal_modulus);
  std::vector<double> v(fragility + 1, NAN);
  v[concentration] = -std::log(ratio) / (o.alpha * beta);
  v[stored] = mu / beta * (1 - ratio);
  v[stored_mass] = v[stored] / number(o.density) * j_per_g;
  v[stored_atom] = v[stored] * omega / ev_per_cubic_angstrom_in_gpa;
  v[formation] = o.alpha * (o.glass_modulus ? *o.glass_modulus : ratio * mu) * omega / ev_per_cubic_angstrom_in_gpa;
  v[density_slope] = (number(o.relaxation_volume) - 1) / (o.alpha * beta);
  v[density_change] = v[density_slope] * std::log(number(o.relaxed_to_initial));
  v[anharmonic] = -number(o.strain_curvature) / (4 * number(o.glass_modulus));
  DefectCrystal crystal = crystal_of(o);
  if (!std::isfinite(crystal.reference)) crystal.reference = 0, crystal.enthalpy_slope = 0;
  if (std::isfinite(crystal.enthalpy) && std::isfinite(crystal.alpha_beta)) {
    v[instability] = crystal.instability();
    if (std::isfinite(v[instability])) v[instability_c] = crystal.branches(v[instability])->stable;
    if (o.temperature)
      if (const auto both = crystal.branches(*o.temperature)) v[equilibrium] = both->stable;
  }
  // The crystal softens up to the melting point, where both moduli count.
  double hot = mu, c = NAN;
  for (int round = 0; round < 60; ++round) {
    const double liquid = number(o.liquid_modulus) / hot;
    c = -std::log(liquid) / (o.alpha * beta);
    v[entropy] = o.formation_entropy * c + mixing_entropy(c);
    v[melting] = hot / beta * (1 - liquid) * omega / ev_per_cubic_angstrom_in_gpa / (boltzmann * v[entropy]);
    if (o.temperature) hot = (hot + mu + o.crystal_slope * (v[melting] - *o.temperature)) / 2;
  }
  v[liquid_c] = c;
  v[melting_ratio] = hot * omega / ev_per_cubic_angstrom_in_gpa / (boltzmann * v[melting]);
  // Debye solid with the transverse speed for all branches: <u^2> = 9 k T / (m w_D^2), w_D^2 = (6 pi^2/Omega)^(2/3) mu/rho.
  v[lindemann] = std::sqrt(9 / std::pow(6 * std::numbers::pi * std::numbers::pi, 2.0 / 3) / v[melting_ratio]);
  v[fragility] = o.time_decades * (1 - number(o.modulus_slope) * number(o.glass_transition) / number(o.glass_modulus));
  return v;
}

Measured with_reason(Measured m, const char* needs) {
  if (!std::isfinite(m.value)) m.note = fmt::format("needs {}", needs);
  return m;
}

void closed_forms(const O& o, Interstitialcy& out) {
  const std::vector<Measured> v = propagated(o, evaluate);
  const char *g = "beta, and glass_to_crystal or both moduli", *omega = "atomic_volume, or composition and density",
             *liquid = "liquid_modulus, crystal_modulus, beta and the atomic volume";
  out.concentration = with_reason(v[concentration], g), out.stored_energy = with_reason(v[stored], "beta and both moduli");
  out.stored_energy_mass = with_reason(v[stored_mass], "beta, both moduli and density");
  out.stored_energy_atom = with_reason(v[stored_atom], fmt::format("beta, both moduli, and {}", omega).c_str());
  out.formation_enthalpy = with_reason(v[formation], fmt::format("glass_modulus, and {}", omega).c_str());
  out.density_change = with_reason(v[density_change], "beta, relaxation_volume and relaxed_to_initial");
  out.density_slope = with_reason(v[density_slope], "beta and relaxation_volume");
  out.beta_anharmonic = with_reason(v[anharmonic], "strain_curvature and glass_modulus");
  out.beta = with_reason({number(o.beta), NAN, "as given"}, "--beta, or heat flow and moduli in files");
  out.equilibrium_concentration =
      with_reason(v[equilibrium], "temperature (below the instability), crystal_modulus, beta and the atomic volume");
  out.instability_temperature = with_reason(v[instability], "crystal_modulus, beta and the atomic volume");
  out.instability_concentration = with_reason(v[instability_c], "crystal_modulus, beta and the atomic volume");
  out.liquid_concentration = with_reason(v[liquid_c], "liquid_modulus, crystal_modulus and beta");
  out.melting_temperature = with_reason(v[melting], liquid), out.melting_entropy = with_reason(v[entropy], liquid);
  out.lindemann_ratio = with_reason(v[lindemann], liquid), out.melting_modulus_ratio = with_reason(v[melting_ratio], liquid);
  out.fragility = with_reason(v[fragility], "glass_transition, glass_modulus and modulus_slope of the liquid there");
}

void draw_branches(const O& o, Interstitialcy& out) {
  const double top = out.instability_temperature.value;
  if (!std::isfinite(top)) return;
  DefectCrystal crystal = crystal_of(o);
  if (!std::isfinite(crystal.reference)) crystal.reference = 0, crystal.enthalpy_slope = 0;
  for (int k = 0; k <= 60; ++k) {
    const double t = top * (0.5 + 0.5 * std::sin(std::numbers::pi / 2 * k / 60));
    const auto both = crystal.branches(std::min(t, top));
    if (!both) continue;
    out.branch_temperature.push_back(t), out.crystal_branch.push_back(both->stable), out.unstable_branch.push_back(both->unstable);
  }
}

/// q/rho in g K cm^3: turns GPa/K into W/g.
double heat_scale(const GlassData& d, const O& o) { return d.rate / number(o.density) * j_per_g; }

/// x = (G/mu) dmu/dT - dG/dT, so that W = scale x / b.
double drive(const GlassData& d, std::size_t i) { return d.modulus[i] / d.crystal[i] * d.crystal_slope[i] - d.slope[i]; }

/// x is regressed on W, which is read off directly and has the smaller noise.
Measured fitted_beta(const GlassData& d, const O& o) {
  if (d.heat_flow.empty()) return {NAN, NAN, "needs --beta, or heat flow"};
  if (!std::isfinite(heat_scale(d, o))) return {NAN, NAN, "needs rate and density"};
  double xy = 0, yy = 0;
  const std::size_t n = d.temperature.size();
  const auto y = [&](std::size_t i) { return d.heat_flow[i] / heat_scale(d, o); };
  for (std::size_t i = 0; i < n; ++i) xy += drive(d, i) * y(i), yy += y(i) * y(i);
  const double beta = xy / yy;
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) squares += std::pow(drive(d, i) - beta * y(i), 2);
  // Neighbouring points share the data within the smoothing width.
  const double step = d.temperature[1] - d.temperature[0], shared = std::max(1.0, 2 * d.smoothing / step);
  return {beta, std::sqrt(squares / static_cast<double>(n - 1) * shared / yy),
          "regression of (4.6), points within the smoothing width counted as one"};
}

void from_data(std::span<const Curve> curves, O o, Interstitialcy& out, Context& context) {
  const GlassData d = glass_data(curves, o, context);
  const std::size_t n = d.temperature.size();
  if (!o.beta) {
    const Measured fitted = fitted_beta(d, o);
    if (!std::isfinite(fitted.value)) throw InputError(fmt::format("theory/interstitialcy: beta {}, got none", fitted.note));
    if (!(fitted.value > 0))
      throw InputError(fmt::format(
          "theory/interstitialcy: beta of the regression must be positive, got {:.3g}: check the sign of the heat flow", fitted.value));
    o.beta = fitted.value;
    out.beta = fitted;
  }
  const double ab = o.alpha * *o.beta, relative = std::isfinite(out.beta.error) ? out.beta.error / *o.beta : 0;
  if (*o.beta < 10 || *o.beta > 30) context.warn(fmt::format("beta = {:.3g} lies outside 10 to 30, where metallic glasses lie", *o.beta));
  out.temperature = d.temperature, out.modulus = d.modulus, out.crystal = d.crystal, out.heat_flow = d.heat_flow;
  const double scale = heat_scale(d, o), rate = std::isfinite(d.rate) ? d.rate : 20.0 / 60;
  const double middle = (d.temperature.front() + d.temperature.back()) / 2;
  out.energy_per_temperature = energy_per_temperature(middle, rate, o.attempt_frequency);
  if (!std::isfinite(d.rate)) context.warn("no heating rate: energies are those of 20 K/min, and there is no predicted heat flow");
  const double a = out.energy_per_temperature;
  double annealed = 0, annealed_variance = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double g = d.modulus[i], mu = d.crystal[i], c = std::log(mu / g) / ab;
    out.defects.push_back(c);
    out.defects_error.push_back(std::hypot(std::hypot(d.modulus_error[i] / g, d.crystal_error[i] / mu) / ab, c * relative));
    const double x_error = std::hypot(g / mu * d.crystal_slope_error[i], d.slope_error[i]);
    if (std::isfinite(scale)) {
      out.heat_flow_predicted.push_back(scale / *o.beta * drive(d, i));
      out.heat_flow_predicted_error.push_back(std::hypot(scale / *o.beta * x_error, out.heat_flow_predicted.back() * relative));
    }
    // dc/dT = x / (a b G)
    out.energy.push_back(a * d.temperature[i]);
    out.spectrum.push_back(-drive(d, i) / (ab * g) / a), out.spectrum_error.push_back(x_error / (ab * g) / a);
    if (!d.heat_flow.empty() && std::isfinite(scale)) out.spectrum_heat.push_back(-d.heat_flow[i] / scale / (o.alpha * g) / a);
    if (out.spectrum.back() > 0 && i > 0) {
      const double width = out.energy[i] - out.energy[i - 1];
      annealed += out.spectrum.back() * width, annealed_variance += std::pow(out.spectrum_error.back() * width, 2);
    }
  }
  const double shared = std::sqrt(std::max(1.0, 2 * d.smoothing / (d.temperature[1] - d.temperature[0])));
  const char* note = "noise of the moduli, and the error of beta when it was fitted";
  out.concentration_start = {out.defects.front(), out.defects_error.front(), note};
  out.concentration_end = {out.defects.back(), out.defects_error.back(), note};
  out.annealed = {annealed, std::sqrt(annealed_variance) * shared, "integral of the positive part of the spectrum; noise of the slopes"};
  out.concentration = out.concentration_start;
  const auto stored_at = [&](std::size_t i) {
    const double error =
        std::hypot(std::hypot(d.modulus_error[i], d.crystal_error[i]) / *o.beta, (d.crystal[i] - d.modulus[i]) / *o.beta * relative);
    return Measured{(d.crystal[i] - d.modulus[i]) / *o.beta, error, note};
  };
  out.stored_energy = stored_at(0);
  const Measured end = stored_at(n - 1);
  if (o.density) {
    const double f = j_per_g / *o.density;
    out.stored_energy_mass = {out.stored_energy.value * f, out.stored_energy.error * f, note};
    out.crystallisation_heat = {end.value * f, end.error * f, "(4.7) at the upper end of the range"};
  } else {
    out.crystallisation_heat.note = "needs density";
  }
  const double omega = volume(o);
  if (std::isfinite(omega)) {
    const double f = omega / ev_per_cubic_angstrom_in_gpa;
    out.stored_energy_atom = {out.stored_energy.value * f, out.stored_energy.error * f, note};
    out.formation_enthalpy = {o.alpha * d.modulus[0] * f, o.alpha * d.modulus_error[0] * f, "noise of the modulus"};
  }
  if (*std::min_element(out.defects.begin(), out.defects.end()) < 0)
    context.warn("the glass is stiffer than the crystal somewhere: negative concentrations; end the range before crystallisation");
  if (o.glass_transition && *o.glass_transition > d.temperature.front() && *o.glass_transition < d.temperature.back()) {
    const auto i =
        static_cast<std::size_t>(std::lower_bound(d.temperature.begin(), d.temperature.end(), *o.glass_transition) - d.temperature.begin());
    const double factor = o.time_decades * d.temperature[i] / d.modulus[i];
    out.fragility = {o.time_decades - factor * d.slope[i], factor * d.slope_error[i],
                     "slope of G at the glass transition, the point itself"};
  }
}

}  // namespace

Interstitialcy interstitialcy(std::span<const Curve> curves, const O& o, Context& context) {
  Interstitialcy out;
  const double ratio = modulus_ratio(o);
  if (ratio > 1)
    throw InputError(fmt::format("--glass-to-crystal: must be at most 1 (the glass is softer than the crystal), got {:.5g}", ratio));
  closed_forms(o, out);
  draw_branches(o, out);
  for (Measured* m : {&out.crystallisation_heat, &out.concentration_start, &out.concentration_end, &out.annealed})
    m->note = "needs files with G(T)";
  out.energy_per_temperature = NAN;
  if (!curves.empty()) return from_data(curves, o, out, context), out;
  const std::vector<double> v = evaluate(o);
  if (std::none_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); }))
    throw InputError(
        "theory/interstitialcy: must have files, or options that give a result (such as --glass-to-crystal and --beta), got neither");
  return out;
}

const ColumnRoles& InterstitialcyOptions::columns() {
  static const ColumnRoles roles = {
      {"temperature", "K", "temperature", true, {"t", "temp"}},
      {"shear_modulus", "GPa", "unrelaxed shear modulus of the glass", false, {"g", "glassmodulus", "shearmodulus", "gglass"}},
      {"crystal_modulus",
       "GPa",
       "shear modulus of the crystallised sample",
       false,
       {"mu", "crystalmodulus", "gcrystal", "crystalshearmodulus"}},
      {"heat_flow", "W/g", "heat flow of the glass, endotherm positive", false, {"heatflow", "dsc", "hf", "w"}},
      {"crystal_heat_flow", "W/g", "heat flow of the crystallised sample", false, {"crystalheatflow", "heatflowcrystal"}},
  };
  return roles;
}

const Fields& InterstitialcyOptions::fields() {
  static const Fields table = {
      field<&O::beta>("beta", "1", "shear susceptibility b, 15 to 21; unset with files: regression of (4.6)").positive(),
      field<&O::alpha>("alpha", "1", "a of H_f = a G Omega").positive(),
      field<&O::glass_to_crystal>("glass_to_crystal", "1", "G/mu").positive(),
      field<&O::glass_modulus>("glass_modulus", "GPa", "unrelaxed shear modulus of the glass").positive(),
      field<&O::crystal_modulus>("crystal_modulus", "GPa", "shear modulus of the crystal; with files at the lowest temperature").positive(),
      field<&O::crystal_slope>("crystal_slope", "GPa/K", "dmu/dT of the crystal"),
      field<&O::relaxed_to_initial>("relaxed_to_initial", "1", "G/G0, modulus after relaxation over that before").positive(),
      field<&O::relaxation_volume>("relaxation_volume", "1", "relaxation volume of a defect over the volume per atom").positive(),
      field<&O::density>("density", "g/cm^3", "density of the glass").positive(),
      field<&O::composition>("composition", "", "composition, gives the volume per atom with the density"),
      field<&O::atomic_volume>("atomic_volume", "angstrom^3", "volume per atom").positive(),
      field<&O::temperature>("temperature", "K", "for the equilibrium concentration of the crystal, and where crystal_modulus holds")
          .positive(),
      field<&O::formation_entropy>("formation_entropy", "1", "formation entropy of an interstitialcy in k, 10 to 20").positive(),
      field<&O::liquid_modulus>("liquid_modulus", "GPa", "unrelaxed shear modulus of the liquid at the melting point").positive(),
      field<&O::glass_transition>("glass_transition", "K", "for the fragility").positive().alias("tg"),
      field<&O::modulus_slope>("modulus_slope", "GPa/K", "dG/dT of the liquid at the glass transition"),
      field<&O::time_decades>("time_decades", "1", "log10 of the relaxation time at T_g over the shortest one").positive(),
      field<&O::strain_curvature>("strain_curvature", "GPa", "d2G/deps2 of a simulation, for beta"),
      field<&O::rate>("rate", "K/min", "heating rate; unset: as the file says").positive().alias("heating_rate"),
      field<&O::temperature_low>("temperature_low", "K", "data from; unset: all").positive(),
      field<&O::temperature_high>("temperature_high", "K", "data to, before crystallisation; unset: all").positive(),
      field<&O::smoothing>("smoothing", "K", "half width of the lines that give slopes; unset: a fortieth of the range")
          .positive()
          .difference(),
      field<&O::attempt_frequency>("attempt_frequency", "1/s", "of the defects, for the energy scale").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const Fields& Interstitialcy::fields() {
  using I = Interstitialcy;
  static const Fields table = {
      field<&I::concentration>("concentration", "1", "defects per atom, ln(mu/G)/(a b); of files at the lowest temperature"),
      field<&I::stored_energy>("stored_energy", "GPa", "(mu/b)(1 - G/mu), energy per volume"),
      field<&I::stored_energy_mass>("stored_energy_mass", "J/g", "the same per mass, the heat of crystallisation"),
      field<&I::stored_energy_atom>("stored_energy_atom", "eV", "the same per atom"),
      field<&I::formation_enthalpy>("formation_enthalpy", "eV", "a G Omega"),
      field<&I::density_change>("density_change", "1", "relative change of density on relaxation"),
      field<&I::density_slope>("density_slope", "1", "density change per ln(G/G0)"),
      field<&I::beta>("beta", "1", "shear susceptibility in force"),
      field<&I::beta_anharmonic>("beta_anharmonic", "1", "-(1/4G) d2G/deps2"),
      field<&I::equilibrium_concentration>("equilibrium_concentration", "1", "of the crystal at `temperature`"),
      field<&I::instability_temperature>("instability_temperature", "K", "above it a crystal with defects has no equilibrium"),
      field<&I::instability_concentration>("instability_concentration", "1", "concentration there"),
      field<&I::liquid_concentration>("liquid_concentration", "1", "of the liquid, from its modulus"),
      field<&I::melting_temperature>("melting_temperature", "K", "equal Gibbs energies of crystal and liquid"),
      field<&I::melting_entropy>("melting_entropy", "1", "in k per atom; Richards: about 1.2"),
      field<&I::lindemann_ratio>("lindemann_ratio", "1", "rms displacement at melting over Omega^(1/3)"),
      field<&I::melting_modulus_ratio>("melting_modulus_ratio", "1", "mu Omega / (k T_m)"),
      field<&I::fragility>("fragility", "1", "log10(tau_g/tau_0) (1 - dlnG/dlnT) at T_g"),
      field<&I::crystallisation_heat>("crystallisation_heat", "J/g",
                                      "predicted heat of crystallisation at the upper end of the data, released"),
      field<&I::concentration_start>("concentration_start", "1", "defects at the lowest temperature of the data"),
      field<&I::concentration_end>("concentration_end", "1", "defects at the highest"),
      field<&I::annealed>("annealed", "1", "defects that anneal out, integral of the spectrum where it is positive"),
      field<&I::energy_per_temperature>("energy_per_temperature", "eV/K", "A of E = A T").exact("from the rate and the attempt frequency"),
      field<&I::temperature>("temperature", "K", "common temperatures of the data").exact("a grid"),
      field<&I::modulus>("modulus", "GPa", "shear modulus of the glass").over("temperature").exact("smoothed data"),
      field<&I::crystal>("crystal", "GPa", "shear modulus of the crystal").over("temperature").with("modulus").exact("smoothed data"),
      field<&I::defects>("defects", "1", "defect concentration").over("temperature"),
      field<&I::defects_error>("defects_error", "1", "its error").error_for("defects"),
      field<&I::heat_flow>("heat_flow", "W/g", "measured heat flow in excess of the crystal")
          .over("temperature", Plot::points)
          .exact("data"),
      field<&I::heat_flow_predicted>("heat_flow_predicted", "W/g", "from the moduli by (4.6)").over("temperature").with("heat_flow"),
      field<&I::heat_flow_predicted_error>("heat_flow_predicted_error", "W/g", "its error").error_for("heat_flow_predicted"),
      field<&I::energy>("energy", "eV", "activation energy A T").exact("a grid"),
      field<&I::spectrum>("spectrum", "1/eV", "activation-energy spectrum from the moduli; negative where defects are made").over("energy"),
      field<&I::spectrum_error>("spectrum_error", "1/eV", "its error").error_for("spectrum"),
      field<&I::spectrum_heat>("spectrum_heat", "1/eV", "the same from the measured heat flow")
          .over("energy")
          .with("spectrum")
          .exact("data"),
      field<&I::branch_temperature>("branch_temperature", "K", "temperatures of the equilibrium of the crystal").exact("a grid"),
      field<&I::crystal_branch>("crystal_branch", "1", "stable equilibrium concentration").over("branch_temperature").exact("the formula"),
      field<&I::unstable_branch>("unstable_branch", "1", "unstable equilibrium; the two meet at the instability")
          .over("branch_temperature")
          .with("crystal_branch")
          .exact("the formula"),
  };
  return table;
}

const Analysis& interstitialcy_analysis() {
  static const Analysis entry = analysis<&interstitialcy>(
      "theory", "interstitialcy", "Granato's theory: defects, heat flow and stored energy of a glass from its shear modulus",
      {{"Granato, Phys. Rev. Lett. 68, 974 (1992)", "10.1103/PhysRevLett.68.974"},
       {"Granato, Khonik, Phys. Rev. Lett. 93, 155502 (2004)", "10.1103/PhysRevLett.93.155502"},
       {"Qiao et al., Prog. Mater. Sci. 104, 250 (2019)", "10.1016/j.pmatsci.2019.04.005"}});
  return entry;
}

}  // namespace heteroglass::theory
