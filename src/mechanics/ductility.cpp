#include "mechanics/ductility.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"
#include "numeric/logistic.hpp"

namespace heteroglass::mechanics {
namespace {

constexpr double brittle_below = 0.31, ductile_above = 0.32;  // Poisson's ratio
constexpr double ductile_energy_ratio = 0.3, brittle_energy_ratio = 0.5;

struct Exception {
  const char* composition;
  const char* behaviour;
};
constexpr Exception known_exceptions[] = {
    {"(Pd40Ni40P20)99.4Fe0.6", "brittle though its Poisson's ratio is high"},
    {"Pd36Pt9.3Cu25Ni9.3P20.4", "brittle though its Poisson's ratio is high"},
    {"Zr53.8Cu31.6Ag7.0Al7.6", "tough though its Poisson's ratio is lower"},
    {"Zr61.88Cu18Ni10.12Al10", "tough though its Poisson's ratio is lower"},
};

Table exceptions_table() {
  Table t;
  t.columns.reserve(2);
  TableColumn &name = t.add_text("composition", "glass"), &behaviour = t.add_text("behaviour", "what it does");
  for (const Exception& e : known_exceptions) name.text.push_back(e.composition), behaviour.text.push_back(e.behaviour);
  return t;
}

Ductility evaluated(const DuctilityOptions& o) {
  Ductility r;
  if (o.poisson_ratio)
    r.poisson_ratio.value = *o.poisson_ratio;
  else if (o.shear_modulus && o.bulk_modulus)
    r.poisson_ratio.value = (3 * *o.bulk_modulus - 2 * *o.shear_modulus) / (6 * *o.bulk_modulus + 2 * *o.shear_modulus);
  else
    r.poisson_ratio.note = r.shear_over_bulk.note = "needs --poisson-ratio, or both moduli";
  const double nu = r.poisson_ratio.value;
  if (std::isfinite(nu)) r.shear_over_bulk.value = 3 * (1 - 2 * nu) / (2 * (1 + nu));
  if (o.fast_energy && o.slow_energy)
    r.energy_ratio.value = *o.fast_energy / *o.slow_energy;
  else
    r.energy_ratio.note = "needs --fast-energy and --slow-energy";
  return r;
}

std::string by_poisson(double nu) {
  if (std::isnan(nu)) return "not asked";
  return nu > ductile_above ? "ductile" : nu < brittle_below ? "brittle" : "between: the rule does not decide from 0.31 to 0.32";
}

std::string by_relaxation(double ratio) {
  if (std::isnan(ratio)) return "not asked";
  const double middle = (ductile_energy_ratio + brittle_energy_ratio) / 2;
  return ratio < middle ? "nearer the ductile glasses (0.3)" : "nearer the brittle glasses (0.5)";
}

struct Tests {
  std::vector<double> inverse, log_rate;
  std::vector<bool> ductile;
};

Tests tests_of(std::span<const Curve> curves) {
  Tests t;
  for (const Curve& c : curves) {
    const auto &temperature = c.at("temperature").values, &rate = c.at("strain_rate").values, &ductile = c.at("ductile").values;
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (!(temperature[i] > 0 && rate[i] > 0) || (ductile[i] != 0 && ductile[i] != 1))
        throw InputError(fmt::format("{}, row {}: temperature and rate must be positive and ductile 0 or 1, got {} K, {} 1/s, {}", c.source,
                                     i + 1, temperature[i], rate[i], ductile[i]));
      t.inverse.push_back(1 / temperature[i]), t.log_rate.push_back(std::log(rate[i])), t.ductile.push_back(ductile[i] == 1);
    }
  }
  const auto yes = std::count(t.ductile.begin(), t.ductile.end(), true);
  if (yes == 0 || yes == static_cast<std::ptrdiff_t>(t.ductile.size()))
    throw InputError(
        fmt::format("mechanics/ductility: the table must hold ductile and brittle tests, got {} of {} ductile", yes, t.ductile.size()));
  if (t.ductile.size() < 6) throw InputError(fmt::format("mechanics/ductility: must have at least 6 tests, got {}", t.ductile.size()));
  return t;
}

/// logit = c0 + c1 ln(rate) + c2 x, x = 1/T - mean; at 0: ln rate_c = -(c0 + c2 x)/c1, so E/k = c2/c1 and ln r0 = -c0/c1 + (c2/c1) mean.
void boundary(const Tests& t, const DuctilityOptions& o, Ductility& r, Context& context) {
  const std::size_t n = t.inverse.size();
  double mean = 0, mean_rate = 0;
  for (std::size_t i = 0; i < n; ++i) mean += t.inverse[i] / double(n), mean_rate += t.log_rate[i] / double(n);
  Matrix x(n, 3, 1.0);
  constexpr double scale = 1e4;  // 1/T is small
  for (std::size_t i = 0; i < n; ++i) x(i, 1) = t.log_rate[i] - mean_rate, x(i, 2) = scale * (t.inverse[i] - mean);
  const numeric::Logistic l = numeric::logistic(x, t.ductile);
  if (!l.converged) throw NumericalError("mechanics/ductility: the logistic regression must converge");
  r.misclassified = l.misclassified;
  if (l.misclassified == 0)
    context.warn(
        "no test is on the wrong side of the boundary: the data only bracket it, and the errors rest on the penalty of the regression");
  const double c0 = l.coefficient[0], c1 = l.coefficient[1], c2 = l.coefficient[2];
  if (!(c1 < 0)) context.warn("faster tests are not more brittle in this table: the boundary has no meaning");
  const double slope = c2 / c1 * scale;  // E/k [K]
  const auto variance = [&](const std::array<double, 3>& g) {
    double v = 0;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) v += g[i] * g[j] * l.covariance(i, j);
    return std::sqrt(v);
  };
  const char* method = "delta method on the regression's covariance";
  r.activation_energy = {constants::boltzmann * slope, constants::boltzmann * variance({0, -slope / c1, scale / c1}), method};
  const double ln_r0 = mean_rate - c0 / c1 + slope * mean;
  r.log10_prefactor = {ln_r0 / std::log(10.0), variance({-1 / c1, c0 / (c1 * c1) - slope * mean / c1, scale * mean / c1}) / std::log(10.0),
                       method};
  if (o.slow_energy)
    r.energy_over_beta = {r.activation_energy.value / *o.slow_energy, r.activation_energy.error / *o.slow_energy,
                          "error of the boundary only"};
  const auto [low, high] = std::minmax_element(t.inverse.begin(), t.inverse.end());
  for (int k = 0; k <= 50; ++k) {
    r.inverse_temperature.push_back(*low + (*high - *low) * k / 50);
    r.boundary_rate.push_back(std::exp(ln_r0 - slope * r.inverse_temperature.back()));
  }
  for (std::size_t i = 0; i < n; ++i) {
    (t.ductile[i] ? r.ductile_inverse_temperature : r.brittle_inverse_temperature).push_back(t.inverse[i]);
    (t.ductile[i] ? r.ductile_rate : r.brittle_rate).push_back(std::exp(t.log_rate[i]));
  }
}

}  // namespace

