#include "theory/free_volume.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"
#include "theory/relaxation_fit.hpp"
#include "theory/spaepen.hpp"

namespace heteroglass::theory {
namespace {

using O = FreeVolumeOptions;
constexpr double ln10 = std::numbers::ln10;
constexpr double ev_per_kj_mol = 1e3 / (constants::avogadro * constants::elementary_charge);

Spaepen law_of(const O& o) {
  const double kt = constants::boltzmann * o.temperature.value_or(NAN);
  return {kt,
          o.critical_volume,
          o.overlap,
          o.attempt_frequency * std::exp(-o.migration_barrier / kt),
          o.activation_volume,
          o.shear_modulus,
          o.poisson,
          o.annihilation_jumps};
}

enum Closed { defects, newtonian, viscosity, rate, creation, annihilation, steady, formation };

std::vector<double> evaluate(const O& o) {
  const Spaepen law = law_of(o);
  const double vf = o.free_volume.value_or(NAN);
  std::vector<double> v(formation + 1, NAN);
  v[defects] = law.defects(vf), v[newtonian] = std::log10(law.newtonian_viscosity(vf));
  v[rate] = law.strain_rate(o.stress, vf);
  v[viscosity] = o.stress > 0 ? std::log10(o.stress * 1e9 / v[rate]) : v[newtonian];
  v[creation] = law.creation(o.stress, vf), v[annihilation] = law.annihilation(vf);
  if (o.stress > 0) v[steady] = law.steady_free_volume(o.stress);
  v[formation] = o.enthalpy_change.value_or(NAN) * ev_per_kj_mol / o.volume_change.value_or(NAN);
  return v;
}

void report(const O& o, FreeVolume& out) {
  const std::vector<Measured> v = propagated(o, evaluate);
  const auto reason = [](const Measured& m, const char* needs) { return std::isfinite(m.value) ? m : Measured{NAN, NAN, needs}; };
  const char* both = "needs temperature and free_volume";
  out.defect_concentration = reason(v[defects], "needs free_volume"), out.log10_newtonian_viscosity = reason(v[newtonian], both);
  out.log10_viscosity = reason(v[viscosity], both), out.strain_rate = reason(v[rate], both);
  out.creation_rate = reason(v[creation], both), out.annihilation_rate = reason(v[annihilation], both);
  out.steady_free_volume = reason(v[steady], "needs temperature and stress");
  out.formation_energy = reason(v[formation], "needs enthalpy_change and volume_change");
}

void test(const O& o, FreeVolume& out, Context& context) {
  const SpaepenTest t = constant_rate_test(law_of(o), *o.free_volume, *o.applied_rate, o.strain_max);
  out.strain = t.strain, out.stress = t.stress, out.free_volume = t.free_volume;
  out.peak_stress = *std::max_element(t.stress.begin(), t.stress.end()), out.flow_stress = t.stress.back();
  if (t.strain.back() < 0.999 * o.strain_max)
    context.warn(fmt::format("the test was followed to a strain of {:.3g} only", t.strain.back()));
  if (out.peak_stress > 0.2 * o.shear_modulus)
    context.warn(fmt::format("a peak stress of {:.3g} GPa exceeds a fifth of the shear modulus: the parameters are not those of a glass",
                             out.peak_stress));
}

void fit(std::span<const Curve> curves, const O& o, FreeVolume& out, Context& context) {
  const RelaxationTimes d = relaxation_times(curves, o.shear_modulus);
  const RelaxationFit f = relaxation_fit(d, [](double t, double t0) { return 1 / (t - t0); }, {});
  if (!f.converged) context.warn("the fit did not converge: " + f.message);
  out.vogel_temperature = f.t0, out.doolittle_temperature = f.slope,
  out.log10_tau0 = {f.ln_tau0.value / ln10, f.ln_tau0.error / ln10, f.ln_tau0.note};
  const double tg = o.glass_transition.value_or(*std::min_element(d.temperature.begin(), d.temperature.end()));
  const double x = (tg - f.t0.value) / f.slope.value, by_slope = -x / f.slope.value, by_t0 = -1 / f.slope.value;
  const double variance =
      by_slope * by_slope * f.covariance(1, 1) + by_t0 * by_t0 * f.covariance(2, 2) + 2 * by_slope * by_t0 * f.covariance(1, 2);
  out.reduced_free_volume = {x, std::sqrt(std::max(0.0, variance)), fmt::format("covariance of the fit, at {:.5g} K", tg)};
  out.rms = f.rms, out.temperature = d.temperature;
  for (std::size_t i = 0; i < d.ln_tau.size(); ++i)
    out.log10_tau.push_back(d.ln_tau[i] / ln10), out.log10_tau_model.push_back(f.model[i] / ln10);
}

}  // namespace

FreeVolume free_volume(std::span<const Curve> curves, const O& o, Context& context) {
  FreeVolume out;
  out.rms = out.peak_stress = out.flow_stress = NAN;
  for (Measured* m : {&out.vogel_temperature, &out.doolittle_temperature, &out.log10_tau0, &out.reduced_free_volume})
    m->note = "needs a file of relaxation times or viscosities";
  report(o, out);
  if (!curves.empty()) return fit(curves, o, out, context), out;
  const bool flows = o.temperature && o.free_volume;
  if (!flows && !(o.stress > 0 && o.temperature) && !std::isfinite(out.formation_energy.value))
    throw InputError(
        "theory/free_volume: must have --temperature and --free-volume, or --enthalpy-change and --volume-change, or a file, got none");
  if (o.applied_rate && !flows) throw InputError("--applied-rate: needs --temperature and --free-volume, got none");
  if (o.applied_rate) test(o, out, context);
  return out;
}

const ColumnRoles& FreeVolumeOptions::columns() {
  static const ColumnRoles roles = relaxation_columns();
  return roles;
}

const Fields& FreeVolumeOptions::fields() {
  static const Fields table = {
      field<&O::temperature>("temperature", "K", "temperature").positive(),
      field<&O::free_volume>("free_volume", "angstrom^3", "free volume per atom v_f; at the start of a test").positive(),
      field<&O::critical_volume>("critical_volume", "angstrom^3", "free volume that a jump needs, v*").positive(),
      field<&O::overlap>("overlap", "1", "geometric overlap a").range(0.1, 2),
      field<&O::migration_barrier>("migration_barrier", "eV", "barrier of a jump dG").non_negative(),
      field<&O::attempt_frequency>("attempt_frequency", "1/s", "nu").positive(),
      field<&O::activation_volume>("activation_volume", "angstrom^3", "volume times shear strain of a jump, W").positive(),
      field<&O::stress>("stress", "GPa", "shear stress").non_negative(),
      field<&O::shear_modulus>("shear_modulus", "GPa", "shear modulus; also makes times of viscosities").positive(),
      field<&O::poisson>("poisson", "1", "Poisson's ratio").range(0, 0.499),
      field<&O::annihilation_jumps>("annihilation_jumps", "1", "jumps that annihilate one v*, 3 to 10").positive(),
      field<&O::applied_rate>("applied_rate", "1/s", "shear rate of a test to compute").positive(),
      field<&O::strain_max>("strain_max", "1", "shear strain where the test ends").positive(),
      field<&O::enthalpy_change>("enthalpy_change", "kJ/mol", "enthalpy of relaxation per mole of atoms, for the formation energy")
          .positive(),
      field<&O::volume_change>("volume_change", "1", "fractional change of volume on that relaxation").positive(),
      field<&O::glass_transition>("glass_transition", "K", "where the reduced free volume of a fit is given; unset: lowest temperature")
          .positive()
          .alias("tg"),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const Fields& FreeVolume::fields() {
  using F = FreeVolume;
  static const Fields table = {
      field<&F::defect_concentration>("defect_concentration", "1", "flow defects, exp(-a v*/v_f)"),
      field<&F::log10_newtonian_viscosity>("log10_newtonian_viscosity", "1", "log10 of the viscosity in Pa s at small stress"),
      field<&F::log10_viscosity>("log10_viscosity", "1", "log10 of stress over shear rate in Pa s at `stress`"),
      field<&F::strain_rate>("strain_rate", "1/s", "shear rate at `stress`"),
      field<&F::creation_rate>("creation_rate", "angstrom^3/s", "free volume made by stress, per atom"),
      field<&F::annihilation_rate>("annihilation_rate", "angstrom^3/s", "free volume lost in jumps, per atom"),
      field<&F::steady_free_volume>("steady_free_volume", "angstrom^3", "where they balance"),
      field<&F::formation_energy>("formation_energy", "eV", "enthalpy per atom over the fractional change of volume"),
      field<&F::vogel_temperature>("vogel_temperature", "K", "T_0, where the free volume vanishes"),
      field<&F::doolittle_temperature>("doolittle_temperature", "K", "B of ln tau = ln tau_0 + B/(T - T_0)"),
      field<&F::log10_tau0>("log10_tau0", "1", "log10 of tau_0 in s"),
      field<&F::reduced_free_volume>("reduced_free_volume", "1", "(T_g - T_0)/B, free volume over that of a jump"),
      field<&F::rms>("rms", "1", "scatter of ln tau about the fit").exact("sum of the residuals"),
      field<&F::peak_stress>("peak_stress", "GPa", "highest shear stress of the test").exact("integrated to 1e-7"),
      field<&F::flow_stress>("flow_stress", "GPa", "shear stress at the end of the test").exact("integrated to 1e-7"),
      field<&F::temperature>("temperature", "K", "temperatures of the file").exact("given"),
      field<&F::log10_tau>("log10_tau", "1", "measured").over("temperature", Plot::points).exact("data"),
      field<&F::log10_tau_model>("log10_tau_model", "1", "fit").over("temperature").with("log10_tau").exact("see the parameters"),
      field<&F::strain>("strain", "1", "shear strain of the test").exact("a grid"),
      field<&F::stress>("stress", "GPa", "shear stress").over("strain").exact("integrated to 1e-7"),
      field<&F::free_volume>("free_volume", "angstrom^3", "free volume per atom").over("strain").exact("integrated to 1e-7"),
  };
  return table;
}

const Analysis& free_volume_analysis() {
  static const Analysis entry =
      analysis<&free_volume>("theory", "free_volume", "viscosity, flow and kinetics of free volume (Doolittle, Cohen-Turnbull, Spaepen)",
                             {{"Doolittle, J. Appl. Phys. 22, 1471 (1951)", "10.1063/1.1699894"},
                              {"Cohen, Turnbull, J. Chem. Phys. 31, 1164 (1959)", "10.1063/1.1730566"},
                              {"Spaepen, Acta Metall. 25, 407 (1977)", "10.1016/0001-6160(77)90232-2"},
                              {"Steif, Spaepen, Hutchinson, Acta Metall. 30, 447 (1982)", "10.1016/0001-6160(82)90225-5"}});
  return entry;
}

}  // namespace heteroglass::theory
