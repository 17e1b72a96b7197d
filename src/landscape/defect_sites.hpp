/// Which lattice site each atom of a crystal with defects belongs to, how far it is from it, and which sites are empty or shared.
///
/// Wigner-Seitz: an atom belongs to the nearest site of the perfect crystal, scaled to the present cell and shifted so that the mean
/// displacement of the atoms on singly occupied sites vanishes. A split interstitial is a site with two atoms, a vacancy one with none.
/// Reference: Nordlund et al., Phys. Rev. B 57, 7556 (1998), doi:10.1103/PhysRevB.57.7556.
#pragma once

#include <vector>

#include "core/frame.hpp"

namespace heteroglass::landscape {

struct DefectSites {
  std::vector<Vec3> site;              ///< [angstrom, (sites)] in the present cell
  std::vector<std::size_t> home;       ///< (atoms) index of the site
  std::vector<Vec3> displacement;      ///< [angstrom, (atoms)] from the site
  std::vector<int> occupancy;          ///< (sites)
  std::vector<std::size_t> defective;  ///< sites whose occupancy is not one
};

DefectSites defect_sites(const Frame& crystal, const Frame& frame);

}  // namespace heteroglass::landscape
