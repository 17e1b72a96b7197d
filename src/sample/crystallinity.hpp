/// Is it still a glass? Fraction of atoms whose neighbourhood is oriented as that of their neighbours.
///
///     s_ij = q6(i).q6(j) / (|q6(i)| |q6(j)|),   q6(i).q6(j) ~ sum_{a near i, b near j} P6(cos angle(a, b))
///
/// (the addition theorem: no spherical harmonics are needed). Bonds with s_ij > 0.7 are crystal-like; an atom is crystalline when more than
/// half of its bonds are. Near 1 in fcc, bcc and hcp, also hot ones; below about 0.02 in metallic glasses and liquids. Icosahedral
/// order does not count: neighbouring icosahedra are turned against each other. Cost O(N neighbours^3).
/// Reference: ten Wolde, Ruiz-Montero, Frenkel, J. Chem. Phys. 104, 9932 (1996), doi:10.1063/1.471721.
#pragma once

#include "core/frame.hpp"

namespace heteroglass::sample {

/// Neighbours lie within 1.42 (volume per atom)^(1/3): the first shell of a close packing, two shells of bcc.
double crystalline_fraction(const Frame& frame);

}  // namespace heteroglass::sample
