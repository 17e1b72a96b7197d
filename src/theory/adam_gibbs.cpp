#include "theory/adam_gibbs.hpp"

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

using O = AdamGibbsOptions;
using constants::gas_constant;
constexpr double ln10 = std::numbers::ln10;

ConfigurationalEntropy entropy_of(const O& o) { return {o.cp_step.value_or(1), *o.glass_transition, o.heat_capacity == "hyperbolic"}; }

enum Closed { entropy, barrier, log_tau, fragility, region, kauzmann, log_tau0, vft_b };

std::vector<double> evaluate(const O& o) {
  const ConfigurationalEntropy s = entropy_of(o);
  const double tg = *o.glass_transition, tk = o.kauzmann_temperature.value_or(NAN), at = s.at(tg, tk);
  const double energy = o.barrier ? *o.barrier * 1e3 : gas_constant * tg * std::log(o.tau_glass / o.tau0);
  const double reduced = energy / (gas_constant * tg);
  std::vector<double> v(vft_b + 1, NAN);
  if (o.cp_step) v[entropy] = at, v[region] = gas_constant * std::numbers::ln2 / at;
  v[barrier] = energy / 1e3, v[kauzmann] = tk, v[log_tau0] = std::log10(o.tau0);
  v[log_tau] = v[log_tau0] + reduced / ln10;
  v[fragility] = reduced / ln10 * (1 + s.heat_capacity(tg) / at);
  if (o.heat_capacity == "hyperbolic") v[vft_b] = energy / gas_constant * (tg - tk) / tg;
  return v;
}

void report(const O& o, AdamGibbs& out) {
  const std::vector<Measured> v = propagated(o, evaluate);
  out.configurational_entropy = v[entropy], out.barrier = v[barrier], out.log10_relaxation_time = v[log_tau], out.fragility = v[fragility];
  out.region_atoms = v[region], out.kauzmann_temperature = v[kauzmann], out.log10_tau0 = v[log_tau0], out.vft_b = v[vft_b];
  if (!o.cp_step) out.configurational_entropy.note = out.region_atoms.note = "needs cp_step";
  if (o.heat_capacity != "hyperbolic") out.vft_b.note = "only a hyperbolic heat capacity makes the law VFT";
}

/// ln tau = ln tau_0 + (barrier/R) g, g = S_c(T_g) / (T S_c(T)).
double law(const ConfigurationalEntropy& s, double t, double tk) { return s.at(s.reference, tk) / (t * s.at(t, tk)); }

void draw(const O& o, double ln_tau0, double slope, double tk, const std::vector<double>& temperatures, AdamGibbs& out) {
  const ConfigurationalEntropy s = entropy_of(o);
  for (const double t : temperatures) {
    out.temperature.push_back(t);
    out.log10_tau_model.push_back((ln_tau0 + slope * law(s, t, tk)) / ln10);
    out.entropy.push_back(o.cp_step ? s.at(t, tk) : NAN);
  }
}

void fit(std::span<const Curve> curves, O o, AdamGibbs& out, Context& context) {
  const RelaxationTimes d = relaxation_times(curves, o.shear_modulus);
  if (!o.glass_transition) {
    o.glass_transition = *std::min_element(d.temperature.begin(), d.temperature.end());
    context.warn(fmt::format("glass_transition is taken as the lowest temperature of the data, {:.5g} K", *o.glass_transition));
  }
  const ConfigurationalEntropy s = entropy_of(o);
  const RelaxationFit f = relaxation_fit(
      d, [&](double t, double tk) { return law(s, t, tk); }, o.kauzmann_temperature);
  if (!f.converged) context.warn("the fit did not converge: " + f.message);
  const double tg = *o.glass_transition, tk = f.t0.value, slope = f.slope.value;
  if (tk >= tg) throw InputError(fmt::format("--glass-transition: must lie above the Kauzmann temperature {:.5g} K, got {:.5g} K", tk, tg));
  // Results are functions of (ln tau_0, slope, T_K): gradients by differences, errors by the covariance of the fit.
  const auto values = [&](double a, double b, double k) {
    O p = o;
    p.tau0 = std::exp(a), p.barrier = b * gas_constant / 1e3, p.kauzmann_temperature = k;
    return evaluate(p);
  };
  const std::vector<double> v = values(f.ln_tau0.value, slope, tk);
  std::vector<std::vector<double>> gradient;
  const double step[] = {1e-4, 1e-5 * slope, 1e-5 * tk};
  for (int i = 0; i < 3; ++i) {
    const auto at = [&](double h) { return values(f.ln_tau0.value + (i == 0) * h, slope + (i == 1) * h, tk + (i == 2) * h); };
    std::vector<double> up = at(step[i]);
    const std::vector<double> down = at(-step[i]);
    for (std::size_t j = 0; j < up.size(); ++j) up[j] = (up[j] - down[j]) / (2 * step[i]);
    gradient.push_back(up);
  }
  const auto measured = [&](std::size_t j) {
    double variance = 0;
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < 3; ++b) variance += gradient[a][j] * gradient[b][j] * f.covariance(a, b);
    return Measured{v[j], std::sqrt(std::max(0.0, variance)), f.t0.note};
  };
  report(o, out);
  out.barrier = measured(barrier), out.log10_relaxation_time = measured(log_tau), out.fragility = measured(fragility);
  out.kauzmann_temperature = f.t0, out.log10_tau0 = measured(log_tau0);
  if (o.heat_capacity == "hyperbolic") out.vft_b = measured(vft_b);
  if (o.cp_step) out.configurational_entropy = measured(entropy), out.region_atoms = measured(region);
  for (const double y : d.ln_tau) out.log10_tau.push_back(y / ln10);
  out.rms = f.rms;
  draw(o, f.ln_tau0.value, slope, tk, d.temperature, out);
}

}  // namespace

