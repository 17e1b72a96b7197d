#include "relaxation/quasi_point_defects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "numeric/least_squares.hpp"
#include "numeric/straight_line.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double k = constants::boltzmann;

struct Point {
  double temperature, ln_w, ln_tan;
};

std::vector<Point> points(std::span<const Curve> curves, Context& context) {
  std::vector<Point> out;
  std::size_t rows = 0;
  for (const Curve& c : curves) {
    const CurveColumn *tan = c.find("loss_factor"), *storage = c.find("storage"), *loss = c.find("loss"), *t = c.find("temperature");
    const CurveColumn *w = c.find("angular_frequency"), *f = c.find("frequency");
    const std::optional<double> one_t = c.property("temperature", "K"), one_f = c.property("frequency", "Hz");
    if (!tan && !(storage && loss)) throw InputError(fmt::format("{}: must have loss_factor, or storage and loss, got neither", c.source));
    if (!t && !one_t)
      throw InputError(fmt::format("{}: must have a temperature, as a column or with --property temperature=400K, got none", c.source));
    if (!w && !f && !one_f)
      throw InputError(fmt::format("{}: must have a frequency, as a column or with --property frequency=1Hz, got none", c.source));
    for (std::size_t i = 0; i < c.size(); ++i, ++rows) {
      const double value = tan ? tan->values[i] : loss->values[i] / storage->values[i];
      const double omega = w ? w->values[i] : 2 * std::numbers::pi * (f ? f->values[i] : *one_f);
      if (value > 0 && omega > 0 && std::isfinite(value)) out.push_back({t ? t->values[i] : *one_t, std::log(omega), std::log(value)});
    }
  }
  if (out.size() < rows)
    context.warn(
        fmt::format("{} of {} rows have a loss factor or frequency that is not positive, and are left out", rows - out.size(), rows));
  std::stable_sort(out.begin(), out.end(), [](const Point& a, const Point& b) { return a.temperature < b.temperature; });
  return out;
}

struct Isotherm {
  double temperature = 0, chi = 0, chi_error = 0, curvature = 0;
  std::vector<Point> points;
};

/// Root of the variance of a slope when the curve bends: t value of the quadratic term.
double bend(const std::vector<Point>& p) {
  if (p.size() < 5) return 0;
  const numeric::LeastSquares q = numeric::least_squares({{"c", p[0].ln_tan}, {"b", 0}, {"a", 0}}, p.size(),
                                                         [&](std::span<const double> c, std::span<double> r, double*) {
                                                           for (std::size_t i = 0; i < p.size(); ++i)
                                                             r[i] = p[i].ln_tan - c[0] - c[1] * p[i].ln_w - c[2] * p[i].ln_w * p[i].ln_w;
                                                         });
  return q.error[2] > 0 ? q.value[2] / q.error[2] : 0;
}

std::vector<Isotherm> isotherms(const std::vector<Point>& all, double tolerance) {
  std::vector<Isotherm> list;
  for (const Point& p : all) {
    if (list.empty() || p.temperature - list.back().temperature > tolerance) list.emplace_back(), list.back().temperature = p.temperature;
    list.back().points.push_back(p);
  }
  std::erase_if(list, [](const Isotherm& i) { return i.points.size() < 3; });
  for (Isotherm& i : list) {
    std::vector<double> x, y;
    double sum = 0;
    for (const Point& p : i.points) x.push_back(p.ln_w), y.push_back(p.ln_tan), sum += p.temperature;
    i.temperature = sum / static_cast<double>(x.size());
    const numeric::StraightLine line = numeric::straight_line(x, y);
    i.chi = -line.slope, i.chi_error = std::sqrt(line.variance_slope), i.curvature = bend(i.points);
  }
  return list;
}

/// How many isotherms from the coldest have one chi: chi^2 per degree of freedom of their weighted mean stays below that of chance at 1 %.
std::size_t frozen_count(const std::vector<Isotherm>& list) {
  std::size_t best = 1;
  for (std::size_t n = 2; n <= list.size(); ++n) {
    double w = 0, mean = 0, chi2 = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double weight = 1 / std::max(list[i].chi_error * list[i].chi_error, 1e-12);
      w += weight, mean += weight * list[i].chi;
    }
    mean /= w;
    for (std::size_t i = 0; i < n; ++i) chi2 += std::pow(list[i].chi - mean, 2) / std::max(list[i].chi_error * list[i].chi_error, 1e-12);
    // Wilson and Hilferty: 99 % quantile of chi^2 with n - 1 degrees of freedom.
    const double m = static_cast<double>(n - 1), limit = m * std::pow(1 - 2 / (9 * m) + 2.326 * std::sqrt(2 / (9 * m)), 3);
    if (chi2 > limit) break;
    best = n;
  }
  return best;
}

