/// Distances from the points of a periodic grid to the surfaces of the nearest atoms. See structure/voids.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"

namespace heteroglass::structure {

struct DistanceGrid {
  std::array<std::int32_t, 3> points{};  ///< along the edges
  std::vector<float> distance;           ///< [angstrom, (points)] d, at most `farthest`; the first index runs fastest
  std::vector<std::int32_t> nearest;     ///< [(points)] the atom whose surface is nearest; -1: none within `farthest`
  double farthest = 0;                   ///< [angstrom]

  std::size_t size() const { return distance.size(); }
  std::size_t index(std::int32_t a, std::int32_t b, std::int32_t c) const {
    return (static_cast<std::size_t>(c) * static_cast<std::size_t>(points[1]) + static_cast<std::size_t>(b)) *
               static_cast<std::size_t>(points[0]) +
           static_cast<std::size_t>(a);
  }
  std::array<std::int32_t, 3> place(std::size_t i) const {
    const auto n0 = static_cast<std::size_t>(points[0]), n1 = static_cast<std::size_t>(points[1]);
    return {static_cast<std::int32_t>(i % n0), static_cast<std::int32_t>(i / n0 % n1), static_cast<std::int32_t>(i / n0 / n1)};
  }
  /// Fractional coordinates of a point.
  Vec3 fractional(std::size_t i) const;
  Vec3 shift;  ///< [1] of the grid, in its cells
};

/// @param radii by atom [angstrom]; @param shift of the grid in its own cells
DistanceGrid distance_grid(const Frame& frame, std::span<const double> radii, double spacing, const Vec3& shift,
                           Context& context = Context::quiet());

/// d(x) and the nearest atom at any point; for climbing to maxima. Atoms within `reach` of the point are looked at.
double surface_distance(const Frame& frame, std::span<const double> radii, std::span<const std::int32_t> atoms, const Vec3& x);

}  // namespace heteroglass::structure
