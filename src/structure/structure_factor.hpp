/// Static structure factor of one configuration, total and partial.
///
///     rho_i(q) = sum_{k in i} exp(i q r_k),    A_ij(q) = Re <rho_i rho_j*> / N
///     Ashcroft-Langreth:  S_ij = A_ij / (c_i c_j)^(1/2)                       S = I / <f^2>
///     Faber-Ziman:        S_ij = 1 + (A_ij - c_i delta_ij) / (c_i c_j)        S = (I - <f^2> + <f>^2) / <f>^2
///     Bhatia-Thornton:    S_NN, S_NC, S_CC of rho_N = rho_1 + rho_2 and rho_C = c_2 rho_1 - c_1 rho_2     S = I / <f^2>
///
/// I = sum_ij f_i f_j A_ij is the scattered intensity per atom. f = 1 (`number`), the X-ray form factor at q (`xray`) or the
/// coherent neutron length (`neutron`). All S_ij (but S_NC -> 0, S_CC -> c_1 c_2) and every S tend to 1 at large q.
/// `direct`: exact sums over wavevectors q = 2 pi H^-T (h k l), the only ones a periodic box allows, binned by |q|. Bins that
/// hold no vector are NaN; of bins that hold more than vectors_per_bin a random subset, drawn with `seed`, is used. Errors: spread over
/// the vectors of a bin. Cost O(N vectors).
/// `fourier`: S_ij = 1 + 4 pi rho_0 int r^2 (g_ij - 1) W(r) sin(q r) / (q r) dr up to r_max, W the Lorch window (or 1). Quick for
/// large frames; width of a line at half height 5.4 / r_max with the window, 3.8 / r_max without. Errors from counting pairs. Not for q
/// below 2 pi / r_max, nor crystals.
/// References: Faber, Ziman, Philos. Mag. 11, 153 (1965), doi:10.1080/14786436508211931; Ashcroft, Langreth, Phys. Rev. 156, 685 (1967),
/// doi:10.1103/PhysRev.156.685; Bhatia, Thornton, Phys. Rev. B 2, 3004 (1970), doi:10.1103/PhysRevB.2.3004; Lorch, J. Phys. C 2, 229 (1969),
/// doi:10.1088/0022-3719/2/2/305.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::structure {

struct StructureFactorOptions {
  double q_max = 10;  ///< [1/angstrom]
  int bins = 200;
  std::string weights = "number";
  std::string normalisation = "faber-ziman";
  std::string method = "direct";
  int vectors_per_bin = 1000;  ///< 0: all
  int seed = 1;
  std::optional<double> r_max = {};  ///< [angstrom] of `fourier`; unset: half the smallest height of the box, at most 25
  std::string window = "lorch";
  static const Fields& fields();
};

struct StructureFactor {
  std::vector<double> q;                                         ///< [1/angstrom, (bins)] middle of the bins
  std::vector<double> structure_factor, structure_factor_error;  ///< [1, (bins)]
  std::vector<std::string> pair;                                 ///< species pairs, or NN, NC, CC
  Matrix partials, partials_error;                               ///< [1, (pairs, bins)]
  std::vector<int> vectors;                                      ///< [1, (bins)] used; zero for `fourier`
  Table first_peak;                                              ///< pair, position, height
  std::string normalisation;                                     ///< in words
  static const Fields& fields();
};

/// @throws InputError if weights need elements that are not named, or Bhatia-Thornton is asked of other than two species.
StructureFactor structure_factor(const Frame& frame, const StructureFactorOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::structure
