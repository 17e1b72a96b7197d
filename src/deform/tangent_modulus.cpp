#include "deform/tangent_modulus.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "landscape/strain_response.hpp"

namespace heteroglass::deform {
namespace {

using potential::Voigt;
constexpr std::size_t pair[6][2] = {{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}};

/// dF/d(strain) at zero strain.
Mat3 rate(const Loading& loading) {
  constexpr double h = 1e-6;
  const Mat3 up = loading.gradient(h), down = loading.gradient(-h);
  Mat3 l;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) l[i][j] = (up[i][j] - down[i][j]) / (2 * h);
  return l;
}

/// W sigma - sigma W
Voigt turned(const Voigt& sigma, const Mat3& l) {
  Mat3 s, w;
  for (std::size_t k = 0; k < 6; ++k) s[pair[k][0]][pair[k][1]] = s[pair[k][1]][pair[k][0]] = sigma[k];
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) w[i][j] = (l[i][j] - l[j][i]) / 2;
  const Mat3 ws = w * s, sw = s * w;
  Voigt out{};
  for (std::size_t k = 0; k < 6; ++k) out[k] = ws[pair[k][0]][pair[k][1]] - sw[pair[k][0]][pair[k][1]];
  return out;
}

/// The lateral strains (two at most) that keep the lateral stresses, by elimination.
void keep_lateral(const potential::Stiffness& b, const std::array<bool, 6>& lateral, Voigt& e) {
  std::vector<std::size_t> free;
  for (std::size_t k = 0; k < 6; ++k)
    if (lateral[k]) free.push_back(k);
  const auto pushed = [&](std::size_t k) {
    double sum = 0;
    for (std::size_t l = 0; l < 6; ++l) sum -= lateral[l] ? 0 : b[k][l] * e[l];
    return sum;
  };
  if (free.size() == 1) e[free[0]] = pushed(free[0]) / b[free[0]][free[0]];
  if (free.size() == 2) {
    const std::size_t p = free[0], q = free[1];
    const double det = b[p][p] * b[q][q] - b[p][q] * b[q][p], sp = pushed(p), sq = pushed(q);
    e[p] = (sp * b[q][q] - b[p][q] * sq) / det, e[q] = (b[p][p] * sq - b[q][p] * sp) / det;
  }
}

}  // namespace

Measured tangent_modulus(const Frame& minimum, std::shared_ptr<const potential::Potential> potential, const Loading& loading,
                         double force_tolerance, Context& context) {
  constexpr double tolerance = 1e-6;
  try {
    landscape::Harmonic harmonic(minimum, std::move(potential), 2 * force_tolerance);
    const landscape::StrainResponse r = landscape::strain_response(harmonic, "auto", tolerance, context);
    const Mat3 l = rate(loading);
    Voigt e{}, change = turned(r.stress, l);
    for (std::size_t k = 0; k < 6; ++k) e[k] = k < 3 ? l[k][k] : l[pair[k][0]][pair[k][1]] + l[pair[k][1]][pair[k][0]];
    keep_lateral(r.slope, loading.lateral(), e);
    for (std::size_t k = 0; k < 6; ++k)
      for (std::size_t m = 0; m < 6; ++m) change[k] += r.slope[k][m] * e[m];
    const double slope = loading.stress(change, 0);
    return {slope, std::max(r.residual, tolerance) * std::abs(slope), "numerical; Born less nonaffine part of this minimum"};
  } catch (const NumericalError& failure) {
    return {NAN, NAN, failure.what()};
  } catch (const InputError& failure) {
    return {NAN, NAN, failure.what()};
  }
}

}  // namespace heteroglass::deform
