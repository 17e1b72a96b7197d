#include "calorimetry/kissinger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "numeric/least_squares.hpp"
#include "numeric/straight_line.hpp"

namespace heteroglass::calorimetry {
namespace {

using constants::gas_constant;
constexpr double kj_per_mol_in_ev = 1e3 / (constants::avogadro * constants::elementary_charge);

/// ln(q / T^power) = const - factor E / (R T)
struct Method {
  const char* name;
  double power, factor;
};
constexpr Method methods[] = {
    {"kissinger", 2, 1}, {"ozawa", 0, 1.0516}, {"moynihan", 0, 1}, {"augis_bennett", 1, 1}, {"starink", 1.92, 1.0008}};

struct Data {
  std::vector<double> rate, temperature, error;  ///< K/s, K, K (empty: unknown)
};

struct Fit {
  Measured energy;      ///< J/mol
  double conventional;  ///< J/mol, regressed the usual way
  double half_width;    ///< J/mol of the 95 % interval
  double r_squared, log_constant;
  numeric::StraightLine line;  ///< 1/T over the left-hand side
};

std::vector<double> left_side(const Data& d, const Method& m) {
  std::vector<double> y;
  for (std::size_t i = 0; i < d.rate.size(); ++i) y.push_back(std::log(d.rate[i]) - m.power * std::log(d.temperature[i]));
  return y;
}

Fit fit(const Data& d, const Method& m) {
  const std::vector<double> y = left_side(d, m);
  std::vector<double> inverse, error;
  for (std::size_t i = 0; i < d.rate.size(); ++i) {
    inverse.push_back(1 / d.temperature[i]);
    if (!d.error.empty()) error.push_back(d.error[i] / (d.temperature[i] * d.temperature[i]));
  }
  Fit f;
  f.line = numeric::straight_line(y, inverse, error);
  const numeric::StraightLine usual = numeric::straight_line(inverse, y);
  const double scale = gas_constant / m.factor;
  f.energy.value = -scale / f.line.slope;
  f.energy.error = std::abs(f.energy.value) * std::sqrt(f.line.variance_slope) / std::abs(f.line.slope);
  f.energy.note = !error.empty() ? "covariance of the line from temperature_error"
                  : y.size() > 2 ? "covariance of the line from the scatter"
                                 : "two rates leave no scatter";
  f.conventional = -scale * usual.slope;
  f.half_width = f.energy.error * (error.empty() ? numeric::student_95(y.size() - 2) : 1.96);
  f.r_squared = usual.slope * f.line.slope;
  f.log_constant = f.line.mean_y / -f.line.slope + f.line.mean_x;  // of ln(q/T^n) = log_constant - (factor E / R) / T
  return f;
}

Data data_of(std::span<const Curve> curves, const KissingerOptions& o) {
  Data d;
  if (curves.size() > 1) throw InputError(fmt::format("calorimetry/kissinger: takes one table of rates, got {} in one run", curves.size()));
  if (curves.empty()) {
    if (o.rates.empty() || o.rates.size() != o.temperatures.size())
      throw InputError(fmt::format("calorimetry/kissinger: must have a file, or as many --rates as --temperatures, got {} and {}",
                                   o.rates.size(), o.temperatures.size()));
    d.rate = o.rates, d.temperature = o.temperatures;
  } else {
    const CurveColumn *rate = &curves[0].at("rate"), *t = &curves[0].at("temperature"), *error = curves[0].find("temperature_error");
    for (std::size_t i = 0; i < rate->values.size(); ++i) {
      if (!std::isfinite(rate->values[i]) || !std::isfinite(t->values[i])) continue;
      d.rate.push_back(rate->values[i]), d.temperature.push_back(t->values[i]);
      if (error) d.error.push_back(error->values[i]);
    }
  }
  for (double& q : d.rate) {
    if (!(q > 0)) throw InputError(fmt::format("rate: must be positive (of heating), got {} K/min", q));
    q /= 60;
  }
  for (const double t : d.temperature)
    if (!(t > 0)) throw InputError(fmt::format("temperature: must be positive, got {} K", t));
  for (const double e : d.error)
    if (!(e > 0)) throw InputError(fmt::format("temperature_error: must be positive, got {} K", e));
  const auto [least, most] = std::minmax_element(d.rate.begin(), d.rate.end());
  if (d.rate.size() < 2 || !(*most > *least * 1.0001))
    throw InputError(fmt::format("calorimetry/kissinger: must have at least 2 different rates, got {} rows", d.rate.size()));
  return d;
}

void warn_of(const Data& d, const Fit& main, Context& context) {
  const auto [low, high] = std::minmax_element(d.rate.begin(), d.rate.end());
  const auto [cold, hot] = std::minmax_element(d.temperature.begin(), d.temperature.end());
  if (!(main.energy.value > 0)) context.warn("the temperature falls with rising rate: the activation energy comes out negative");
  if (*high / *low < 4) context.warn(fmt::format("the rates span a factor {:.3g} only; an activation energy needs a decade", *high / *low));
  if (*cold < 200 && *hot > *cold)
    context.warn(fmt::format("temperatures from {:.4g} K: check that they are kelvin and not degrees Celsius", *cold));
  if (*high > 200)
    context.warn(fmt::format("rates up to {:.4g} K/min: thermal lag moves the temperatures unless it was corrected", *high * 60));
}

/// ln q = ln q0 - B/(T - T0): residuals in temperature, as the rates are exact.
void vogel_fulcher(const Data& d, const KissingerOptions& o, Kissinger& out, Context& context) {
  const char* few = "needs at least four rates";
  out.fragility.note = out.vft_b.note = out.vogel_temperature.note = few;
  if (d.rate.size() < 4) return;
  const double cold = *std::min_element(d.temperature.begin(), d.temperature.end());
  const double slope = 1 / numeric::straight_line(left_side(d, methods[2]), d.temperature).slope;  // d ln q / dT = B / (T - T0)^2
  if (!(slope > 0)) return;
  const double gap = 0.2 * cold, b = slope * gap * gap;
  const std::vector<numeric::Parameter> p = {{"ln_b", std::log(b), std::log(1.0), std::log(1e6)},
                                             {"vogel_temperature", cold - gap, 0, cold - 0.5},
                                             {"ln_q0", std::log(d.rate[0]) + b / (d.temperature[0] - cold + gap)}};
  const auto residuals = [&](std::span<const double> x, std::span<double> r, double*) {
    for (std::size_t i = 0; i < d.rate.size(); ++i) {
      const double room = std::max(x[2] - std::log(d.rate[i]), 1e-6);
      r[i] = (d.temperature[i] - x[1] - std::exp(x[0]) / room) / (d.error.empty() ? 1 : d.error[i]);
    }
  };
  try {
    const numeric::LeastSquares fit = numeric::least_squares(p, d.rate.size(), residuals, {.known_errors = !d.error.empty()});
    const double width = std::exp(fit.value[0]), t0 = fit.value[1], room = fit.value[2] - std::log(o.standard_rate / 60);
    const std::string note = fmt::format("covariance of the fit{}{}", fit.at_bound[1] ? "; vogel_temperature at its bound" : "",
                                         fit.converged ? "" : "; not converged: " + fit.message);
    out.vft_b = {width, width * fit.error[0], note}, out.vogel_temperature = {t0, fit.error[1], note};
    // T = T0 + B/room, so m = B T / (ln10 (T-T0)^2) = (T0/B room^2 + room) / ln10.
    const double g0 = -t0 / width * room * room, g1 = room * room / width, g2 = 2 * t0 / width * room + 1;
    const std::vector<double> g = {g0, g1, g2};
    double variance = 0;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) variance += g[i] * g[j] * fit.covariance(i, j);
    out.fragility = {(t0 / width * room * room + room) / std::numbers::ln10, std::sqrt(std::max(0.0, variance)) / std::numbers::ln10, note};
  } catch (const NumericalError& error) {
    out.fragility.note = out.vft_b.note = out.vogel_temperature.note = error.what();
    context.warn(fmt::format("no Vogel-Fulcher-Tammann fit: {}", error.what()));
  }
}

Table method_table(const Data& d) {
  Table t;
  t.columns.reserve(8);
  std::vector<std::string>& name = t.add_text("method").text;
  const auto number = [&](const char* column, const char* unit, const char* help) -> std::vector<double>& {
    return t.add_number(column, unit, help).number;
  };
  auto &energy = number("activation_energy", "kJ/mol", "1/T regressed on the rate"),
       &error = number("activation_energy_error", "kJ/mol", ""), &low = number("interval_low", "kJ/mol", "95 %, Student"),
       &high = number("interval_high", "kJ/mol", "95 %, Student"),
       &usual = number("activation_energy_conventional", "kJ/mol", "rate regressed on 1/T"),
       &r2 = number("r_squared", "1", "squared correlation of the line"),
       &constant = number("intercept", "1", "constant of the line, rate in K/s");
  for (const Method& m : methods) {
    const Fit f = fit(d, m);
    name.push_back(m.name), energy.push_back(f.energy.value / 1e3), error.push_back(f.energy.error / 1e3);
    low.push_back((f.energy.value - f.half_width) / 1e3), high.push_back((f.energy.value + f.half_width) / 1e3);
    usual.push_back(f.conventional / 1e3), r2.push_back(f.r_squared), constant.push_back(f.log_constant);
  }
  return t;
}

Measured scaled(const Measured& m, double factor) { return {m.value * factor, m.error * factor, m.note}; }

}  // namespace

