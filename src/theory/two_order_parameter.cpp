#include "theory/two_order_parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"
#include "theory/relaxation_fit.hpp"

namespace heteroglass::theory {
namespace {

using O = TwoOrderParameterOptions;
constexpr double ln10 = std::numbers::ln10;
constexpr double ev_per_kj_mol = 1e3 / (constants::avogadro * constants::elementary_charge);

double number(const std::optional<double>& x) { return x.value_or(NAN); }

/// DE - P DV in eV
double gain(const O& o) {
  return number(o.energy_gain) * ev_per_kj_mol - o.pressure * o.volume_gain / constants::ev_per_cubic_angstrom_in_gpa;
}

double order(const O& o, double t) { return 1 / (1 + std::exp(-gain(o) / (constants::boltzmann * t)) / o.degeneracy_ratio); }

double reduced(const O& o, double t) { return t / number(o.ideal_temperature) - 1; }

double length(const O& o, double t) { return o.length0 * std::pow(reduced(o, t), -2.0 / o.dimension); }

double log_tau(const O& o, double t) {
  return std::log10(o.tau0) + number(o.strength) * std::pow(length(o, t) / o.length0, o.dimension / 2.0) / ln10;
}

enum Closed { ordered, half, energy, xi, tau, growth };

std::vector<double> evaluate(const O& o) {
  const double t = number(o.temperature), s = order(o, t), l = number(o.fertility);
  const double half_at = gain(o) / (constants::boltzmann * -std::log(o.degeneracy_ratio));
  return {s,
          half_at > 0 ? half_at : NAN,
          number(o.liquid_barrier) + o.barrier_gain * s,
          length(o, t),
          log_tau(o, t),
          o.growth_prefactor * l / (1 + l)};
}

void report(const O& o, TwoOrderParameter& out) {
  const std::vector<Measured> v = propagated(o, evaluate);
  const auto reason = [](const Measured& m, const char* needs) { return std::isfinite(m.value) ? m : Measured{NAN, NAN, needs}; };
  out.order = reason(v[ordered], "needs energy_gain and temperature");
  out.half_temperature = reason(v[half], "needs energy_gain, and degeneracy that favours the other state");
  out.activation_energy = reason(v[energy], "needs energy_gain, temperature and liquid_barrier");
  out.correlation_length = reason(v[xi], "needs temperature and ideal_temperature");
  out.log10_relaxation_time = reason(v[tau], "needs temperature, ideal_temperature and strength");
  out.growth_rate = reason(v[growth], "needs fertility");
  const auto given = [](const std::optional<double>& x) { return Measured{number(x), NAN, x ? "as given" : "not given"}; };
  out.ideal_temperature = given(o.ideal_temperature), out.strength = given(o.strength), out.log10_tau0 = given(std::log10(o.tau0));
}

void draw(const O& o, const std::vector<double>& temperatures, TwoOrderParameter& out) {
  for (const double t : temperatures) {
    out.temperature.push_back(t), out.order_curve.push_back(order(o, t));
    out.length_curve.push_back(length(o, t)), out.log10_tau_model.push_back(log_tau(o, t));
  }
}

void fit(std::span<const Curve> curves, O o, TwoOrderParameter& out, Context& context) {
  const RelaxationTimes d = relaxation_times(curves, o.shear_modulus);
  const RelaxationFit f = relaxation_fit(
      d, [](double t, double t0) { return t0 / (t - t0); }, o.ideal_temperature);
  if (!f.converged) context.warn("the fit did not converge: " + f.message);
  o.ideal_temperature = f.t0.value, o.strength = f.slope.value, o.tau0 = std::exp(f.ln_tau0.value);
  if (o.temperature && *o.temperature <= f.t0.value) o.temperature.reset();
  report(o, out);
  out.ideal_temperature = f.t0, out.strength = f.slope, out.log10_tau0 = {f.ln_tau0.value / ln10, f.ln_tau0.error / ln10, f.ln_tau0.note};
  for (const double y : d.ln_tau) out.log10_tau.push_back(y / ln10);
  out.rms = f.rms;
  draw(o, d.temperature, out);
}

}  // namespace

TwoOrderParameter two_order_parameter(std::span<const Curve> curves, const O& o, Context& context) {
  TwoOrderParameter out;
  out.rms = NAN;
  if (!curves.empty()) return fit(curves, o, out, context), out;
  if (o.temperature && o.ideal_temperature && *o.temperature <= *o.ideal_temperature)
    throw InputError(fmt::format("--temperature: must lie above ideal_temperature {} K, got {} K", *o.ideal_temperature, *o.temperature));
  report(o, out);
  const std::vector<double> v = evaluate(o);
  if (std::none_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); }))
    throw InputError(
        "theory/two_order_parameter: must have --energy-gain and --temperature, --ideal-temperature, --fertility, or a file, got none");
  if (!o.ideal_temperature && !o.energy_gain) return out;
  std::vector<double> temperatures;
  const double low = o.ideal_temperature ? 1.05 * *o.ideal_temperature : 0.4 * o.temperature.value_or(out.half_temperature.value);
  for (int k = 0; k <= 80 && std::isfinite(low); ++k) temperatures.push_back(low * (1 + 0.02 * k));
  draw(o, temperatures, out);
  return out;
}

