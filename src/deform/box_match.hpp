/// Which edges of the current cell are the deformed edges of the reference cell.
///
/// LAMMPS keeps tilts small by exchanging a cell for an equivalent one of the same lattice (a box flip): b becomes b + m a, c
/// becomes c + m b + n a. The macroscopic deformation is
///
///     F = H' H0^-1,   H' = H M,   M upper triangular with unit diagonal and whole numbers
///
/// M is taken from the image flags of the atoms when both frames have them and they agree with a flip; otherwise the M that
/// leaves the least shear. Two frames without image flags cannot tell a shear of 0.7 from one of -0.3.
#pragma once

#include <array>

#include "core/frame.hpp"

namespace heteroglass::deform {

struct BoxMatch {
  Mat3 edges;                 ///< [angstrom] H', columns
  Mat3 gradient;              ///< [1] F
  std::array<int, 3> flip{};  ///< m of b + m a, c + m b, c + n a
  bool by_images = false;     ///< image flags decided

  bool flipped() const { return flip != std::array<int, 3>{}; }
};

/// Frames hold the same atoms in the same order. @throws InputError when their periodic directions differ.
BoxMatch box_match(const Frame& reference, const Frame& current);

}  // namespace heteroglass::deform