const ColumnRoles& KissingerOptions::columns() {
  static const ColumnRoles roles = {
      {"rate", "K/min", "heating rate", true, {"q", "heatingrate", "beta", "phi"}},
      {"temperature",
       "K",
       "temperature of the event",
       true,
       {"t", "peaktemperature", "tp", "tg", "tx", "tonset", "onset", "peak", "fictivetemperature", "tf"}},
      {"temperature_error", "K", "its standard error", false, {"temperatureerror", "dt", "tperror", "error"}},
  };
  return roles;
}

const Fields& KissingerOptions::fields() {
  using O = KissingerOptions;
  static const Fields table = {
      field<&O::method>("method", "", "method of the main result; moynihan for a glass transition")
          .one_of({"kissinger", "ozawa", "moynihan", "augis_bennett", "starink"}),
      field<&O::rates>("rates", "K/min", "heating rates, instead of a file").positive(),
      field<&O::temperatures>("temperatures", "K", "temperatures at these rates, instead of a file").positive(),
      field<&O::glass_transition>("glass_transition", "K", "glass transition, for the energy in R Tg").positive().alias("tg"),
      field<&O::standard_rate>("standard_rate", "K/min", "rate at which temperature and fragility are given").positive(),
  };
  return table;
}

const Fields& Kissinger::fields() {
  using K = Kissinger;
  static const Fields table = {
      field<&K::activation_energy>("activation_energy", "kJ/mol", "activation energy by the chosen method"),
      field<&K::activation_energy_interval>("activation_energy_interval", "kJ/mol", "its 95 % interval (Student, covariance)")
          .exact("is itself an interval"),
      field<&K::activation_energy_ev>("activation_energy_ev", "eV", "the same per atom"),
      field<&K::activation_energy_rtg>("activation_energy_rtg", "1", "the same over R Tg"),
      field<&K::frequency_factor>("frequency_factor", "1/s", "k0 = (E q / R T^2) exp(E / R T) of Kissinger's line"),
      field<&K::temperature_at_rate>("temperature_at_rate", "K", "temperature of the line at the standard rate"),
      field<&K::fragility>("fragility", "1", "m = B T / (ln 10 (T - T0)^2) at the standard rate, of the VFT fit"),
      field<&K::vft_b>("vft_b", "K", "B of ln q = ln q0 - B / (T - T0)"),
      field<&K::vogel_temperature>("vogel_temperature", "K", "T0 of the same fit"),
      field<&K::methods>("methods", "", "every method, with errors"),
      field<&K::inverse_temperature>("inverse_temperature", "1/K", "1 / T").exact("data"),
      field<&K::ln_rate>("ln_rate", "1", "left-hand side of the chosen method, ln(q / T^n), q in K/s")
          .over("inverse_temperature", Plot::points)
          .exact("data"),
      field<&K::ln_rate_line>("ln_rate_line", "1", "its line").over("inverse_temperature").with("ln_rate").exact("see activation_energy"),
      field<&K::rate>("rate", "K/min", "rates used").exact("set by the experiment"),
      field<&K::temperature>("temperature", "K", "temperatures used").exact("data"),
      field<&K::residual>("residual", "K", "temperature minus that of the line").exact("data minus model"),
  };
  return table;
}

