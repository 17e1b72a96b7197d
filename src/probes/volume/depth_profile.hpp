/// Grey value and share of the phase against depth below a surface, for volumes read plane by plane and for micrographs.
///
/// Surface: an edge of the volume (x-low, x-high, y-low, y-high, z-low, z-high), or `sample`: the outline of what is at least `sample_threshold`
/// bright, holes filled, plane by plane, so that depth is measured within the planes (a rod along z, a cross-section). Depth 0.5 is the
/// outermost voxel. Errors: jackknife over up to 32 groups (four slabs of planes, eight sectors around the middle of the sample or strips along the edge).
/// Cost O(voxels).
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

namespace heteroglass::probes {

struct DepthProfile {
  std::vector<double> depth;                     ///< [voxel] middle of the bin
  std::vector<double> grey, grey_error;          ///< mean
  std::vector<double> fraction, fraction_error;  ///< [1] of the phase
};

class DepthProfiler {
 public:
  DepthProfiler(std::array<std::size_t, 3> size, std::string surface, double sample_threshold);
  /// Voxels from `low` to `high` are the phase.
  void add_plane(std::size_t z, std::span<const float> grey, float low, float high);
  DepthProfile profile() const;

 private:
  static constexpr std::size_t sectors = 8, slabs = 4, groups = sectors * slabs;
  struct Sums {
    double voxels = 0, grey = 0, phase = 0;
  };
  void add(double depth, std::size_t group, float grey, bool phase);
  std::array<std::size_t, 3> size_;
  std::string surface_;
  double threshold_, width_ = 1;
  std::vector<std::array<Sums, groups>> bins_;
};

}  // namespace heteroglass::probes
