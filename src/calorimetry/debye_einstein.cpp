#include "calorimetry/debye_einstein.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::calorimetry {
namespace {

using constants::gas_constant;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double thz_per_kelvin = constants::boltzmann / 4.135667696e-3;  // k_B / h

/// x^2 e^x / (e^x - 1)^2
double planck(double x) {
  if (x < 1e-4) return 1 - x * x / 12;
  const double s = std::sinh(x / 2);
  return x > 700 ? 0 : x * x / (4 * s * s);
}

/// gamma, ln theta_D, ln theta_E, n
struct Model {
  double gamma = 0, debye = 0, einstein = 0, fraction = 0;
  explicit Model(std::span<const double> p) : gamma(p[0]), debye(std::exp(p[1])), einstein(std::exp(p[2])), fraction(p[3]) {}
  double lattice(double t) const { return (1 - fraction) * debye_heat(debye, t) + fraction * einstein_heat(einstein, t); }
  double operator()(double t) const { return gamma * t + lattice(t); }
  /// Lattice over what its Debye spectrum gives at 0 K, by T^3.
  double excess(double t) const {
    return lattice(t) / (t * t * t) / ((1 - fraction) * 2.4 * std::pow(std::numbers::pi, 4) * gas_constant / std::pow(debye, 3));
  }
};

/// Largest excess between theta_E / 20 and theta_E, on a grid of 1 %; NaN where it is at the lower end: no hump.
std::pair<double, double> peak(const Model& m) {
  const double start = m.einstein / 20;
  std::pair<double, double> best{start, m.excess(start)};
  for (double t = start; t < m.einstein; t *= 1.01)
    if (const double e = m.excess(t); e > best.second) best = {t, e};
  return best.first > start ? best : std::pair{nan, nan};
}

struct Data {
  std::vector<double> t, c, error;
};

Data data_of(const Curve& curve) {
  Data d{curve.at("temperature").values, curve.at("heat_capacity").values, {}};
  for (std::size_t i = 0; i < d.t.size(); ++i)
    if (!(d.t[i] > 0) || !(d.c[i] > 0))
      throw InputError(
          fmt::format("{}: temperature and heat capacity must be positive, got {} K and {} J/(mol K)", curve.source, d.t[i], d.c[i]));
  if (d.t.size() < 8) throw InputError(fmt::format("{}: must have at least 8 points, got {}", curve.source, d.t.size()));
  if (const CurveColumn* e = curve.find("heat_capacity_error")) d.error = e->values;
  return d;
}

numeric::LeastSquares fitted(const Data& d, const DebyeEinsteinOptions& o, bool oscillator) {
  const numeric::Residuals residuals = [&](std::span<const double> p, std::span<double> r, double*) {
    const Model m(p);
    for (std::size_t i = 0; i < d.t.size(); ++i) r[i] = (m(d.t[i]) - d.c[i]) / (d.error.empty() ? d.c[i] : d.error[i]);
  };
  numeric::LeastSquares best;
  bool found = false;
  for (const double debye : {150.0, 250.0, 400.0})
    for (const double einstein : oscillator ? std::vector<double>{30, 60, 120} : std::vector<double>{60}) {
      const std::vector<numeric::Parameter> p = {{"sommerfeld", 0, 0, 1, !o.electrons},
                                                 {"debye", std::log(debye), std::log(20.0), std::log(5000.0), false},
                                                 {"einstein", std::log(einstein), std::log(2.0), std::log(1000.0), !oscillator},
                                                 {"fraction", oscillator ? 0.03 : 0.0, 0, 1, !oscillator}};
      try {
        numeric::LeastSquares r = numeric::least_squares(p, d.t.size(), residuals, {.known_errors = !d.error.empty()});
        if (!found || r.chi2 < best.chi2) best = std::move(r), found = true;
      } catch (const NumericalError&) {
        // this start leads nowhere
      }
    }
  if (!found) throw NumericalError("debye_einstein: no start led to a fit");
  return best;
}

void curves_of(const Model& m, DebyeEinstein& out) {
  const Model sound(std::vector<double>{0, std::log(m.debye), std::log(m.einstein), 0});
  for (const double t : out.temperature) {
    const double cube = t * t * t;
    out.fit.push_back(m(t)), out.reduced_fit.push_back(m.lattice(t) / cube);
    out.reduced_debye.push_back((1 - m.fraction) * sound.lattice(t) / cube);
  }
}

/// Values of the parameters and of what follows from them, with errors by small steps along each parameter.
void parameters_of(const numeric::LeastSquares& r, const std::string& note, DebyeEinstein& out) {
  const Model m(r.value);
  const auto error = [&](auto&& of) {
    double variance = 0;
    std::vector<double> slope;
    for (std::size_t k = 0; k < 4; ++k) {
      std::vector<double> up = r.value, down = r.value;
      const double h = 0.1 * r.error[k];
      up[k] += h, down[k] -= h;
      slope.push_back(h > 0 ? (of(Model(up)) - of(Model(down))) / (2 * h) : 0);
    }
    for (std::size_t k = 0; k < 4; ++k)
      for (std::size_t l = 0; l < 4; ++l) variance += slope[k] * r.covariance(k, l) * slope[l];
    return std::sqrt(std::max(0.0, variance));
  };
  out.debye_temperature = {m.debye, m.debye * r.error[1], note};
  out.einstein_temperature = {m.einstein, m.einstein * r.error[2], note};
  out.einstein_fraction = {m.fraction, r.error[3], note};
  out.sommerfeld = {m.gamma, r.error[0] > 0 ? r.error[0] : nan, r.error[0] > 0 ? note : "kept at 0"};
  out.einstein_frequency = {thz_per_kelvin * m.einstein, thz_per_kelvin * m.einstein * r.error[2], note};
  // The temperature follows from the grid of 1 %; its error is that of theta_E, to which it is proportional.
  const std::string about = std::isnan(peak(m).first) ? "the fit has no hump of C/T^3" : note;
  out.boson_peak_temperature = {peak(m).first, peak(m).first * std::hypot(r.error[2], 0.005), about};
  out.boson_peak_height = {peak(m).second, error([](const Model& x) { return peak(x).second; }), about};
}

DebyeEinstein evaluated(const DebyeEinsteinOptions& o) {
  DebyeEinstein out;
  const Model m(std::vector<double>{o.sommerfeld, std::log(o.debye_temperature), std::log(o.einstein_temperature), o.einstein_fraction});
  out.temperature = o.temperatures;
  for (int k = 0; o.temperatures.empty() && k <= 80; ++k) out.temperature.push_back(std::pow(10, 0.3 + 0.02 * k));
  curves_of(m, out);
  out.debye_temperature = {m.debye, 0, "given"}, out.einstein_temperature = {m.einstein, 0, "given"};
  out.einstein_fraction = {m.fraction, 0, "given"}, out.sommerfeld = {m.gamma, 0, "given"};
  out.einstein_frequency = {thz_per_kelvin * m.einstein, 0, "given"};
  out.boson_peak_temperature = {peak(m).first, 0.005 * peak(m).first, "grid"}, out.boson_peak_height = {peak(m).second, 0, "given"};
  out.excess_needed = nan, out.rms_residual = nan;
  return out;
}

}  // namespace