Kissinger kissinger(std::span<const Curve> curves, const KissingerOptions& o, Context& context) {
  const Data d = data_of(curves, o);
  const Method& m = *std::find_if(std::begin(methods), std::end(methods), [&](const Method& x) { return x.name == o.method; });
  const Fit main = fit(d, m);
  Kissinger out;
  out.activation_energy = scaled(main.energy, 1e-3);
  const double half = main.half_width / 1e3;
  out.activation_energy_interval = {out.activation_energy.value - half, out.activation_energy.value + half};
  out.activation_energy_ev = scaled(out.activation_energy, kj_per_mol_in_ev);
  out.activation_energy_rtg = {NAN, NAN, "needs --glass-transition"};
  if (o.glass_transition) out.activation_energy_rtg = scaled(main.energy, 1 / (gas_constant * *o.glass_transition));

  const Fit k = fit(d, methods[0]);  // ln(q/T^2) = ln(k0 R/E) - E/(R T)
  const double reduced = k.energy.value / gas_constant;
  out.frequency_factor = {reduced * std::exp(k.log_constant), NAN, "error follows that of the energy: d ln k0 = dE / (R T), nearly"};
  if (std::isfinite(k.energy.error)) {
    const double t = 1 / k.line.mean_y;
    out.frequency_factor.error = out.frequency_factor.value * k.energy.error / (gas_constant * t);
  }
  double at = d.temperature[0];  // ln(q/T^n) holds T itself, a slow function
  const auto side = [&](double t) { return std::log(o.standard_rate / 60) - m.power * std::log(t); };
  for (int i = 0; i < 30; ++i) at = 1 / main.line.at(side(at));
  out.temperature_at_rate = {at, at * at * std::sqrt(main.line.variance(side(at))), main.energy.note};

  std::vector<std::size_t> order(d.rate.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return d.temperature[a] > d.temperature[b]; });
  const std::vector<double> y = left_side(d, m);
  for (const std::size_t i : order) {
    out.inverse_temperature.push_back(1 / d.temperature[i]), out.ln_rate.push_back(y[i]);
    out.ln_rate_line.push_back(main.line.mean_x + (1 / d.temperature[i] - main.line.mean_y) / main.line.slope);
    out.rate.push_back(d.rate[i] * 60), out.temperature.push_back(d.temperature[i]);
    out.residual.push_back(d.temperature[i] - 1 / main.line.at(y[i]));
  }
  out.methods = method_table(d);
  vogel_fulcher(d, o, out, context);
  warn_of(d, main, context);
  return out;
}

const Analysis& kissinger_analysis() {
  static const Analysis entry =
      analysis<&kissinger>("calorimetry", "kissinger", "activation energy from a series of heating rates (Kissinger, Ozawa, Moynihan)",
                           {{"Kissinger, Anal. Chem. 29, 1702 (1957)", "10.1021/ac60131a045"},
                            {"Ozawa, Bull. Chem. Soc. Jpn. 38, 1881 (1965)", "10.1246/bcsj.38.1881"},
                            {"Moynihan et al., J. Phys. Chem. 78, 2673 (1974)", "10.1021/j100619a008"},
                            {"Augis, Bennett, J. Therm. Anal. 13, 283 (1978)", "10.1007/BF01912301"},
                            {"Starink, Thermochim. Acta 404, 163 (2003)", "10.1016/S0040-6031(03)00144-8"}});
  return entry;
}

}  // namespace heteroglass::calorimetry