Ductility ductility(std::span<const Curve> curves, const DuctilityOptions& o, Context& context) {
  const bool ratio = o.poisson_ratio || (o.shear_modulus && o.bulk_modulus), energies = o.fast_energy && o.slow_energy;
  if (!ratio && !energies && curves.empty())
    throw InputError(
        "mechanics/ductility: --poisson-ratio, or --shear-modulus with --bulk-modulus, or --fast-energy with --slow-energy, or a table of "
        "tests "
        "must be given");
  Ductility r = propagated<Ductility>(o, o.errors, evaluated);
  r.by_poisson = by_poisson(r.poisson_ratio.value);
  r.by_relaxation = by_relaxation(r.energy_ratio.value);
  r.exceptions = exceptions_table();
  r.exception = o.composition.empty() ? "no composition given" : "none known";
  for (const Exception& e : known_exceptions)
    if (o.composition == e.composition) r.exception = e.behaviour;
  r.activation_energy.note = r.log10_prefactor.note = "needs a table of tests";
  r.energy_over_beta.note = "needs a table of tests and --slow-energy";
  if (!curves.empty()) boundary(tests_of(curves), o, r, context);
  return r;
}

const Fields& DuctilityOptions::fields() {
  using O = DuctilityOptions;
  static const Fields table = {
      field<&O::poisson_ratio>("poisson_ratio", "1", "Poisson's ratio").range(-1, 0.5).alias("nu"),
      field<&O::shear_modulus>("shear_modulus", "GPa", "shear modulus, with the bulk modulus instead of Poisson's ratio").positive(),
      field<&O::bulk_modulus>("bulk_modulus", "GPa", "bulk modulus").positive(),
      field<&O::fast_energy>("fast_energy", "eV", "activation energy of the fast secondary relaxation").positive(),
      field<&O::slow_energy>("slow_energy", "eV", "activation energy of the slow secondary relaxation").positive(),
      field<&O::composition>("composition", "", "alloy, looked for among the known exceptions"),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const ColumnRoles& DuctilityOptions::columns() {
  static const ColumnRoles roles = {
      {"temperature", "K", "temperature of the test", true, {"t"}},
      {"strain_rate", "1/s", "strain rate of the test", true, {"rate"}},
      {"ductile", "1", "1 ductile, 0 brittle", true, {}},
  };
  return roles;
}

const Fields& Ductility::fields() {
  using R = Ductility;
  static const Fields table = {
      field<&R::poisson_ratio>("poisson_ratio", "1", "given, or from the moduli"),
      field<&R::shear_over_bulk>("shear_over_bulk", "1", "G/K, the same rule in another variable"),
      field<&R::by_poisson>("by_poisson", "", "verdict of Poisson's ratio").exact("a rule"),
      field<&R::energy_ratio>("energy_ratio", "1", "fast over slow secondary activation energy"),
      field<&R::by_relaxation>("by_relaxation", "", "verdict of the relaxations").exact("a rule"),
      field<&R::exception>("exception", "", "what is known of this composition").exact("literature"),
      field<&R::exceptions>("exceptions", "", "glasses that break the rule of Poisson's ratio").exact("literature"),
      field<&R::activation_energy>("activation_energy", "eV", "of the ductile-brittle boundary"),
      field<&R::log10_prefactor>("log10_prefactor", "1", "log10 of the boundary's prefactor in 1/s"),
      field<&R::energy_over_beta>("energy_over_beta", "1", "boundary's energy over that of the slow secondary relaxation"),
      field<&R::misclassified>("misclassified", "1", "tests on the wrong side of the boundary").exact("counted"),
      field<&R::inverse_temperature>("inverse_temperature", "1/K", "abscissa of the boundary").exact("chosen"),
      field<&R::boundary_rate>("boundary_rate", "1/s", "critical rate; tests above it are brittle")
          .over("inverse_temperature")
          .log_axis()
          .exact("its errors are those of the energy and the prefactor"),
      field<&R::ductile_inverse_temperature>("ductile_inverse_temperature", "1/K", "ductile tests").exact("of the table"),
      field<&R::ductile_rate>("ductile_rate", "1/s", "ductile tests")
          .over("ductile_inverse_temperature", Plot::points)
          .with("boundary_rate")
          .log_axis()
          .exact("of the table"),
      field<&R::brittle_inverse_temperature>("brittle_inverse_temperature", "1/K", "brittle tests").exact("of the table"),
      field<&R::brittle_rate>("brittle_rate", "1/s", "brittle tests")
          .over("brittle_inverse_temperature", Plot::points)
          .with("boundary_rate")
          .log_axis()
          .exact("of the table"),
  };
  return table;
}

const Analysis& ductility_analysis() {
  static const Analysis entry =
      analysis<&ductility>("mechanics", "ductility", "rules of ductility, their exceptions, and the ductile-brittle boundary of tests",
                           {{"Lewandowski, Wang, Greer, Philos. Mag. Lett. 85, 77 (2005)", "10.1080/09500830500080474"},
                            {"Yu, Shen, Wang et al., Phys. Rev. Lett. 108, 015504 (2012)", "10.1103/PhysRevLett.108.015504"}});
  return entry;
}

}  // namespace heteroglass::mechanics
