/// Volumes made by a function of the voxel, for tests.
#pragma once

#include <vector>

#include "core/volume.hpp"

namespace heteroglass::test {

class ArrayVolume : public Volume {
 public:
  template <class F> ArrayVolume(std::array<std::size_t, 3> size, F grey) : size_(size) {
    for (std::size_t z = 0; z < size[2]; ++z)
      for (std::size_t y = 0; y < size[1]; ++y)
        for (std::size_t x = 0; x < size[0]; ++x) values_.push_back(grey(x, y, z));
  }
  std::array<std::size_t, 3> size() const override { return size_; }
  void plane(std::size_t z, std::span<float> out) const override {
    const std::size_t n = size_[0] * size_[1];
    std::copy_n(values_.begin() + std::ptrdiff_t(z * n), n, out.begin());
  }
  std::string source() const override { return "generated volume"; }
  std::string stored_as() const override { return "32-bit real"; }

 private:
  std::array<std::size_t, 3> size_;
  std::vector<float> values_;
};

}  // namespace heteroglass::test
