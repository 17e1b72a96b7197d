/// Where a defect displaces the atoms around it: rows of displaced atoms (strings), the core, and pictures of it.
#pragma once

#include <vector>

#include "landscape/defect_sites.hpp"
#include "landscape/point_defects.hpp"

namespace heteroglass::landscape {

/// Fills `sites`, `strings`, `displaced_atoms`, `string_length`, `distance`, `displacement` of the result.
/// @param threshold in nearest-neighbour distances
void describe_sites(const Frame& crystal, const Frame& frame, const DefectSites& found, double threshold, PointDefects& result);

/// Atoms whose sites lie within 1.2 nearest-neighbour distances of the first defective site, those on it with them.
std::vector<std::size_t> core_atoms(const Frame& crystal, const Frame& frame, const DefectSites& found);

/// The frame with the displacements of its atoms from their sites as a property.
Frame with_displacements(const Frame& frame, const DefectSites& found);

}  // namespace heteroglass::landscape
