#include "probes/scattering/anisotropic_density.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "core/error.hpp"
#include "deform/box_match.hpp"
#include "neighbor/cell_list.hpp"
#include "numeric/spherical_bessel_transform.hpp"
#include "numeric/symmetric_eigen.hpp"

namespace heteroglass::probes {
namespace {

constexpr double pi = std::numbers::pi;
constexpr std::size_t blocks = 27;
constexpr double fixed_point = 4294967296.0;  // sums of whole numbers do not depend on their order

double affine_factor(double poisson) { return 2 * (1 + poisson) / (3 * std::sqrt(5.0)); }

/// Derivative at each point by the polynomial through five of them.
std::vector<double> derivative(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = x.size(), points = std::min<std::size_t>(5, n);
  std::vector<double> out(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t first = std::min(i > 2 ? i - 2 : 0, n - points);
    for (std::size_t k = first; k < first + points; ++k) {  // derivative of the Lagrange polynomial of point k at x_i
      double slope = 0;
      for (std::size_t m = first; m < first + points; ++m) {
        if (m == k) continue;
        double product = 1 / (x[k] - x[m]);
        for (std::size_t l = first; l < first + points; ++l)
          if (l != k && l != m) product *= (x[i] - x[l]) / (x[k] - x[l]);
        slope += product;
      }
      out[i] += y[k] * slope;
    }
  }
  return out;
}

/// y at any x by the polynomial through six points; beyond the ends the last value.
double between(std::span<const double> x, std::span<const double> y, double at) {
  if (at >= x.back()) return y.back();
  if (at <= x.front()) return y.front();
  const std::size_t n = x.size(), points = std::min<std::size_t>(6, n);
  const auto after = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), at) - x.begin());
  const std::size_t first = std::min(after > 3 ? after - 3 : 0, n - points);
  double sum = 0;
  for (std::size_t k = first; k < first + points; ++k) {
    double product = y[k];
    for (std::size_t m = first; m < first + points; ++m)
      if (m != k) product *= (at - x[m]) / (x[k] - x[m]);
    sum += product;
  }
  return sum;
}

/// l = 2 part of S_0(|F^T Q|) over the strain, F = diag(1 - nu eps, 1 - nu eps, 1 + eps), by Gauss-Legendre over cos psi.
double finite_strain(std::span<const double> q, std::span<const double> s, double at, double strain, double poisson) {
  constexpr std::array<double, 4> node = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363};
  constexpr std::array<double, 4> weight = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763};
  double sum = 0;
  for (std::size_t k = 0; k < node.size(); ++k) {
    const double c2 = node[k] * node[k], length = std::sqrt(std::pow(1 + strain, 2) * c2 + std::pow(1 - poisson * strain, 2) * (1 - c2));
    sum += weight[k] * std::sqrt(5.0) * (1.5 * c2 - 0.5) * (between(q, s, at * length) - between(q, s, at));
  }
  return sum / strain;
}

/// Sums of Y_0 and Y_2 over pairs, by block of the centre atom and shell, in fixed point.
struct PairSums {
  std::size_t bins = 0;
  std::vector<std::int64_t> zero, two;
};

std::size_t block_of(const Frame& f, std::size_t i) {
  const Vec3 at = f.box.fractional(f.position[i]);
  std::size_t block = 0;
  for (std::size_t k = 0; k < 3; ++k) block = 3 * block + static_cast<std::size_t>(std::clamp((at[k] - std::floor(at[k])) * 3, 0.0, 2.999));
  return block;
}