const ColumnRoles& TwoOrderParameterOptions::columns() {
  static const ColumnRoles roles = relaxation_columns();
  return roles;
}

const Fields& TwoOrderParameterOptions::fields() {
  static const Fields table = {
      field<&O::energy_gain>("energy_gain", "kJ/mol", "energy that a locally favoured structure gains, DE"),
      field<&O::degeneracy_ratio>("degeneracy_ratio", "1", "g_S/g_rho, ways of being favoured over ways of being liquid").positive(),
      field<&O::pressure>("pressure", "GPa", "pressure"),
      field<&O::volume_gain>("volume_gain", "angstrom^3", "volume that a favoured structure takes more, DV"),
      field<&O::temperature>("temperature", "K", "temperature").positive(),
      field<&O::liquid_barrier>("liquid_barrier", "kJ/mol", "activation energy of the liquid without structures, E_rho").non_negative(),
      field<&O::barrier_gain>("barrier_gain", "kJ/mol", "activation energy added by full order, DE_a"),
      field<&O::ideal_temperature>("ideal_temperature", "K", "T_0, where the order would diverge; of a file unset: fitted").positive(),
      field<&O::strength>("strength", "1", "D of tau = tau_0 exp[D (xi/xi_0)^(d/2)]; small: fragile").positive(),
      field<&O::tau0>("tau0", "s", "shortest relaxation time").positive(),
      field<&O::length0>("length0", "angstrom", "bare correlation length xi_0").positive(),
      field<&O::dimension>("dimension", "1", "d").range(2, 3),
      field<&O::fertility>("fertility", "1", "L of a deformation zone").non_negative(),
      field<&O::growth_prefactor>("growth_prefactor", "1/s", "largest growth rate").positive(),
      field<&O::shear_modulus>("shear_modulus", "GPa", "makes times of viscosities").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const Fields& TwoOrderParameter::fields() {
  using T = TwoOrderParameter;
  static const Fields table = {
      field<&T::order>("order", "1", "fraction of locally favoured structures S"),
      field<&T::half_temperature>("half_temperature", "K", "where S is one half"),
      field<&T::activation_energy>("activation_energy", "kJ/mol", "E_rho + DE_a S"),
      field<&T::correlation_length>("correlation_length", "angstrom", "size of ordered regions xi"),
      field<&T::log10_relaxation_time>("log10_relaxation_time", "1", "log10 of tau in s"),
      field<&T::growth_rate>("growth_rate", "1/s", "dL/dt of a zone"),
      field<&T::ideal_temperature>("ideal_temperature", "K", "T_0, given or fitted"),
      field<&T::strength>("strength", "1", "D, given or fitted"),
      field<&T::log10_tau0>("log10_tau0", "1", "log10 of tau_0 in s"),
      field<&T::rms>("rms", "1", "scatter of ln tau about the fit").exact("sum of the residuals"),
      field<&T::temperature>("temperature", "K", "temperatures").exact("given, or a grid"),
      field<&T::order_curve>("order_curve", "1", "S(T)").over("temperature").exact("the formula"),
      field<&T::length_curve>("length_curve", "angstrom", "xi(T)").over("temperature").exact("the formula"),
      field<&T::log10_tau>("log10_tau", "1", "measured").over("temperature", Plot::points).exact("data"),
      field<&T::log10_tau_model>("log10_tau_model", "1", "the law").over("temperature").with("log10_tau").exact("the formula"),
  };
  return table;
}

const Analysis& two_order_parameter_analysis() {
  static const Analysis entry = analysis<&two_order_parameter>("theory", "two_order_parameter",
                                                               "locally favoured structures, their growth and the slowing down (Tanaka)",
                                                               {{"Tanaka, J. Chem. Phys. 111, 3163 (1999)", "10.1063/1.479596"},
                                                                {"Tanaka et al., Nature Mater. 9, 324 (2010)", "10.1038/nmat2634"}});
  return entry;
}

}  // namespace heteroglass::theory
