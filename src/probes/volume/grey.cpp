#include "probes/volume/grey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/error.hpp"
#include "numeric/symmetric3.hpp"

namespace heteroglass::probes {

double GreyHistogram::otsu() const {
  double all = 0, moment = 0;
  for (std::size_t i = 0; i < grey.size(); ++i) all += voxels[i], moment += voxels[i] * grey[i];
  double below = 0, below_moment = 0, best = -1, threshold = grey.back();
  for (std::size_t i = 0; i + 1 < grey.size(); ++i) {
    below += voxels[i], below_moment += voxels[i] * grey[i];
    if (below == 0 || below == all) continue;
    const double gap = below_moment / below - (moment - below_moment) / (all - below), between = below * (all - below) * gap * gap;
    if (between > best) best = between, threshold = grey[i + 1];
  }
  return threshold;
}

double GreyHistogram::quantile(double share) const {
  double all = 0, below = 0;
  for (const double n : voxels) all += n;
  for (std::size_t i = 0; i < grey.size(); ++i) {
    below += voxels[i];
    if (below >= share * all) return grey[i];
  }
  return grey.back();
}

namespace {

/// Of one plane: lowest and highest value, whether all are whole numbers, and the first that is not finite.
struct Range {
  float low = INFINITY, high = -INFINITY;
  bool whole = true, finite = true;
};

Range range_of(std::span<const float> plane) {
  float low = INFINITY, high = -INFINITY;
  bool whole = true, finite = true;
  const auto n = std::int64_t(plane.size());
#pragma omp parallel for schedule(static) reduction(min : low) reduction(max : high) reduction(&& : whole, finite)
  for (std::int64_t i = 0; i < n; ++i) {
    const float v = plane[std::size_t(i)];
    low = std::min(low, v), high = std::max(high, v);
    whole = whole && v == std::floor(v), finite = finite && std::isfinite(v);
  }
  return {low, high, whole, finite};
}

/// Adds a plane; counts of threads are whole numbers, so their order does not matter.
void count(std::span<const float> plane, double low, double width, std::vector<double>& voxels) {
#pragma omp parallel
  {
    std::vector<std::uint32_t> own(voxels.size(), 0);
#pragma omp for schedule(static)
    for (std::int64_t i = 0; i < std::int64_t(plane.size()); ++i)
      ++own[std::min(own.size() - 1, std::size_t((double(plane[std::size_t(i)]) - low) / width))];
#pragma omp critical(heteroglass_grey)
    for (std::size_t b = 0; b < own.size(); ++b) voxels[b] += double(own[b]);
  }
}

}  // namespace

GreyHistogram grey_histogram(const Volume& volume, Context& context) {
  const auto size = volume.size();
  std::vector<float> plane(size[0] * size[1]);
  Range all;
  for (std::size_t z = 0; z < size[2]; ++z) {
    context.check_cancelled();
    context.progress(0.1 * double(z) / double(size[2]), "range of grey values");
    volume.plane(z, plane);
    const Range r = range_of(plane);
    if (!r.finite) throw InputError(fmt::format("{}: grey values must be finite, got others in plane {}", volume.source(), z + 1));
    all.low = std::min(all.low, r.low), all.high = std::max(all.high, r.high), all.whole = all.whole && r.whole;
  }
  if (all.low == all.high)
    throw InputError(fmt::format("{}: must have more than one grey value, got {} everywhere", volume.source(), all.low));
  const bool whole = all.whole && all.high - all.low < 65536;
  GreyHistogram h;
  const std::size_t bins = whole ? std::size_t(all.high - all.low) + 1 : 4096;
  const double low = double(all.low), width = whole ? 1 : (double(all.high) - low) / double(bins);
  h.voxels.assign(bins, 0);
  for (std::size_t b = 0; b < bins; ++b) h.grey.push_back(low + (whole ? double(b) : (double(b) + 0.5) * width));
  for (std::size_t z = 0; z < size[2]; ++z) {
    context.check_cancelled();
    context.progress(0.1 + 0.1 * double(z) / double(size[2]), "histogram of grey values");
    volume.plane(z, plane);
    count(plane, low, width, h.voxels);
  }
  return h;
}

GreyMoments::GreyMoments(std::array<std::size_t, 3> size) : size_(size) {
  for (std::size_t k = 0; k < 3; ++k) blocks_[k] = std::min<std::size_t>(size[k], size[2] > 1 ? 4 : 8);
  sums_.resize(blocks_[0] * blocks_[1] * blocks_[2]);
}

void GreyMoments::add_plane(std::size_t z, std::span<const float> grey) {
  if (!started_) shift_ = double(grey[0]), started_ = true;  // squares about a value of the data lose no digits
  const std::size_t bz = z * blocks_[2] / size_[2];
  // Sums of each row by block, added in order of the rows: the same for any number of threads.
  std::vector<std::array<double, 3>> rows(size_[1] * blocks_[0]);
#pragma omp parallel for schedule(static)
  for (std::int64_t row = 0; row < std::int64_t(size_[1]); ++row)
    for (std::size_t b = 0; b < blocks_[0]; ++b) {
      const std::size_t from = (b * size_[0] + blocks_[0] - 1) / blocks_[0], to = ((b + 1) * size_[0] + blocks_[0] - 1) / blocks_[0];
      double sum = 0, squares = 0;
      for (std::size_t x = from; x < to; ++x) {
        const double v = double(grey[std::size_t(row) * size_[0] + x]) - shift_;
        sum += v, squares += v * v;
      }
      rows[std::size_t(row) * blocks_[0] + b] = {double(to - from), sum, squares};
    }
  for (std::size_t y = 0; y < size_[1]; ++y)
    for (std::size_t b = 0; b < blocks_[0]; ++b)
      for (std::size_t k = 0; k < 3; ++k)
        sums_[(bz * blocks_[1] + y * blocks_[1] / size_[1]) * blocks_[0] + b][k] += rows[y * blocks_[0] + b][k];
}

namespace {
using BlockSums = std::array<double, 3>;
/// A function of the sums with its jackknife error over blocks.
template <class F> Measured jackknife(const std::vector<BlockSums>& sums, F value) {
  BlockSums all{};
  for (const BlockSums& s : sums)
    for (std::size_t k = 0; k < 3; ++k) all[k] += s[k];
  const double whole = value(all), n = double(sums.size());
  double spread = 0;
  for (const BlockSums& s : sums) spread += std::pow(value({all[0] - s[0], all[1] - s[1], all[2] - s[2]}) - whole, 2);
  return {whole, n > 2 ? std::sqrt((n - 1) / n * spread) : NAN, "jackknife over blocks of the volume"};
}
}  // namespace

Measured GreyMoments::mean() const {
  return jackknife(sums_, [&](const BlockSums& s) { return shift_ + s[1] / s[0]; });
}
Measured GreyMoments::deviation() const {
  return jackknife(sums_, [](const BlockSums& s) { return std::sqrt(std::max(0.0, s[2] / s[0] - s[1] / s[0] * (s[1] / s[0]))); });
}

CommonHistogram common_histogram(const GreyHistogram& a, const GreyHistogram& b) {
  const auto whole = [](const GreyHistogram& h) {
    return h.grey.size() > 1 && h.grey[1] - h.grey[0] == 1 && h.grey[0] == std::floor(h.grey[0]);
  };
  const double low = std::min(a.grey.front(), b.grey.front()), high = std::max(a.grey.back(), b.grey.back());
  const bool each = whole(a) && whole(b) && high - low < 65536;
  const std::size_t bins = each ? std::size_t(high - low) + 1 : 512;
  const double width = each ? 1 : (high - low) / double(bins - 1);
  CommonHistogram c;
  c.first.assign(bins, 0), c.second.assign(bins, 0);
  for (std::size_t k = 0; k < bins; ++k) c.grey.push_back(low + double(k) * width);
  for (const auto& [from, to] : {std::pair{&a, &c.first}, std::pair{&b, &c.second}})
    for (std::size_t k = 0; k < from->grey.size(); ++k)
      (*to)[std::min(bins - 1, std::size_t(std::lround((from->grey[k] - low) / width)))] += from->voxels[k];
  return c;
}

StructureTensor::StructureTensor(std::array<std::size_t, 3> size) : size_(size) {}

void StructureTensor::add_plane(std::span<const float> grey) {
  const std::size_t nx = size_[0], ny = size_[1];
  const auto tensor_of = [&](std::span<const float> below, std::span<const float> middle, std::span<const float> above) {
    if (ny < 3 || nx < 3) return;
    std::vector<std::array<double, 6>> rows(ny);
#pragma omp parallel for schedule(static)
    for (std::int64_t row = 1; row < std::int64_t(ny) - 1; ++row) {
      std::array<double, 6> sum{};
      for (std::size_t x = 1; x + 1 < nx; ++x) {
        const std::size_t i = std::size_t(row) * nx + x;
        const double gx = double(middle[i + 1]) - double(middle[i - 1]), gy = double(middle[i + nx]) - double(middle[i - nx]),
                     gz = above.empty() ? 0 : double(above[i]) - double(below[i]);
        sum[0] += gx * gx, sum[1] += gy * gy, sum[2] += gz * gz;
        sum[3] += gy * gz, sum[4] += gx * gz, sum[5] += gx * gy;
      }
      rows[std::size_t(row)] = sum;
    }
    for (const auto& sum : rows)  // in order: the same for any number of threads
      for (std::size_t k = 0; k < 6; ++k) sum_[k] += sum[k];
  };
  if (size_[2] == 1) return tensor_of({}, grey, {});
  if (planes_ >= 2) tensor_of(before_, now_, grey);
  before_.swap(now_);
  now_.assign(grey.begin(), grey.end());
  ++planes_;
}

double StructureTensor::anisotropy(bool image) const {
  if (image) {
    const double trace = sum_[0] + sum_[1], split = std::hypot(sum_[0] - sum_[1], 2 * sum_[5]);
    return trace > 0 ? 1 - (trace - split) / (trace + split) : NAN;
  }
  const std::array<double, 3> e = numeric::eigenvalues_symmetric3(sum_);
  return e[2] > 0 ? 1 - std::max(0.0, e[0]) / e[2] : NAN;
}

}  // namespace heteroglass::probes
