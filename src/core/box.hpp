/// The simulation cell: three edge vectors, an origin, and which directions repeat.
///
///     r = origin + H s,   H = [a b c] (columns),   s in [0, 1)^3
///
/// Any right-handed cell is accepted; LAMMPS cells (a along x, b in the xy plane) are the usual case.
/// Lengths are in angstrom (sigma for Lennard-Jones frames).
#pragma once

#include <array>

#include "core/vec3.hpp"

namespace heteroglass {

class Box {
 public:
  /// A unit cube, periodic.
  Box() : Box(Mat3::identity()) {}
  /// @throws InputError if an edge is not finite or the volume is not positive.
  explicit Box(const Mat3& edges, const Vec3& origin = {}, std::array<bool, 3> periodic = {true, true, true});
  static Box orthogonal(const Vec3& lengths, const Vec3& origin = {}, std::array<bool, 3> periodic = {true, true, true});
  /// The restricted triclinic cell of LAMMPS: a = (lx,0,0), b = (xy,ly,0), c = (xz,yz,lz).
  static Box lammps(const Vec3& low, const Vec3& high, double xy = 0, double xz = 0, double yz = 0,
                    std::array<bool, 3> periodic = {true, true, true});

  const Mat3& edges() const { return edges_; }
  const Mat3& inverse_edges() const { return inverse_; }
  Vec3 edge(std::size_t i) const { return edges_.column(i); }
  const Vec3& origin() const { return origin_; }
  bool periodic(std::size_t i) const { return periodic_[i]; }
  const std::array<bool, 3>& periodicity() const { return periodic_; }
  bool fully_periodic() const { return periodic_[0] && periodic_[1] && periodic_[2]; }
  double volume() const { return volume_; }
  /// Distances between opposite faces, in the order of the edges.
  const Vec3& heights() const { return heights_; }
  /// All tilts exactly zero.
  bool is_orthogonal() const { return orthogonal_; }
  /// a along x and b in the xy plane, as LAMMPS data files can hold.
  bool is_lammps() const { return edges_[1][0] == 0 && edges_[2][0] == 0 && edges_[2][1] == 0; }

  Vec3 fractional(const Vec3& r) const { return inverse_ * (r - origin_); }
  Vec3 cartesian(const Vec3& s) const { return origin_ + edges_ * s; }
  /// Moves r into the cell along periodic directions and counts the cells moved in `image`
  /// so that wrapped + H image is unchanged.
  Vec3 wrap(const Vec3& r, std::array<int, 3>& image) const;
  Vec3 wrap(const Vec3& r) const;
  /// Shortest image of a separation by rounding fractional coordinates. Exact for separations up to half
  /// the smallest height; neighbour lists treat smaller boxes.
  Vec3 minimum_image(const Vec3& d) const;

 private:
  Mat3 edges_, inverse_;
  Vec3 origin_, heights_;
  std::array<bool, 3> periodic_;
  double volume_;
  bool orthogonal_;
};

}  // namespace heteroglass
