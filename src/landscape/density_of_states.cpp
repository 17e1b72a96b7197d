#include "landscape/density_of_states.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "numeric/lowest_modes.hpp"
#include "numeric/parabola.hpp"
#include "numeric/spectral_density.hpp"

namespace heteroglass::landscape {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double planck = 4.135667696e-3;  ///< [eV/THz] h, exact in the SI: 6.62607015e-34 J s

std::vector<double> middles(std::size_t bins, double width) {
  std::vector<double> x(bins);
  for (std::size_t k = 0; k < bins; ++k) x[k] = (static_cast<double>(k) + 0.5) * width;
  return x;
}

}  // namespace

DensityOfStates histogram_density(std::span<const double> frequency, std::size_t bins) {
  DensityOfStates d;
  double highest = 0;
  std::size_t modes = 0;
  for (const double f : frequency) highest = std::max(highest, f), modes += f > 0;
  if (modes == 0) return d;
  d.width = highest * (1 + 1e-9) / static_cast<double>(bins);
  d.frequency = middles(bins, d.width);
  std::vector<double> count(bins, 0);
  for (const double f : frequency)
    if (f > 0) count[static_cast<std::size_t>(f / d.width)] += 1;
  const double each = 1 / (static_cast<double>(modes) * d.width);
  for (const double c : count) d.g.push_back(each * c), d.g_error.push_back(each * std::sqrt(c));
  return d;
}

DensityOfStates kernel_density(Harmonic& minimum, const KernelSettings& s, Context& context) {
  const std::vector<double> known = minimum.translations(true);
  const std::size_t n = minimum.size();
  const numeric::LinearMap product = minimum.dynamical();
  numeric::SpectralBounds bounds = numeric::spectral_bounds(n, product, known, 40, s.seed);
  DensityOfStates d;
  d.negative = bounds.lowest_found < -1e-9 * bounds.high;
  bounds.low = d.negative ? 1.05 * bounds.low : 0;
  const double span = bounds.high - bounds.low, pi = std::numbers::pi;
  const Matrix mu = numeric::chebyshev_moments(n, product, bounds.low, bounds.high, s.moments, s.vectors, known, s.seed, context);
  const std::vector<double> weights = numeric::jackson(s.moments);
  const double highest = minimum.frequency(bounds.high);
  d.width = highest / static_cast<double>(s.bins);
  d.frequency = middles(s.bins, d.width);
  d.smearing = highest * pi / (2 * static_cast<double>(s.moments));
  d.g.assign(s.bins, 0), d.g_error.assign(s.bins, 0);
#pragma omp parallel for schedule(static)
  for (std::ptrdiff_t bin = 0; bin < static_cast<std::ptrdiff_t>(s.bins); ++bin) {
    const auto k = static_cast<std::size_t>(bin);
    const double lambda = minimum.eigenvalue(d.frequency[k]);
    const double phi = 2 * std::asin(std::sqrt(std::clamp((lambda - bounds.low) / span, 0.0, 1.0)));
    const double jacobian = 2 * lambda / d.frequency[k] / (span * std::sin(phi) / 2);  // dphi / dnu
    double sum = 0, squares = 0;
    for (std::size_t v = 0; v < s.vectors; ++v) {
      const double g =
          jacobian * numeric::chebyshev_density(std::span<const double>(mu.values).subspan(v * s.moments, s.moments), weights, phi);
      sum += g, squares += g * g;
    }
    const auto m = static_cast<double>(s.vectors);
    d.g[k] = sum / m;
    d.g_error[k] = s.vectors > 1 ? std::sqrt(std::max(squares / m - d.g[k] * d.g[k], 0.0) / (m - 1)) : nan;
  }
  return d;
}

