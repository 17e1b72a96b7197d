#include "structure/distance_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::structure {
namespace {

/// Points of the planes from <= c < to within `reach` of r are given to `visit(index, distance)`.
template <class Visit>
void around(const DistanceGrid& g, const Box& box, const Vec3& r, double reach, std::int32_t from, std::int32_t to, Visit visit) {
  const Vec3 s = box.fractional(r);
  std::array<std::int32_t, 3> low{}, high{};
  for (std::size_t k = 0; k < 3; ++k) {
    const double n = g.points[k], at = s[k] * n - g.shift[k], wide = reach / box.heights()[k] * n;
    low[k] = static_cast<std::int32_t>(std::ceil(at - wide)), high[k] = static_cast<std::int32_t>(std::floor(at + wide));
    if (!box.periodic(k)) low[k] = std::max(low[k], 0), high[k] = std::min(high[k], g.points[k] - 1);
  }
  const auto wrap = [&](std::int32_t i, std::size_t k) { return ((i % g.points[k]) + g.points[k]) % g.points[k]; };
  for (std::int32_t c = low[2]; c <= high[2]; ++c) {
    const std::int32_t plane = wrap(c, 2);
    if (plane < from || plane >= to) continue;
    for (std::int32_t b = low[1]; b <= high[1]; ++b)
      for (std::int32_t a = low[0]; a <= high[0]; ++a) {
        const Vec3 x = {(a + g.shift.x) / g.points[0], (b + g.shift.y) / g.points[1], (c + g.shift.z) / g.points[2]};
        const double d = norm(box.edges() * (x - s));
        if (d < reach) visit(g.index(wrap(a, 0), wrap(b, 1), plane), d);
      }
  }
}

}  // namespace

Vec3 DistanceGrid::fractional(std::size_t i) const {
  const auto p = place(i);
  return {(p[0] + shift.x) / points[0], (p[1] + shift.y) / points[1], (p[2] + shift.z) / points[2]};
}

DistanceGrid distance_grid(const Frame& frame, std::span<const double> radii, double spacing, const Vec3& shift, Context& context) {
  DistanceGrid g;
  g.shift = shift;
  double total = 1;
  for (std::size_t k = 0; k < 3; ++k) {
    const double n = std::ceil(norm(frame.box.edge(k)) / spacing);
    total *= n;
    if (total > 5e8)
      throw InputError(fmt::format("voids: the grid must not exceed 5e8 points, got {:.2g} or more; give a larger spacing", total));
    g.points[k] = static_cast<std::int32_t>(n);
  }
  const double room = std::cbrt(frame.box.volume() / static_cast<double>(frame.size()));
  g.farthest = 1.5 * room;  // no point of a dense packing is so far from every atom; in an emptier place d stays at this
  g.distance.assign(static_cast<std::size_t>(total), static_cast<float>(g.farthest));
  g.nearest.assign(g.distance.size(), -1);
  // Slabs of the grid for threads: a point belongs to one of them, atoms are visited in order, so that ties go one way.
  constexpr std::int32_t thick = 8;
  const std::int32_t slabs = (g.points[2] + thick - 1) / thick;
#pragma omp parallel for schedule(dynamic)
  for (std::int32_t slab = 0; slab < slabs; ++slab) {
    for (std::size_t i = 0; i < frame.size(); ++i) {
      const double reach = g.farthest + radii[i];
      // Atoms that cannot reach the slab are passed over.
      const double n = g.points[2], middle = (slab * thick + 0.5 * (thick - 1) + shift.z) / n,
                   half = 0.5 * thick / n + reach / frame.box.heights().z;
      double away = frame.box.fractional(frame.position[i]).z - middle;
      if (frame.box.periodic(2)) away -= std::round(away);
      if (std::abs(away) > half) continue;
      around(g, frame.box, frame.position[i], reach, slab * thick, (slab + 1) * thick, [&](std::size_t at, double d) {
        const auto surface = static_cast<float>(d - radii[i]);
        if (surface < g.distance[at]) g.distance[at] = surface, g.nearest[at] = static_cast<std::int32_t>(i);
      });
    }
  }
  context.check_cancelled();
  return g;
}

double surface_distance(const Frame& frame, std::span<const double> radii, std::span<const std::int32_t> atoms, const Vec3& x) {
  double least = HUGE_VAL;
  for (const std::int32_t i : atoms) {
    const auto k = static_cast<std::size_t>(i);
    least = std::min(least, norm(frame.box.minimum_image(frame.position[k] - x)) - radii[k]);
  }
  return least;
}

}  // namespace heteroglass::structure