double einstein_heat(double theta, double temperature) { return 3 * gas_constant * planck(theta / temperature); }

/// Simpson's rule; the integrand is negligible beyond 60.
double debye_heat(double theta, double temperature) {
  const double u = theta / temperature, top = std::min(u, 60.0);
  const int n = 2 * static_cast<int>(std::ceil(3 * top) + 16);
  const double h = top / n;
  double sum = top * top * planck(top);
  for (int k = 1; k < n; ++k) sum += (k % 2 == 1 ? 4 : 2) * h * h * k * k * planck(h * k);
  return 9 * gas_constant * sum * h / 3 / (u * u * u);
}

DebyeEinstein debye_einstein(std::span<const Curve> curves, const DebyeEinsteinOptions& o, Context& context) {
  for (const double t : o.temperatures)
    if (!(t > 0)) throw InputError(fmt::format("--temperatures: must be positive, got {} K", t));
  if (curves.empty()) return evaluated(o);
  const Data d = data_of(curves.front());
  const numeric::LeastSquares r = fitted(d, o, true), plain = fitted(d, o, false);
  DebyeEinstein out;
  parameters_of(r, d.error.empty() ? "covariance scaled by the misfit" : "covariance", out);
  out.excess_needed = plain.aicc - r.aicc;
  out.rms_residual = std::sqrt(r.chi2 / static_cast<double>(d.t.size()));
  out.converged = r.converged;
  const Model m(r.value);
  out.temperature = d.t, out.heat_capacity = d.c;
  curves_of(m, out);
  for (std::size_t i = 0; i < d.t.size(); ++i) {
    out.reduced.push_back((d.c[i] - m.gamma * d.t[i]) / std::pow(d.t[i], 3));
    out.residual.push_back((out.fit[i] - d.c[i]) / (d.error.empty() ? d.c[i] : d.error[i]));
  }
  if (!r.converged) context.warn("the fit did not converge: " + r.message);
  if (out.excess_needed < 10) context.warn("a Debye spectrum alone describes the data as well: no excess modes are seen");
  const auto [low, high] = std::minmax_element(d.t.begin(), d.t.end());
  if (std::isnan(out.boson_peak_height.value))
    context.warn("the fit has no hump of C/T^3: the oscillator stands for the modes of higher frequency; choose a lower --range");
  else if (!(*low<out.boson_peak_temperature.value&& * high> out.boson_peak_temperature.value))
    context.warn(
        fmt::format("the hump of C/T^3 at {:.3g} K lies outside the data ({:.3g} to {:.3g} K): the oscillator stands for something else",
                    out.boson_peak_temperature.value, *low, *high));
  if (out.rms_residual > (d.error.empty() ? 0.05 : 3))
    context.warn(fmt::format("the model misses the data by {:.2g} {}: one oscillator is too few", out.rms_residual,
                             d.error.empty() ? "of their value (rms)" : "standard errors (rms)"));
  return out;
}

