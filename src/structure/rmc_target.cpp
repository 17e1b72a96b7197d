#include "structure/rmc_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "core/error.hpp"
#include "numeric/scattering.hpp"

namespace heteroglass::structure {
namespace {

constexpr double pi = std::numbers::pi;

double sinc(double x) { return std::abs(x) < 1e-6 ? 1 - x * x / 6 : std::sin(x) / x; }

double window(double r, double r_max) { return r < r_max ? sinc(pi * r / r_max) : 0; }

double shell(double inner, double outer) { return 4.0 / 3 * pi * (outer * outer * outer - inner * inner * inner); }

double scattering(const Frame& frame, std::size_t species, const std::string& weights, double q) {
  if (weights == "number") return 1;
  const std::string& name = frame.species[species].name;
  return weights == "xray" ? numeric::xray_form_factor(name, q) : numeric::neutron_length(name);
}

/// 2 f_a f_b / (N <f>^2), by pair.
std::vector<double> pair_coefficients(const Frame& frame, const SpeciesPairs& pairs, const std::string& weights, double q) {
  const auto n = static_cast<double>(frame.size());
  double mean = 0;
  for (const std::size_t s : pairs.species()) mean += static_cast<double>(pairs.counts()[s]) * scattering(frame, s, weights, q) / n;
  if (std::abs(mean) < 1e-9) throw InputError(fmt::format("{}: the mean scattering length must not vanish", frame.source));
  std::vector<double> c;
  for (std::size_t p = 0; p < pairs.size(); ++p)
    c.push_back(2 * scattering(frame, pairs.first(p), weights, q) * scattering(frame, pairs.second(p), weights, q) / (n * mean * mean));
  return c;
}

RmcTarget empty_target(const RmcData& d, const std::string& kind, const std::string& weights, const SpeciesPairs& pairs,
                       const DistanceBins& bins) {
  RmcTarget t;
  t.name = d.name, t.kind = kind, t.weights = weights, t.x = d.x, t.wanted = d.y, t.sigma = d.sigma;
  t.base.assign(d.x.size(), 0), t.kernel.assign(bins.count * d.x.size(), 0), t.coefficient = Matrix(pairs.size(), d.x.size());
  return t;
}

/// The kernel from a function of (point, bin), and what is taken off for pairs without order.
void fill(RmcTarget& t, const DistanceBins& bins, double density, const std::function<double(std::size_t, std::size_t)>& a) {
  for (std::size_t b = 0; b < bins.count; ++b) {
    const double volume = shell(bins.middle(b) - bins.width() / 2, bins.middle(b) + bins.width() / 2);
    for (std::size_t k = 0; k < t.points(); ++k) {
      const double v = a(k, b);
      t.kernel[b * t.points() + k] = static_cast<float>(v);
      t.base[k] -= density * volume * v;
    }
  }
}

/// (1/pi) int_0^r_max W(r) cos(x r) dr; W = sinc(pi r / r_max) makes it a difference of sine integrals, taken by Simpson's rule.
class WindowTransform {
 public:
  explicit WindowTransform(double r_max) : r_max_(r_max) {}
  double operator()(double x) const {
    constexpr int steps = 400;
    const double h = r_max_ / steps;
    double sum = 0;
    for (int i = 0; i <= steps; ++i) {
      const double r = i * h, weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * window(r, r_max_) * std::cos(x * r);
    }
    return sum * h / 3 / pi;
  }

 private:
  double r_max_;
};

/// A table of the transform on fine steps.
class WindowTable {
 public:
  WindowTable(double r_max, double longest) : step_(0.02 / r_max) {
    const WindowTransform exact(r_max);
    const double reach = std::min(longest, 40 / r_max);  // beyond, under 1e-4 of its height
    const auto count = static_cast<std::size_t>(reach / step_) + 3;
    for (std::size_t i = 0; i < count; ++i) values_.push_back(exact(static_cast<double>(i) * step_));
  }
  double operator()(double x) const {
    const double at = std::abs(x) / step_;
    const auto i = static_cast<std::size_t>(at);
    return i + 1 < values_.size() ? values_[i] + (at - static_cast<double>(i)) * (values_[i + 1] - values_[i]) : 0;
  }

