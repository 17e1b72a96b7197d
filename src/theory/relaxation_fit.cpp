#include "theory/relaxation_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "numeric/least_squares.hpp"
#include "numeric/straight_line.hpp"

namespace heteroglass::theory {
namespace {

using Law = std::function<double(double, double)>;

numeric::StraightLine line_at(const RelaxationTimes& d, const Law& law, double t0) {
  std::vector<double> g;
  for (const double t : d.temperature) g.push_back(law(t, t0));
  return numeric::straight_line(g, d.ln_tau, d.error);
}

double misfit(const RelaxationTimes& d, const Law& law, double t0, const numeric::StraightLine& l) {
  double sum = 0;
  for (std::size_t i = 0; i < d.temperature.size(); ++i)
    sum += std::pow((d.ln_tau[i] - l.at(law(d.temperature[i], t0))) / (d.error.empty() ? 1 : d.error[i]), 2);
  return sum;
}

/// T_0 of the least misfit on a grid below the data, where the slope is positive.
double grid_t0(const RelaxationTimes& d, const Law& law) {
  const double cold = *std::min_element(d.temperature.begin(), d.temperature.end());
  double best = 0.5 * cold, least = INFINITY;
  for (double f = 0.05; f < 0.995; f += 0.005) {
    const numeric::StraightLine l = line_at(d, law, f * cold);
    const double m = misfit(d, law, f * cold, l);
    if (l.slope > 0 && m < least) least = m, best = f * cold;
  }
  return best;
}

}  // namespace

ColumnRoles relaxation_columns() {
  return {
      {"temperature", "K", "temperature", true, {"t", "temp"}},
      {"relaxation_time", "s", "structural relaxation time", false, {"tau", "relaxationtime", "taualpha", "time"}},
      {"viscosity", "Pa s", "viscosity, instead of relaxation_time", false, {"eta", "viscosity"}},
      {"log_error", "1", "standard error of ln of the time or viscosity", false, {"lnerror", "logerror"}},
  };
}

RelaxationTimes relaxation_times(std::span<const Curve> curves, std::optional<double> shear_modulus) {
  const Curve& c = curves[0];
  const CurveColumn *tau = c.find("relaxation_time"), *eta = c.find("viscosity"), *error = c.find("log_error");
  if (!tau && !eta) throw InputError(fmt::format("{}: must have a column relaxation_time or viscosity, got neither", c.source));
  if (!tau && !shear_modulus) throw InputError(fmt::format("{}: viscosities need --shear-modulus to become times, got none", c.source));
  const std::vector<double>&t = c.at("temperature").values, &y = (tau ? tau : eta)->values;
  RelaxationTimes d;
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (!std::isfinite(t[i]) || !std::isfinite(y[i])) continue;
    if (!(t[i] > 0 && y[i] > 0))
      throw InputError(fmt::format("{}: temperatures and times must be positive, got {} at {} K", c.source, y[i], t[i]));
    d.temperature.push_back(t[i]), d.ln_tau.push_back(std::log(tau ? y[i] : y[i] / (*shear_modulus * 1e9)));
    if (error) d.error.push_back(error->values[i]);
  }
  for (const double e : d.error)
    if (!(e > 0)) throw InputError(fmt::format("{}: log_error must be positive, got {}", c.source, e));
  if (d.temperature.size() < 3)
    throw InputError(fmt::format("{}: must have at least 3 temperatures, got {}", c.source, d.temperature.size()));
  return d;
}

RelaxationFit relaxation_fit(const RelaxationTimes& d, const Law& law, std::optional<double> t0) {
  const std::size_t n = d.temperature.size();
  if (!t0 && n < 4)
    throw InputError(fmt::format("a fit of three parameters: must have at least 4 temperatures, got {}; give the third parameter", n));
  const double cold = *std::min_element(d.temperature.begin(), d.temperature.end());
  if (t0 && *t0 >= cold)
    throw InputError(fmt::format("the temperature where the law diverges: must lie below the data ({:.5g} K), got {:.5g} K", cold, *t0));
  const double start = t0.value_or(grid_t0(d, law));
  const numeric::StraightLine l = line_at(d, law, start);
  if (!(l.slope > 0)) throw InputError(fmt::format("relaxation times: must grow on cooling, got a slope of {:.3g}", l.slope));
  const std::vector<numeric::Parameter> p = {
      {"ln_tau0", l.intercept()}, {"slope", l.slope, 0}, {"t0", start, 0.01 * cold, 0.9999 * cold, t0.has_value()}};
  const auto residuals = [&](std::span<const double> x, std::span<double> r, double*) {
    for (std::size_t i = 0; i < n; ++i)
      r[i] = (x[0] + x[1] * law(d.temperature[i], x[2]) - d.ln_tau[i]) / (d.error.empty() ? 1 : d.error[i]);
  };
  const numeric::LeastSquares fit = numeric::least_squares(p, n, residuals, {.known_errors = !d.error.empty()});
  RelaxationFit out;
  const auto measured = [&](std::size_t i) {
    return Measured{fit.value[i], p[i].fixed ? 0 : fit.error[i],
                    p[i].fixed        ? "as given"
                    : fit.at_bound[i] ? "covariance of the fit; at its bound"
                                      : "covariance of the fit"};
  };
  out.ln_tau0 = measured(0), out.slope = measured(1), out.t0 = measured(2);
  out.covariance = fit.covariance, out.aicc = fit.aicc, out.converged = fit.converged, out.message = fit.message;
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    out.model.push_back(fit.value[0] + fit.value[1] * law(d.temperature[i], fit.value[2]));
    squares += std::pow(out.model[i] - d.ln_tau[i], 2);
  }
  out.rms = std::sqrt(squares / static_cast<double>(n));
  return out;
}

}  // namespace heteroglass::theory
