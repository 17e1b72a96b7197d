/// How many boxes of a grid hold a point of a set: box counting of atoms.
///
/// The cell is divided into n[0] x n[1] x n[2] equal parallelepipeds, so that boxes fill a periodic cell without remainder whatever its
/// shape. The grid is laid at several places, which averages out how it meets the points. Cost O(points) a grid.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/vec3.hpp"

namespace heteroglass::numeric {

/// Boxes that hold a point. @param fractional coordinates, of any cell @param shift of the grid in boxes, 0 to 1
std::uint64_t occupied_boxes(std::span<const Vec3> fractional, const std::array<std::uint32_t, 3>& n, const Vec3& shift);

struct MeanBoxes {
  double mean = 0, error = 0;  ///< of the mean over places of the grid
};
/// Over `places` places of the grid (a Weyl sequence, the first without a shift).
MeanBoxes mean_occupied_boxes(std::span<const Vec3> fractional, const std::array<std::uint32_t, 3>& n, int places = 8);

}  // namespace heteroglass::numeric
