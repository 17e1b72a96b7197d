/// Volume of every atom's Voronoi cell: what a local stress or modulus is referred to.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"

namespace heteroglass::landscape {

/// [angstrom^3] They fill the box. `tessellation`: radical (radii given, or metallic ones), ordinary, or auto: radical where radii are known.
std::vector<double> atomic_volumes(const Frame& frame, const std::string& tessellation, const std::map<std::string, double>& radii,
                                   Context& context);

}  // namespace heteroglass::landscape
