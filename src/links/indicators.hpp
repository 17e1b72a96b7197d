/// Per-atom structural indicators of one frame, each also averaged over the first shell.
///
/// Built in: atomic volume, coordination, full icosahedron (1 or 0), five-fold fraction and Kasper distance of the Voronoi
/// cell; q6 and averaged q6; parts of the first shell that are of each species but the first. Beside them every other
/// per-atom quantity of the frame, component by component. The first-shell average is the mean over the atom and its
/// neighbours within r_cut.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"

namespace heteroglass::links {

struct Indicator {
  std::string name;
  std::string averaging;       ///< "raw" or "first shell"
  std::vector<double> values;  ///< [(atoms)] NaN: the atom has no such value
};

struct IndicatorOptions {
  double r_cut = 0;  ///< [angstrom]
  bool radical = true;
  std::map<std::string, double> radii = {};  ///< [angstrom]
};

std::vector<Indicator> indicators(const Frame& frame, const IndicatorOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::links
