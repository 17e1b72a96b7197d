#include "numeric/kohlrausch_sum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

using std::numbers::pi;

/// s f(s), f the density with Laplace transform exp(-t^b).
class StableDensity {
 public:
  explicit StableDensity(double beta) : beta_(beta) {
    // phi = pi / (1 + e^-u): rates far above 1 come from phi near pi, where even steps of phi would miss them.
    constexpr double step = 0.06, far = 40;
    for (double u = -far; u <= far; u += step) {
      const double phi = pi / (1 + std::exp(-u)), rest = pi / (1 + std::exp(u)), weight = step * phi * rest / (pi * pi);
      const double sine = std::sin(std::min(phi, rest));
      if (weight < 1e-18) continue;
      log_a_.push_back((beta * std::log(std::sin(beta * phi)) - std::log(sine)) / (1 - beta) + std::log(std::sin((1 - beta) * phi)));
      weight_.push_back(weight);
    }
  }
  double operator()(double log_s) const {
    const double shift = -beta_ / (1 - beta_) * log_s;  // of ln(A s^(-b/(1-b)))
    double sum = 0;
    for (std::size_t i = 0; i < log_a_.size(); ++i) {
      const double x = log_a_[i] + shift;
      if (x < 6.7 && x > -60) sum += weight_[i] * std::exp(x - std::exp(x));
    }
    return beta_ / (1 - beta_) * sum;
  }

 private:
  double beta_;
  std::vector<double> log_a_, weight_;
};

}  // namespace

KohlrauschSum kohlrausch_sum(double beta) {
  if (!(beta >= 0.1 && beta <= 1)) throw InputError(fmt::format("beta: must lie in 0.1 to 1, got {}", beta));
  KohlrauschSum out;
  if (beta > 0.995) return {{1.0}, {1.0}, 0};
  const StableDensity density(beta);
  const double strip = std::min(0.45 * pi, 0.9 * pi * (1 - beta) / (2 * beta)), step = std::max(0.02, 2 * pi * strip / 14);
  const double top = std::max(3.0, (std::log(1e6) - std::lgamma(1 - beta)) / beta);
  double low = 0;
  while (density(low) > 1e-9 || low > -0.5) low -= step;
  double sum = 0;
  for (double log_s = low; log_s < top; log_s += step) {
    const double w = step * density(log_s);
    if (w < 1e-13) continue;
    out.rate.push_back(std::exp(log_s)), out.weight.push_back(w), sum += w;
  }
  out.instant = std::max(0.0, 1 - sum);
  for (double& w : out.weight) w /= sum + out.instant;
  out.instant /= sum + out.instant;
  return out;
}

}  // namespace heteroglass::numeric
