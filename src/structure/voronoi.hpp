/// Voronoi polyhedra: index <n3,n4,n5,n6>, volume, coordination and Kasper class of every atom.
///
///     n_k = number of faces with k edges       <0,0,12,0>: full icosahedron
///
/// The radical tessellation gives a large atom the larger cell; use it where sizes differ. Cells fill the box.
///
/// Thresholds, none by default, in this order: a face is dropped when its area is below `face_threshold` or below
/// `relative_face_threshold` times the whole surface of the cell; edges shorter than `edge_threshold` are shrunk to a point,
/// so the order of a face is the number of its remaining edges; a face left with fewer than 3 is dropped. Dropping a face by
/// area does not change the orders of its neighbours, and volumes are always those of the whole cell. The coordination is the
/// number of faces kept, those on walls of a non-periodic box not counted. Faces of order >= 7 are not in the index; they are
/// counted in `high_order_faces`, in `max_face_order` and in a column of the index table.
///
/// Motifs are ranked by their distance from the Kasper polyhedron of as many faces; the rule stands in structure/kasper.hpp.
///
/// Errors: fractions by the Jeffreys interval, means by s/sqrt(n), both taking atoms as independent; they are not quite (an
/// icosahedron's neighbours share its faces), so a comparison of glasses should use independent samples.
/// Do not read indices of a perfect crystal without a threshold: its vertices are degenerate and rounding decides. At finite
/// temperature minimise first: vibrations move small faces in and out.
/// Cost O(N), about 8 us an atom and core.
/// References: Bernal, Proc. R. Soc. A 280, 299 (1964), doi:10.1098/rspa.1964.0147; Sheng et al., Nature 439, 419 (2006),
/// doi:10.1038/nature04421; Ding, Patinet, Falk, Cheng and Ma, PNAS 111, 14052 (2014), doi:10.1073/pnas.1412095111.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::structure {

struct VoronoiOptions {
  bool radical = false;                      ///< radical (Laguerre) tessellation by atomic radii
  std::map<std::string, double> radii = {};  ///< [angstrom] by species; empty: metallic radii of the elements
  double edge_threshold = 0;                 ///< [angstrom] shorter edges do not count
  double face_threshold = 0;                 ///< [angstrom^2] smaller faces do not count
  double relative_face_threshold = 0;        ///< [1] smaller faces do not count, relative to the cell's surface
  int top = 0;                               ///< rows of the tables for each species; 0: all
  static const Fields& fields();
};

struct Voronoi {
  std::vector<std::string> species;                                              ///< [(species)]
  std::vector<double> radii;                                                     ///< [angstrom, (species)] used; empty: ordinary
  Table index;                                                                   ///< populations
  Table motifs;                                                                  ///< from favoured to unfavoured
  std::vector<double> full_icosahedra_fraction, full_icosahedra_fraction_error;  ///< [1, (species)]
  std::vector<double> favoured_fraction, favoured_fraction_error;                ///< [1, (species)] Kasper polyhedra
  std::vector<double> unfavoured_fraction, unfavoured_fraction_error;            ///< [1, (species)] Kasper distance > 4
  std::vector<double> five_fold_fraction, five_fold_fraction_error;              ///< [1, (species)] of the faces
  std::vector<double> mean_coordination, mean_coordination_error;                ///< [1, (species)]
  std::vector<double> mean_atomic_volume, mean_atomic_volume_error;              ///< [angstrom^3, (species)]
  double high_order_faces = 0;                                                   ///< [1] faces of order >= 7, of all cells
  Measured high_order_fraction;                                                  ///< [1] of all faces
  double faces_dropped = 0;                                                      ///< [1] by the thresholds
  double volume_sum = 0;                                                         ///< [angstrom^3]
  double box_volume = 0;                                                         ///< [angstrom^3]
  double atoms_without_cell = 0;                                                 ///< [1]
  Matrix voronoi_index;                                                          ///< [1, (atoms, 4)] n3 to n6
  std::vector<double> atomic_volume;                                             ///< [angstrom^3, (atoms)]
  std::vector<int> coordination;                                                 ///< [1, (atoms)]
  std::vector<double> cavity_radius;                                             ///< [angstrom, (atoms)] atom to farthest vertex
  std::vector<int> max_face_order;                                               ///< [1, (atoms)]
  std::vector<double> five_fold;                                                 ///< [1, (atoms)] fraction of the atom's faces
  std::vector<double> kasper_distance;                                           ///< [1, (atoms)] NaN: no cell
  static const Fields& fields();
};

/// @throws InputError for atoms that coincide, radii that are missing or name no species of the frame.
Voronoi voronoi(const Frame& frame, const VoronoiOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::structure
