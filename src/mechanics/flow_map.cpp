#include "mechanics/flow_map.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::mechanics {
namespace {

constexpr double ev_per_gpa_nm3 = 1e3 / constants::ev_per_cubic_angstrom_in_gpa;
constexpr double pascal = 1e9;           // Pa in a GPa
constexpr double rfot_coefficient = 32;  // k: barrier over kT times the entropy per bead

double thermal(double t) { return constants::boltzmann * t; }
double newtonian(const FlowMapOptions& o, double t) { return o.viscosity0 * std::exp(o.vft_b / (t - o.vogel_temperature)); }
double over_sinh(double x) { return x < 1e-4 ? 1 - x * x / 6 : x / std::sinh(x); }

/// x at which x/sinh x = share.
double crossover(double share) {
  double low = 0, high = 50;
  for (int i = 0; i < 200; ++i) (over_sinh((low + high) / 2) > share ? low : high) = (low + high) / 2;
  return low;
}

double crossover_stress(const FlowMapOptions& o, double t) {
  return 2 * thermal(t) * crossover(o.thinning) / (o.activation_volume * ev_per_gpa_nm3);
}
double crossover_rate(const FlowMapOptions& o, double t) { return crossover_stress(o, t) * pascal / (newtonian(o, t) * o.thinning); }

/// Shares of the Newtonian viscosity left at a stress.
double free_volume_share(const FlowMapOptions& o, double stress) {
  return over_sinh(stress * o.activation_volume * ev_per_gpa_nm3 / (2 * thermal(o.temperature)));
}

double cooperative_share(const FlowMapOptions& o, double stress) {
  const double critical = 2 * o.shear_modulus * o.gamma_c / std::numbers::pi, y = std::min(1.0, stress / critical),
               w = o.stz_barrier / thermal(o.temperature);
  if (y < 1e-9) return 1;
  const double rate = std::exp(w * (1 - std::pow(1 - y, 1.5))) - std::exp(w * (1 - std::pow(1 + y, 1.5)));
  return stress / critical * 3 * w / rate;
}

double rfot_share(const FlowMapOptions& o, double stress) {
  const double kappa = 15 * (1 - o.poisson_ratio) / (7 - 5 * o.poisson_ratio);
  const double gained = kappa * stress * stress * o.bead_volume * ev_per_gpa_nm3 / (2 * o.shear_modulus * thermal(o.temperature));
  return std::exp(rfot_coefficient * (1 / (o.entropy + gained) - 1 / o.entropy));
}

FlowMap evaluated(const FlowMapOptions& o) {
  FlowMap r;
  r.newtonian_viscosity.value = newtonian(o, o.temperature);
  r.crossover_stress.value = crossover_stress(o, o.temperature);
  r.crossover_rate.value = crossover_rate(o, o.temperature);
  r.activation_volume.value = o.activation_volume;
  return r;
}

void curves_of(const FlowMapOptions& o, FlowMap& r) {
  const double eta = newtonian(o, o.temperature), critical = 2 * o.shear_modulus * o.gamma_c / std::numbers::pi;
  for (int k = 0; k <= 120; ++k) {
    const double s = critical * std::pow(10, -3 + 3 * k / 120.0);
    r.stress.push_back(s);
    r.free_volume.push_back(eta * free_volume_share(o, s));
    r.cooperative_shear.push_back(eta * cooperative_share(o, s));
    r.rfot.push_back(eta * rfot_share(o, s));
  }
  for (int k = 0; k <= 60; ++k) {
    const double t = o.temperature_low + (o.temperature_high - o.temperature_low) * k / 60;
    r.map_temperature.push_back(t);
    r.map_crossover.push_back(crossover_rate(o, t));
    if (std::isfinite(r.boundary_energy.value))
      r.map_boundary.push_back(std::pow(10, r.boundary_log10_prefactor.value) * std::exp(-r.boundary_energy.value / thermal(t)));
  }
}

/// Rate (T = temperature) gives x = asinh(rate W eta_N / 2kT), eta = eta_N x / sinh x.
double viscosity_at_rate(double rate, double eta, double volume, double t) {
  const double unit = 2 * thermal(t) / (volume * ev_per_gpa_nm3) * pascal;
  return eta * over_sinh(std::asinh(rate * eta / unit));
}

void fit_thinning(FlowMapOptions& o, std::map<std::string, double>& errors, FlowMap& r) {
  const double start = *std::max_element(r.measured_viscosity.begin(), r.measured_viscosity.end());
  const auto found = numeric::least_squares(
      {{"ln_viscosity", std::log(start)}, {"ln_volume", std::log(o.activation_volume)}}, r.measured_rate.size(),
      [&](std::span<const double> p, std::span<double> residual, double*) {
        for (std::size_t i = 0; i < residual.size(); ++i)
          residual[i] =
              std::log(r.measured_viscosity[i] / viscosity_at_rate(r.measured_rate[i], std::exp(p[0]), std::exp(p[1]), o.temperature));
      });
  if (!found.converged) throw NumericalError("mechanics/flow_map: the fit of the activation volume must converge: " + found.message);
  o.activation_volume = std::exp(found.value[1]);
  o.viscosity0 = std::exp(found.value[0] - o.vft_b / (o.temperature - o.vogel_temperature));
  if (found.error[1] > 0) errors.insert({"activation_volume", o.activation_volume * found.error[1]});
  if (found.error[0] > 0) errors.insert({"viscosity0", o.viscosity0 * found.error[0]});
  for (const double rate : r.measured_rate)
    r.fitted_viscosity.push_back(viscosity_at_rate(rate, std::exp(found.value[0]), o.activation_volume, o.temperature));
}

void fit_boundary(const std::vector<double>& temperature, const std::vector<double>& rate, FlowMap& r) {
  if (temperature.size() < 3)
    throw InputError(
        fmt::format("mechanics/flow_map: must have at least 3 critical rates to fit the boundary, got {}", temperature.size()));
  const auto found = numeric::least_squares({{"ln_r0", 30}, {"energy", 1.5}}, temperature.size(),
                                            [&](std::span<const double> p, std::span<double> residual, double*) {
                                              for (std::size_t i = 0; i < residual.size(); ++i)
                                                residual[i] = std::log(rate[i]) - p[0] + p[1] / thermal(temperature[i]);
                                            });
  r.boundary_energy = {found.value[1], found.error[1], "scatter of the table"};
  r.boundary_log10_prefactor = {found.value[0] / std::log(10.0), found.error[0] / std::log(10.0), "scatter of the table"};
}

void append_positive(const Curve& c, const char* name, std::vector<double>& out) {
  for (const double v : c.at(name).values) {
    if (!(v > 0)) throw InputError(fmt::format("{}, column {}: must be positive, got {}", c.source, name, v));
    out.push_back(v);
  }
}

void check(const FlowMapOptions& o) {
  if (!(std::min(o.temperature, o.temperature_low) > o.vogel_temperature))
    throw InputError(fmt::format("mechanics/flow_map: temperatures must be above the Vogel temperature {} K, got {} K", o.vogel_temperature,
                                 std::min(o.temperature, o.temperature_low)));
  if (!(o.temperature_high > o.temperature_low))
    throw InputError(fmt::format("--temperature-high: must exceed {} K, got {} K", o.temperature_low, o.temperature_high));
}

}  // namespace