/// U_b, chi and the constant from ln tan d = c - U_b/kT - chi ln w.
numeric::LeastSquares plane(const std::vector<Isotherm>& list, std::size_t count) {
  std::vector<Point> p;
  for (std::size_t i = 0; i < count; ++i) p.insert(p.end(), list[i].points.begin(), list[i].points.end());
  return numeric::least_squares({{"energy", 1}, {"chi", list[0].chi}, {"constant", 0}}, p.size(),
                                [&](std::span<const double> q, std::span<double> r, double*) {
                                  for (std::size_t i = 0; i < p.size(); ++i)
                                    r[i] = p[i].ln_tan - q[2] + q[0] / (k * p[i].temperature) + q[1] * p[i].ln_w;
                                });
}

/// One line for all isotherms that have a fault.
template <class F> void warn_of(const std::vector<Isotherm>& list, const std::string& what, Context& context, F has) {
  std::vector<std::string> where;
  for (const Isotherm& i : list)
    if (has(i)) where.push_back(fmt::format("{:.1f}", i.temperature));
  if (!where.empty()) context.warn(fmt::format("{} at {} of {} isotherms: {} K", what, where.size(), list.size(), fmt::join(where, ", ")));
}

void empty_notes(QuasiPointDefects& out, const std::string& why) {
  for (Measured* m : {&out.tau_beta, &out.relaxation_time, &out.tau0_star, &out.chi_glass, &out.activation_energy,
                      &out.unrelaxed_compliance, &out.anelastic_amplitude, &out.viscosity})
    m->note = why;
}

QuasiPointDefects formula(const QuasiPointDefectsOptions& o) {
  if (!o.tau_beta0 || !o.activation_energy || !o.temperature || !o.time_scale || !o.chi)
    throw InputError(
        "--tau-beta0, --activation-energy, --temperature, --time-scale, --chi: must all be given when there is no file, got fewer");
  QuasiPointDefects out;
  empty_notes(out, "needs data");
  const std::string exact = "formula at exact values";
  const double tau_beta = *o.tau_beta0 * std::exp(*o.activation_energy / (k * *o.temperature));
  out.tau_beta = {tau_beta, NAN, exact};
  out.relaxation_time = {*o.time_scale * std::pow(tau_beta / *o.time_scale, 1 / *o.chi), NAN, exact};
  out.tau0_star = {*o.time_scale * std::pow(*o.tau_beta0 / *o.time_scale, 1 / *o.chi), NAN, exact};
  out.chi_glass = {*o.chi, NAN, "given"}, out.activation_energy = {*o.activation_energy, NAN, "given"};
  return out;
}