AdamGibbs adam_gibbs(std::span<const Curve> curves, const O& o, Context& context) {
  AdamGibbs out;
  out.rms = NAN;
  if (!curves.empty()) return fit(curves, o, out, context), out;
  if (!o.glass_transition || !o.kauzmann_temperature)
    throw InputError(
        "theory/adam_gibbs: must have --glass-transition and --kauzmann-temperature, or a file of relaxation times, got neither");
  if (*o.kauzmann_temperature >= *o.glass_transition)
    throw InputError(fmt::format("--kauzmann-temperature: must lie below glass_transition {} K, got {} K", *o.glass_transition,
                                 *o.kauzmann_temperature));
  report(o, out);
  std::vector<double> temperatures = o.temperatures;
  if (temperatures.empty())
    for (int k = 0; k <= 60; ++k) temperatures.push_back(*o.glass_transition * (0.98 + 0.01 * k));
  for (const double t : temperatures)
    if (t <= *o.kauzmann_temperature)
      throw InputError(fmt::format("--temperatures: must lie above the Kauzmann temperature {} K, got {} K", *o.kauzmann_temperature, t));
  draw(o, std::log(o.tau0), out.barrier.value * 1e3 / gas_constant, *o.kauzmann_temperature, temperatures, out);
  return out;
}

const ColumnRoles& AdamGibbsOptions::columns() {
  static const ColumnRoles roles = relaxation_columns();
  return roles;
}

const Fields& AdamGibbsOptions::fields() {
  static const Fields table = {
      field<&O::cp_step>("cp_step", "J/(mol K)", "excess heat capacity of the liquid at T_g, per mole of atoms").positive(),
      field<&O::glass_transition>("glass_transition", "K", "T_g; of a file unset: its lowest temperature").positive().alias("tg"),
      field<&O::kauzmann_temperature>("kauzmann_temperature", "K", "where S_c vanishes; of a file unset: fitted").positive(),
      field<&O::heat_capacity>("heat_capacity", "", "how Dc_p goes with temperature").one_of({"hyperbolic", "constant"}),
      field<&O::barrier>("barrier", "kJ/mol", "barrier of a region at T_g; unset: what gives tau_glass there").positive(),
      field<&O::tau0>("tau0", "s", "shortest relaxation time").positive(),
      field<&O::tau_glass>("tau_glass", "s", "relaxation time at T_g").positive(),
      field<&O::temperatures>("temperatures", "K", "where the law is evaluated; unset: 0.98 to 1.58 T_g").positive(),
      field<&O::shear_modulus>("shear_modulus", "GPa", "makes times of viscosities").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const Fields& AdamGibbs::fields() {
  using A = AdamGibbs;
  static const Fields table = {
      field<&A::configurational_entropy>("configurational_entropy", "J/(mol K)", "S_c at T_g"),
      field<&A::barrier>("barrier", "kJ/mol", "energy that a region crosses at T_g, R T_g ln(tau/tau_0)"),
      field<&A::log10_relaxation_time>("log10_relaxation_time", "1", "log10 of tau(T_g) in s"),
      field<&A::fragility>("fragility", "1", "d log10 tau / d(T_g/T) at T_g"),
      field<&A::region_atoms>("region_atoms", "1", "atoms of a region with two states, R ln 2 / S_c at T_g"),
      field<&A::kauzmann_temperature>("kauzmann_temperature", "K", "T_K, given or fitted"),
      field<&A::log10_tau0>("log10_tau0", "1", "log10 of tau_0 in s"),
      field<&A::vft_b>("vft_b", "K", "B of the VFT law that the hyperbolic form is, with T_0 = T_K"),
      field<&A::rms>("rms", "1", "scatter of ln tau about the fit").exact("sum of the residuals"),
      field<&A::temperature>("temperature", "K", "temperatures").exact("given"),
      field<&A::log10_tau>("log10_tau", "1", "measured").over("temperature", Plot::points).exact("data"),
      field<&A::log10_tau_model>("log10_tau_model", "1", "the law").over("temperature").with("log10_tau").exact("see the parameters"),
      field<&A::entropy>("entropy", "J/(mol K)", "S_c(T)").over("temperature").exact("see the parameters"),
  };
  return table;
}

const Analysis& adam_gibbs_analysis() {
  static const Analysis entry = analysis<&adam_gibbs>(
      "theory", "adam_gibbs", "relaxation time from the configurational entropy (Adam and Gibbs), evaluated or fitted",
      {{"Adam, Gibbs, J. Chem. Phys. 43, 139 (1965)", "10.1063/1.1696442"},
       {"Richert, Angell, J. Chem. Phys. 108, 9016 (1998)", "10.1063/1.476348"}});
  return entry;
}

}  // namespace heteroglass::theory
