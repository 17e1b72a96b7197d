#include "probes/afm/beam.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace heteroglass::probes {
namespace {

using Complex = std::complex<double>;
using Rows = std::array<std::array<Complex, 4>, 4>;

Complex determinant(Rows m) {
  Complex d = 1;
  for (std::size_t i = 0; i < 4; ++i) {
    std::size_t pivot = i;
    for (std::size_t r = i + 1; r < 4; ++r)
      if (std::abs(m[r][i]) > std::abs(m[pivot][i])) pivot = r;
    if (m[pivot][i] == Complex(0)) return 0;
    if (pivot != i) std::swap(m[pivot], m[i]), d = -d;
    d *= m[i][i];
    for (std::size_t r = i + 1; r < 4; ++r) {
      const Complex f = m[r][i] / m[i][i];
      for (std::size_t c = i; c < 4; ++c) m[r][c] -= f * m[i][c];
    }
  }
  return d;
}

/// The four conditions at the tip on (A1, A2, B1, B2), derivatives by x in units of k; shear and moment in units of EI.
Complex characteristic(const Beam& beam, Complex kl, double stiffness) {
  const Complex a = kl * beam.tip_position, b = kl * (1 - beam.tip_position);
  const Complex c1 = std::cos(a), s1 = std::sin(a), ch1 = std::cosh(a), sh1 = std::sinh(a);
  const Complex c2 = std::cos(b), s2 = std::sin(b), ch2 = std::cosh(b), sh2 = std::sinh(b);
  const std::array<Complex, 4> deflection = {c1 - ch1, s1 - sh1, c2 + ch2, s2 + sh2};
  const std::array<Complex, 4> slope = {-s1 - sh1, c1 - ch1, -(-s2 + sh2), -(c2 + ch2)};
  const std::array<Complex, 4> moment = {-c1 - ch1, -s1 - sh1, -c2 + ch2, -s2 + sh2};
  const std::array<Complex, 4> shear = {s1 - sh1, -c1 - ch1, -(s2 + sh2), -(-c2 + ch2)};
  const double c = std::cos(beam.tilt), s = std::sin(beam.tilt), k = 3 * stiffness, lateral = k * beam.lateral_ratio, h = beam.tip_height;
  const double normal = c * c * k + s * s * lateral, mixed = s * c * (k - lateral) * h, turning = (s * s * k + c * c * lateral) * h * h;
  Rows m;
  for (std::size_t j = 0; j < 4; ++j) {
    const double side = j < 2 ? 1 : -1;  // left minus right
    const Complex w = j < 2 ? deflection[j] : Complex(0), w1 = j < 2 ? slope[j] * kl : Complex(0);
    m[0][j] = side * deflection[j];
    m[1][j] = side * slope[j];
    m[2][j] = side * moment[j] * kl * kl + turning * w1 + mixed * w;
    m[3][j] = side * shear[j] * kl * kl * kl - normal * w - mixed * w1;
  }
  return determinant(m);
}

}  // namespace

double free_mode(int mode) {
  const auto f = [](double x) { return std::cos(x) + 1 / std::cosh(x); };
  double low = std::numbers::pi * (mode - 1), high = std::numbers::pi * mode;
  if (mode == 1) low = 1, high = 3;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    ((f(middle) > 0) == (f(low) > 0) ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::vector<Complex> contact_stiffness(const Beam& beam, Complex kl) {
  // The determinant is a quadratic in the stiffness: three values give it.
  const Complex d0 = characteristic(beam, kl, 0), d1 = characteristic(beam, kl, 1), dm = characteristic(beam, kl, -1);
  const Complex a = (d1 + dm) / 2.0 - d0, b = (d1 - dm) / 2.0;
  if (std::abs(a) < 1e-11 * std::max(std::abs(b), std::abs(d0))) return {-d0 / b};
  const Complex root = std::sqrt(b * b - 4.0 * a * d0), q = -0.5 * (std::real(std::conj(b) * root) >= 0 ? b + root : b - root);
  return {q / a, d0 / q};
}

double resonance(const Beam& beam, double stiffness, int mode) {
  const auto f = [&](double x) { return std::real(characteristic(beam, x, stiffness)) / std::exp(x); };
  // Springs only raise frequencies: the mode-th sign change from below.
  constexpr double step = 0.01;  // modes lie much farther apart
  const double last = free_mode(mode + 2);
  int seen = 0;
  double left = 0.05;
  double value = f(left);
  for (double x = left + step;; x += step) {
    const double next = f(x);
    if ((next > 0) != (value > 0) && ++seen == mode) {
      double low = x - step, high = x;
      for (int i = 0; i < 80; ++i) {
        const double middle = (low + high) / 2;
        ((f(middle) > 0) == (value > 0) ? low : high) = middle;
      }
      return (low + high) / 2;
    }
    value = next;
    if (x > last) return NAN;
  }
}

}  // namespace heteroglass::probes
