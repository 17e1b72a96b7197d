/// Clusters of chosen atoms linked by distance, and whether they go through the sample.
///
/// Atoms closer than `reach` are linked. Along a periodic edge a cluster percolates when it meets its own image (wrapping_clusters.hpp);
/// along an open one when it holds an atom within `reach` of both ends of the sample.
/// Positions of a cluster's atoms are taken in one piece; the gyration tensor of a cluster that percolates has no meaning and is NaN.
#pragma once

#include <array>
#include <vector>

#include "neighbor/neighbor_list.hpp"
#include "structure/wrapping_clusters.hpp"

namespace heteroglass::structure {

struct AtomCluster {
  std::size_t atoms = 0;
  std::array<bool, 3> percolates{};
  Vec3 centre;                       ///< [angstrom] wrapped into the box
  std::array<double, 3> gyration{};  ///< [angstrom^2] eigenvalues of the gyration tensor, ascending; NaN when it percolates
};

struct AtomClusters {
  std::vector<AtomCluster> cluster;  ///< largest first
  std::vector<int> number;           ///< [(atoms of the frame)] 1 for the largest cluster; 0: not chosen
};

/// @param list neighbours within the reach or more; only pairs closer than `reach` are linked
AtomClusters atom_clusters(const Frame& frame, const neighbor::NeighborList& list, const std::vector<std::size_t>& chosen, double reach);

/// Part of the atoms, joined in the order given, that percolates along each edge (NaN: never).
std::array<double, 3> critical_fraction(const Frame& frame, const neighbor::NeighborList& list, const std::vector<std::size_t>& order,
                                        double reach);
/// Shortest link with which the chosen atoms percolate along each edge [angstrom]. NaN: not within three mean distances.
std::array<double, 3> critical_distance(const Frame& frame, const std::vector<std::size_t>& chosen);

/// The chosen atoms alone, in their box.
Frame part_of(const Frame& frame, const std::vector<std::size_t>& chosen);

}  // namespace heteroglass::structure
