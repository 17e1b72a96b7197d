#include "probes/series/tau_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "core/error.hpp"
#include "probes/series/kww_pixel.hpp"

namespace heteroglass::probes {
namespace {

constexpr std::size_t across = 8;  // blocks along a row
constexpr double three_sigma = 14;

/// The series in bands of rows; the frame means are known before the first band is used.
class Bands {
 public:
  Bands(const Volume& series, double memory, Context& context)
      : series_(series), context_(context), plane_(series.size()[0] * series.size()[1]) {
    const auto [nx, ny, nz] = series.size();
    const double row = double(nx) * double(nz) * sizeof(float);
    rows_ = std::clamp<std::size_t>(std::size_t(memory * 1e9 / row), 1, ny);
    if (rows_ < ny)
      for (std::size_t z = 0; z < nz; ++z) read(z), means_.push_back(plane_mean());
  }
  std::size_t rows() const { return rows_; }
  std::size_t bands() const { return (series_.size()[1] + rows_ - 1) / rows_; }
  const std::vector<double>& means() const { return means_; }

  /// (frames, rows of the band, width)
  const std::vector<float>& load(std::size_t band) {
    const auto [nx, ny, nz] = series_.size();
    const std::size_t from = band * rows_, n = std::min(rows_, ny - from) * nx;
    data_.resize(n * nz);
    const bool first = means_.empty();
    for (std::size_t z = 0; z < nz; ++z) {
      read(z);
      if (first) means_.push_back(plane_mean());
      std::copy_n(plane_.begin() + std::ptrdiff_t(from * nx), n, data_.begin() + std::ptrdiff_t(z * n));
    }
    return data_;
  }

 private:
  void read(std::size_t z) {
    if (z % 64 == 0) context_.check_cancelled();
    series_.plane(z, plane_);
  }
  double plane_mean() const {
    double sum = 0, n = 0;
    for (const float v : plane_)
      if (std::isfinite(v)) sum += double(v), ++n;
    return n > 0 ? sum / n : NAN;
  }
  const Volume& series_;
  Context& context_;
  std::vector<float> plane_, data_;
  std::vector<double> means_;
  std::size_t rows_ = 1;
};

/// Fits of the whole series and its halves, with the buffers of one thread.
struct Fits {
  explicit Fits(std::size_t frames, const std::optional<double>& beta) : whole(frames, beta) {
    if (frames >= 64) half.emplace(frames / 2, beta);
  }
  KwwPixelFit whole;
  std::optional<KwwPixelFit> half;
};

PixelStatus status_of(const KwwPixel& p, std::size_t frames) {
  if (!(p.significance > three_sigma) || !(p.contrast > 0)) return no_decay;
  if (p.ln_tau < std::log(1.5)) return too_fast;
  if (p.ln_tau > std::log(double(frames) / 3)) return too_slow;
  return p.converged && p.ln_tau_error < 1 ? fitted : no_decay;
}

/// Sums over the fitted pixels of a piece of a row that lies in one block.
struct RowSums {
  std::vector<double> g2, model;  ///< (blocks across, channels)
  std::array<double, across> pixels{};
};

class Mapper {
 public:
  Mapper(const TauMapSettings& o, TauMap& map) : map_(map), fits_(map.frames, o.beta), sums_(map.height) {
    map.channels = lag_channels(map.frames);
  }

  void row(const std::vector<float>& data, std::size_t rows, std::size_t in_band, std::size_t y, std::span<const double> scale) {
    const std::size_t nx = map_.width, frames = map_.frames, channels = map_.channels.size();
    RowSums& sums = sums_[y];
    sums.g2.assign(across * channels, 0), sums.model.assign(across * channels, 0);
    CorrelationTile tile;
    KwwPixelFit::Work whole(fits_.whole);
    std::optional<KwwPixelFit::Work> half;
    if (fits_.half) half.emplace(*fits_.half);
    std::vector<double> series(frames);
    for (std::size_t x = 0; x < nx; x += tile_pixels) {
      const std::size_t n = std::min(tile_pixels, nx - x);
      tile.series.assign(frames * tile_pixels, 0);
      for (std::size_t f = 0; f < frames; ++f)
        for (std::size_t p = 0; p < n; ++p)
          tile.series[f * tile_pixels + p] = float(double(data[(f * rows + in_band) * nx + x + p]) * scale[f]);
      for (std::size_t p = 0; p < n; ++p) {
        double mean = 0;
        for (std::size_t f = 0; f < frames; ++f) series[f] = double(tile.series[f * tile_pixels + p]), mean += series[f];
        mean /= double(frames);
        pixel(y * nx + x + p, mean, series, whole, half);
        if (map_.status[y * nx + x + p] == masked)
          for (std::size_t f = 0; f < frames; ++f) tile.series[f * tile_pixels + p] = 1;
      }
      correlate(tile, frames, map_.channels);
      for (std::size_t p = 0; p < n; ++p) add(y * nx + x + p, p, tile, sums);
    }
  }

