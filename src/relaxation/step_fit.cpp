#include "relaxation/step_fit.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "numeric/incomplete_gamma.hpp"
#include "relaxation/start_amplitudes.hpp"

namespace heteroglass::relaxation {
namespace {

/// What one step adds for unit amplitude: phi, or in creep 1 - phi, less what unloading takes back.
double step_shape(const StepSettings& s, bool creep, double t, double tau, double beta) {
  if (!creep) return ramped_step(t, s.ramp, tau, beta);
  const double up = 1 - ramped_step(t, s.ramp, tau, beta);
  return s.unload && t > *s.unload ? up - (1 - ramped_step(t - *s.unload, s.ramp, tau, beta)) : up;
}
double base_shape(const StepSettings& s, bool creep, double t) { return creep && s.unload && t > *s.unload ? 0 : 1; }
double flow_shape(const StepSettings& s, bool creep, double t) { return creep && s.unload ? std::min(t, *s.unload) : t; }

double model_value(const StepSettings& s, bool creep, double t, std::span<const double> p) {
  double v = p[0] * base_shape(s, creep, t);
  for (int k = 0; k < s.steps; ++k) {
    const std::size_t at = 1 + 3 * static_cast<std::size_t>(k);
    v += p[at] * step_shape(s, creep, t, std::exp(p[at + 1]), p[at + 2]);
  }
  return v + p.back() * flow_shape(s, creep, t);
}

struct Guess {
  double squares = INFINITY;
  std::vector<double> amplitude;  ///< base, steps, flow
  std::vector<std::pair<double, double>> shape;
};

Guess best_guess(const StepData& d, const StepSettings& s) {
  const std::size_t n = d.time.size();
  std::vector<double> y(n), base(n), flow(n);
  for (std::size_t i = 0; i < n; ++i) {
    y[i] = d.value[i] * d.weight[i], base[i] = base_shape(s, d.creep, d.time[i]) * d.weight[i];
    flow[i] = flow_shape(s, d.creep, d.time[i]) * d.weight[i];
  }
  const double low = std::log(std::max(d.time.front(), d.time.back() * 1e-9)) - 1, high = std::log(d.time.back()) + 4;
  struct Trial {
    double log_tau, beta;
    std::vector<double> column;
  };
  std::vector<Trial> trials;
  const int grid = s.steps == 1 ? 24 : 14;
  const std::vector<double> betas = s.beta ? std::vector<double>{*s.beta} : std::vector<double>{0.3, 0.5, 0.75, 1.0};
  for (int i = 0; i < grid; ++i)
    for (const double beta : betas) {
      Trial t{low + (high - low) * i / (grid - 1), beta, std::vector<double>(n)};
      for (std::size_t k = 0; k < n; ++k) t.column[k] = step_shape(s, d.creep, d.time[k], std::exp(t.log_tau), beta) * d.weight[k];
      trials.push_back(std::move(t));
    }
  Guess best;
  const auto attempt = [&](const std::vector<const Trial*>& chosen) {
    std::vector<std::span<const double>> columns;
    if (!(s.remnant && *s.remnant == 0)) columns.push_back(base);
    for (const Trial* t : chosen) columns.push_back(t->column);
    if (s.flow) columns.push_back(flow);
    std::vector<double> x;
    const double squares = start_amplitudes(columns, y, x);
    if (!(squares < best.squares)) return;
    best = {squares, {}, {}};
    std::size_t at = 0;
    best.amplitude.push_back(s.remnant && *s.remnant == 0 ? 0 : x[at++]);
    for (const Trial* t : chosen) best.amplitude.push_back(x[at++]), best.shape.push_back({t->log_tau, t->beta});
    best.amplitude.push_back(s.flow ? x[at] : 0);
  };
  for (std::size_t a = 0; a < trials.size(); ++a) {
    if (s.steps == 1)
      attempt({&trials[a]});
    else
      for (std::size_t b = 0; b < trials.size(); ++b)
        if (trials[b].log_tau > trials[a].log_tau + 1) attempt({&trials[a], &trials[b]});
  }
  return best;
}

/// Puts the faster of two steps first.
void exchange_steps(numeric::LeastSquares& f) {
  const numeric::LeastSquares old = f;
  std::vector<std::size_t> from(f.value.size());
  std::iota(from.begin(), from.end(), std::size_t{0});
  for (std::size_t k = 1; k <= 3; ++k) std::swap(from[k], from[k + 3]);
  for (std::size_t i = 0; i < from.size(); ++i) {
    f.value[i] = old.value[from[i]], f.error[i] = old.error[from[i]], f.at_bound[i] = old.at_bound[from[i]];
    if (!old.interval.empty()) f.interval[i] = old.interval[from[i]];
    for (std::size_t k = 0; k < from.size(); ++k) f.covariance(i, k) = old.covariance(from[i], from[k]);
  }
}

}  // namespace

double ramped_step(double t, double ramp, double tau, double beta) {
  const auto phi = [&](double x) { return std::exp(-std::pow(std::max(x, 0.0) / tau, beta)); };
  if (ramp <= 0) return phi(t);
  if (t > 100 * ramp) {  // Simpson: exact to 1e-10 where phi is smooth over the ramp
    return (phi(t) + 4 * phi(t + ramp / 2) + phi(t + ramp)) / 6;
  }
  // int_0^t exp(-(s/tau)^beta) ds = tau/beta gamma(1/beta, (t/tau)^beta)
  const auto area = [&](double x) {
    return tau * std::tgamma(1 + 1 / beta) * (1 - numeric::incomplete_gamma_upper(1 / beta, std::pow(x / tau, beta)));
  };
  return (area(std::max(t, 0.0) + ramp) - area(std::max(t, 0.0))) / ramp;
}

StepData averaged(const std::vector<double>& time, const std::vector<double>& value, bool creep) {
  StepData out;
  out.creep = creep;
  double bin = NAN, t = 0, v = 0, n = 0;
  const auto flush = [&] {
    if (n > 0) out.time.push_back(t / n), out.value.push_back(v / n), out.weight.push_back(std::sqrt(n));
    t = v = n = 0;
  };
  const bool dense = time.size() > 2000;
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double b = dense && time[i] > 0 ? std::floor(100 * std::log10(time[i])) : static_cast<double>(i);
    if (b != bin) flush();
    bin = b, t += time[i], v += value[i], n += 1;
  }
  flush();
  return out;
}