/// @param block of each atom
PairSums pair_sums(const Frame& f, const std::vector<std::size_t>& block, const Vec3& axis, RadialGrid grid, std::size_t bins,
                   Context& context) {
  const neighbor::CellList cells(f, grid.step * static_cast<double>(bins));
  PairSums out{bins, std::vector<std::int64_t>(blocks * bins, 0), std::vector<std::int64_t>(blocks * bins, 0)};
  context.check_cancelled();
#pragma omp parallel
  {
    std::vector<std::int64_t> zero(blocks * bins, 0), two(blocks * bins, 0);
#pragma omp for schedule(dynamic)
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(cells.blocks()); ++b)
      cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, std::span<const neighbor::Neighbor> near) {
        for (const neighbor::Neighbor& m : near) {
          const double r = norm(m.separation), cosine = dot(m.separation, axis) / r;
          const auto k = static_cast<std::size_t>(r / grid.step);
          if (k >= bins) continue;
          ++zero[block[i] * bins + k];
          two[block[i] * bins + k] += std::llround(fixed_point * std::sqrt(5.0) * (1.5 * cosine * cosine - 0.5));
        }
      });
#pragma omp critical(heteroglass_anisotropic_density)
    for (std::size_t k = 0; k < zero.size(); ++k) out.zero[k] += zero[k], out.two[k] += two[k];
  }
  return out;
}

/// The reference with its atoms moved as the cell was.
Frame carried_by_cell(const Frame& reference, const Frame& current) {
  const deform::BoxMatch match = deform::box_match(reference, current);
  Frame f = reference;
  f.box = Box(match.edges, {}, reference.box.periodicity());
  for (Vec3& r : f.position) r = match.gradient * (r - reference.box.origin());
  return f;
}

struct Parts {
  std::vector<double> rho_0, rho_2, shape;
};

/// Averages over shells from the sums of all blocks but one (blocks: of all).
Parts parts_of(const PairSums& s, const std::vector<std::size_t>& atoms, std::size_t left_out, double step, double poisson) {
  std::vector<double> zero(s.bins, 0), two(s.bins, 0);
  double n = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    if (b == left_out) continue;
    n += static_cast<double>(atoms[b]);
    for (std::size_t k = 0; k < s.bins; ++k)
      zero[k] += static_cast<double>(s.zero[b * s.bins + k]), two[k] += static_cast<double>(s.two[b * s.bins + k]) / fixed_point;
  }
  Parts p;
  std::vector<double> volume;
  for (std::size_t k = 0; k < s.bins; ++k) {
    const double inner = step * static_cast<double>(k), outer = inner + step;
    volume.push_back(4 * pi / 3 * (std::pow(outer, 3) - std::pow(inner, 3)));
    p.rho_0.push_back(zero[k] / n / volume[k]), p.rho_2.push_back(two[k] / n / volume[k]);
  }
  // density at the surfaces of the shells, of fourth order in their width
  const auto surface = [&](std::size_t k) {  // between shells k - 1 and k
    if (k == 0) return 0.0;
    if (k < 2 || k + 1 >= s.bins) return k < s.bins ? (p.rho_0[k - 1] + p.rho_0[k]) / 2 : p.rho_0[k - 1];
    return (7 * (p.rho_0[k - 1] + p.rho_0[k]) - p.rho_0[k - 2] - p.rho_0[k + 1]) / 12;
  };
  for (std::size_t k = 0; k < s.bins; ++k) {
    const double inner = step * static_cast<double>(k), outer = inner + step;
    // int 4 pi r^3 rho' dr = [4 pi r^3 rho] - 3 int 4 pi r^2 rho dr
    const double integral = 4 * pi * (std::pow(outer, 3) * surface(k + 1) - std::pow(inner, 3) * surface(k)) - 3 * p.rho_0[k] * volume[k];
    p.shape.push_back(-affine_factor(poisson) * integral / volume[k]);
  }
  return p;
}

std::vector<double> jackknife(const std::vector<std::vector<double>>& without) {
  std::vector<double> out(without.front().size(), 0);
  const auto n = static_cast<double>(without.size());
  for (std::size_t k = 0; k < out.size(); ++k) {
    double mean = 0, square = 0;
    for (const auto& w : without) mean += w[k] / n;
    for (const auto& w : without) square += (w[k] - mean) * (w[k] - mean);
    out[k] = std::sqrt(square * (n - 1) / n);
  }
  return out;
}

}  // namespace

