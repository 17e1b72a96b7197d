/// Common-neighbour analysis: how the neighbours that two bonded atoms share are bonded among themselves.
///
/// A bond has the signature (c, b, l): c common neighbours, b bonds between them, l bonds in the largest connected group of
/// these. 555 is the five-fold bond of icosahedra, 421 that of fcc, 444 and 666 those of bcc; 433 and 544 are 555 broken.
/// The adaptive kind (Stukowski) needs no radius: the twelve (fourteen for bcc) nearest atoms set their own,
///     fcc, hcp, icosahedron: r = (1 + sqrt 2)/2 <r_1..12>,   bcc: r = (1 + sqrt 2)/2 (2/sqrt 3 <r_1..8> + <r_9..14>)/2
/// Cost O(N neighbours^2) on bit masks, about 3 us an atom.
/// References: Honeycutt, Andersen, J. Phys. Chem. 91, 4950 (1987), doi:10.1021/j100303a014; Faken, Jonsson, Comput. Mater. Sci. 2, 279
/// (1994), doi:10.1016/0927-0256(94)90109-0; Stukowski, Model. Simul. Mater. Sci. Eng. 20, 045021 (2012),
/// doi:10.1088/0965-0393/20/4/045021, section 2.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/vec3.hpp"

namespace heteroglass::structure {

struct Signature {
  int common = 0, bonds = 0, chain = 0;
  int code() const { return 100 * common + 10 * bonds + chain; }
  friend bool operator==(const Signature&, const Signature&) = default;
};

/// The signature of the bond from the centre to each of its neighbours; atoms nearer than r_cut are bonded.
/// @param neighbours [angstrom] separations from the centre, at most 64
std::vector<Signature> bond_signatures(std::span<const Vec3> neighbours, double r_cut);

/// OVITO's numbers.
enum class LocalStructure { other = 0, fcc = 1, hcp = 2, bcc = 3, icosahedron = 4 };

/// Adaptive common-neighbour analysis. @param nearest separations in ascending order of length; 12 at least, 14 to find bcc
LocalStructure local_structure(std::span<const Vec3> nearest);

}  // namespace heteroglass::structure