 private:
  double step_;
  std::vector<double> values_;
};

double interpolated(const RmcData& d, double q) {
  if (q <= d.x.front()) return d.y.front();
  const auto above = std::lower_bound(d.x.begin(), d.x.end(), q);
  if (above == d.x.end()) return 1;
  const auto i = static_cast<std::size_t>(above - d.x.begin());
  const double t = (q - d.x[i - 1]) / (d.x[i] - d.x[i - 1]);
  return d.y[i - 1] + t * (d.y[i] - d.y[i - 1]);
}

/// g(r) at r of pairs at distance s, known to q_max only: (1/(2 pi^2 r s)) int_0^q_max sin(Qr) sin(Qs) dQ, per density.
double truncated(double r, double s, double q_max) {
  return q_max * (sinc(q_max * (r - s)) - sinc(q_max * (r + s))) / (4 * pi * pi * r * s);
}

}  // namespace

std::vector<double> RmcTarget::model(const std::vector<std::vector<std::int32_t>>& counts) const {
  std::vector<double> m = base;
  for (std::size_t p = 0; p < counts.size(); ++p) {
    std::vector<double> sum(points());
    for (std::size_t b = 0; b < counts[p].size(); ++b)
      if (counts[p][b] != 0)
        for (std::size_t k = 0; k < points(); ++k) sum[k] += counts[p][b] * static_cast<double>(kernel[b * points() + k]);
    for (std::size_t k = 0; k < points(); ++k) m[k] += coefficient(p, k) * sum[k];
  }
  return m;
}

RmcData windowed(const RmcData& d, double r_max) {
  double tail = 0;
  const std::size_t n = d.x.size(), first = n - std::max<std::size_t>(1, n / 5);
  for (std::size_t i = first; i < n; ++i) tail += d.y[i] / static_cast<double>(n - first);
  if (std::abs(tail - 1) > 0.1)
    throw InputError(fmt::format(
        "{}: S(Q) must tend to 1, got a mean of {:.4g} over its last fifth; Q [S - 1] and G(r) have columns of their own", d.name, tail));
  const double q_max = d.x.back(), margin = 2 * pi / r_max, step = std::min(0.2 / r_max, q_max / static_cast<double>(n));
  const WindowTable blur(r_max, 2 * q_max);
  RmcData out{d.name, {}, {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    const double q = d.x[i];
    if (q > q_max - margin) break;
    double sum = 0;
    const double reach = 40 / r_max;
    const double from = std::max(step / 2, q - reach), to = std::min(q_max, q + reach);
    for (std::size_t j = 0; from + static_cast<double>(j) * step < to; ++j) {
      const double at = from + static_cast<double>(j) * step;
      sum += at * (interpolated(d, at) - 1) * (blur(q - at) - blur(q + at)) * step;
    }
    out.x.push_back(q), out.y.push_back(1 + sum / q), out.sigma.push_back(d.sigma[i]);
  }
  if (out.x.size() < 4)
    throw InputError(
        fmt::format("{}: S(Q) must reach well beyond 2 pi / r_max = {:.3g} 1/angstrom, got Q up to {:.4g}", d.name, margin, q_max));
  return out;
}

RmcTarget structure_factor_target(const RmcData& d, const Frame& frame, const SpeciesPairs& pairs, const DistanceBins& bins,
                                  const std::string& weights) {
  RmcTarget t = empty_target(d, "structure factor", weights, pairs, bins);
  fill(t, bins, static_cast<double>(frame.size()) / frame.box.volume(), [&](std::size_t k, std::size_t b) {
    const double r = bins.middle(b);  // the second sinc: distances are spread over the bin
    return window(r, bins.r_max) * sinc(d.x[k] * r) * sinc(d.x[k] * bins.width() / 2);
  });
  for (std::size_t k = 0; k < t.points(); ++k) {
    t.base[k] += 1;
    const std::vector<double> c = pair_coefficients(frame, pairs, weights, d.x[k]);
    for (std::size_t p = 0; p < pairs.size(); ++p) t.coefficient(p, k) = c[p];
  }
  return t;
}

RmcTarget pair_distribution_target(const RmcData& d, const Frame& frame, const SpeciesPairs& pairs, const DistanceBins& bins,
                                   const std::string& weights, std::optional<double> q_max) {
  RmcTarget t = empty_target(d, "pair distribution", weights, pairs, bins);
  const double density = static_cast<double>(frame.size()) / frame.box.volume();
  const auto edge = [&](std::size_t k, int side) {  // half way to the next point
    const std::size_t other = side < 0 ? (k == 0 ? 1 : k - 1) : (k + 1 == d.x.size() ? k - 1 : k + 1);
    return d.x[k] + side * std::abs(d.x[other] - d.x[k]) / 2;
  };
  if (q_max) {
    fill(t, bins, density, [&](std::size_t k, std::size_t b) { return truncated(d.x[k], bins.middle(b), *q_max) / density; });
    for (double& v : t.base) v += 1;
  } else {
    fill(t, bins, density, [&](std::size_t k, std::size_t b) {
      const double low = std::max(0.0, edge(k, -1)), high = edge(k, 1), half = bins.width() / 2;
      const double share = (std::min(high, bins.middle(b) + half) - std::max(low, bins.middle(b) - half)) / bins.width();
      return share > 0 ? share / shell(low, high) / density : 0;
    });
    std::fill(t.base.begin(), t.base.end(), 0);
  }
  const std::vector<double> c = pair_coefficients(frame, pairs, weights, 0);
  for (std::size_t p = 0; p < pairs.size(); ++p)
    for (std::size_t k = 0; k < t.points(); ++k) t.coefficient(p, k) = c[p];
  return t;
}

RmcTarget coordination_target(double wanted, double sigma, double r_cut, std::size_t centre, std::size_t neighbour, const Frame& frame,
                              const SpeciesPairs& pairs, const DistanceBins& bins) {
  const std::string name = frame.species_name(centre) + "-" + frame.species_name(neighbour);
  RmcTarget t = empty_target({name, {r_cut}, {wanted}, {sigma}}, "coordination", "number", pairs, bins);
  for (std::size_t b = 0; b < bins.count; ++b)
    t.kernel[b] = static_cast<float>(std::clamp((r_cut - bins.middle(b)) / bins.width() + 0.5, 0.0, 1.0));
  t.coefficient(pairs.of(centre, neighbour), 0) = (centre == neighbour ? 2.0 : 1.0) / static_cast<double>(pairs.counts()[centre]);
  return t;
}

}  // namespace heteroglass::structure
