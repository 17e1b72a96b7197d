#include "mechanics/cooperative_shear.hpp"

#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::mechanics {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double ev_per_gpa_nm3 = 1e3 / constants::ev_per_cubic_angstrom_in_gpa;
constexpr double beta_over_glass_transition = 26, beta_error = 2;  // E_beta / (R Tg), survey quoted in the review
constexpr double published_error = 0.002;                          // of g_C0 and of g_C1

double reduced(double t, double tg) { return std::pow(t / tg, 2.0 / 3.0); }
double barrier_density(double g, double gamma, double zeta) { return 8 / (pi * pi) * g * gamma * gamma * zeta * ev_per_gpa_nm3; }

void zone(const CooperativeShearOptions& o, CooperativeShear& r) {
  const double g = *o.shear_modulus;
  r.critical_stress.value = 2 * g * o.gamma_c / pi;
  if (!o.stz_volume) {
    for (Measured* m : {&r.barrier, &r.barrier_over_glass_transition}) m->note = "needs --stz-volume";
  } else {
    r.barrier.value = barrier_density(g, o.gamma_c, o.zeta) * *o.stz_volume;
    if (o.glass_transition)
      r.barrier_over_glass_transition.value = r.barrier.value / (constants::boltzmann * *o.glass_transition);
    else
      r.barrier_over_glass_transition.note = "needs --glass-transition";
  }
  const double left = o.shear_stress ? 1 - *o.shear_stress / r.critical_stress.value : NAN;
  if (o.shear_stress && o.stz_volume)
    r.barrier_under_stress.value = left > 0 ? r.barrier.value * std::pow(left, 1.5) : 0;
  else
    r.barrier_under_stress.note = "needs --shear-stress and --stz-volume";
  if (o.strain_rate && o.stz_volume) {
    const double thermal = constants::boltzmann * o.temperature * std::log(o.attempt_frequency / *o.strain_rate) / r.barrier.value;
    r.rate_yield_stress.value = thermal < 1 ? r.critical_stress.value * (1 - std::pow(thermal, 2.0 / 3.0)) : 0;
    if (thermal >= 1) r.rate_yield_stress.note = "zero: the barrier is crossed without stress at this rate";
  } else {
    r.rate_yield_stress.note = "needs --strain-rate and --stz-volume";
  }
}

void yielding(const CooperativeShearOptions& o, CooperativeShear& r) {
  const double g = *o.shear_modulus, tg = *o.glass_transition;
  r.yield_strain.value = o.gamma_c0 - o.gamma_c1 * reduced(o.temperature, tg);
  r.shear_yield_stress.value = g * r.yield_strain.value;
  r.uniaxial_yield_stress.value = 2 * r.shear_yield_stress.value;
  const double expected = beta_over_glass_transition * constants::boltzmann * tg;
  const double relative = beta_error / beta_over_glass_transition;
  r.expected_barrier = {expected, expected * relative, "spread of E_beta = 26(2) R Tg"};
  const double volume = expected / barrier_density(g, o.gamma_c, o.zeta);
  r.expected_stz_volume = {volume, volume * relative, "spread of E_beta = 26(2) R Tg only"};
  for (int k = 0; k <= 100; ++k) {
    r.temperature.push_back(tg * k / 100);
    r.yield_stress.push_back(g * (o.gamma_c0 - o.gamma_c1 * reduced(tg * k / 100, tg)));
  }
}

CooperativeShear evaluated(const CooperativeShearOptions& o) {
  CooperativeShear r;
  r.gamma_c0.value = o.gamma_c0, r.gamma_c1.value = o.gamma_c1;
  const std::string missing = "needs --shear-modulus and --glass-transition";
  if (o.shear_modulus)
    zone(o, r);
  else
    for (Measured* m : {&r.critical_stress, &r.barrier, &r.barrier_over_glass_transition, &r.barrier_under_stress, &r.rate_yield_stress})
      m->note = "needs --shear-modulus";
  if (o.shear_modulus && o.glass_transition)
    yielding(o, r);
  else
    for (Measured* m : {&r.shear_yield_stress, &r.uniaxial_yield_stress, &r.yield_strain, &r.expected_barrier, &r.expected_stz_volume})
      m->note = missing;
  return r;
}

struct Table {
  std::vector<double> x, y;
};

Table table_of(std::span<const Curve> curves) {
  Table t;
  for (const Curve& c : curves) {
    const auto &temperature = c.at("temperature").values, &tg = c.at("glass_transition").values, &stress = c.at("shear_stress").values,
               &modulus = c.at("shear_modulus").values;
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (!(temperature[i] > 0 && tg[i] > 0 && modulus[i] > 0))
        throw InputError(fmt::format("{}, row {}: temperature, glass transition and modulus must be positive, got {} K, {} K, {} GPa",
                                     c.source, i + 1, temperature[i], tg[i], modulus[i]));
      t.x.push_back(reduced(temperature[i], tg[i])), t.y.push_back(stress[i] / modulus[i]);
    }
  }
  if (t.x.size() < 3) throw InputError(fmt::format("mechanics/cooperative_shear: must have at least 3 rows to fit, got {}", t.x.size()));
  return t;
}

}  // namespace