QuasiPointDefects creep(const Curve& c, Context& context) {
  QuasiPointDefects out;
  empty_notes(out, "needs the loss factor against frequency and temperature");
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double t = c.at("time").values[i], j = c.at("compliance").values[i];
    if (t > 0 && j > 0) out.time.push_back(t), out.compliance.push_back(j);
  }
  const std::size_t n = out.time.size();
  if (n < 6) throw InputError(fmt::format("{}: creep must have at least 6 points with positive time and compliance, got {}", c.source, n));
  const double last = out.time.back(), span = out.compliance.back() - out.compliance.front();
  const auto model = [](std::span<const double> p, double t) { return p[0] + p[1] * std::pow(t, p[2]) / std::tgamma(1 + p[2]) + p[3] * t; };
  const std::vector<numeric::Parameter> parameters = {{"J_u", 0.9 * out.compliance.front(), 0, 1e300},
                                                      {"A", std::max(span, 1e-12) / 2 / std::pow(last, 0.4), 0, 1e300},
                                                      {"chi", 0.4, 0.02, 0.98},
                                                      {"fluidity", std::max(span, 1e-12) / 4 / last, 0, 1e300}};
  const numeric::LeastSquares f = numeric::least_squares(parameters, n, [&](std::span<const double> p, std::span<double> r, double*) {
    for (std::size_t i = 0; i < n; ++i) r[i] = (model(p, out.time[i]) - out.compliance[i]) / out.compliance[i];
  });
  if (!f.converged) context.warn("the fit of creep did not settle: " + f.message);
  if (f.condition > 1e12)
    context.warn(fmt::format("anelastic and viscous creep cannot be told apart by these data (condition {:.1e})", f.condition));
  out.unrelaxed_compliance = {f.value[0], f.error[0], "covariance"}, out.anelastic_amplitude = {f.value[1], f.error[1], "covariance"};
  out.chi_glass = {f.value[2], f.error[2], "covariance"};
  out.viscosity.note = "no flow within the error";
  if (f.value[3] > 2 * f.error[3]) out.viscosity = {1 / f.value[3], f.error[3] / (f.value[3] * f.value[3]), "covariance"};
  for (double t : out.time) out.compliance_fit.push_back(model(f.value, t));
  if (const auto t = c.property("temperature", "K")) out.frozen_to = *t;
  return out;
}

}  // namespace

const ColumnRoles& QuasiPointDefectsOptions::columns() {
  static const ColumnRoles roles = {
      {"temperature", "K", "of the row", false, {"temp", "t", "sampletemperature"}},
      {"angular_frequency", "rad/s", "angular frequency", false, {"omega", "w", "freq", "frequency", "f", "angfreq"}},
      {"loss_factor", "1", "tan delta or internal friction", false, {"tandelta", "tand", "q-1", "internalfriction", "lossfactor"}},
      {"storage", "GPa", "storage modulus", false, {"storagemodulus", "e'", "g'", "m'", "estor"}},
      {"loss", "GPa", "loss modulus", false, {"lossmodulus", "e''", "g''", "m''", "eloss"}},
      {"time", "s", "of creep", false, {"t", "steptime"}},
      {"compliance", "1/GPa", "creep compliance", false, {"creepcompliance", "j", "d", "j(t)"}},
  };
  return roles;
}

const Fields& QuasiPointDefectsOptions::fields() {
  using O = QuasiPointDefectsOptions;
  static const Fields table = {
      field<&O::tau_beta0>("tau_beta0", "s", "tau_b0 of tau_b = tau_b0 exp(U_b/kT)").positive(),
      field<&O::activation_energy>("activation_energy", "eV", "U_b").positive(),
      field<&O::temperature>("temperature", "K", "of the formula").positive(),
      field<&O::time_scale>("time_scale", "s", "t0, a scaling time").positive(),
      field<&O::chi>("chi", "1", "correlation parameter of the formula").range(1e-3, 1),
      field<&O::amplitude>("amplitude", "1", "K of ln tan d, which tau0* depends on").positive(),
      field<&O::temperature_tolerance>("temperature_tolerance", "K", "rows within it are one isotherm").positive().difference(),
      field<&O::glass_transition>("glass_transition", "K", "upper end of the frozen range; unset: where chi begins to change")
          .positive()
          .alias("tg"),
  };
  return table;
}

const Fields& QuasiPointDefects::fields() {
  using R = QuasiPointDefects;
  static const Fields table = {
      field<&R::tau_beta>("tau_beta", "s", "time of an elementary jump"),
      field<&R::relaxation_time>("relaxation_time", "s", "t0 (tau_b/t0)^(1/chi)"),
      field<&R::tau0_star>("tau0_star", "s", "t0 (tau_b0/t0)^(1/chi); from data with the amplitude K"),
      field<&R::chi_glass>("chi_glass", "1", "correlation parameter in the frozen range, or of creep"),
      field<&R::activation_energy>("activation_energy", "eV", "U_b from the plane ln tan d(1/T, ln w) of the frozen range"),
      field<&R::frozen_to>("frozen_to", "K", "last isotherm of the frozen range; temperature of creep").exact("one of the isotherms"),
      field<&R::unrelaxed_compliance>("unrelaxed_compliance", "1/GPa", "J_u of creep"),
      field<&R::anelastic_amplitude>("anelastic_amplitude", "1/GPa", "A of creep, times in s"),
      field<&R::viscosity>("viscosity", "GPa*s", "of creep"),
      field<&R::temperature>("temperature", "K", "of the isotherms").exact("as read"),
      field<&R::chi>("chi", "1", "-d ln tan d/d ln w").over("temperature", Plot::points),
      field<&R::chi_error>("chi_error", "1", "of the slope").error_for("chi"),
      field<&R::curvature>("curvature", "1", "t value of a quadratic term: beyond 3 tan d is no power law").exact("a test"),
      field<&R::time>("time", "s", "of creep").exact("as read").log_axis(),
      field<&R::compliance>("compliance", "1/GPa", "of creep").over("time", Plot::points).exact("as read").log_axis(),
      field<&R::compliance_fit>("compliance_fit", "1/GPa", "the creep law")
          .over("time")
          .with("compliance")
          .exact("see the parameters")
          .log_axis(),
  };
  return table;
}

