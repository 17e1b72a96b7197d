#include "relaxation/nonaffine_spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "landscape/moduli.hpp"
#include "numeric/spectral_density.hpp"
#include "numeric/symmetric_eigen.hpp"

namespace heteroglass::relaxation {
namespace {

using potential::Voigt;

/// Strain directions n with n.C.n = modulus: the shears and the dilatation.
std::vector<Voigt> directions(int dimension) {
  std::vector<Voigt> all = landscape::shear_directions(dimension);
  for (Voigt& n : all)
    for (double& x : n) x /= std::sqrt(2.0);
  const double d = 1.0 / dimension;
  all.push_back({d, d, dimension == 3 ? d : 0, 0, 0, 0});
  return all;
}

/// sum_k n_k Xi_k / sqrt(m) for each direction, one after the other.
std::vector<double> weighted_forces(const landscape::Harmonic& minimum, const potential::BornTerms& born, const std::vector<Voigt>& all) {
  const std::size_t n = minimum.size(), d = minimum.dimension();
  std::vector<double> v(all.size() * n, 0);
  for (std::size_t a = 0; a < all.size(); ++a)
    for (std::size_t i = 0; i < minimum.atoms(); ++i)
      for (std::size_t c = 0; c < d; ++c) {
        double sum = 0;
        for (std::size_t k = 0; k < 6; ++k) sum += all[a][k] * born.force[i][k][c];
        v[a * n + i * d + c] = sum * minimum.inverse_root_mass()[i * d + c];
      }
  return v;
}

void check_positive(const landscape::Harmonic& minimum, double lowest, double highest) {
  if (lowest < -1e-8 * highest)
    throw NumericalError(fmt::format("{}: all modes of a minimum must be positive, got one of {:.4g} {}", minimum.frame().source,
                                     minimum.frequency(lowest), unit_in(minimum.frame().units, "THz")));
}

}  // namespace

double Poles::relaxed() const {
  double m = unrelaxed;
  for (const double s : strength) m -= s;
  return m;
}

std::complex<double> modulus(const Poles& poles, const MemoryKernel& kernel, double omega) {
  const std::complex<double> shift(-omega * omega, 0), drag = std::complex<double>(0, omega) * kernel(omega);
  const std::complex<double> z = shift + drag;
  double real = 0, imag = 0;
  for (std::size_t k = 0; k < poles.square.size(); ++k) {
    // s L / (L + z) = s L (L + conj z) / |L + z|^2
    const double l = poles.square[k], a = l + z.real(), factor = poles.strength[k] * l / (a * a + z.imag() * z.imag());
    real += factor * a, imag -= factor * z.imag();
  }
  return {poles.unrelaxed - real, -imag};
}

std::complex<double> NonaffineSpectrum::shear_modulus(const MemoryKernel& kernel, double omega) const {
  std::complex<double> sum = 0;
  for (const Poles& p : shear) sum += modulus(p, kernel, omega);
  return sum / static_cast<double>(shear.size());
}

NonaffineSpectrum nonaffine_spectrum(landscape::Harmonic& minimum, int steps, Context& context) {
  NonaffineSpectrum out;
  out.dimension = static_cast<int>(minimum.dimension());
  const std::size_t n = minimum.size();
  const potential::BornTerms born = minimum.calculator().born();
  const auto affine = landscape::stress_slope(born.stiffness, born.stress, out.dimension);
  const std::vector<Voigt> all = directions(out.dimension);
  std::vector<double> start = weighted_forces(minimum, born, all);
  const std::vector<double> known = minimum.translations(true);
  for (std::size_t a = 0; a < all.size(); ++a) numeric::project_out(known, std::span<double>(start).subspan(a * n, n));
  const double to_gpa = minimum.pressure_unit() / minimum.frame().box.volume(), unit = minimum.omega2_unit();

  std::vector<Poles> poles(all.size());
  for (std::size_t a = 0; a < all.size(); ++a) poles[a].unrelaxed = minimum.pressure_unit() * landscape::contract(all[a], affine, all[a]);
  const auto put = [&](std::size_t a, double eigenvalue, double weight) {
    poles[a].square.push_back(eigenvalue * unit), poles[a].strength.push_back(to_gpa * weight / eigenvalue);
  };
  if (steps == 0) {
    context.progress(0, "all modes of the dynamical matrix");
    const numeric::SymmetricEigen e = numeric::symmetric_eigen(minimum.dense(true));
    const double highest = e.values.back();
    check_positive(minimum, e.values.front(), highest);
    for (std::size_t p = 0; p < n; ++p) {
      out.frequency.push_back(minimum.frequency(e.values[p]));
      if (e.values[p] <= 1e-10 * highest) continue;
      const auto vector = std::span<const double>(e.vectors.values).subspan(p * n, n);
      for (std::size_t a = 0; a < all.size(); ++a) {
        const double projection = numeric::dot(vector, std::span<const double>(start).subspan(a * n, n));
        put(a, e.values[p], projection * projection);
      }
    }
  } else {
    const auto q = numeric::lanczos_quadrature(n, minimum.dynamical(), start, known, steps, context);
    for (std::size_t a = 0; a < all.size(); ++a) {
      if (q[a].node.empty()) continue;
      const double highest = *std::max_element(q[a].node.begin(), q[a].node.end());
      check_positive(minimum, *std::min_element(q[a].node.begin(), q[a].node.end()), highest);
      for (std::size_t k = 0; k < q[a].node.size(); ++k)
        if (q[a].node[k] > 1e-10 * highest) put(a, q[a].node[k], q[a].weight[k]);
    }
  }
  out.bulk = std::move(poles.back());
  poles.pop_back();
  out.shear = std::move(poles);
  return out;
}

}  // namespace heteroglass::relaxation
