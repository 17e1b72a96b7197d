/// Grey values on a regular grid, read plane by plane so that a volume may be larger than memory. An image is one plane.
#pragma once

#include <array>
#include <span>
#include <string>

namespace heteroglass {

class Volume {
 public:
  virtual ~Volume() = default;
  /// Voxels along x (fastest), y, z (planes).
  virtual std::array<std::size_t, 3> size() const = 0;
  /// Grey values of plane z, x fastest; `out` holds size()[0] * size()[1] values. Not safe from several threads.
  /// @throws FormatError naming the plane when the file is damaged
  virtual void plane(std::size_t z, std::span<float> out) const = 0;
  virtual std::string source() const = 0;
  /// How grey values are stored, for messages: "8-bit", "32-bit real".
  virtual std::string stored_as() const = 0;
  /// Edges of a voxel along x, y, z as the header gives them, and their unit; zeros and "" where it does not say.
  virtual std::array<double, 3> spacing() const { return {}; }
  virtual std::string spacing_unit() const { return {}; }
};

}  // namespace heteroglass
