#include "core/box.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace heteroglass {

Box::Box(const Mat3& edges, const Vec3& origin, std::array<bool, 3> periodic)
    : edges_(edges), origin_(origin), periodic_(periodic), volume_(determinant(edges)) {
  for (std::size_t i = 0; i < 3; ++i) {
    const Vec3 e = edge(i);
    if (!std::isfinite(norm2(e)) || !std::isfinite(origin[i]))
      throw InputError(fmt::format("box: edges and origin must be finite, got edge {} = ({}, {}, {})", i, e.x, e.y, e.z));
  }
  if (!(volume_ > 0) || !std::isfinite(volume_))
    throw InputError(fmt::format("box: the volume must be positive, got {} (edges {} {} {} on the diagonal)", volume_, edges[0][0],
                                 edges[1][1], edges[2][2]));
  inverse_ = inverse(edges_);
  for (std::size_t i = 0; i < 3; ++i) heights_[i] = volume_ / norm(cross(edge((i + 1) % 3), edge((i + 2) % 3)));
  orthogonal_ = edges[0][1] == 0 && edges[0][2] == 0 && edges[1][2] == 0 && is_lammps();
}

Box Box::orthogonal(const Vec3& lengths, const Vec3& origin, std::array<bool, 3> periodic) {
  return Box(Mat3{{{{lengths.x, 0, 0}, {0, lengths.y, 0}, {0, 0, lengths.z}}}}, origin, periodic);
}

Box Box::lammps(const Vec3& low, const Vec3& high, double xy, double xz, double yz, std::array<bool, 3> periodic) {
  for (std::size_t i = 0; i < 3; ++i)
    if (!(high[i] > low[i])) throw InputError(fmt::format("box: {0}hi must exceed {0}lo, got {1} and {2}", "xyz"[i], high[i], low[i]));
  const Vec3 l = high - low;
  return Box(Mat3{{{{l.x, xy, xz}, {0, l.y, yz}, {0, 0, l.z}}}}, low, periodic);
}

Vec3 Box::wrap(const Vec3& r, std::array<int, 3>& image) const {
  Vec3 s = fractional(r);
  Vec3 shift;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!periodic_[i]) continue;
    shift[i] = std::floor(s[i]);
    image[i] += static_cast<int>(shift[i]);
  }
  return shift == Vec3{} ? r : r - edges_ * shift;
}

Vec3 Box::wrap(const Vec3& r) const {
  std::array<int, 3> ignored{};
  return wrap(r, ignored);
}

Vec3 Box::minimum_image(const Vec3& d) const {
  const Vec3 s = inverse_ * d;
  Vec3 shift;
  for (std::size_t i = 0; i < 3; ++i)
    if (periodic_[i]) shift[i] = std::round(s[i]);
  return d - edges_ * shift;
}

}  // namespace heteroglass
