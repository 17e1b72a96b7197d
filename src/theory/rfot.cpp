#include "theory/rfot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"
#include "theory/configurational_entropy.hpp"
#include "theory/relaxation_fit.hpp"

namespace heteroglass::theory {
namespace {

using O = RfotOptions;
using std::numbers::pi;
constexpr double ln10 = std::numbers::ln10;

double surface_tension(const O& o) { return o.surface_tension.value_or(std::sqrt(o.prefactor / (3 * pi))); }

std::optional<double> where(const O& o) { return o.temperature ? o.temperature : o.glass_transition; }

ConfigurationalEntropy liquid(const O& o) {
  return {o.cp_step.value_or(NAN), o.glass_transition.value_or(NAN), o.heat_capacity == "hyperbolic"};
}

double entropy_at(const O& o, double t) { return liquid(o).at(t, o.kauzmann_temperature.value_or(NAN)); }

double droplet(double x, double s, double theta, double radius) {
  return 4 * pi * x * std::pow(radius, theta) - 4 * pi / 3 * s * std::pow(radius, 3);
}

double radius_of(double factor, double x, double s, double theta) { return std::pow(factor * x / s, 1 / (3 - theta)); }

/// F at its maximum.
double top(double x, double s, double theta) { return droplet(x, s, theta, radius_of(theta, x, s, theta)); }

enum Closed { barrier, energy, log_tau, entropy, entropy_glass, tension, prefactor, critical, length, length_angstrom, beads, fragility };

std::vector<double> evaluate(const O& o) {
  const double x = surface_tension(o), s = o.entropy ? *o.entropy : entropy_at(o, where(o).value_or(NAN));
  std::vector<double> v(fragility + 1, NAN);
  v[tension] = x, v[entropy] = s, v[barrier] = top(x, s, o.theta), v[prefactor] = v[barrier] * s;
  if (const auto t = where(o)) v[energy] = v[barrier] * constants::boltzmann * *t;
  v[log_tau] = std::log10(o.tau0) + v[barrier] / ln10;
  // F* goes as s^(-th/(3-th)), 1/s at th = 3/2.
  const double power = o.theta / (3 - o.theta), target = std::log(o.tau_glass / o.tau0);
  v[entropy_glass] = s * std::pow(v[barrier] / target, 1 / power);
  v[critical] = radius_of(o.theta, x, s, o.theta), v[length] = radius_of(3, x, s, o.theta);
  v[length_angstrom] = v[length] * o.bead_size.value_or(NAN), v[beads] = 4 * pi / 3 * std::pow(v[length], 3);
  if (o.cp_step) {  // d(ln tau)/d(T_g/T) = power F* T s'/s, T s' = Dc_p
    const double glass = o.glass_transition && o.kauzmann_temperature ? entropy_at(o, *o.glass_transition) : v[entropy_glass];
    v[fragility] = power * top(x, glass, o.theta) / ln10 * *o.cp_step / glass;
  }
  return v;
}

void report(const O& o, Rfot& out) {
  const std::vector<Measured> v = propagated(o, evaluate);
  const auto reason = [](Measured m, const char* needs) { return std::isfinite(m.value) ? m : Measured{NAN, NAN, needs}; };
  out.barrier = v[barrier], out.barrier_energy = reason(v[energy], "needs temperature or glass_transition");
  out.log10_relaxation_time = v[log_tau], out.entropy = v[entropy], out.entropy_glass = v[entropy_glass], out.surface_tension = v[tension];
  out.prefactor = v[prefactor], out.critical_radius = v[critical], out.correlation_length = v[length];
  out.correlation_length_angstrom = reason(v[length_angstrom], "needs bead_size"), out.region_beads = v[beads];
  out.fragility = reason(v[fragility], "needs cp_step");
  out.kauzmann_temperature = {o.kauzmann_temperature.value_or(NAN), NAN, o.kauzmann_temperature ? "as given" : "not given"};
  out.log10_tau0 = {std::log10(o.tau0), NAN, "as given"};
  const double x = out.surface_tension.value, s = out.entropy.value;
  for (int k = 0; k <= 120; ++k) {
    out.radius.push_back(1.15 * out.correlation_length.value * k / 120);
    out.free_energy.push_back(droplet(x, s, o.theta, out.radius.back()));
  }
}

void draw(const O& o, const std::vector<double>& temperatures, double ln_tau0, Rfot& out) {
  const double x = surface_tension(o);
  for (const double t : temperatures) {
    const double s = entropy_at(o, t);
    out.temperature.push_back(t), out.log10_tau_model.push_back((ln_tau0 + top(x, s, o.theta)) / ln10);
    out.length.push_back(radius_of(3, x, s, o.theta));
  }
}

/// ln tau = ln tau_0 + P (k/s_c)^power; P is what the theory says to be 32.
void fit(std::span<const Curve> curves, O o, Rfot& out, Context& context) {
  if (!o.cp_step || !o.glass_transition)
    throw InputError("theory/rfot: a file needs --cp-step (per bead, in k) and --glass-transition for s_c(T), got none");
  const RelaxationTimes d = relaxation_times(curves, o.shear_modulus);
  const double power = o.theta / (3 - o.theta);
  const ConfigurationalEntropy s = liquid(o);
  const RelaxationFit f = relaxation_fit(
      d, [&](double t, double tk) { return std::pow(s.at(t, tk), -power); }, o.kauzmann_temperature);
  if (!f.converged) context.warn("the fit did not converge: " + f.message);
  o.kauzmann_temperature = f.t0.value, o.tau0 = std::exp(f.ln_tau0.value);
  const double unit = top(1, 1, o.theta);  // F* = unit x^(3/(3-th)) s^-power
  o.surface_tension = std::pow(f.slope.value / unit, (3 - o.theta) / 3);
  report(o, out);
  out.prefactor = {f.slope.value, f.slope.error, "covariance of the fit; the theory says 32 at theta = 3/2"};
  out.surface_tension.error = *o.surface_tension * (3 - o.theta) / 3 * f.slope.error / f.slope.value,
  out.surface_tension.note = "covariance of the fit";
  out.kauzmann_temperature = f.t0, out.log10_tau0 = {f.ln_tau0.value / ln10, f.ln_tau0.error / ln10, f.ln_tau0.note};
  for (const double y : d.ln_tau) out.log10_tau.push_back(y / ln10);
  out.rms = f.rms;
  draw(o, d.temperature, f.ln_tau0.value, out);
}

}  // namespace

Rfot rfot(std::span<const Curve> curves, const O& o, Context& context) {
  Rfot out;
  out.rms = NAN;
  if (!curves.empty()) return fit(curves, o, out, context), out;
  const bool from_heat = o.cp_step && o.glass_transition && o.kauzmann_temperature;
  if (!o.entropy && !from_heat)
    throw InputError("theory/rfot: must have --entropy, or --cp-step, --glass-transition and --kauzmann-temperature, or a file, got none");
  if (o.kauzmann_temperature && where(o) && *where(o) <= *o.kauzmann_temperature)
    throw InputError(
        fmt::format("--temperature: must lie above the Kauzmann temperature {} K, got {} K", *o.kauzmann_temperature, *where(o)));
  report(o, out);
  if (from_heat) {
    std::vector<double> temperatures;
    const double low = std::max(0.98 * *o.glass_transition, *o.kauzmann_temperature + 0.02 * *o.glass_transition);
    for (int k = 0; k <= 60; ++k) temperatures.push_back(low + 0.008 * k * *o.glass_transition);
    draw(o, temperatures, std::log(o.tau0), out);
  }
  if (out.region_beads.value < 8)
    context.warn(fmt::format("a region of {:.2g} beads is no droplet: the theory does not hold there", out.region_beads.value));
  return out;
}

const ColumnRoles& RfotOptions::columns() {
  static const ColumnRoles roles = relaxation_columns();
  return roles;
}

const Fields& RfotOptions::fields() {
  static const Fields table = {
      field<&O::entropy>("entropy", "1", "configurational entropy per bead in k; unset: from the heat capacity").positive(),
      field<&O::surface_tension>("surface_tension", "1", "sigma_0 a^2 / kT; unset: what gives the prefactor").positive(),
      field<&O::prefactor>("prefactor", "1", "barrier s_c / (k kT) at theta = 3/2").positive(),
      field<&O::theta>("theta", "1", "exponent of the surface energy, d/2 in the theory").range(0.5, 2.5),
      field<&O::temperature>("temperature", "K", "temperature; unset: glass_transition").positive(),
      field<&O::cp_step>("cp_step", "1", "excess heat capacity per bead at T_g in k").positive(),
      field<&O::glass_transition>("glass_transition", "K", "T_g").positive().alias("tg"),
      field<&O::kauzmann_temperature>("kauzmann_temperature", "K", "where s_c vanishes; of a file unset: fitted").positive(),
      field<&O::heat_capacity>("heat_capacity", "", "how Dc_p goes with temperature").one_of({"hyperbolic", "constant"}),
      field<&O::bead_size>("bead_size", "angstrom", "a, for the length in angstrom").positive(),
      field<&O::tau0>("tau0", "s", "shortest relaxation time").positive(),
      field<&O::tau_glass>("tau_glass", "s", "relaxation time at T_g").positive(),
      field<&O::shear_modulus>("shear_modulus", "GPa", "makes times of viscosities").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const Fields& Rfot::fields() {
  static const Fields table = {
      field<&Rfot::barrier>("barrier", "1", "free energy at the top of the droplet in kT: the exponent itself"),
      field<&Rfot::barrier_energy>("barrier_energy", "eV", "the same times kT"),
      field<&Rfot::log10_relaxation_time>("log10_relaxation_time", "1", "log10 of tau_0 exp(barrier) in s"),
      field<&Rfot::entropy>("entropy", "1", "configurational entropy per bead in k"),
      field<&Rfot::entropy_glass>("entropy_glass", "1", "that at which the relaxation time is tau_glass"),
      field<&Rfot::surface_tension>("surface_tension", "1", "sigma_0 a^2 / kT"),
      field<&Rfot::prefactor>("prefactor", "1", "barrier times s_c/k; fitted with a file"),
      field<&Rfot::critical_radius>("critical_radius", "1", "r*/a, the top of F(r)"),
      field<&Rfot::correlation_length>("correlation_length", "1", "xi/a, where F is zero again"),
      field<&Rfot::correlation_length_angstrom>("correlation_length_angstrom", "angstrom", "xi"),
      field<&Rfot::region_beads>("region_beads", "1", "beads of a region, (4 pi/3)(xi/a)^3"),
      field<&Rfot::fragility>("fragility", "1", "d log10 tau / d(T_g/T) at T_g"),
      field<&Rfot::kauzmann_temperature>("kauzmann_temperature", "K", "T_K, given or fitted"),
      field<&Rfot::log10_tau0>("log10_tau0", "1", "log10 of tau_0 in s"),
      field<&Rfot::rms>("rms", "1", "scatter of ln tau about the fit").exact("sum of the residuals"),
      field<&Rfot::radius>("radius", "1", "r/a").exact("a grid"),
      field<&Rfot::free_energy>("free_energy", "1", "F(r)/kT of a droplet").over("radius").exact("the formula"),
      field<&Rfot::temperature>("temperature", "K", "temperatures").exact("given"),
      field<&Rfot::log10_tau>("log10_tau", "1", "measured").over("temperature", Plot::points).exact("data"),
      field<&Rfot::log10_tau_model>("log10_tau_model", "1", "the law").over("temperature").with("log10_tau").exact("the formula"),
      field<&Rfot::length>("length", "1", "xi/a").over("temperature").exact("the formula"),
  };
  return table;
}

const Analysis& rfot_analysis() {
  static const Analysis entry =
      analysis<&rfot>("theory", "rfot", "barrier, size of regions and relaxation time by the random first-order transition theory",
                      {{"Kirkpatrick, Thirumalai, Wolynes, Phys. Rev. A 40, 1045 (1989)", "10.1103/PhysRevA.40.1045"},
                       {"Xia, Wolynes, Proc. Natl. Acad. Sci. 97, 2990 (2000)", "10.1073/pnas.97.7.2990"},
                       {"Lubchenko, Wolynes, Annu. Rev. Phys. Chem. 58, 235 (2007)", "10.1146/annurev.physchem.58.032806.104653"}});
  return entry;
}

}  // namespace heteroglass::theory
