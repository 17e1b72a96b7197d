#include "structure/first_shell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "core/error.hpp"
#include "numeric/parabola.hpp"
#include "structure/pair_histogram.hpp"

namespace heteroglass::structure {
namespace {

struct Smoothed {
  std::vector<double> values, errors, variance;  ///< variance: of a single bin, smoothed too
};

Smoothed smoothed(const RadialFunction& g, double sigma) {
  const auto n = static_cast<std::ptrdiff_t>(g.values.size());
  const auto reach = static_cast<std::ptrdiff_t>(std::ceil(3 * sigma / g.width));
  std::vector<double> kernel;
  for (std::ptrdiff_t d = -reach; d <= reach; ++d) kernel.push_back(std::exp(-0.5 * std::pow(static_cast<double>(d) * g.width / sigma, 2)));
  Smoothed out;
  for (std::ptrdiff_t k = 0; k < n; ++k) {
    double weight = 0, sum = 0, variance = 0, variance_of_sum = 0;
    for (std::ptrdiff_t l = std::max<std::ptrdiff_t>(0, k - reach); l <= std::min(n - 1, k + reach); ++l) {
      const double w = kernel[l - k + reach];
      const double e2 = g.errors[l] * g.errors[l];
      weight += w, sum += w * g.values[l], variance += w * e2, variance_of_sum += w * w * e2;
    }
    out.values.push_back(sum / weight);
    out.variance.push_back(variance / weight);
    out.errors.push_back(std::sqrt(variance_of_sum) / weight);
  }
  return out;
}

/// Bins around `at` where the smoothed curve stays on the extremum's side of `level`.
std::pair<std::size_t, std::size_t> region(const std::vector<double>& s, std::size_t at, double level, bool above) {
  const auto inside = [&](std::size_t k) { return above ? s[k] >= level : s[k] <= level; };
  std::size_t a = at, b = at;
  while (a > 0 && inside(a - 1)) --a;
  while (b + 1 < s.size() && inside(b + 1)) ++b;
  return {a, b};
}

/// Parabola through bins a..b, weighted by the smoothed counting variance.
numeric::Vertex parabola(const RadialFunction& g, const Smoothed& s, std::size_t a, std::size_t b) {
  std::vector<double> r, error;
  for (std::size_t k = a; k <= b; ++k) {
    r.push_back((static_cast<double>(k) + 0.5) * g.width);
    error.push_back(std::sqrt(std::max(s.variance[k], 1e-300)));
  }
  return numeric::parabola(r, std::span(g.values).subspan(a, b - a + 1), error);
}

void find_peak(const RadialFunction& g, const Smoothed& s, std::size_t at, FirstShell& shell) {
  const auto [a, b] = region(s.values, at, 0.7 * s.values[at], true);
  const double highest =
      *std::max_element(g.values.begin() + static_cast<std::ptrdiff_t>(a), g.values.begin() + static_cast<std::ptrdiff_t>(b) + 1);
  if (b - a >= 4 && highest < 2.5 * s.values[at]) {
    const numeric::Vertex v = parabola(g, s, a, b);
    if (v.curvature < 0 && v.inside) {
      shell.peak_position = v.position, shell.peak_height = v.value;
      return;
    }
  }
  // Sharper than the smoothing, as in a crystal at rest: the centre of mass of the shell.
  double weight = 0, sum = 0;
  for (std::size_t k = a > 2 ? a - 2 : 0; k <= std::min(b + 2, g.values.size() - 1); ++k) {
    const double r = (static_cast<double>(k) + 0.5) * g.width, w = g.values[k] * r * r;
    weight += w, sum += w * r;
  }
  shell.peak_position = {sum / weight, g.width / std::sqrt(12.0), "centre of a sharp shell, width of a bin"};
  shell.peak_height = {s.values[at], s.errors[at], "smoothed, counting errors"};
}

void find_minimum(const RadialFunction& g, const Smoothed& s, std::size_t at, double peak, FirstShell& shell) {
  const auto [a, b] = region(s.values, at, s.values[at] + 0.08 * (peak - s.values[at]), false);
  const double low = static_cast<double>(a) * g.width, high = static_cast<double>(b + 1) * g.width;
  shell.minimum = {(low + high) / 2, (high - low) / std::sqrt(12.0), "middle of a flat minimum, uniform over its width"};
  if (b - a < 4 || s.values[at] < 0.02 * peak) return;
  const numeric::Vertex v = parabola(g, s, a, b);
  if (v.curvature > 0 && v.inside && v.position.error < shell.minimum.error) shell.minimum = v.position;
}

}  // namespace

FirstShell first_shell(const RadialFunction& g, double spacing) {
  FirstShell shell;
  const std::size_t n = g.values.size();
  const Smoothed s = smoothed(g, 0.03 * spacing);
  const auto apart = [](const Smoothed& c, std::size_t i, std::size_t j) { return 4 * std::hypot(c.errors[i], c.errors[j]); };
  std::size_t peak = 0, k = 0;
  bool found = false;
  for (; k < n && !found; ++k) {
    if (s.values[k] > s.values[peak]) peak = k;
    found = s.values[peak] - s.values[k] > std::max(0.25 * s.values[peak], apart(s, peak, k));
  }
  if (!found) return shell;
  // Vacuum in the box makes the mean spacing longer than that of the atoms.
  if (const double at = static_cast<double>(peak) * g.width; at > 0 && at < 0.75 * spacing) return first_shell(g, at / 1.1);
  find_peak(g, s, peak, shell);
  const Smoothed t = smoothed(g, 0.04 * spacing);
  std::size_t minimum = peak;
  for (k = peak; k < n; ++k) {
    if (t.values[k] < t.values[minimum]) minimum = k;
    if (t.values[k] - t.values[minimum] <= std::max(0.05 * s.values[peak], apart(t, minimum, k))) continue;
    find_minimum(g, t, minimum, t.values[peak], shell);
    break;
  }
  return shell;
}

FirstShell first_shell(const Frame& frame) {
  // Species do not matter here: one species makes one histogram.
  Frame plain;
  plain.box = frame.box, plain.position = frame.position, plain.source = frame.source;
  plain.species.resize(1);
  plain.type.assign(frame.size(), 0);
  const auto atoms = static_cast<double>(frame.size());
  const double density = atoms / frame.box.volume(), spacing = 1 / std::cbrt(density);
  // With vacuum in the box the mean spacing is too long, never too short: the range reaches the second shell in any case.
  const double r_max = 2.6 * spacing;
  const auto bins = static_cast<std::size_t>(std::ceil(2.6 / 0.008));
  const PairHistogram histogram = pair_histogram(plain, SpeciesPairs(plain), r_max, bins);
  RadialFunction g{histogram.width, {}, {}};
  for (std::size_t b = 0; b < bins; ++b) {
    const double inner = static_cast<double>(b) * g.width, outer = inner + g.width;
    const double shell = 4.0 / 3 * std::numbers::pi * (outer * outer * outer - inner * inner * inner);
    const double each = 2 / (atoms * density * shell), count = static_cast<double>(histogram.counts[0][b]);
    g.values.push_back(each * count);
    g.errors.push_back(each * std::sqrt(std::max(count, 1.0)));
  }
  return first_shell(g, spacing);
}

double first_minimum(const Frame& frame) {
  const FirstShell shell = first_shell(frame);
  if (!std::isfinite(shell.minimum.value))
    throw NumericalError(
        fmt::format("{}: g(r) must have a first peak and minimum below {:.3g} angstrom, got none among {} atoms; give r_cut", frame.source,
                    2.6 * std::cbrt(frame.box.volume() / static_cast<double>(frame.size())), frame.size()));
  return shell.minimum.value;
}

double shell_radius(const Frame& frame, const std::optional<double>& r_cut) { return r_cut ? *r_cut : first_minimum(frame); }

}  // namespace heteroglass::structure
