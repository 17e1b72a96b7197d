#include "calorimetry/recovery_kinetics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/error.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::calorimetry {
namespace {

double kohlrausch(double t, double tau, double beta) { return -std::expm1(-std::pow(t / tau, beta)); }

}  // namespace

double RecoveryKinetics::at(double t) const {
  double sum = 0;
  for (const KohlrauschStep& s : steps) sum += s.amplitude.value * kohlrausch(t, s.tau.value, s.beta.value);
  return sum;
}

RecoveryKinetics recovery_kinetics(std::span<const double> time, std::span<const double> y, std::span<const double> error, int steps) {
  const auto [first, last] = std::minmax_element(time.begin(), time.end());
  const double span = std::log(*last / *first), most = *std::max_element(y.begin(), y.end()), scale = std::max(most, 1e-12);
  const auto residuals = [&](std::span<const double> p, std::span<double> r, double*) {
    for (std::size_t i = 0; i < time.size(); ++i) {
      double model = 0;
      for (std::size_t k = 0; k < p.size(); k += 3) model += std::exp(p[k]) * kohlrausch(time[i], std::exp(p[k + 1]), p[k + 2]);
      r[i] = (y[i] - model) / (error.empty() ? scale : error[i]);
    }
  };
  std::optional<numeric::LeastSquares> best;
  for (const double place : {0.3, 0.6, 0.9}) {
    std::vector<numeric::Parameter> p;
    for (int k = 0; k < steps; ++k) {
      const double at = steps == 1 ? place : k == 0 ? 0.5 * place : 0.4 + 0.6 * place;
      const std::string n = std::to_string(k + 1);
      p.push_back({"ln_amplitude_" + n, std::log(scale / steps), std::log(scale) - 12, std::log(scale) + 7});
      p.push_back({"ln_tau_" + n, std::log(*first) + at * span, std::log(*first) - 12, std::log(*last) + 12});
      p.push_back({"beta_" + n, 0.6, 0.1, 1});
    }
    numeric::LeastSquares fit = numeric::least_squares(p, time.size(), residuals, {.known_errors = !error.empty()});
    if (!best || fit.chi2 < best->chi2) best = std::move(fit);
  }
  RecoveryKinetics out;
  out.chi2 = best->chi2, out.aicc = best->aicc, out.bic = best->bic, out.converged = best->converged, out.message = best->message;
  for (std::size_t k = 0; k < best->value.size(); k += 3) {
    const auto note = [&](std::size_t i) { return std::string("covariance of the fit") + (best->at_bound[i] ? "; at its bound" : ""); };
    const double amplitude = std::exp(best->value[k]), tau = std::exp(best->value[k + 1]);
    out.steps.push_back({{amplitude, amplitude * best->error[k], note(k)},
                         {tau, tau * best->error[k + 1], note(k + 1)},
                         {best->value[k + 2], best->error[k + 2], note(k + 2)}});
  }
  std::sort(out.steps.begin(), out.steps.end(), [](const KohlrauschStep& a, const KohlrauschStep& b) { return a.tau.value < b.tau.value; });
  return out;
}

}  // namespace heteroglass::calorimetry