  /// Means over the fitted pixels, with jackknife errors over the blocks.
  void finish() {
    const std::size_t channels = map_.channels.size();
    std::vector<double> g2(TauMap::blocks * channels, 0), pixels(TauMap::blocks, 0), model(channels, 0);
    for (std::size_t y = 0; y < map_.height; ++y)
      for (std::size_t b = 0; b < across; ++b) {
        const std::size_t block = y * 8 / map_.height * 8 + b;
        pixels[block] += sums_[y].pixels[b];
        for (std::size_t c = 0; c < channels; ++c)
          g2[block * channels + c] += sums_[y].g2[b * channels + c], model[c] += sums_[y].model[b * channels + c];
      }
    const double all = std::accumulate(pixels.begin(), pixels.end(), 0.0);
    for (std::size_t c = 0; c < channels; ++c) {
      double total = 0, n = 0, spread = 0;
      for (std::size_t b = 0; b < TauMap::blocks; ++b) total += g2[b * channels + c];
      for (std::size_t b = 0; b < TauMap::blocks; ++b) {
        if (pixels[b] == 0 || pixels[b] == all) continue;
        const double without = (total - g2[b * channels + c]) / (all - pixels[b]);
        spread += (without - total / all) * (without - total / all), ++n;
      }
      map_.g2.push_back(total / all), map_.g2_model.push_back(model[c] / all);
      map_.g2_error.push_back(n > 1 ? std::sqrt(spread * (n - 1) / n) : NAN);
    }
  }

 private:
  void pixel(std::size_t i, double mean, std::vector<double>& series, KwwPixelFit::Work& whole, std::optional<KwwPixelFit::Work>& half) {
    map_.intensity[i] = mean;
    if (!(mean > 0) || !std::isfinite(mean)) {
      map_.status[i] = masked;
      return;
    }
    for (double& v : series) v /= mean;
    const KwwPixel p = fits_.whole.fit(series, whole);
    map_.status[i] = status_of(p, map_.frames);
    if (map_.status[i] != fitted) return;
    map_.ln_tau[i] = p.ln_tau, map_.error[i] = p.ln_tau_error, map_.beta[i] = p.beta, map_.beta_error[i] = p.beta_error;
    map_.contrast[i] = p.contrast;
    if (!half) return;
    const std::size_t n = fits_.half->frames();
    for (const bool second : {false, true}) {
      const KwwPixel h = fits_.half->fit(std::span(series).subspan(second ? map_.frames - n : 0, n), *half);
      if (!(h.significance > 0) || !std::isfinite(h.ln_tau)) continue;
      (second ? map_.second : map_.first)[i] = h.ln_tau, (second ? map_.second_error : map_.first_error)[i] = h.ln_tau_error;
    }
  }

  void add(std::size_t i, std::size_t p, const CorrelationTile& tile, RowSums& sums) const {
    if (map_.status[i] != fitted) return;
    const std::size_t channels = map_.channels.size(), b = i % map_.width * 8 / map_.width;
    const double tau = std::exp(map_.ln_tau[i]), signal = map_.contrast[i], white = std::max(0.0, tile.zero[p] - signal);
    sums.pixels[b] += 1;
    // To first order a series of n frames lowers every lag by the variance of its mean.
    const double cut = signal * mean_variance(tau, map_.beta[i], map_.frames) + white / double(map_.frames);
    for (std::size_t c = 0; c < channels; ++c) {
      sums.g2[b * channels + c] += tile.g2[c * tile_pixels + p] + cut;
      sums.model[b * channels + c] += signal * kww_squared(map_.channels[c].lag, tau, map_.beta[i]);
    }
  }

