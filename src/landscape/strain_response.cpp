#include "landscape/strain_response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "landscape/moduli.hpp"
#include "numeric/conjugate_gradients.hpp"

namespace heteroglass::landscape {
namespace {

/// The six right-hand sides one after the other; a flat system has three that are not zero.
std::vector<double> right_sides(const Harmonic& minimum, const std::vector<std::array<Vec3, 6>>& force) {
  const std::size_t n = minimum.size(), d = minimum.dimension();
  std::vector<double> b(6 * n);
  for (std::size_t i = 0; i < force.size(); ++i)
    for (std::size_t k = 0; k < 6; ++k)
      for (std::size_t a = 0; a < d; ++a) b[k * n + i * d + a] = force[i][k][a];
  return b;
}

std::string not_a_minimum(const Harmonic& minimum) {
  return fmt::format(
      "{}: all modes of a minimum must be positive, got a direction of negative curvature: a saddle or a plastic event; "
      "move it a little and run `heteroglass landscape minimise` again",
      minimum.frame().source);
}

/// With the three translations lifted from zero by a shift of their own: H + s sum t t^T is full, H + shift is not, so a small shift and
/// a few steps of refinement.
void solve_by_factor(Harmonic& minimum, std::span<const double> b, std::span<const double> known, double tolerance, std::vector<double>& x,
                     double& residual) {
  const std::size_t n = minimum.size();
  const numeric::LinearMap h = minimum.hessian();
  std::vector<double> probe(n), image(n);
  numeric::random_signs(probe, 5);
  h(probe, image, 1);
  const double scale = numeric::dot(probe, image) / static_cast<double>(n);
  const auto factor = minimum.factor(false, 1e-7 * scale);
  if (!factor) throw NumericalError(not_a_minimum(minimum));
  std::vector<double> r(b.begin(), b.end()), correction(b.size());
  x.assign(b.size(), 0);
  for (int step = 0; step < 20; ++step) {
    for (std::size_t k = 0; k < 6; ++k) numeric::project_out(known, std::span<double>(r).subspan(k * n, n));
    residual = 0;
    for (std::size_t k = 0; k < 6; ++k) {
      const auto rk = std::span<const double>(r).subspan(k * n, n), bk = b.subspan(k * n, n);
      const double all = numeric::dot(bk, bk);
      if (all > 0) residual = std::max(residual, std::sqrt(numeric::dot(rk, rk) / all));
    }
    if (residual <= tolerance) return;
    factor->solve(r, correction, 6);
    for (std::size_t k = 0; k < 6; ++k) numeric::project_out(known, std::span<double>(correction).subspan(k * n, n));
    numeric::add_scaled(1, correction, x);
    h(x, r, 6);
    for (std::size_t i = 0; i < r.size(); ++i) r[i] = b[i] - r[i];
  }
}

}  // namespace

StrainResponse strain_response(Harmonic& minimum, const std::string& solver, double tolerance, Context& context) {
  StrainResponse out;
  const double unit = minimum.pressure_unit(), volume = minimum.frame().box.volume();
  potential::BornTerms born = minimum.calculator().born();
  const std::size_t n = minimum.size(), d = minimum.dimension();
  std::vector<double> b = right_sides(minimum, born.force), x;
  const std::vector<double> known = minimum.translations(false);
  for (std::size_t k = 0; k < 6; ++k) numeric::project_out(known, std::span<double>(b).subspan(k * n, n));
  // In a crystal the forces vanish by symmetry and only rounding is left: nothing to relax. Compared with the Born part of one atom.
  double largest = 0;
  for (std::size_t k = 0; k < 6; ++k) largest = std::max(largest, born.stiffness[k][k]);
  const double natural = largest * std::cbrt(std::pow(volume / static_cast<double>(minimum.atoms()), 2));
  if (numeric::dot(b, b) <= 1e-18 * natural * natural * static_cast<double>(minimum.atoms())) std::fill(b.begin(), b.end(), 0);

  if (solver == "cholesky") {
    solve_by_factor(minimum, b, known, tolerance, x, out.residual);
  } else {
    numeric::ConjugateGradients solved = numeric::conjugate_gradients(n, minimum.hessian(), b, known, tolerance, 50000, context);
    if (solved.negative_curvature) throw NumericalError(not_a_minimum(minimum));
    out.iterations = solved.iterations;
    out.residual = *std::max_element(solved.residual.begin(), solved.residual.end());
    x = std::move(solved.x);
  }
  if (!(out.residual <= 1e3 * tolerance))
    throw NumericalError(
        fmt::format("nonaffine displacements: the relative residual must fall below {:.1e}, got {:.1e}", tolerance, out.residual));

  out.displacement.assign(minimum.atoms(), {});
  for (std::size_t k = 0; k < 6; ++k) {
    for (std::size_t i = 0; i < minimum.atoms(); ++i)
      for (std::size_t a = 0; a < d; ++a) out.displacement[i][k][a] = x[k * n + i * d + a];
    out.stress[k] = unit * born.stress[k];
    for (std::size_t l = 0; l < 6; ++l) {
      const auto bk = std::span<const double>(b).subspan(k * n, n), bl = std::span<const double>(b).subspan(l * n, n);
      const auto xk = std::span<const double>(x).subspan(k * n, n), xl = std::span<const double>(x).subspan(l * n, n);
      out.born[k][l] = unit * born.stiffness[k][l];
      out.nonaffine[k][l] = unit * (numeric::dot(bk, xl) + numeric::dot(bl, xk)) / (2 * volume);
    }
  }
  potential::Stiffness whole = out.born;
  for (std::size_t k = 0; k < 6; ++k)
    for (std::size_t l = 0; l < 6; ++l) whole[k][l] -= out.nonaffine[k][l];
  out.affine_slope = stress_slope(out.born, out.stress, static_cast<int>(d));
  out.slope = stress_slope(whole, out.stress, static_cast<int>(d));
  out.force = std::move(born.force);
  return out;
}

}  // namespace heteroglass::landscape