const ColumnRoles& DebyeEinsteinOptions::columns() {
  static const ColumnRoles roles = {
      {"temperature", "K", "temperature", true, {"t", "temp"}},
      {"heat_capacity", "J/(mol K)", "heat capacity per mole of atoms", true, {"cp", "cv", "c", "specificheat", "heatcapacity"}},
      {"heat_capacity_error", "J/(mol K)", "its standard error", false, {"cperror"}},
  };
  return roles;
}

const Fields& DebyeEinsteinOptions::fields() {
  using O = DebyeEinsteinOptions;
  static const Fields table = {
      field<&O::electrons>("electrons", "", "fit the electronic term gamma T; false: none"),
      field<&O::debye_temperature>("debye_temperature", "K", "without a file").positive(),
      field<&O::einstein_temperature>("einstein_temperature", "K", "without a file").positive(),
      field<&O::einstein_fraction>("einstein_fraction", "1", "fraction of the modes in the oscillator, without a file").range(0, 1),
      field<&O::sommerfeld>("sommerfeld", "J/(mol K^2)", "gamma, without a file").non_negative(),
      field<&O::temperatures>("temperatures", "K", "where the formula is evaluated; unset: 2 to 80 K"),
  };
  return table;
}

const Fields& DebyeEinstein::fields() {
  using R = DebyeEinstein;
  static const Fields table = {
      field<&R::debye_temperature>("debye_temperature", "K", "of the sound-like modes"),
      field<&R::einstein_temperature>("einstein_temperature", "K", "of the excess modes"),
      field<&R::einstein_fraction>("einstein_fraction", "1", "fraction of the modes in excess"),
      field<&R::sommerfeld>("sommerfeld", "J/(mol K^2)", "gamma of the electrons"),
      field<&R::einstein_frequency>("einstein_frequency", "THz", "k_B theta_E / h"),
      field<&R::boson_peak_temperature>("boson_peak_temperature", "K", "of the largest (C - gamma T)/T^3 of the fit"),
      field<&R::boson_peak_height>("boson_peak_height", "1", "that over the value of its Debye part at 0 K"),
      field<&R::excess_needed>("excess_needed", "1",
                               "AICc of a Debye spectrum alone less that of the fit; above 10: excess modes are needed")
          .exact("a difference of misfits"),
      field<&R::rms_residual>("rms_residual", "1", "relative, or in standard errors").exact("a misfit"),
      field<&R::converged>("converged", "", "whether the fit converged").exact("a fact"),
      field<&R::temperature>("temperature", "K", "of the points").log_axis().exact("data"),
      field<&R::heat_capacity>("heat_capacity", "J/(mol K)", "measured").over("temperature", Plot::points).log_axis().exact("data"),
      field<&R::fit>("fit", "J/(mol K)", "the model").over("temperature").with("heat_capacity").exact("see the parameters"),
      field<&R::residual>("residual", "1", "of fit, relative or in standard errors").over("temperature", Plot::points).exact("a residual"),
      field<&R::reduced>("reduced", "J/(mol K^4)", "(C - gamma T)/T^3 of the data").over("temperature", Plot::points).exact("data"),
      field<&R::reduced_fit>("reduced_fit", "J/(mol K^4)", "the same of the model")
          .over("temperature")
          .with("reduced")
          .exact("see the parameters"),
      field<&R::reduced_debye>("reduced_debye", "J/(mol K^4)", "of its Debye part")
          .over("temperature")
          .with("reduced")
          .exact("see the parameters"),
  };
  return table;
}

const Analysis& debye_einstein_analysis() {
  static const Analysis entry = analysis<&debye_einstein>(
      "calorimetry", "debye_einstein", "low-temperature heat capacity: electrons, sound, and the boson peak as an oscillator",
      {{"Zeller, Pohl, Phys. Rev. B 4, 2029 (1971)", "10.1103/PhysRevB.4.2029"},
       {"Li, Bai, Wang, Samwer, Phys. Rev. B 74, 052201 (2006)", "10.1103/PhysRevB.74.052201"}});
  return entry;
}

}  // namespace heteroglass::calorimetry
