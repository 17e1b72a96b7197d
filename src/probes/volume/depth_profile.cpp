#include "probes/volume/depth_profile.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "numeric/distance_transform.hpp"

namespace heteroglass::probes {

DepthProfiler::DepthProfiler(std::array<std::size_t, 3> size, std::string surface, double sample_threshold)
    : size_(size), surface_(std::move(surface)), threshold_(sample_threshold) {
  const std::size_t reach = surface_ == "sample"        ? std::min(size_[0], size_[1]) / 2 + 1
                            : surface_.starts_with("x") ? size_[0]
                            : surface_.starts_with("y") ? size_[1]
                                                        : size_[2];
  width_ = std::max(1.0, std::ceil(double(reach) / 256));
  bins_.resize(std::size_t(double(reach) / width_) + 1);
}

void DepthProfiler::add(double depth, std::size_t group, float grey, bool phase) {
  const auto bin = std::size_t(depth / width_);
  if (bin >= bins_.size()) return;
  Sums& s = bins_[bin][group];
  s.voxels += 1, s.grey += double(grey), s.phase += phase;
}

void DepthProfiler::add_plane(std::size_t z, std::span<const float> grey, float low, float high) {
  const std::size_t nx = size_[0], ny = size_[1], slab = z * slabs / size_[2];
  const auto phase = [&](float v) { return v >= low && v <= high; };
  if (surface_ == "sample") {
    std::vector<char> sample(grey.size());
    for (std::size_t i = 0; i < grey.size(); ++i) sample[i] = double(grey[i]) >= threshold_;
    const std::vector<double> d = numeric::distance_transform(numeric::filled_holes(sample, nx, ny), nx, ny);
    double mx = 0, my = 0, n = 0;
    for (std::size_t i = 0; i < d.size(); ++i)
      if (d[i] > 0) mx += double(i % nx), my += double(i / nx), ++n;
    mx /= n, my /= n;
    for (std::size_t i = 0; i < d.size(); ++i) {
      if (!(d[i] > 0) || std::isinf(d[i])) continue;
      const double angle = std::atan2(double(i / nx) - my, double(i % nx) - mx) / (2 * std::numbers::pi) + 0.5;
      add(d[i] - 0.5, std::min(sectors - 1, std::size_t(angle * double(sectors))) * slabs + slab, grey[i], phase(grey[i]));
    }
    return;
  }
  const bool from_high = surface_.ends_with("high");
  for (std::size_t y = 0; y < ny; ++y)
    for (std::size_t x = 0; x < nx; ++x) {
      const std::size_t axis = surface_[0] == 'x' ? 0 : surface_[0] == 'y' ? 1 : 2, at = axis == 0 ? x : axis == 1 ? y : z;
      const std::size_t depth = from_high ? size_[axis] - 1 - at : at;
      const std::size_t strip = axis == 0 ? y * sectors / ny : x * sectors / nx, part = axis == 2 ? y * slabs / ny : slab;
      add(double(depth) + 0.5, strip * slabs + part, grey[y * nx + x], phase(grey[y * nx + x]));
    }
}

DepthProfile DepthProfiler::profile() const {
  DepthProfile p;
  for (std::size_t b = 0; b < bins_.size(); ++b) {
    Sums all;
    for (const Sums& s : bins_[b]) all.voxels += s.voxels, all.grey += s.grey, all.phase += s.phase;
    if (all.voxels == 0) continue;
    double n = 0, grey = 0, phase = 0;
    for (const Sums& s : bins_[b]) {
      const double left = all.voxels - s.voxels;
      if (s.voxels == 0 || left == 0) continue;
      ++n, grey += std::pow((all.grey - s.grey) / left - all.grey / all.voxels, 2);
      phase += std::pow((all.phase - s.phase) / left - all.phase / all.voxels, 2);
    }
    p.depth.push_back((double(b) + 0.5) * width_), p.grey.push_back(all.grey / all.voxels), p.fraction.push_back(all.phase / all.voxels);
    p.grey_error.push_back(n > 2 ? std::sqrt((n - 1) / n * grey) : NAN),
        p.fraction_error.push_back(n > 2 ? std::sqrt((n - 1) / n * phase) : NAN);
  }
  return p;
}

}  // namespace heteroglass::probes