AnisotropicDensity anisotropic_density(const Harmonics& h, const WindowChoice& choice, double poisson, RadialGrid grid, double strain) {
  const std::vector<double> m = window(h.q, choice.name, choice.start), w = numeric::trapezoid_weights(h.q);
  const std::span<const double> points = std::span(h.q).subspan(h.measured), values = std::span(h.s_0).subspan(h.measured);
  const std::vector<double> slope = derivative(points, values);
  const auto count = static_cast<std::size_t>(std::floor(grid.r_max / grid.step + 1e-9));
  const numeric::EqualSteps r{grid.step, grid.step, count};
  std::vector<double> zero, two, affine, weight;
  for (std::size_t i = 0; i < h.q.size(); ++i) {
    weight.push_back(w[i] * m[i] * h.q[i] * h.q[i] / (2 * pi * pi));
    zero.push_back(weight[i] * (h.s_0[i] - 1)), two.push_back(-weight[i] * h.s_2[i]);
    // below the first point S_0 goes as Q^2, so that Q dS_0/dQ = 2 S_0
    const double derived = i >= h.measured ? h.q[i] * slope[i - h.measured] : 2 * h.s_0[i];
    const bool finite = strain != 0 && i >= h.measured && h.q[i] * (1 + 2 * std::abs(strain)) < h.q.back();
    affine.push_back(-weight[i] * (finite ? finite_strain(points, values, h.q[i], strain, poisson) : affine_factor(poisson) * derived));
  }
  AnisotropicDensity out;
  out.rho_0 = numeric::bessel_sums(0, h.q, zero, r);
  out.rho_2 = numeric::bessel_sums(2, h.q, two, r);
  out.shape = numeric::bessel_sums(2, h.q, affine, r);
  out.excess = !h.density;
  out.q = h.q;
  for (std::size_t i = 0; i < h.q.size(); ++i) out.rho_2_noise.push_back(weight[i] * h.s_2_error[i]);
  out.rho_0_error.assign(count, 0), out.rho_2_error.assign(count, 0), out.shape_error.assign(count, 0);
  for (std::size_t k = 0; k < count; ++k) out.r.push_back(r[k]), out.rho_0[k] += h.density.value_or(0);
#pragma omp parallel for schedule(static)
  for (std::size_t k = 0; k < count; ++k) {
    double v0 = 0, v2 = 0, shape = 0;
    for (std::size_t i = 0; i < h.q.size(); ++i) {
      const double x = h.q[i] * r[k], j0 = x > 0 ? std::sin(x) / x : 1;
      // dS_0/dQ by parts: the derivative falls on j_2(Q r), whose argument runs fastest; j_2' = j_1 - 3 j_2 / x
      const double turning = x > 1e-3 ? (std::sin(x) / x - std::cos(x)) / x - 3 * numeric::spherical_bessel_2(x) / x : 0;
      shape += std::pow(affine_factor(poisson) * weight[i] * x * turning * h.s_0_error[i], 2);
      v0 += std::pow(weight[i] * h.s_0_error[i] * j0, 2), v2 += std::pow(weight[i] * h.s_2_error[i] * numeric::spherical_bessel_2(x), 2);
    }
    out.rho_0_error[k] = std::sqrt(v0), out.rho_2_error[k] = std::sqrt(v2), out.shape_error[k] = std::sqrt(shape);
  }
  return out;
}

double error_of_sum(const AnisotropicDensity& d, std::span<const std::size_t> k, std::span<const double> c) {
  double variance = 0;
  for (std::size_t i = 0; i < d.q.size(); ++i) {
    double sum = 0;
    for (std::size_t n = 0; n < k.size(); ++n) sum += c[n] * numeric::spherical_bessel_2(d.q[i] * d.r[k[n]]);
    variance += std::pow(d.rho_2_noise[i] * sum, 2);
  }
  return std::sqrt(variance);
}

