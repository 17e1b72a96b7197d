#include "relaxation/spectrum_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"

namespace heteroglass::relaxation {
namespace {

/// Int_0^T e^{-E/kT'} dT' = (E/k) p(E/kT), p by the rational form of Senum and Yang, J. Therm. Anal. 11, 445 (1977),
/// doi:10.1007/BF01903696 (4th degree: 1e-6 beyond E/kT = 10).
double arrhenius_integral(double energy, double temperature) {
  const double x = energy / (constants::boltzmann * temperature);
  if (x > 700) return 0;
  const double p = std::exp(-x) / x * (((x + 18) * x + 86) * x + 96) / ((((x + 20) * x + 120) * x + 240) * x + 120);
  return energy / constants::boltzmann * p;
}

double kernel(const std::string& channel, double x, double at, const Heating& heating) {
  if (channel == "storage") return (x * at) * (x * at) / (1 + (x * at) * (x * at));
  if (channel == "loss") return x * at / (1 + (x * at) * (x * at));
  if (channel == "modulus") return std::exp(-x / at);
  if (channel == "compliance") return -std::expm1(-x / at);
  if (channel == "deficit") return heating.left(at, x);
  return heating.loss_rate(at, x);
}

}  // namespace

double Heating::energy_at(double t) const {
  double energy = 30 * constants::boltzmann * t;
  for (int i = 0; i < 50; ++i)
    energy = constants::boltzmann * t * std::log(attempt_frequency * constants::boltzmann * t * t / (rate * energy));
  return energy;
}

double Heating::left(double energy, double t) const {
  return std::exp(-attempt_frequency / rate * (arrhenius_integral(energy, t) - arrhenius_integral(energy, start)));
}

double Heating::loss_rate(double energy, double t) const {
  return attempt_frequency / rate * std::exp(-energy / (constants::boltzmann * t)) * left(energy, t);
}

numeric::LinearProblem spectrum_problem(std::span<const Measurement> data, std::span<const double> grid, const ExtraColumns& extra,
                                        const Heating& heating, double scale) {
  std::size_t rows = 0;
  for (const Measurement& m : data) rows += m.x.size();
  const bool energies = data[0].channel == "deficit" || data[0].channel == "heat";
  const double step = grid.size() < 2 ? 1 : energies ? grid[1] - grid[0] : std::log(grid[1] / grid[0]);
  numeric::LinearProblem p;
  p.a = Matrix(rows, grid.size() + extra.count());
  p.smooth = grid.size(), p.step = step;
  std::size_t row = 0;
  const double longest = *std::max_element(data[0].x.begin(), data[0].x.end());
  for (const Measurement& m : data)
    for (std::size_t i = 0; i < m.x.size(); ++i, ++row) {
      const double w = m.weight[i] * scale;
      for (std::size_t j = 0; j < grid.size(); ++j) {
        const double end = j == 0 || j + 1 == grid.size() ? 0.5 : 1;
        p.a(row, j) = w * end * step * kernel(m.channel, m.x[i], grid[j], heating);
      }
      std::size_t column = grid.size();
      const bool shared = m.channel == "storage" || m.channel == "modulus" || m.channel == "compliance" || m.channel == "deficit";
      if (extra.plateau) p.a(row, column++) = shared ? w : 0;
      if (extra.flow) p.a(row, column++) = m.channel == "compliance" ? w * m.x[i] / longest : 0;
      p.b.push_back(m.weight[i] * m.y[i]);
    }
  return p;
}

double havriliak_negami_spectrum(double x, double alpha, double gamma) {
  const double xa = std::pow(x, alpha), angle = std::numbers::pi * alpha;
  if (alpha == 1) return x < 1 ? std::sin(std::numbers::pi * gamma) / std::numbers::pi * std::pow(x / (1 - x), gamma) : 0;
  const double theta = std::atan2(std::sin(angle), xa + std::cos(angle));
  return std::pow(xa, gamma) * std::sin(gamma * theta) / (std::numbers::pi * std::pow(xa * xa + 2 * xa * std::cos(angle) + 1, gamma / 2));
}

}  // namespace heteroglass::relaxation