CooperativeShear cooperative_shear(std::span<const Curve> curves, const CooperativeShearOptions& options, Context& context) {
  CooperativeShearOptions o = options;
  if (curves.empty() && !(o.shear_modulus && o.glass_transition))
    throw InputError("mechanics/cooperative_shear: without a table --shear-modulus (GPa) and --glass-transition (K) must be given");
  if (o.glass_transition && o.temperature > *o.glass_transition)
    context.warn(fmt::format("{} K is above the glass transition {} K, where the model does not hold", o.temperature, *o.glass_transition));
  Table table;
  std::map<std::string, double> errors = {{"gamma_c0", published_error}, {"gamma_c1", published_error}};
  if (!curves.empty()) {
    table = table_of(curves);
    const auto line = numeric::least_squares({{"gamma_c0", 0.036}, {"gamma_c1", 0.016}}, table.x.size(),
                                             [&](std::span<const double> p, std::span<double> residual, double*) {
                                               for (std::size_t i = 0; i < residual.size(); ++i)
                                                 residual[i] = table.y[i] - (p[0] - p[1] * table.x[i]);
                                             });
    o.gamma_c0 = line.value[0], o.gamma_c1 = line.value[1];
    errors = {{"gamma_c0", line.error[0]}, {"gamma_c1", line.error[1]}};
    context.warn(
        "the errors of g_C0 and g_C1 are propagated as independent, though a fit correlates them: errors of yield stresses are too large");
  }
  for (const auto& [name, error] : o.errors) errors[name] = error;
  CooperativeShear r = propagated<CooperativeShear>(o, errors, evaluated);
  r.reduced_temperature = table.x, r.measured_strain = table.y;
  for (const double x : table.x) r.fitted_strain.push_back(o.gamma_c0 - o.gamma_c1 * x);
  return r;
}

const Fields& CooperativeShearOptions::fields() {
  using O = CooperativeShearOptions;
  static const Fields table = {
      field<&O::shear_modulus>("shear_modulus", "GPa", "shear modulus G").positive(),
      field<&O::temperature>("temperature", "K", "temperature").positive(),
      field<&O::glass_transition>("glass_transition", "K", "glass transition temperature").positive().alias("tg"),
      field<&O::gamma_c>("gamma_c", "1", "elastic limit of a zone in shear").positive(),
      field<&O::gamma_c0>("gamma_c0", "1", "yield strain at 0 K; its default has the error 0.002").positive(),
      field<&O::gamma_c1>("gamma_c1", "1", "fall of the yield strain up to Tg; its default has the error 0.002").non_negative(),
      field<&O::zeta>("zeta", "1", "confinement of a zone by the matrix, 2 to 4").positive(),
      field<&O::stz_volume>("stz_volume", "nm^3", "volume of a shear transformation zone").positive(),
      field<&O::shear_stress>("shear_stress", "GPa", "stress at which the barrier is wanted").non_negative(),
      field<&O::strain_rate>("strain_rate", "1/s", "strain rate at which yield is wanted").positive(),
      field<&O::attempt_frequency>("attempt_frequency", "1/s", "attempt frequency of a zone").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const ColumnRoles& CooperativeShearOptions::columns() {
  static const ColumnRoles roles = {
      {"temperature", "K", "temperature of the test", true, {"t"}},
      {"glass_transition", "K", "glass transition of the alloy", true, {"tg", "glasstransitiontemperature"}},
      {"shear_stress", "GPa", "shear stress at yield (half the uniaxial one)", true, {"tau", "tauy", "shearyieldstress"}},
      {"shear_modulus", "GPa", "shear modulus at that temperature", true, {"g", "mu"}},
  };
  return roles;
}

const Fields& CooperativeShear::fields() {
  using R = CooperativeShear;
  static const Fields table = {
      field<&R::shear_yield_stress>("shear_yield_stress", "GPa", "yield stress in shear"),
      field<&R::uniaxial_yield_stress>("uniaxial_yield_stress", "GPa", "twice that, by Tresca's criterion"),
      field<&R::yield_strain>("yield_strain", "1", "yield strain in shear"),
      field<&R::critical_stress>("critical_stress", "GPa", "shear stress at which the barrier of a zone is gone"),
      field<&R::barrier>("barrier", "eV", "barrier of a zone without stress"),
      field<&R::barrier_over_glass_transition>("barrier_over_glass_transition", "1",
                                               "barrier over R Tg; the slow beta relaxation has 26(2)"),
      field<&R::barrier_under_stress>("barrier_under_stress", "eV", "barrier at the given stress"),
      field<&R::rate_yield_stress>("rate_yield_stress", "GPa", "shear stress at which zones flow at the given strain rate"),
      field<&R::expected_barrier>("expected_barrier", "eV", "26 R Tg"),
      field<&R::expected_stz_volume>("expected_stz_volume", "nm^3", "volume of a zone with that barrier"),
      field<&R::gamma_c0>("gamma_c0", "1", "used, or fitted to the table"),
      field<&R::gamma_c1>("gamma_c1", "1", "used, or fitted to the table"),
      field<&R::temperature>("temperature", "K", "abscissa of the law").exact("chosen"),
      field<&R::yield_stress>("yield_stress", "GPa", "yield stress in shear against temperature").over("temperature"),
      field<&R::yield_stress_error>("yield_stress_error", "GPa", "its standard error").error_for("yield_stress"),
      field<&R::reduced_temperature>("reduced_temperature", "1", "(T/Tg)^(2/3) of the table").exact("of the table"),
      field<&R::measured_strain>("measured_strain", "1", "yield stress over modulus, of the table")
          .over("reduced_temperature", Plot::points)
          .exact("the table gives no errors"),
      field<&R::fitted_strain>("fitted_strain", "1", "the law fitted to it")
          .over("reduced_temperature")
          .with("measured_strain")
          .exact("its errors are those of gamma_c0 and gamma_c1"),
  };
  return table;
}

const Analysis& cooperative_shear_analysis() {
  static const Analysis entry =
      analysis<&cooperative_shear>("mechanics", "cooperative_shear", "yield stress, barrier and zone volume by the cooperative shear model",
                                   {{"Johnson, Samwer, Phys. Rev. Lett. 95, 195501 (2005)", "10.1103/PhysRevLett.95.195501"}});
  return entry;
}

}  // namespace heteroglass::mechanics
