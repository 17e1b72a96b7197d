#include "probes/series/intensity_correlation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/vector_clones.hpp"

namespace heteroglass::probes {
namespace {

constexpr std::size_t first_lags = 15, later_from = 8;
using Row = std::array<float, tile_pixels>;
using Sums = std::array<double, tile_pixels>;

/// Sums of products of rows `lag` apart. Blocks of single precision are added up in double.
HETEROGLASS_VECTOR_CLONES
void products(const float* series, std::size_t terms, std::size_t lag, double* sum) {
  constexpr std::size_t block = 128;
  for (std::size_t p = 0; p < tile_pixels; ++p) sum[p] = 0;
  for (std::size_t from = 0; from < terms; from += block) {
    alignas(64) float part[tile_pixels] = {};
    const std::size_t to = std::min(terms, from + block);
    for (std::size_t i = from; i < to; ++i) {
      const float *a = series + i * tile_pixels, *b = series + (i + lag) * tile_pixels;
      for (std::size_t p = 0; p < tile_pixels; ++p) part[p] += a[p] * b[p];
    }
    for (std::size_t p = 0; p < tile_pixels; ++p) sum[p] += double(part[p]);
  }
}

HETEROGLASS_VECTOR_CLONES
void add_pairs(float* series, std::size_t pairs) {
  for (std::size_t i = 0; i < pairs; ++i)
    for (std::size_t p = 0; p < tile_pixels; ++p)
      series[i * tile_pixels + p] = 0.5f * (series[2 * i * tile_pixels + p] + series[(2 * i + 1) * tile_pixels + p]);
}

/// Sum of the rows [from, to).
void add_rows(const float* series, std::size_t from, std::size_t to, double sign, Sums& sum) {
  for (std::size_t i = from; i < to; ++i)
    for (std::size_t p = 0; p < tile_pixels; ++p) sum[p] += sign * double(series[i * tile_pixels + p]);
}

}  // namespace

std::vector<LagChannel> lag_channels(std::size_t frames, double longest) {
  if (frames < 16) throw InputError(fmt::format("an image series must have at least 16 frames for a correlation in time, got {}", frames));
  std::vector<LagChannel> out;
  for (std::size_t level = 0; (frames >> level) > later_from; ++level) {
    const std::size_t width = std::size_t{1} << level, bins = frames >> level;
    for (std::size_t m = level == 0 ? 1 : later_from; m <= first_lags; ++m)
      if (double(m * width) <= longest * double(frames)) out.push_back({level, m, width, double(m * width), bins - m});
  }
  return out;
}

void correlate(CorrelationTile& t, std::size_t frames, std::span<const LagChannel> channels) {
  float* series = t.series.data();
  t.mean.assign(tile_pixels, 0), t.zero.assign(tile_pixels, 0), t.g2.assign(channels.size() * tile_pixels, 0);
  Sums total{}, square{}, sum{};
  add_rows(series, 0, frames, 1, total);
  Row shift;
  for (std::size_t p = 0; p < tile_pixels; ++p) t.mean[p] = total[p] / double(frames), shift[p] = float(t.mean[p]);
  for (std::size_t i = 0; i < frames; ++i)
    for (std::size_t p = 0; p < tile_pixels; ++p) series[i * tile_pixels + p] -= shift[p];
  products(series, frames, 0, square.data());
  for (std::size_t p = 0; p < tile_pixels; ++p) t.zero[p] = square[p] / double(frames) / (t.mean[p] * t.mean[p]);
  std::size_t level = 0, bins = frames;
  Sums all{};
  add_rows(series, 0, bins, 1, all);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const LagChannel& channel = channels[c];
    for (; level < channel.level; ++level) {
      bins /= 2;
      add_pairs(series, bins);
      all.fill(0);
      add_rows(series, 0, bins, 1, all);
    }
    const std::size_t m = channel.bins, terms = bins - m;
    products(series, terms, m, sum.data());
    Sums head = all, tail = all;
    add_rows(series, terms, bins, -1, head);
    add_rows(series, 0, m, -1, tail);
    for (std::size_t p = 0; p < tile_pixels; ++p) {
      const double n = double(terms), h = head[p] / n, a = tail[p] / n, mean = double(shift[p]);
      t.g2[c * tile_pixels + p] = (sum[p] / n - h * a) / ((mean + h) * (mean + a));
    }
  }
}

}  // namespace heteroglass::probes
