#include "relaxation/aging_kinetics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace heteroglass::relaxation {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<std::vector<double>> starts(AgingLaw law, double first, double last, double t_first, double t_last, bool rising) {
  const double middle = std::sqrt(t_first * t_last), change = last - first;
  std::vector<std::vector<double>> out;
  for (const double ln_t : {std::log(t_first), std::log(middle), std::log(t_last)}) {
    if (law == AgingLaw::ln_time) out.push_back({first, change / std::log(1 + t_last / std::exp(ln_t)), ln_t});
    if (law == AgingLaw::stretched)
      for (const double beta : {0.4, 0.8}) out.push_back({last + 0.1 * change, first, ln_t, beta});
    if (law != AgingLaw::flow_unit) continue;
    for (const double beta : {0.3, 1.0}) {
      const double limit = last + 0.3 * change, c = std::max(rising ? limit / first - 1 : first / limit - 1, 1e-9);
      out.push_back({limit, ln_t + std::log(c) / beta, ln_t, beta});
    }
  }
  return out;
}

}  // namespace

std::string name(AgingLaw law) {
  return law == AgingLaw::flow_unit ? "flow-unit" : law == AgingLaw::ln_time ? "ln-time" : "stretched-exponential";
}

double aging_value(AgingLaw law, double t, std::span<const double> p, bool rising) {
  if (law == AgingLaw::ln_time) return p[0] + p[1] * std::log1p(t / std::exp(p[2]));
  if (law == AgingLaw::stretched) return p[0] + (p[1] - p[0]) * std::exp(-std::pow(t / std::exp(p[2]), p[3]));
  const double c = std::exp(p[3] * (p[1] - std::log(std::exp(p[2]) + t)));
  return rising ? p[0] / (1 + c) : p[0] * (1 + c);
}

AgingFit fit_aging(AgingLaw law, std::span<const double> time, std::span<const double> value, bool rising) {
  AgingFit best;
  best.law = law;
  double t_first = infinity, t_last = 0;
  for (double t : time)
    if (t > 0) t_first = std::min(t_first, t), t_last = std::max(t_last, t);
  const double low = std::log(t_first) - 12, high = std::log(t_last) + 12;
  std::vector<numeric::Parameter> p;
  if (law == AgingLaw::flow_unit) {
    best.names = {"limit", "a", "b", "beta"}, best.units = {"1", "s", "s", "1"};
    p = {{"limit", 1, 1e-3, 1e3}, {"ln_a", 0, low - 40, high}, {"ln_b", 0, low, high}, {"beta", 1, 0.01, 5}};
  } else if (law == AgingLaw::ln_time) {
    best.names = {"start", "slope", "t0"}, best.units = {"1", "1", "s"};
    p = {{"start", 1}, {"slope", 0}, {"ln_t0", 0, low, high}};
  } else {
    best.names = {"limit", "start", "tau", "beta"}, best.units = {"1", "1", "s", "1"};
    p = {{"limit", 1}, {"start", 1}, {"ln_tau", 0, low, high}, {"beta", 1, 0.05, 2}};
  }
  best.fit.chi2 = infinity;
  for (const std::vector<double>& s : starts(law, value.front(), value.back(), t_first, t_last, rising)) {
    for (std::size_t i = 0; i < p.size(); ++i) p[i].start = std::clamp(s[i], p[i].low, p[i].high);
    numeric::LeastSquares f = numeric::least_squares(p, time.size(), [&](std::span<const double> q, std::span<double> r, double*) {
      for (std::size_t i = 0; i < time.size(); ++i) {
        const double m = aging_value(law, time[i], q, rising);
        r[i] = std::isfinite(m) ? m - value[i] : 1e6;
      }
    });
    if (f.chi2 < best.fit.chi2) best.fit = std::move(f);
  }
  return best;
}

}  // namespace heteroglass::relaxation
