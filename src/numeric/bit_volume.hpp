/// A set of voxels, one bit each, with what is counted on it: boxes, connected regions, two-point functions.
///
/// A volume of 1024^3 voxels takes 128 MiB. Rows along x are padded to whole 64-bit words, padding is zero. An image has nz = 1.
/// Cost: box counting O(voxels / 64) a size; regions O(runs), a run being an unbroken row of set voxels along x; two-point
/// function O(voxels / 64) a distance.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace heteroglass::numeric {

class BitVolume {
 public:
  explicit BitVolume(std::array<std::size_t, 3> size);
  const std::array<std::size_t, 3>& size() const { return size_; }
  std::size_t words_per_row() const { return words_; }
  std::span<std::uint64_t> row(std::size_t y, std::size_t z) { return {bits_.data() + (z * size_[1] + y) * words_, words_}; }
  std::span<const std::uint64_t> row(std::size_t y, std::size_t z) const { return {bits_.data() + (z * size_[1] + y) * words_, words_}; }
  bool at(std::size_t x, std::size_t y, std::size_t z) const { return row(y, z)[x / 64] >> (x % 64) & 1; }
  void set(std::size_t x, std::size_t y, std::size_t z) { row(y, z)[x / 64] |= std::uint64_t{1} << (x % 64); }
  /// Sets a row from grey values: those with low <= grey <= high.
  void threshold_row(std::size_t y, std::size_t z, std::span<const float> grey, float low, float high);
  std::uint64_t count() const;  ///< of set voxels

 private:
  std::array<std::size_t, 3> size_;
  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

/// Number of cubes (squares in an image) of edge `box`, laid from the origin, that hold a set voxel. Boxes cut off by the far faces count.
std::uint64_t box_count(const BitVolume& v, std::size_t box);
/// Only boxes that also hold an unset voxel, or touch the outside: those on the boundary of the set.
std::uint64_t boundary_box_count(const BitVolume& v, std::size_t box);

/// A connected region of set voxels.
struct Region {
  std::uint64_t voxels = 0;
  std::array<std::size_t, 3> low{}, high{};  ///< first and last voxel along each axis
  std::array<double, 3> centre{};
  std::array<double, 6> gyration{};  ///< xx, yy, zz, yz, xz, xy about the centre [voxel^2]
};

struct Regions {
  std::vector<Region> region;  ///< largest first
  /// A region reaches from the first to the last voxel along an axis.
  bool percolates(std::size_t axis, const std::array<std::size_t, 3>& size) const;
};

/// @param diagonal true: voxels that share an edge or corner are neighbours too (26 in a volume, 8 in an image), else faces only (6, 4)
/// @param label filled, when given, with the place of each voxel's region in the list, counted from 1; 0 for unset voxels
Regions regions(const BitVolume& v, bool diagonal, std::vector<std::uint32_t>* label = nullptr);

/// The voxels of region k (order of regions(v, diagonal)) alone: of the largest, for fractal dimensions of clusters.
BitVolume largest_region(const BitVolume& v, bool diagonal);

/// Share of pairs of voxels, `distance` apart along `axis`, that are both set; without periodic images.
double two_point(const BitVolume& v, std::size_t axis, std::size_t distance);

}  // namespace heteroglass::numeric
