/// Puts vacancies or self-interstitials into a crystal, at random or at chosen atoms, unrelaxed.
///
///     vacancy                        the atom is taken away (in any configuration, also a glass)
///     split-100, -110, -111          dumbbell: the atom and one more at +-0.425 d along one of the equivalent directions
///     octahedral, tetrahedral        one more atom in that hole beside the atom
///     crowdion                       one more atom halfway to a nearest neighbour
///
/// d is the nearest-neighbour distance; interstitials need fcc or bcc with cube axes along x, y, z (cubic_lattice.hpp). Concentration
/// c = defects / sites, sites the atoms of the crystal before. Random defects are drawn one after the other, each `minimum_distance` or
/// more from those before; each takes one of the equivalent orientations at random. In fcc metals the <100> split interstitial is the
/// stable one. Relax before use (`landscape minimise`); `landscape/point_defects` makes, relaxes and measures.
/// New atoms have the ids after the largest one. Cost O(atoms + defects^2).
/// References: Ehrhart, in Atomic Defects in Metals, Landolt-Boernstein III/25 (1991), doi:10.1007/b37800; Granato, Phys. Rev. Lett. 68, 974 (1992),
/// doi:10.1103/PhysRevLett.68.974.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::sample {

struct PointDefectsOptions {
  std::string defect = "split-100";
  int count = 1;
  std::optional<double> concentration = {};  ///< [1] in place of count
  std::vector<int> sites = {};               ///< ids of the atoms where they go; empty: random
  std::string species = {};                  ///< of interstitial atoms; empty: that of the atom beside it
  double minimum_distance = 5;               ///< [angstrom] between random defects
  int seed = 1;
  static const Fields& fields();
};

struct PointDefects {
  std::vector<Frame> configuration;
  double concentration = 0;  ///< [1]
  double atoms = 0, sites = 0;
  Table defects;  ///< a row for each
  static const Fields& fields();
};

/// @throws InputError when so many do not fit, an id is unknown, or the frame is no crystal of that kind
PointDefects point_defects(const Frame& crystal, const PointDefectsOptions& options = {}, Context& context = Context::quiet());

/// The choices of `defect`.
const std::vector<std::string>& defect_kinds();

}  // namespace heteroglass::sample
