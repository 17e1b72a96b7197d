#include "numeric/size_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <random>

#include "numeric/incomplete_gamma.hpp"

namespace heteroglass::numeric {
namespace {

struct Cell {
  double low, high, count;
};
using Cells = std::vector<Cell>;

/// Radii in units of r_min, so that the law is u^(-a) exp(-k u), u >= 1.
Cells cells_of(const std::map<std::size_t, double>& counts, std::size_t smallest) {
  const double edge = double(smallest) - 0.5;
  Cells cells;
  for (const auto& [n, count] : counts) cells.push_back({std::sqrt((double(n) - 0.5) / edge), std::sqrt((double(n) + 0.5) / edge), count});
  return cells;
}

struct Law {
  double a, k;
};

/// Z exp(k) of the law.
double norm(const Law& l) { return incomplete_gamma_tail(1 - l.a, l.k); }

/// ln of the share in a cell: three-point Gauss quadrature over a cell that is never wide.
double log_share(const Law& l, const Cell& c, double z) {
  constexpr double node = 0.7745966692414834;
  const double middle = (c.low + c.high) / 2, half = (c.high - c.low) / 2;
  const auto density = [&](double u) { return std::exp(-l.a * std::log(u / middle) - l.k * (u - middle)); };
  const double mean = (5 * density(middle - half * node) + 8 + 5 * density(middle + half * node)) / 18;
  return std::log(2 * half * mean / z) - l.a * std::log(middle) - l.k * (middle - 1);
}

double log_likelihood(const Law& l, const Cells& cells) {
  const double z = norm(l);
  if (!(l.a >= 0) || !(l.k >= 0) || !std::isfinite(z) || !(z > 0)) return -INFINITY;
  double sum = 0;
  for (const Cell& c : cells) sum += c.count * log_share(l, c, z);
  return sum;
}

struct Curvature {
  std::array<double, 2> gradient;
  double aa, ak, kk;
};

/// By differences; one-sided at k = 0.
Curvature curvature(const Law& l, const Cells& cells) {
  const double ha = 1e-3, hk = std::max(1e-4, 1e-3 * l.k), k0 = std::max(l.k, hk), a0 = std::max(l.a, ha);
  const auto f = [&](int i, int j) { return log_likelihood({a0 + i * ha, k0 + j * hk}, cells); };
  const double m = f(0, 0), ap = f(1, 0), an = f(-1, 0), kp = f(0, 1), kn = f(0, -1);
  return {{(ap - an) / (2 * ha), (kp - kn) / (2 * hk)},
          (ap - 2 * m + an) / (ha * ha),
          (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / (4 * ha * hk),
          (kp - 2 * m + kn) / (hk * hk)};
}

/// Best a for fixed k; the likelihood is concave in a.
Law best_exponent(double k, const Cells& cells) {
  double low = k > 0 ? 0 : 1 + 1e-6, high = 12;
  constexpr double golden = 0.6180339887498949;
  double x = high - golden * (high - low), y = low + golden * (high - low);
  double fx = log_likelihood({x, k}, cells), fy = log_likelihood({y, k}, cells);
  while (high - low > 1e-7) {
    if (fx < fy) {
      low = x, x = y, fx = fy, y = low + golden * (high - low), fy = log_likelihood({y, k}, cells);
    } else {
      high = y, y = x, fy = fx, x = high - golden * (high - low), fx = log_likelihood({x, k}, cells);
    }
  }
  return {(low + high) / 2, k};
}

/// Both by Newton steps, halved until the likelihood rises, held at the bounds; from the power law and from an exponential, the better.
Law best_law(const Cells& cells, const Law& power) {
  double mean = 0, n = 0;
  for (const Cell& c : cells) mean += c.count * (c.low + c.high) / 2, n += c.count;
  Law best = power;
  double best_value = log_likelihood(power, cells);
  for (Law l : {Law{std::max(0.3, power.a - 0.5), 0.3 / std::max(mean / n - 1, 0.05)}, Law{1, 1 / std::max(mean / n - 1, 0.05)}}) {
    double value = log_likelihood(l, cells);
    for (int step = 0; step < 60; ++step) {
      const Curvature c = curvature(l, cells);
      double da, dk;
      const double det = c.aa * c.kk - c.ak * c.ak;
      if (c.aa < 0 && det > 0) {
        da = -(c.kk * c.gradient[0] - c.ak * c.gradient[1]) / det, dk = -(c.aa * c.gradient[1] - c.ak * c.gradient[0]) / det;
      } else {
        da = std::copysign(0.1, c.gradient[0]), dk = std::copysign(0.1 * std::max(l.k, 0.01), c.gradient[1]);
      }
      Law next = l;
      double risen = -INFINITY;
      for (double factor = 1; factor > 1e-4 && !(risen > value); factor /= 2) {
        next = {std::max(0.0, l.a + factor * da), std::max(0.0, l.k + factor * dk)};
        risen = log_likelihood(next, cells);
      }
      if (!(risen > value + 1e-9)) break;
      l = next, value = risen;
    }
    if (value > best_value) best = l, best_value = value;
  }
  return best;
}

double share_beyond(const Law& l, double u) {
  if (u <= 1) return 1;
  return std::pow(u, 1 - l.a) * std::exp(-l.k * (u - 1)) * incomplete_gamma_tail(1 - l.a, l.k * u) / norm(l);
}

double kolmogorov(const Law& l, const Cells& cells) {
  double n = 0, seen = 0, worst = 0;
  for (const Cell& c : cells) n += c.count;
  for (const Cell& c : cells) {
    seen += c.count;
    worst = std::max(worst, std::abs(seen / n - (1 - share_beyond(l, c.high))));
  }
  return worst;
}

/// Radii drawn by rejection, from a power law or an exponential, whichever is refused less often.
double drawn(const Law& l, std::mt19937_64& random) {
  const auto uniform = [&] { return (double(random() >> 11) + 0.5) * 0x1p-53; };
  while (true) {
    if (l.a - 1 > l.k) {
      const double u = std::pow(uniform(), -1 / (l.a - 1));
      if (uniform() < std::exp(-l.k * (u - 1))) return u;
    } else {
      const double u = 1 - std::log(uniform()) / l.k;
      if (uniform() < std::pow(u, -l.a)) return u;
    }
  }
}

double fit_p_value(const Law& l, double clusters, double distance, std::size_t smallest, const SizeLawSettings& s) {
  std::vector<int> worse(std::size_t(std::max(s.samples, 0)), 0);
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < s.samples; ++i) {
    std::mt19937_64 random(s.seed * 1000003u + std::uint64_t(i));
    std::map<std::size_t, double> counts;
    for (double n = 0; n < clusters; ++n) {
      const double u = drawn(l, random);
      counts[std::size_t(std::min(u * u * (double(smallest) - 0.5) + 0.5, 1e15))] += 1;
    }
    const Cells cells = cells_of(counts, smallest);
    worse[std::size_t(i)] = kolmogorov(best_law(cells, best_exponent(0, cells)), cells) >= distance;
  }
  double sum = 1;
  for (const int w : worse) sum += w;
  return sum / (s.samples + 1);
}

}  // namespace

double SizeLaw::beyond(double r) const {
  if (!(clusters > 0) || !std::isfinite(exponent.value)) return NAN;
  return share_beyond({exponent.value, std::isfinite(cutoff.value) ? r_min / cutoff.value : 0}, r / r_min);
}

SizeLaw size_law(std::span<const std::size_t> pixels, double pixel_area, const SizeLawSettings& s) {
  SizeLaw law;
  std::map<std::size_t, double> counts;
  for (const std::size_t n : pixels)
    if (n >= s.min_pixels) counts[n] += 1, ++law.clusters;
  law.r_min = std::sqrt((double(s.min_pixels) - 0.5) * pixel_area / std::numbers::pi);
  if (law.clusters < 10 || counts.size() < 3) {
    law.exponent.note = law.cutoff.note = "needs ten clusters of three sizes";
    return law;
  }
  const Cells cells = cells_of(counts, s.min_pixels);
  const Law power = best_exponent(0, cells), best = best_law(cells, power);
  law.log_likelihood = log_likelihood(best, cells);
  law.power_law_p = best.k > 0 ? 0.5 * std::erfc(std::sqrt(std::max(0.0, law.log_likelihood - log_likelihood(power, cells)))) : 0.5;
  const Curvature c = curvature(best, cells);
  const double det = c.aa * c.kk - c.ak * c.ak;
  const char* note = "curvature of the likelihood; clusters of one map are not independent";
  law.exponent = {best.a, NAN, note}, law.cutoff = {best.k > 0 ? law.r_min / best.k : INFINITY, NAN, note};
  if (best.k > 0 && det > 0)
    law.exponent.error = std::sqrt(-c.kk / det), law.cutoff.error = std::sqrt(-c.aa / det) * law.r_min / (best.k * best.k);
  else if (c.aa < 0)
    law.exponent.error = std::sqrt(-1 / c.aa), law.cutoff.note = "no cut-off: a power law fits best";
  law.distance = kolmogorov(best, cells);
  if (s.samples > 0) law.p_value = fit_p_value(best, double(law.clusters), law.distance, s.min_pixels, s);
  return law;
}

}  // namespace heteroglass::numeric