  /// Variance of the mean of n frames over that of one: (1/n) [1 + 2 sum (1 - d/n) rho(d)], by a sum over widening steps.
  static double mean_variance(double tau, double beta, std::size_t n) {
    double sum = 0;
    for (double from = 0.5; from < double(n);) {
      const double to = std::min(double(n), from < 8 ? from + 1 : from * 1.2), middle = 0.5 * (from + to);
      sum += (to - from) * (1 - middle / double(n)) * kww_squared(middle, tau, beta);
      from = to;
    }
    return (1 + 2 * sum) / double(n);
  }

  TauMap& map_;
  Fits fits_;
  std::vector<RowSums> sums_;
};

double median(std::vector<double> v) {
  if (v.empty()) return NAN;
  const auto middle = v.begin() + std::ptrdiff_t(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  return *middle;
}

void scale_errors(TauMap& m) {
  std::vector<double> z;
  for (std::size_t i = 0; i < m.status.size(); ++i)
    if (std::isfinite(m.first[i]) && std::isfinite(m.second[i]) && m.first_error[i] < 1 && m.second_error[i] < 1)
      z.push_back(std::abs(m.first[i] - m.second[i]) / std::hypot(m.first_error[i], m.second_error[i]));
  m.error_scale = z.size() < 20 ? NAN : median(z) / 0.6745;
  if (!(m.error_scale > 1)) return;
  for (std::vector<double>* e : {&m.error, &m.beta_error, &m.first_error, &m.second_error})
    for (double& v : *e) v *= m.error_scale;
}

}  // namespace

std::size_t TauMap::count(PixelStatus s) const { return std::size_t(std::count(status.begin(), status.end(), int(s))); }

TauMap tau_map(const Volume& series, const TauMapSettings& o, Context& context) {
  const auto [nx, ny, nz] = series.size();
  if (nz < 32) throw InputError(fmt::format("{}: an image series must have at least 32 frames (planes), got {}", series.source(), nz));
  TauMap m;
  m.width = nx, m.height = ny, m.frames = nz;
  m.intensity.assign(nx * ny, NAN), m.status.assign(nx * ny, masked);
  for (std::vector<double>* v :
       {&m.ln_tau, &m.error, &m.beta, &m.beta_error, &m.contrast, &m.first, &m.second, &m.first_error, &m.second_error})
    v->assign(nx * ny, NAN);
  Mapper mapper(o, m);
  Bands bands(series, o.memory, context);
  if (bands.bands() > 1)
    context.warn(fmt::format("{}: read {} times, {} rows at once, to stay within {:.3g} GB (--memory)", series.source(), bands.bands() + 1,
                             bands.rows(), o.memory));
  std::vector<double> scale(nz, 1);
  for (std::size_t band = 0; band < bands.bands(); ++band) {
    const std::vector<float>& data = bands.load(band);
    const std::size_t from = band * bands.rows(), rows = std::min(bands.rows(), ny - from);
    if (band == 0) {
      const double mean = std::accumulate(bands.means().begin(), bands.means().end(), 0.0) / double(nz);
      const auto [low, high] = std::minmax_element(bands.means().begin(), bands.means().end());
      m.drift = (*high - *low) / mean;
      for (std::size_t f = 0; f < nz && o.by_frame; ++f) scale[f] = mean / bands.means()[f];
    }
    constexpr std::size_t step = 16;  // rows between looks at the user
    for (std::size_t y = 0; y < rows; y += step) {
      context.check_cancelled();
      context.progress(double(from + y) / double(ny), "fitting pixels");
#pragma omp parallel for schedule(dynamic)
      for (std::int64_t k = std::int64_t(y); k < std::int64_t(std::min(rows, y + step)); ++k)
        mapper.row(data, rows, std::size_t(k), from + std::size_t(k), scale);
    }
  }
  mapper.finish();
  scale_errors(m);
  return m;
}

}  // namespace heteroglass::probes