BosonPeak boson_peak(const DensityOfStates& dos, const Sound& sound, double lowest_phonon) {
  const auto none = [](const std::string& why) { return BosonPeak{{nan, nan, why}, {nan, nan, why}}; };
  if (dos.frequency.empty()) return none("no density of states");
  if (!(lowest_phonon > 0)) return none("the lowest phonon of the box is not known");
  const double from = 1.5 * lowest_phonon, to = 0.6 * dos.frequency.back();
  const std::size_t bins = dos.frequency.size();
  std::vector<double> reduced(bins), error(bins), smooth(bins, nan);
  for (std::size_t k = 0; k < bins; ++k) {
    const double power = std::pow(dos.frequency[k], sound.dimension - 1);
    reduced[k] = dos.g[k] / power, error[k] = dos.g_error[k] / power;
  }
  std::size_t best = bins;
  for (std::size_t k = 0; k < bins; ++k) {
    if (dos.frequency[k] < from || dos.frequency[k] > to) continue;
    const double width = std::max(0.1 * dos.frequency[k], dos.width);
    double sum = 0, norm = 0;
    for (std::size_t j = 0; j < bins; ++j) {
      const double x = (dos.frequency[j] - dos.frequency[k]) / width;
      if (std::abs(x) > 3) continue;
      sum += std::exp(-x * x / 2) * reduced[j], norm += std::exp(-x * x / 2);
    }
    smooth[k] = sum / norm;
    if (best == bins || smooth[k] > smooth[best]) best = k;
  }
  if (best == bins) return none("the box is too small: no frequencies between its phonons and the bulk of the spectrum");
  if (best == 0 || std::isnan(smooth[best - 1]) || best + 1 == bins || std::isnan(smooth[best + 1]))
    return none(fmt::format(
        "g / nu^(d-1) is largest at or below the lowest phonons of the box ({:.3g}): a larger box would tell a boson peak from them",
        lowest_phonon));
  std::vector<double> x, y, e;
  double least = 0;
  for (std::size_t k = 0; k < bins; ++k)
    least = std::max(least, std::abs(dos.frequency[k] - dos.frequency[best]) < 0.3 * dos.frequency[best] ? error[k] : 0);
  for (std::size_t k = 0; k < bins; ++k)
    if (std::abs(dos.frequency[k] - dos.frequency[best]) <= std::max(0.3 * dos.frequency[best], 2.5 * dos.width))
      x.push_back(dos.frequency[k]), y.push_back(reduced[k]), e.push_back(error[k] > 0 ? error[k] : std::max(least, 1e-12 * reduced[best]));
  if (x.size() < 4) return none("too few bins around the maximum");
  const numeric::Vertex v = numeric::parabola(x, y, e);
  if (!(v.curvature < 0) || !v.inside) return none("g / nu^(d-1) has no clear maximum");
  const double level = sound.debye_level(),
               level_error = level * sound.dimension * sound.debye_frequency.error / sound.debye_frequency.value;
  BosonPeak peak;
  peak.frequency = {v.position.value, v.position.error, "parabola through the points within 30 %; errors of the density of states"};
  peak.height = {v.value.value / level, std::hypot(v.value.error / level, v.value.value * level_error / (level * level)),
                 "errors of the density of states and of the Debye level"};
  return peak;
}

Measured low_exponent(std::span<const double> frequency, double below) {
  double sum = 0;
  int m = 0;
  for (const double f : frequency)
    if (f > 0 && f < below) sum += std::log(below / f), ++m;
  if (m < 10) return {nan, nan, fmt::format("{} modes below the lowest phonon, at least 10 are needed", m)};
  const double x1 = (m - 1) / sum;
  return {x1 - 1, x1 / std::sqrt(m - 2.0), fmt::format("maximum likelihood, {} modes", m)};
}

Measured heat_capacity(const DensityOfStates& dos, double temperature, int dimension) {
  double sum = 0, squares = 0;
  for (std::size_t k = 0; k < dos.frequency.size(); ++k) {
    const double x = planck * dos.frequency[k] / (constants::boltzmann * temperature);
    if (x > 500) break;
    const double half = x / 2, einstein = std::pow(half / std::sinh(half), 2);
    sum += dimension * dos.g[k] * dos.width * einstein;
    squares += std::pow(dimension * dos.g_error[k] * dos.width * einstein, 2);
  }
  return {sum, std::sqrt(squares), "error of the density of states"};
}

}  // namespace heteroglass::landscape
