/// Bond-orientational order of each atom's neighbourhood.
///
///     q_lm(i) = 1/n_i sum_j Y_lm(r_ij),    q_l = [4 pi / (2 l + 1) sum_m |q_lm|^2]^(1/2)
///     qbar_l: the same with q_lm replaced by its mean over the atom and its neighbours (Lechner and Dellago)
///     w_l = sum_{m1 + m2 + m3 = 0} (l l l; m1 m2 m3) q_lm1 q_lm2 q_lm3 / [sum_m |q_lm|^2]^(3/2)
///
/// with the Wigner 3j symbol in round brackets; w_l is the normalised one, often written with a hat. Neighbours are those within
/// r_cut (first minimum of the total g(r) where it is not given) or the `nearest` N. Values do not depend on the
/// orientation of the frame. w_l vanishes for odd l. Atoms without neighbours have no value (NaN).
/// Perfect fcc: q_4 0.1909, q_6 0.5745, w_6 -0.0132; icosahedron: q_4 0, q_6 0.6633, w_6 -0.1698.
/// q_l of a few neighbours jumps when one crosses r_cut; compare frames at one r_cut. Means carry the spread over atoms
/// divided by the square root of their number, as if atoms were independent.
/// Cost O(N neighbours l^2), threaded. References: Steinhardt, Nelson, Ronchetti, Phys. Rev. B 28, 784 (1983),
/// doi:10.1103/PhysRevB.28.784, eqs 1.3-1.5; Lechner, Dellago, J. Chem. Phys. 129, 114707 (2008), doi:10.1063/1.2977970, eqs 5-6.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::structure {

struct BondOrderOptions {
  std::vector<int> l = {4, 6};
  std::optional<double> r_cut = {};  ///< [angstrom] unset: first minimum of g(r)
  std::optional<int> nearest = {};   ///< the N nearest instead of r_cut
  static const Fields& fields();
};

struct BondOrder {
  std::vector<int> l;          ///< columns of q, q_averaged, w
  Matrix q, q_averaged, w;     ///< [1, (atoms, l)]
  std::vector<int> neighbors;  ///< [1, (atoms)]
  Table mean;                  ///< species, l, q, q_averaged, w
  double r_cut = 0;            ///< [angstrom] used; with `nearest` the distance to the farthest neighbour
  static const Fields& fields();
};

/// @throws InputError if l is empty or outside 1 to 12, r_cut or nearest is not positive, or both are given.
BondOrder bond_order(const Frame& frame, const BondOrderOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::structure
