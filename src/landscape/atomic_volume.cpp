#include "landscape/atomic_volume.hpp"

#include <algorithm>
#include <cmath>

#include "core/elements.hpp"
#include "structure/voronoi.hpp"

namespace heteroglass::landscape {

std::vector<double> atomic_volumes(const Frame& frame, const std::string& tessellation, const std::map<std::string, double>& radii,
                                   Context& context) {
  const bool known = !radii.empty() || std::all_of(frame.species.begin(), frame.species.end(), [](const Species& s) {
    const Element* e = find_element(s.name);
    return e && std::isfinite(e->metallic_radius);
  });
  structure::VoronoiOptions o;
  o.radical = tessellation == "radical" || (tessellation == "auto" && known);
  if (o.radical) o.radii = radii;
  return structure::voronoi(frame, o, context).atomic_volume;
}

}  // namespace heteroglass::landscape
