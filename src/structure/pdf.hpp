/// Pair distribution function, total and partial, with coordination numbers.
///
///     g_ij(r) = V / (N_i N_j) * n_ij(r) / (4/3 pi [(r + dr/2)^3 - (r - dr/2)^3])
///
/// n_ij(r): ordered pairs (atom of species i, atom or image of species j) in the bin around r. g_ij -> 1 without order; in a periodic
/// frame 4 pi rho_j g_ij r^2, summed over bins, is the coordination number to dr^2 / 12 r^2. Totals:
///
///     g(r) = sum_ij w_ij g_ij,   w_ij = c_i c_j b_i b_j / (sum_k c_k b_k)^2
///     G(r) = 4 pi rho_0 r (g - 1),   R(r) = 4 pi rho_0 r^2 g,   rho_0 = N / V
///
/// with b = 1 (`number`), the atomic number (`xray`, the form factor at q = 0) or the coherent neutron length (`neutron`).
/// Conventions: bins are [k dr, (k + 1) dr), r is their middle; images are summed, so that r_max may exceed half the box.
/// `finite_size` counts N_i (N_i - 1) pairs of like atoms, as LAMMPS does; then an ideal gas gives 1 also for few atoms.
/// Errors: counting, sigma(g) = g / sqrt(pairs in the bin), as if pairs were independent (Poisson), 0 where no pair was found. Distances in
/// one frame are weakly correlated, so take the spread over frames or samples where there are several.
/// First peak and minimum: see first_shell.hpp. Coordination numbers count pairs inside the first minimum of their own
/// g_ij (`all`, and pairs that show none: of the total), or inside r_cut when given; their error is the spread over atoms divided by sqrt(N_i).
/// Not for surfaces: with open boundaries the volume of the box is used and g falls below 1 at long r.
/// Cost O(N rho r_max^3). Reference: Keen, J. Appl. Cryst. 34, 172 (2001), doi:10.1107/S0021889800019993, eqs 8-10, 22-26.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::structure {

struct PdfOptions {
  double r_max = 10;  ///< [angstrom]
  int bins = 200;
  std::string weights = "number";
  std::optional<double> r_cut = {};  ///< [angstrom] for coordination; unset: first minimum of each pair
  bool finite_size = false;
  static const Fields& fields();
};

struct Pdf {
  std::vector<double> r;                           ///< [angstrom, (bins)]
  std::vector<double> g, g_error;                  ///< [1, (bins)]
  std::vector<std::string> pair;                   ///< [(pairs)]
  Matrix g_partial, g_partial_error;               ///< [1, (pairs, bins)]
  std::vector<double> g_reduced, g_reduced_error;  ///< [1/angstrom^2, (bins)]
  std::vector<double> rdf, rdf_error;              ///< [1/angstrom, (bins)]
  Table first_peak;                                ///< pair, position, height
  Table coordination;                              ///< centre, neighbour, r_cut, coordination
  double number_density = 0;                       ///< [1/angstrom^3]
  static const Fields& fields();
};

/// @throws InputError if r_max or bins is not positive, or weights need elements that are not named.
Pdf pdf(const Frame& frame, const PdfOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::structure