StepFit step_fit(const StepData& d, const StepSettings& s) {
  const Guess guess = best_guess(d, s);
  if (!std::isfinite(guess.squares)) throw NumericalError("stress relaxation: no start values were found for these data");
  const double top = *std::max_element(d.value.begin(), d.value.end()), far = std::log(d.time.back()) + 14;
  double initial = 0;
  for (const double a : guess.amplitude) initial += a;
  std::vector<numeric::Parameter> p;
  const double base = s.remnant ? *s.remnant * (d.creep ? top : d.value.front()) : std::max(guess.amplitude[0], 1e-3 * top);
  p.push_back({d.creep ? "unrelaxed" : "remnant", base, 0, 10 * top, s.remnant.has_value()});
  for (std::size_t k = 0; k < static_cast<std::size_t>(s.steps); ++k) {
    const std::string label = s.steps == 1 ? "" : k == 0 ? "_1" : "_2";
    p.push_back({"strength" + label, std::max(guess.amplitude[k + 1], 0.02 * top), 0, 100 * top, false});
    p.push_back({"tau" + label, guess.shape[k].first, std::log(d.time.back()) - 40, far, false});
    p.push_back({"beta" + label, s.beta.value_or(guess.shape[k].second), 0.05, 2, s.beta.has_value()});
  }
  const double steepest = 100 * top / (s.unload ? std::min(*s.unload, d.time.back()) : d.time.back());
  p.push_back(
      {d.creep ? "fluidity" : "drift", s.flow ? guess.amplitude.back() : 0, d.creep ? 0 : -steepest, steepest, !(s.flow || s.drift)});
  const auto residual = [&](std::span<const double> q, std::span<double> r, double*) {
    for (std::size_t i = 0; i < r.size(); ++i) r[i] = (model_value(s, d.creep, d.time[i], q) - d.value[i]) * d.weight[i];
  };
  StepFit out;
  out.fit = numeric::least_squares(p, d.time.size(), residual, {.profile = s.profile});
  if (s.steps == 2 && out.fit.value[2] > out.fit.value[5]) exchange_steps(out.fit);
  for (const double t : d.time) out.model.push_back(model_value(s, d.creep, t, out.fit.value));
  out.initial = out.fit.value[0];
  for (std::size_t k = 0; !d.creep && k < static_cast<std::size_t>(s.steps); ++k) out.initial += out.fit.value[1 + 3 * k];
  return out;
}

}  // namespace heteroglass::relaxation