AxialStrain axial_strain(const Frame& reference, const Frame& current, const std::string& direction) {
  if (reference.size() != current.size())
    throw InputError(fmt::format("{}: must hold the same atoms as the reference {}, got {} and {}", current.source, reference.source,
                                 current.size(), reference.size()));
  const Mat3 f = deform::box_match(reference, current).gradient, left = f * transpose(f);
  Matrix square(3, 3);
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = 0; b < 3; ++b) square(a, b) = left[a][b];
  const numeric::SymmetricEigen e = numeric::symmetric_eigen(square);
  std::array<double, 3> principal{};  // logarithmic
  double trace = 0;
  for (std::size_t p = 0; p < 3; ++p) principal[p] = 0.5 * std::log(e.values[p]), trace += principal[p];
  AxialStrain out;
  if (direction == "auto") {
    std::size_t best = 0;
    for (std::size_t p = 1; p < 3; ++p)
      if (std::abs(principal[p] - trace / 3) > std::abs(principal[best] - trace / 3)) best = p;
    out.axis = {e.vectors(best, 0), e.vectors(best, 1), e.vectors(best, 2)};
  } else {
    out.axis = {direction == "x" ? 1.0 : 0.0, direction == "y" ? 1.0 : 0.0, direction == "z" ? 1.0 : 0.0};
  }
  for (std::size_t p = 0; p < 3; ++p)
    out.strain += principal[p] * std::pow(dot(out.axis, {e.vectors(p, 0), e.vectors(p, 1), e.vectors(p, 2)}), 2);
  if (!(std::abs(out.strain) > 1e-7))
    throw InputError(fmt::format("{}: the cell must be strained along the axis against {}, got a strain of {:.3g}", current.source,
                                 reference.source, out.strain));
  out.poisson = -(trace - out.strain) / 2 / out.strain;
  if (!(std::abs(1 + out.poisson) > 1e-3))
    throw InputError(fmt::format("{}: the strain against {} must not be the same in all directions, got {:.3g} along and across the axis",
                                 current.source, reference.source, out.strain));
  return out;
}

AnisotropicDensity anisotropic_density(const Frame& frame, const Frame* reference, const AxialStrain& cell, RadialGrid grid,
                                       Context& context) {
  const Vec3& axis = cell.axis;
  const double poisson = cell.poisson, strain = cell.strain;
  const auto bins = static_cast<std::size_t>(std::max(4.0, std::floor(grid.r_max / grid.step + 1e-9)));
  std::vector<std::size_t> block, atoms(blocks, 0);
  for (std::size_t i = 0; i < frame.size(); ++i) block.push_back(block_of(reference ? *reference : frame, i)), ++atoms[block[i]];
  const PairSums now = pair_sums(frame, block, axis, grid, bins, context);
  std::optional<PairSums> before, carried;
  if (reference) {
    before = pair_sums(*reference, block, axis, grid, bins, context);
    carried = pair_sums(carried_by_cell(*reference, frame), block, axis, grid, bins, context);
  }
  const auto parts = [&](std::size_t left_out) {
    Parts p = parts_of(now, atoms, left_out, grid.step, poisson);
    if (!before) return p;
    const Parts q = parts_of(*before, atoms, left_out, grid.step, poisson), a = parts_of(*carried, atoms, left_out, grid.step, poisson);
    for (std::size_t k = 0; k < bins; ++k) p.rho_2[k] -= q.rho_2[k], p.shape[k] = (a.rho_2[k] - q.rho_2[k]) / strain;
    return p;
  };
  AnisotropicDensity out;
  const Parts all = parts(blocks);
  std::vector<std::vector<double>> zero;
  for (std::size_t b = 0; b < blocks; ++b) {
    Parts p = parts(b);
    zero.push_back(std::move(p.rho_0)), out.rho_2_without.push_back(std::move(p.rho_2)), out.shape_without.push_back(std::move(p.shape));
  }
  for (std::size_t k = 0; k < bins; ++k) out.r.push_back(grid.step * (static_cast<double>(k) + 0.5));
  out.rho_0 = all.rho_0, out.rho_2 = all.rho_2, out.shape = all.shape;
  out.rho_0_error = jackknife(zero), out.rho_2_error = jackknife(out.rho_2_without), out.shape_error.assign(bins, 0);
  return out;
}

}  // namespace heteroglass::probes
