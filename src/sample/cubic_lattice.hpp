/// Recognises an fcc or bcc crystal whose cube axes lie along x, y, z, and knows the directions and interstitial sites in it.
///
/// The lattice constant comes from the density, a = (4 V/N)^(1/3) or (2 V/N)^(1/3); nine atoms in ten must have a neighbour within 0.1 a of
/// each place of the first shell. Species do not matter: B2 is bcc, L1_2 is fcc.
#pragma once

#include <string>
#include <vector>

#include "core/frame.hpp"

namespace heteroglass::sample {

struct CubicLattice {
  std::string type;         ///< "fcc", "bcc"
  double constant = 0;      ///< [angstrom] a
  double neighbour = 0;     ///< [angstrom] nearest-neighbour distance
  std::vector<Vec3> shell;  ///< [angstrom] to the nearest neighbours
};

/// @throws InputError when the frame is no such crystal; `where` opens the message
CubicLattice cubic_lattice(const Frame& frame, const std::string& where);

/// All vectors that the signs and the order of (x, y, z) make: 6 of <100>, 12 of <110>, 8 of <111>.
std::vector<Vec3> family(const Vec3& v);

}  // namespace heteroglass::sample