FlowMap flow_map(std::span<const Curve> curves, const FlowMapOptions& options, Context&) {
  FlowMapOptions o = options;
  check(o);
  std::map<std::string, double> errors = o.errors;
  FlowMap r;
  std::vector<double> temperature, critical;
  for (const Curve& c : curves) {
    const bool thinning = c.find("strain_rate") && c.find("viscosity"), boundary = c.find("temperature") && c.find("critical_rate");
    if (!thinning && !boundary)
      throw InputError(fmt::format("{}: must have columns strain_rate and viscosity, or temperature and critical_rate", c.source));
    if (thinning) append_positive(c, "strain_rate", r.measured_rate), append_positive(c, "viscosity", r.measured_viscosity);
    if (boundary) append_positive(c, "temperature", temperature), append_positive(c, "critical_rate", critical);
  }
  if (!r.measured_rate.empty() && r.measured_rate.size() < 4)
    throw InputError(fmt::format("mechanics/flow_map: must have at least 4 viscosities to fit, got {}", r.measured_rate.size()));
  if (!r.measured_rate.empty()) fit_thinning(o, errors, r);
  r.boundary_energy.note = r.boundary_log10_prefactor.note = "needs a table of critical rates";
  if (!temperature.empty()) fit_boundary(temperature, critical, r);
  const FlowMap numbers = propagated<FlowMap>(o, errors, evaluated);
  r.newtonian_viscosity = numbers.newtonian_viscosity, r.activation_volume = numbers.activation_volume;
  r.crossover_rate = numbers.crossover_rate, r.crossover_stress = numbers.crossover_stress;
  curves_of(o, r);
  return r;
}

