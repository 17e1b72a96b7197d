/// Forces as a function of the positions of the atoms that may move: what saddle searches see of a system, be it whole or a region of it.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "core/vec3.hpp"

namespace heteroglass::landscape {

using Vectors = std::vector<Vec3>;  ///< one entry per moving atom; also a direction in the space of all of them

class ForceField {
 public:
  virtual ~ForceField() = default;
  virtual std::size_t size() const = 0;
  void forces(std::span<const Vec3> position, std::span<Vec3> force) {
    ++evaluations_;
    evaluate(position, force);
  }
  int evaluations() const { return evaluations_; }
  /// Unit, orthogonal directions that cost no energy: translations and rotations of the whole where it is free to make them.
  virtual std::vector<Vectors> rigid_motions(const Vectors& /*position*/) const { return {}; }

 protected:
  virtual void evaluate(std::span<const Vec3> position, std::span<Vec3> force) = 0;

 private:
  int evaluations_ = 0;
};

inline double dot(const Vectors& a, const Vectors& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += heteroglass::dot(a[i], b[i]);
  return sum;
}
inline double norm(const Vectors& a) { return std::sqrt(dot(a, a)); }
/// a += s b
inline void add(Vectors& a, double s, const Vectors& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += s * b[i];
}
inline void scale(Vectors& a, double s) {
  for (Vec3& v : a) v *= s;
}
/// Length of the longest of the vectors.
inline double longest(const Vectors& a) {
  double most = 0;
  for (const Vec3& v : a) most = std::max(most, norm2(v));
  return std::sqrt(most);
}

/// v less its part along each of the directions.
inline void project_out(Vectors& v, std::span<const Vectors> directions) {
  for (const Vectors& d : directions) add(v, -dot(v, d), d);
}

/// Translations, and rotations about the centre if asked, as unit orthogonal directions.
std::vector<Vectors> rigid_motions(const Vectors& position, bool rotations);

}  // namespace heteroglass::landscape
