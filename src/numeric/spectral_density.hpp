/// Densities of eigenvalues of a large symmetric matrix from products alone.
///
/// Kernel polynomials, for the whole density per eigenvalue: with x = (2 A - high - low) / (high - low) in (-1, 1),
///     mu_m = < v | T_m(x) | v > / <v|v>,   averaged over random vectors v of +-1 (stochastic trace)
///     density(phi) = (1/pi) [ mu_0 + 2 sum_m g_m mu_m cos(m theta) ],   x = cos(theta) = -cos(phi)
/// with the Jackson weights g_m, which keep it positive and smear it by pi / moments in phi (a normal curve of that width). For a dynamical
/// matrix (low = 0) omega = omega_max sin(phi / 2): the smearing of a frequency is omega_max cos(phi / 2) pi / (2 moments). Two moments a product.
///
/// Lanczos quadrature (Haydock's recursion), for the density of one given vector: nodes and weights such that
///     <v| f(A) |v> = sum_k weight_k f(node_k)
/// exactly for polynomials to degree 2 steps - 1; for f = 1/A it equals conjugate gradients with as many steps.
/// References: Weisse, Wellein, Alvermann, Fehske, Rev. Mod. Phys. 78, 275 (2006), doi:10.1103/RevModPhys.78.275;
/// Haydock, Heine, Kelly, J. Phys. C 5, 2845 (1972), doi:10.1088/0022-3719/5/20/004; Golub, Welsch, Math. Comput. 23, 221 (1969),
/// doi:10.1090/S0025-5718-69-99647-1.
#pragma once

#include <span>
#include <vector>

#include "core/context.hpp"
#include "core/value.hpp"
#include "numeric/linear_map.hpp"

namespace heteroglass::numeric {

/// (vectors, moments) mu_m of each random vector. `known` vectors are projected out of them first.
Matrix chebyshev_moments(std::size_t n, const LinearMap& product, double low, double high, std::size_t moments, std::size_t vectors,
                         std::span<const double> known, unsigned long seed, Context& context = Context::quiet());

/// Jackson's g_m, m = 0 .. moments - 1.
std::vector<double> jackson(std::size_t moments);

/// density(phi) of one row of moments; its integral over phi from 0 to pi is mu_0.
double chebyshev_density(std::span<const double> mu, std::span<const double> weights, double phi);

struct Quadrature {
  std::vector<double> node, weight;  ///< weights sum to |v|^2
};
/// One for each of the vectors in `start`; their products are taken together. A node at or below zero means that A is not positive on v.
std::vector<Quadrature> lanczos_quadrature(std::size_t n, const LinearMap& product, std::span<const double> start,
                                           std::span<const double> known, int steps, Context& context = Context::quiet());

}  // namespace heteroglass::numeric
