/// Kasper polyhedra, and how far a Voronoi polyhedron is from the one with as many faces.
///
/// Of all polyhedra with N faces the Kasper polyhedron has the fewest disclinations: <4,0,0,0>, <2,3,0,0>, <0,6,0,0>,
/// <0,5,2,0>, <0,4,4,0>, <0,3,6,0>, <0,2,8,0>, <0,2,8,1>, <0,0,12,0>, <0,1,10,2> for N = 4 to 13, then <0,0,12,N-12>.
///
///     distance = 1/2 sum_k |n_k - n_k(Kasper)|,   k = 3, 4, 5, 6, and all higher orders together
///
/// is the number of faces whose order would have to change. Motifs of distance 0 are called favoured, up to 4 distorted
/// (4 is one flipped bond: <0,2,8,2> against <0,0,12,0>), above 4 geometrically unfavoured. The line at 4 is ours.
/// References: Frank and Kasper, Acta Cryst. 11, 184 (1958), doi:10.1107/S0365110X58000487; Sheng et al., Nature 439, 419
/// (2006), doi:10.1038/nature04421; Ding, Patinet, Falk, Cheng and Ma, PNAS 111, 14052 (2014), doi:10.1073/pnas.1412095111.
#pragma once

#include <array>
#include <string_view>

namespace heteroglass::structure {

inline constexpr double unfavoured_above_distance = 4;

/// n3, n4, n5, n6, and all higher orders, of the Kasper polyhedron with `faces` >= 4 faces.
std::array<int, 5> kasper_polyhedron(int faces);

/// NaN below 4 faces.
double kasper_distance(const std::array<int, 5>& orders);

std::string_view motif_class(double distance);

}  // namespace heteroglass::structure
