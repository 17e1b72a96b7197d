#include "probes/contact/hold_creep.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "numeric/inversion.hpp"

namespace heteroglass::probes {
namespace {

constexpr double points_per_decade = 25, times_per_decade = 8;
constexpr const char* credible = "standard deviation of posterior samples";

/// Bounds of the averages: indices of the history, equal steps in ln(t - contact).
std::vector<std::size_t> bins(const LoadHistory& h) {
  std::vector<std::size_t> at = {h.first};
  double next = h.time[h.first] - h.time[0];
  const double step = std::pow(10, 1 / points_per_decade);
  for (std::size_t i = h.first; i < h.time.size(); ++i)
    if (h.time[i] - h.time[0] >= next * step) at.push_back(i), next = h.time[i] - h.time[0];
  at.push_back(h.time.size());
  return at;
}

/// Int (t - s) dP(s) = Int P dt
std::vector<double> load_integral(const LoadHistory& h) {
  std::vector<double> sum(h.load.size(), 0);
  for (std::size_t i = 1; i < sum.size(); ++i) sum[i] = sum[i - 1] + (h.load[i] + h.load[i - 1]) / 2 * (h.time[i] - h.time[i - 1]);
  return sum;
}

}  // namespace

HoldCreep hold_creep(const LoadHistory& h, double contact_depth, double noise, double k, std::uint64_t seed) {
  HoldCreep out;
  const std::vector<std::size_t> bin = bins(h);
  if (bin.size() < 12) {
    out.why = fmt::format("loading and hold cover {} steps of a {:g}th of a decade, 12 are needed", bin.size(), points_per_decade);
    return out;
  }
  const double from = h.time[h.first] - h.time[0], to = h.time.back() - h.time[0];
  const double low = std::log(from) - 1, step = std::log(10) / times_per_decade;
  const auto m = static_cast<std::size_t>(std::clamp((std::log(to) + 1 - low) / step, 8.0, 90.0)) + 1;
  numeric::LinearProblem problem;
  problem.smooth = m, problem.step = (std::log(to) + 1 - low) / static_cast<double>(m - 1);
  const std::size_t rows = bin.size() - 1;
  problem.a = Matrix(rows, m + 2);
  // of each bin: mean time, mean of (h - h_0)^(3/2)/K, its error, mean load
  std::vector<double> value(rows), sigma(rows), load(rows);
  const auto mean = [&](std::size_t b, auto f) {
    double s = 0;
    for (std::size_t i = bin[b]; i < bin[b + 1]; ++i) s += f(i);
    return s / static_cast<double>(bin[b + 1] - bin[b]);
  };
  for (std::size_t b = 0; b < rows; ++b) {
    out.time.push_back(mean(b, [&](std::size_t i) { return h.time[i] - h.time[0]; }));
    load[b] = mean(b, [&](std::size_t i) { return h.load[i]; });
    const double depth = std::max(mean(b, [&](std::size_t i) { return h.depth[i] - contact_depth; }), 0.0);
    value[b] = mean(b, [&](std::size_t i) { return std::pow(std::max(h.depth[i] - contact_depth, 0.0), 1.5); }) / k;
    sigma[b] = std::max(1.5 * std::sqrt(std::max(depth, noise)) * noise / k / std::sqrt(static_cast<double>(bin[b + 1] - bin[b])),
                        1e-4 * value[b] + 1e-300);
    problem.b.push_back(value[b] / sigma[b]);
  }
  std::vector<double> e;
  for (std::size_t j = 0; j < m; ++j) {
    out.tau.push_back(std::exp(low + problem.step * static_cast<double>(j)));
    out.inside.push_back(out.tau.back() >= from && out.tau.back() <= to);
    memory_integral(h, out.tau.back(), e);
    const double weight = problem.step * (j == 0 || j + 1 == m ? 0.5 : 1);
    for (std::size_t b = 0; b < rows; ++b) problem.a(b, j) = weight * mean(b, [&](std::size_t i) { return h.load[i] - e[i]; }) / sigma[b];
  }
  const std::vector<double> flow = load_integral(h);
  for (std::size_t b = 0; b < rows; ++b)
    problem.a(b, m) = load[b] / sigma[b], problem.a(b, m + 1) = mean(b, [&](std::size_t i) { return flow[i]; }) / to / sigma[b];
  numeric::InversionSettings settings;
  settings.samples = 100, settings.seed = seed;
  const numeric::Inversion x = numeric::invert(problem, settings);
  const auto part = [&](const std::vector<double>& v) {
    return std::vector<double>(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(m));
  };
  out.spectrum = part(x.x), out.spectrum_error = part(x.error), out.low = part(x.low), out.high = part(x.high);
  out.glassy = {x.x[m], x.error[m], credible}, out.fluidity = {x.x[m + 1] / to, x.error[m + 1] / to, credible};
  for (std::size_t b = 0; b < rows; ++b) {
    double model = 0;
    for (std::size_t j = 0; j < m + 2; ++j) model += problem.a(b, j) * x.x[j];
    out.compliance.push_back(value[b] / load[b]), out.compliance_error.push_back(x.noise * sigma[b] / load[b]);
    out.compliance_model.push_back(model * sigma[b] / load[b]);
  }
  out.done = true;
  return out;
}

}  // namespace heteroglass::probes