const Fields& FlowMapOptions::fields() {
  using O = FlowMapOptions;
  static const Fields table = {
      field<&O::temperature>("temperature", "K", "temperature of the stress curves and of a table of viscosities").positive(),
      field<&O::viscosity0>("viscosity0", "Pa s", "VFT prefactor eta0").positive(),
      field<&O::vft_b>("vft_b", "K", "VFT parameter B").positive(),
      field<&O::vogel_temperature>("vogel_temperature", "K", "VFT temperature T0").positive(),
      field<&O::activation_volume>("activation_volume", "nm^3", "of the free-volume model; fitted when there are viscosities").positive(),
      field<&O::shear_modulus>("shear_modulus", "GPa", "shear modulus at temperature").positive(),
      field<&O::gamma_c>("gamma_c", "1", "elastic limit of a shear transformation zone").positive(),
      field<&O::stz_barrier>("stz_barrier", "eV", "barrier of a zone without stress").positive(),
      field<&O::bead_volume>("bead_volume", "nm^3", "volume of a bead of the RFOT model").positive(),
      field<&O::entropy>("entropy", "1", "configurational entropy per bead, in k").positive(),
      field<&O::poisson_ratio>("poisson_ratio", "1", "Poisson's ratio").range(-1, 0.5).alias("nu"),
      field<&O::thinning>("thinning", "1", "share of the Newtonian viscosity that defines the crossover").range(0.01, 0.999),
      field<&O::temperature_low>("temperature_low", "K", "lower end of the map").positive(),
      field<&O::temperature_high>("temperature_high", "K", "upper end of the map").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const ColumnRoles& FlowMapOptions::columns() {
  static const ColumnRoles roles = {
      {"strain_rate", "1/s", "shear strain rate of a viscosity", false, {"rate"}},
      {"viscosity", "Pa s", "steady viscosity at that rate", false, {"eta"}},
      {"temperature", "K", "temperature of a critical rate", false, {"t"}},
      {"critical_rate", "1/s", "rate at which flow turns inhomogeneous", false, {}},
  };
  return roles;
}

const Fields& FlowMap::fields() {
  using R = FlowMap;
  const char* formula = "follows from the options";
  static const Fields table = {
      field<&R::newtonian_viscosity>("newtonian_viscosity", "Pa s", "viscosity at vanishing rate"),
      field<&R::crossover_rate>("crossover_rate", "1/s", "rate at which shear thinning begins"),
      field<&R::crossover_stress>("crossover_stress", "GPa", "shear stress there"),
      field<&R::activation_volume>("activation_volume", "nm^3", "used, or fitted"),
      field<&R::boundary_energy>("boundary_energy", "eV", "of the homogeneous-inhomogeneous boundary"),
      field<&R::boundary_log10_prefactor>("boundary_log10_prefactor", "1", "log10 of its prefactor in 1/s"),
      field<&R::stress>("stress", "GPa", "shear stress").exact("chosen").log_axis(),
      field<&R::free_volume>("free_volume", "Pa s", "viscosity, free volume").over("stress").log_axis().exact(formula),
      field<&R::cooperative_shear>("cooperative_shear", "Pa s", "viscosity, cooperative shear").over("stress").log_axis().exact(formula),
      field<&R::rfot>("rfot", "Pa s", "viscosity, random first order transition").over("stress").log_axis().exact(formula),
      field<&R::map_temperature>("map_temperature", "K", "temperature of the map").exact("chosen"),
      field<&R::map_crossover>("map_crossover", "1/s", "Newtonian below, shear thinning above")
          .over("map_temperature")
          .log_axis()
          .exact(formula),
      field<&R::map_boundary>("map_boundary", "1/s", "homogeneous below, shear bands above")
          .over("map_temperature")
          .log_axis()
          .exact("its errors are those of the boundary's energy and prefactor"),
      field<&R::measured_rate>("measured_rate", "1/s", "of the table").exact("of the table").log_axis(),
      field<&R::measured_viscosity>("measured_viscosity", "Pa s", "of the table")
          .over("measured_rate", Plot::points)
          .log_axis()
          .exact("the table gives no errors"),
      field<&R::fitted_viscosity>("fitted_viscosity", "Pa s", "free-volume model fitted to it")
          .over("measured_rate")
          .with("measured_viscosity")
          .log_axis()
          .exact("its errors are those of the viscosity and the activation volume"),
  };
  return table;
}

const Analysis& flow_map_analysis() {
  static const Analysis entry =
      analysis<&flow_map>("mechanics", "flow_map", "Newtonian, shear-thinning and inhomogeneous flow against stress, rate and temperature",
                          {{"Spaepen, Acta Metall. 25, 407 (1977)", "10.1016/0001-6160(77)90232-2"},
                           {"Johnson, Samwer, Phys. Rev. Lett. 95, 195501 (2005)", "10.1103/PhysRevLett.95.195501"},
                           {"Masuhr, Waniuk, Busch, Johnson, Phys. Rev. Lett. 82, 2290 (1999)", "10.1103/PhysRevLett.82.2290"}});
  return entry;
}

}  // namespace heteroglass::mechanics
