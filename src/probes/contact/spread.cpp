#include "probes/contact/spread.hpp"

#include <algorithm>
#include <vector>

namespace heteroglass::probes {
namespace {

struct Data {
  std::vector<double> x, e2;
};

double weighted_mean(const Data& d, double s2) {
  double w = 0, sum = 0;
  for (std::size_t i = 0; i < d.x.size(); ++i) w += 1 / (s2 + d.e2[i]), sum += d.x[i] / (s2 + d.e2[i]);
  return sum / w;
}

/// Derivative of the log-likelihood by s^2, twice.
double score(const Data& d, double s2) {
  const double m = weighted_mean(d, s2);
  double sum = 0;
  for (std::size_t i = 0; i < d.x.size(); ++i) {
    const double v = s2 + d.e2[i], r = d.x[i] - m;
    sum += r * r / (v * v) - 1 / v;
  }
  return sum;
}

}  // namespace

Spread spread(std::span<const double> values, std::span<const double> errors) {
  Spread out;
  Data d;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::isfinite(values[i])) {
      const double e = i < errors.size() && std::isfinite(errors[i]) ? errors[i] : 0;
      d.x.push_back(values[i]), d.e2.push_back(e * e);
    }
  out.values = d.x.size();
  out.mean.note = out.sd.note = "no values";
  if (d.x.empty()) return out;
  if (d.x.size() == 1) {
    out.mean = {d.x[0], d.e2[0] > 0 ? std::sqrt(d.e2[0]) : NAN,
                d.e2[0] > 0 ? "of the fit of the single curve" : "a single value without error"};
    out.sd.note = "a single value has no spread";
    return out;
  }
  const auto n = static_cast<double>(d.x.size());
  double mean = 0, variance = 0, noise = 0;
  for (const double v : d.x) mean += v / n;
  for (const double v : d.x) variance += (v - mean) * (v - mean) / (n - 1);
  for (const double v : d.e2) noise += v / n;
  out.observed_sd = std::sqrt(variance), out.noise_fraction = variance > 0 ? noise / variance : 0;
  double s2 = 0;
  const double least = 1e-12 * variance + 1e-300;
  if (variance > 0 && score(d, least) > 0) {
    double low = least, high = 10 * variance;
    for (int i = 0; i < 200 && high > low * (1 + 1e-12); ++i) {
      const double middle = std::sqrt(low * high);
      (score(d, middle) > 0 ? low : high) = middle;
    }
    s2 = low;
  }
  double w = 0, w2 = 0;
  for (const double e2 : d.e2) w += 1 / std::max(s2 + e2, least), w2 += 1 / std::pow(std::max(s2 + e2, least), 2);
  // n - 1 instead of n where errors do not matter, as usual for a spread
  const double free = std::sqrt(n / (n - 1)), sd = std::sqrt(s2);
  out.mean = {weighted_mean(d, std::max(s2, least)), free / std::sqrt(w), "maximum likelihood with the errors of all curves"};
  out.sd = {sd * free, s2 > 0 ? std::sqrt(2 / w2) / (2 * sd) : std::sqrt(std::sqrt(2 / w2)),
            s2 > 0 ? "maximum likelihood, errors of measurement taken out"
                   : "no more than the errors of measurement; the error is an upper bound"};
  return out;
}

}  // namespace heteroglass::probes
