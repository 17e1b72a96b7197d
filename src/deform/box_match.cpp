#include "deform/box_match.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace heteroglass::deform {
namespace {

/// The edges as LAMMPS would write them, rotated: xx, xy, yy, xz, yz, zz.
struct Tilts {
  double xx, xy, yy, xz, yz, zz;

  explicit Tilts(const Mat3& h) {
    const Vec3 a = h.column(0), b = h.column(1), c = h.column(2);
    xx = norm(a);
    const Vec3 x = a / xx;
    xy = dot(b, x);
    yy = norm(b - xy * x);
    const Vec3 y = (b - xy * x) / yy;
    xz = dot(c, x), yz = dot(c, y);
    zz = dot(c, cross(x, y));
  }
};

Mat3 flip_matrix(const std::array<int, 3>& m) { return {{{{1, double(m[0]), double(m[2])}, {0, 1, double(m[1])}, {0, 0, 1}}}}; }

std::array<int, 3> least_shear(const Frame& reference, const Frame& current) {
  const Tilts from(reference.box.edges()), to(current.box.edges());
  const auto whole = [&](double wanted, double got, double period, std::size_t edge) {
    return current.box.periodic(edge) ? static_cast<int>(std::round((wanted - got) / period)) : 0;
  };
  // What the tilts would be if they had only followed the edges.
  const int xy = current.box.periodic(1) ? whole(from.xy * to.yy / from.yy, to.xy, to.xx, 0) : 0;
  const int yz = current.box.periodic(2) ? whole(from.yz * to.zz / from.zz, to.yz, to.yy, 1) : 0;
  const int xz = current.box.periodic(2) ? whole(from.xz * to.zz / from.zz, to.xz + yz * (to.xy + xy * to.xx), to.xx, 0) : 0;
  return {xy, yz, yz * xy + xz};
}

/// Least squares of the unwrapped positions about their centre: needs no guess of the cell.
bool unwrapped_gradient(const Frame& reference, const Frame& current, Mat3& gradient) {
  if (reference.image.empty() || current.image.empty() || reference.size() < 4) return false;
  Vec3 from, to;
  for (std::size_t i = 0; i < reference.size(); ++i) from += reference.unwrapped(i), to += current.unwrapped(i);
  from = from / double(reference.size()), to = to / double(reference.size());
  Mat3 v, w;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const Vec3 a = reference.unwrapped(i) - from, b = current.unwrapped(i) - to;
    for (std::size_t p = 0; p < 3; ++p)
      for (std::size_t q = 0; q < 3; ++q) v[p][q] += a[p] * a[q], w[p][q] += b[p] * a[q];
  }
  const double scale = (v[0][0] + v[1][1] + v[2][2]) / 3;
  if (!(determinant(v) > 1e-6 * scale * scale * scale)) return false;
  gradient = w * inverse(v);
  return true;
}

/// Image flags that belong to another history of the cell do not give whole numbers in the right places.
bool by_images(const Frame& reference, const Frame& current, std::array<int, 3>& flip) {
  Mat3 f;
  if (!unwrapped_gradient(reference, current, f)) return false;
  const Mat3 m = current.box.inverse_edges() * f * reference.box.edges();
  for (std::size_t p = 0; p < 3; ++p)
    for (std::size_t q = 0; q < 3; ++q) {
      const double rest = std::abs(m[p][q] - std::round(m[p][q]));
      const double expected = p == q ? 1 : 0;
      if (rest > 0.1 || (p >= q && std::round(m[p][q]) != expected)) return false;
      if (p < q && std::round(m[p][q]) != 0 && !(current.box.periodic(p) && current.box.periodic(q))) return false;
    }
  flip = {static_cast<int>(std::round(m[0][1])), static_cast<int>(std::round(m[1][2])), static_cast<int>(std::round(m[0][2]))};
  return true;
}

}  // namespace

BoxMatch box_match(const Frame& reference, const Frame& current) {
  if (reference.box.periodicity() != current.box.periodicity())
    throw InputError(
        fmt::format("{}: the current cell must repeat along the same edges as the reference {}", current.source, reference.source));
  BoxMatch match;
  match.by_images = by_images(reference, current, match.flip);
  if (!match.by_images) match.flip = least_shear(reference, current);
  match.edges = current.box.edges() * flip_matrix(match.flip);
  match.gradient = match.edges * reference.box.inverse_edges();
  return match;
}

}  // namespace heteroglass::deform
