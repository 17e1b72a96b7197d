/// Is it still a glass? Fraction of atoms whose neighbourhood is oriented as that of their neighbours.
///
///     s_ij = q6(i).q6(j) / (|q6(i)| |q6(j)|),   q6(i).q6(j) ~ sum_{a near i, b near j} P6(cos angle(a, b))
///
/// (the addition theorem: no spherical harmonics are needed). Bonds with s_ij > 0.7 are crystal-like; an atom is crystalline when more than
/// half of its bonds are. Near 1 in fcc, bcc and hcp, also hot ones; below about 0.02 in metallic glasses and liquids. Icosahedral
/// order does not count: neighbouring icosahedra are turned against each other. Cost O(N neighbours^3).
///
/// For the same reason this is blind to Laves phases (C15, C14, C36), into which Cu-Zr near Cu2Zr crystallises in long runs. They are
/// counted by laves_fraction: Z12 are atoms with an icosahedron of 12 neighbours (each bond with 5 common neighbours), Z16 those with
/// the Frank-Kasper polyhedron of 16 (12 bonds with 5, 4 with 6). In every Laves phase a Z12 has 6 Z12 and 6 Z16 around it, a Z16 has
/// 12 Z12 and 4 Z16. An atom is Laves-like when its neighbours are that but for one. Other phases of several shells
/// (Cu10Zr7, CuZr2, other Frank-Kasper phases) are seen by neither. Meant for inherent structures: heat and surfaces break polyhedra.
/// References: ten Wolde, Ruiz-Montero, Frenkel, J. Chem. Phys. 104, 9932 (1996), doi:10.1063/1.471721 (crystal-like bonds);
/// Frank, Kasper, Acta Cryst. 11, 184 (1958), doi:10.1107/S0365110X58000487 (Z12, Z16);
/// Ryltsev et al., arXiv:1809.00198 (Laves phases in simulated Cu-Zr).
#pragma once

#include "core/frame.hpp"

namespace heteroglass::sample {

/// Neighbours lie within 1.42 (volume per atom)^(1/3): the first shell of a close packing, two shells of bcc.
double crystalline_fraction(const Frame& frame);
/// Neighbours lie within 1.5 (volume per atom)^(1/3), the middle of the gap between the shells of C15 (1.02-1.25 and 1.77).
double laves_fraction(const Frame& frame);

}  // namespace heteroglass::sample
