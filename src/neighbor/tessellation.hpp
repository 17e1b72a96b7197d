/// Voronoi cells of all atoms, ordinary or radical (power diagram, Laguerre cells).
///
///     cell of i = { r : |r - r_i|^2 - R_i^2 <= |r - r_j|^2 - R_j^2 for every atom and image j }
///
/// With equal radii R this is the ordinary cell. Any right-handed box, periodic or with walls along each edge, of any size:
/// an atom may be its own neighbour or meet another one through several faces. Cells fill the box exactly. In a radical
/// tessellation an atom that larger ones overwhelm may have no cell; that is legal, its Cell is empty.
///
/// Method: the cell of one atom is cut by Voro++ (planes in order of distance, found in a cell list, until none farther can
/// reach the farthest vertex). Nothing is shared between cells, so the result is bitwise the same on any number of threads.
/// Cost O(N) at uniform density, about 8 us a cell; 50 bytes an atom.
/// Do not read face orders of a perfect lattice: its vertices are degenerate and rounding decides about faces of no area.
/// Reference: Rycroft, Chaos 19, 041111 (2009), doi:10.1063/1.3215722; Gellatly and Finney, J. Non-Cryst. Solids 50, 313
/// (1982), doi:10.1016/0022-3093(82)90093-X (radical planes).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"

namespace heteroglass::neighbor {

struct CellFace {
  std::int32_t neighbor = 0;  ///< atom beyond the face; -1, -2 (low, high wall along edge 0), -3, -4, -5, -6
  double area = 0;            ///< [angstrom^2]
  std::size_t first = 0;      ///< its corners are corners[first .. first + order)
  int order = 0;              ///< number of edges
};

struct VoronoiCell {
  std::size_t atom = 0;
  double volume = 0;   ///< [angstrom^3]
  double surface = 0;  ///< [angstrom^2] total face area
  double radius = 0;   ///< [angstrom] distance of the farthest vertex from the atom
  std::vector<CellFace> faces;
  std::vector<int> corners;    ///< vertex numbers of the faces, in turn around each
  std::vector<Vec3> vertices;  ///< [angstrom] relative to the atom

  bool empty() const { return faces.empty(); }
  std::span<const int> corners_of(const CellFace& f) const { return {corners.data() + f.first, static_cast<std::size_t>(f.order)}; }
};

/// Calls `visit` once for each atom, from several threads at once, in no fixed order; the cell lives during the call only.
/// @param radii one per atom [angstrom]; empty: ordinary tessellation.
/// @throws InputError if two atoms coincide, a coordinate or radius is not finite, or a radius is negative.
void tessellate(const Frame& frame, std::span<const double> radii, const std::function<void(const VoronoiCell&)>& visit,
                Context& context = Context::quiet());

}  // namespace heteroglass::neighbor