QuasiPointDefects quasi_point_defects(std::span<const Curve> curves, const QuasiPointDefectsOptions& o, Context& context) {
  if (curves.empty()) return formula(o);
  if (curves[0].find("compliance") && curves[0].find("time")) {
    if (curves.size() > 1)
      throw InputError(fmt::format("{}: creep must be one curve (--step chooses it), got {}", curves[0].source, curves.size()));
    return creep(curves[0], context);
  }
  const std::vector<Isotherm> list = isotherms(points(curves, context), o.temperature_tolerance);
  if (list.empty()) throw InputError(fmt::format("{}: an isotherm must have at least 3 frequencies, got fewer", curves[0].source));
  QuasiPointDefects out;
  empty_notes(out, "needs creep data, or no file");
  for (const Isotherm& i : list)
    out.temperature.push_back(i.temperature), out.chi.push_back(i.chi), out.chi_error.push_back(i.chi_error),
        out.curvature.push_back(i.curvature);
  warn_of(list, "chi lies outside (0, 1), tan d does not fall with frequency as the model has it,", context,
          [](const Isotherm& i) { return i.chi <= 0 || i.chi >= 1; });
  warn_of(list, "tan d is no power law of frequency (see curvature)", context, [](const Isotherm& i) { return std::abs(i.curvature) > 3; });
  std::size_t frozen = frozen_count(list);
  if (o.glass_transition) {
    frozen = 0;
    while (frozen < list.size() && list[frozen].temperature <= *o.glass_transition) ++frozen;
    if (frozen == 0)
      throw InputError(fmt::format("--glass-transition: must lie above the coldest isotherm at {:.1f} K, got {:.1f} K", list[0].temperature,
                                   *o.glass_transition));
  }
  out.frozen_to = list[frozen - 1].temperature;
  if (frozen < 2) {
    out.chi_glass = {list[0].chi, list[0].chi_error, "slope of one isotherm"};
    out.activation_energy.note = out.tau0_star.note = "needs two isotherms with the same chi";
    return out;
  }
  const numeric::LeastSquares f = plane(list, frozen);
  out.chi_glass = {f.value[1], f.error[1], "covariance"}, out.activation_energy = {f.value[0], f.error[0], "covariance"};
  // ln tau0* = (ln K - c)/chi
  const double ln_k = std::log(o.amplitude), chi = f.value[1], star = (ln_k - f.value[2]) / chi;
  const double by_chi = -star / chi, by_c = -1 / chi;
  const double variance = by_chi * by_chi * f.covariance(1, 1) + by_c * by_c * f.covariance(2, 2) + 2 * by_chi * by_c * f.covariance(1, 2);
  out.tau0_star = {std::exp(star), std::exp(star) * std::sqrt(std::max(variance, 0.0)),
                   fmt::format("covariance, with K = {:g}", o.amplitude)};
  return out;
}

const Analysis& quasi_point_defects_analysis() {
  static const Analysis entry = analysis<&quasi_point_defects>(
      "relaxation", "quasi_point_defects", "correlation parameter chi(T), energy and times of quasi-point defects; creep",
      {{"Perez, Acta Metall. 32, 2163 (1984)", ""},
       {"Qiao et al., Prog. Mater. Sci. 104, 250 (2019), equations 4.9-4.11", "10.1016/j.pmatsci.2019.04.005"}});
  return entry;
}

}  // namespace heteroglass::relaxation
