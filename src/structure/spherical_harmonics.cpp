#include "structure/spherical_harmonics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/vector_clones.hpp"

namespace heteroglass::structure {
namespace {

constexpr std::size_t lanes = 8;
using Lanes = std::array<double, lanes>;
constexpr int top = SphericalHarmonics::largest_l;
constexpr std::size_t most_numbers = (top + 1) * (top + 2) / 2;

double factorial(int n) { return std::tgamma(n + 1.0); }

/// Sums over the lanes' unit vectors. c starts as the weight of each lane, 1 or 0.
HETEROGLASS_VECTOR_CLONES
void add_vectors(const Lanes& x, const Lanes& y, const Lanes& z, const Lanes& weight, int l_max, const int* place, Lanes* real,
                 Lanes* imaginary) {
  Lanes c = weight, s{};
  double diagonal = 1;  // (2 m - 1)!!
  for (int m = 0; m <= l_max; ++m) {
    Lanes before{}, p;
    p.fill(diagonal);
    for (int l = m; l <= l_max; ++l) {
      if (l > m) {
        const double a = (2 * l - 1) / static_cast<double>(l - m), b = (l + m - 1) / static_cast<double>(l - m);
        for (std::size_t k = 0; k < lanes; ++k) {
          const double next = a * z[k] * p[k] - b * before[k];
          before[k] = p[k], p[k] = next;
        }
      }
      if (place[l] < 0) continue;
      Lanes &re = real[place[l] + m], &im = imaginary[place[l] + m];
      for (std::size_t k = 0; k < lanes; ++k) re[k] += p[k] * c[k], im[k] += p[k] * s[k];
    }
    for (std::size_t k = 0; k < lanes; ++k) {
      const double next = c[k] * x[k] - s[k] * y[k];
      s[k] = c[k] * y[k] + s[k] * x[k], c[k] = next;
    }
    diagonal *= 2 * m + 1;
  }
}

double sum(const Lanes& v) { return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7])); }

}  // namespace

double wigner_3j(int l, int m1, int m2) {
  const int m3 = -m1 - m2;
  if (std::abs(m1) > l || std::abs(m2) > l || std::abs(m3) > l) return 0;
  const double triangle = std::pow(factorial(l), 3) / factorial(3 * l + 1);
  const double magnitudes =
      factorial(l + m1) * factorial(l - m1) * factorial(l + m2) * factorial(l - m2) * factorial(l + m3) * factorial(l - m3);
  double series = 0;
  for (int t = 0; t <= l; ++t) {
    if (l - t - m1 < 0 || l - t + m2 < 0 || t + m1 < 0 || t - m2 < 0) continue;
    series += (t % 2 ? -1 : 1) /
              (factorial(t) * factorial(t + m1) * factorial(t - m2) * factorial(l - t) * factorial(l - t - m1) * factorial(l - t + m2));
  }
  return (m3 % 2 ? -1 : 1) * std::sqrt(triangle * magnitudes) * series;
}

SphericalHarmonics::SphericalHarmonics(std::vector<int> l) : l_(std::move(l)), place_(top + 1, -1), terms_(top + 1) {
  for (const int n : l_) {
    place_[n] = static_cast<int>(norms_.size());
    for (int m = 0; m <= n; ++m) norms_.push_back(std::sqrt((2 * n + 1) / (4 * std::numbers::pi) * factorial(n - m) / factorial(n + m)));
    if (n % 2) continue;  // w_l of odd l vanishes
    for (int a = -n; a <= n; ++a)
      for (int b = a; b <= n; ++b)
        if (const double w = wigner_3j(n, a, b); w != 0) terms_[n].push_back({a, b, (a == b ? 1 : 2) * w});
  }
}

void SphericalHarmonics::mean(std::span<const neighbor::Neighbor> neighbors, std::span<std::complex<double>> out) const {
  std::array<Lanes, most_numbers> real, imaginary;
  for (std::size_t k = 0; k < size(); ++k) real[k].fill(0), imaginary[k].fill(0);
  for (std::size_t begin = 0; begin < neighbors.size(); begin += lanes) {
    Lanes x{}, y{}, z{}, weight{};
    const std::size_t n = std::min(lanes, neighbors.size() - begin);
    for (std::size_t k = 0; k < n; ++k) {
      const Vec3& d = neighbors[begin + k].separation;
      const double inverse = 1 / norm(d);
      x[k] = d.x * inverse, y[k] = d.y * inverse, z[k] = d.z * inverse, weight[k] = 1;
    }
    add_vectors(x, y, z, weight, l_.back(), place_.data(), real.data(), imaginary.data());
  }
  const double each = 1 / static_cast<double>(neighbors.size());
  for (std::size_t k = 0; k < size(); ++k) out[k] = norms_[k] * each * std::complex(sum(real[k]), sum(imaginary[k]));
}

void SphericalHarmonics::second_order(std::span<const std::complex<double>> q_lm, std::span<double> out) const {
  std::size_t k = 0;
  for (std::size_t n = 0; n < l_.size(); ++n) {
    double total = std::norm(q_lm[k]);
    for (int m = 1; m <= l_[n]; ++m) total += 2 * std::norm(q_lm[k + static_cast<std::size_t>(m)]);
    out[n] = std::sqrt(4 * std::numbers::pi / (2 * l_[n] + 1) * total);
    k += static_cast<std::size_t>(l_[n]) + 1;
  }
}

void SphericalHarmonics::third_order(std::span<const std::complex<double>> q_lm, std::span<double> out) const {
  std::size_t k = 0;
  for (std::size_t n = 0; n < l_.size(); ++n) {
    const int l = l_[n];
    std::array<double, 2 * top + 1> re{}, im{};
    double total = 0;
    for (int m = 0; m <= l; ++m) {
      const std::complex<double> q = q_lm[k + static_cast<std::size_t>(m)];
      const double sign = m % 2 ? -1 : 1;
      re[l + m] = q.real(), im[l + m] = q.imag(), re[l - m] = sign * q.real(), im[l - m] = -sign * q.imag();
      total += (m ? 2 : 1) * std::norm(q);
    }
    if (im[l] != 0) im[l] = 0;  // q_l0 is real
    double w = 0;
    for (const Term& t : terms_[l]) {
      const int a = l + t.m1, b = l + t.m2, c = l - t.m1 - t.m2;
      w += t.factor * (re[c] * (re[a] * re[b] - im[a] * im[b]) - im[c] * (re[a] * im[b] + im[a] * re[b]));
    }
    out[n] = total > 0 ? w / (total * std::sqrt(total)) : 0;
    k += static_cast<std::size_t>(l) + 1;
  }
}

}  // namespace heteroglass::structure
