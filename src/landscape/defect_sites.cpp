#include "landscape/defect_sites.hpp"

#include <limits>

namespace heteroglass::landscape {
namespace {

/// O(atoms sites) and exact in any cell; crystals with defects are small.
void assign(const Frame& f, DefectSites& d) {
  const auto atoms = static_cast<std::ptrdiff_t>(f.size());
#pragma omp parallel for schedule(static)
  for (std::ptrdiff_t a = 0; a < atoms; ++a) {
    const auto i = static_cast<std::size_t>(a);
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t s = 0; s < d.site.size(); ++s) {
      const Vec3 u = f.box.minimum_image(f.position[i] - d.site[s]);
      if (norm2(u) < least) least = norm2(u), d.home[i] = s, d.displacement[i] = u;
    }
  }
  d.occupancy.assign(d.site.size(), 0);
  for (const std::size_t s : d.home) ++d.occupancy[s];
}

}  // namespace

DefectSites defect_sites(const Frame& crystal, const Frame& f) {
  DefectSites d;
  for (const Vec3& r : crystal.position) d.site.push_back(f.box.cartesian(crystal.box.fractional(r)));
  d.home.resize(f.size()), d.displacement.resize(f.size());
  assign(f, d);
  Vec3 shift;
  double counted = 0;
  for (std::size_t i = 0; i < f.size(); ++i)
    if (d.occupancy[d.home[i]] == 1) shift += d.displacement[i], ++counted;
  if (counted > 0)
    for (Vec3& s : d.site) s += shift / counted;
  assign(f, d);
  for (std::size_t s = 0; s < d.site.size(); ++s)
    if (d.occupancy[s] != 1) d.defective.push_back(s);
  return d;
}

}  // namespace heteroglass::landscape
