/// Grey values of a volume that is read plane by plane: histogram, thresholds, structure tensor.
///
///     Otsu: the threshold t that maximises w0 w1 (m0 - m1)^2 of the voxels below t and from t on
///     structure tensor: mean of (grad grey)(grad grey)^T by central differences
/// Source: Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979), doi:10.1109/TSMC.1979.4310076; Bigun, Granlund, Proc. ICCV (1987).
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/context.hpp"
#include "core/value.hpp"
#include "core/volume.hpp"

namespace heteroglass::probes {

struct GreyHistogram {
  std::vector<double> grey, voxels;  ///< value (whole numbers: each its own; else middle of up to 4096 bins) and count
  double otsu() const;
  /// Smallest grey value with at least that share of the voxels below it or equal.
  double quantile(double share) const;
};

/// @throws InputError when all voxels have one grey value or one is not finite
GreyHistogram grey_histogram(const Volume& volume, Context& context);

/// Mean and standard deviation of the grey values with errors from 4 x 4 x 4 blocks of the volume (8 x 8 of an image).
class GreyMoments {
 public:
  explicit GreyMoments(std::array<std::size_t, 3> size);
  /// Planes in any order, each once.
  void add_plane(std::size_t z, std::span<const float> grey);
  Measured mean() const;
  Measured deviation() const;

 private:
  std::array<std::size_t, 3> size_, blocks_;
  std::vector<std::array<double, 3>> sums_;  ///< voxels, sum, sum of squares by block
  double shift_ = 0;
  bool started_ = false;
};

/// Two histograms on one axis: each whole number, or 512 bins where one has reals.
struct CommonHistogram {
  std::vector<double> grey, first, second;
};
CommonHistogram common_histogram(const GreyHistogram& first, const GreyHistogram& second);

class StructureTensor {
 public:
  explicit StructureTensor(std::array<std::size_t, 3> size);
  /// Planes in their order.
  void add_plane(std::span<const float> grey);
  /// 1 - smallest/largest eigenvalue; of an image in its plane.
  double anisotropy(bool image) const;

 private:
  std::array<std::size_t, 3> size_;
  std::vector<float> before_, now_;
  std::size_t planes_ = 0;
  std::array<double, 6> sum_{};  ///< xx, yy, zz, yz, xz, xy
};

}  // namespace heteroglass::probes
