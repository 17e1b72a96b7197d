/// Makes a perfect crystal: a lattice type, its elements, its lattice constant, so many cells.
///
///     fcc, bcc, hcp, diamond   one element
///     b2, l1_2, c15            two: AB (CsCl), A3B (Cu3Au, A on the faces), A2B (Laves phase of MgCu2, A the small atom)
///
/// Cube axes lie along x, y, z; hcp stands in an orthogonal cell a x sqrt(3) a x c of four atoms. Without `lattice_constant` atoms touch
/// as spheres of their metallic radii (in b2 along the cube diagonal, in l1_2 along the face diagonal, in c15 the larger of A-A and B-B):
/// a start, good to a few per cent, for `landscape minimise --relax-box`, which finds the constant that a potential wants.
/// Cost O(atoms). When not: for a glass or a melt see sample/quench; for defects in the crystal sample/point_defects.
/// Reference: Pearson, A Handbook of Lattice Spacings and Structures of Metals and Alloys, Pergamon (1958); radii of core/elements.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::sample {

struct CrystalOptions {
  std::string lattice = "fcc";
  std::vector<std::string> species = {"Cu"};    ///< in the order A, B of the lattice
  std::optional<double> lattice_constant = {};  ///< [angstrom] a
  double axial_ratio = 1.632993161855452;       ///< [1] c/a of hcp
  std::vector<int> cells = {5};                 ///< along x, y, z; one number: along each
  static const Fields& fields();
};

struct Crystal {
  std::vector<Frame> configuration;
  double atoms = 0;
  double lattice_constant = 0;   ///< [angstrom]
  double nearest_neighbour = 0;  ///< [angstrom]
  double volume_per_atom = 0;    ///< [angstrom^3]
  double density = 0;            ///< [g/cm^3]
  static const Fields& fields();
};

/// @throws InputError for unknown elements, a number of them that does not fit the lattice, cells that are not positive
Crystal crystal(const CrystalOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::sample
