/// Chemical short-range order of the first shell (Warren-Cowley).
///
///     alpha_ij = 1 - p_ij / c_j,    p_ij = Z_ij / Z_i
///
/// Z_ij: mean number of j around an i; Z_i: of any species; c_j: concentration of j. Negative: i-j pairs are preferred; zero:
/// random; positive: avoided. In a fully ordered B2 alloy alpha_01 = -1. Rows of p sum to 1, so sum_j c_j alpha_ij = 0. Where species have different
/// coordination (Z_i != Z_j, as in Cu-Zr glasses) alpha_ij and alpha_ji differ: both stand in the matrix, row i is the centre.
/// Shell: r_cut, or the first minimum of the total g(r). Errors: jackknife over spatial blocks of the box (8 to 64), which
/// keeps the correlation of neighbouring atoms inside a block. Cost O(N neighbours), threaded.
/// Reference: Cowley, Phys. Rev. 77, 669 (1950), doi:10.1103/PhysRev.77.669, eq. 2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::structure {

struct ChemicalOrderOptions {
  std::optional<double> r_cut = {};  ///< [angstrom] unset: first minimum of g(r)
  static const Fields& fields();
};

struct ChemicalOrder {
  std::vector<std::string> species;                                  ///< that have atoms; rows and columns of the matrices
  Matrix alpha, alpha_error;                                         ///< [1, (centre species, neighbour species)]
  Matrix coordination, coordination_error;                           ///< [1, (centre species, neighbour species)] Z_ij
  std::vector<double> coordination_total, coordination_total_error;  ///< [1, (species)] Z_i
  std::vector<double> concentration;                                 ///< [1, (species)]
  double r_cut = 0;                                                  ///< [angstrom] used
  static const Fields& fields();
};

/// @throws InputError if r_cut is not positive, or no atom of a species has a neighbour.
ChemicalOrder chemical_order(const Frame& frame, const ChemicalOrderOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::structure
