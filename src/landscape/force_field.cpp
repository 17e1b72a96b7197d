#include "landscape/force_field.hpp"

namespace heteroglass::landscape {

std::vector<Vectors> rigid_motions(const Vectors& position, bool rotations) {
  const std::array<Vec3, 3> axes = {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  Vec3 centre;
  for (const Vec3& r : position) centre += r / static_cast<double>(position.size());
  std::vector<Vectors> all;
  const auto keep = [&](Vectors v) {
    const double before = norm(v);
    for (int twice = 0; twice < 2; ++twice) project_out(v, all);
    if (norm(v) < 1e-6 * before || before == 0) return;  // a line of atoms does not turn about itself
    scale(v, 1 / norm(v));
    all.push_back(std::move(v));
  };
  for (const Vec3& a : axes) keep(Vectors(position.size(), a));
  for (const Vec3& a : axes) {
    if (!rotations) break;
    Vectors turn;
    for (const Vec3& r : position) turn.push_back(cross(a, r - centre));
    keep(std::move(turn));
  }
  return all;
}

}  // namespace heteroglass::landscape
