#include "probes/series/tau_statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/error.hpp"
#include "numeric/decay_length.hpp"
#include "numeric/surrogate.hpp"

namespace heteroglass::probes {
namespace {

constexpr std::size_t quarters = 4;

/// Deviations of the halves from their means; NaN where one is missing.
struct Halves {
  std::vector<double> a, b;
  double variance_a = 0, variance_b = 0, covariance = 0, pixels = 0;
};

Halves halves(const TauMap& m, const std::vector<char>& member) {
  Halves h;
  h.a.assign(m.status.size(), NAN), h.b = h.a;
  double sum_a = 0, sum_b = 0;
  for (std::size_t i = 0; i < h.a.size(); ++i)
    if (member[i] && std::isfinite(m.first[i]) && std::isfinite(m.second[i]) && m.first_error[i] < 1.5 && m.second_error[i] < 1.5)
      h.a[i] = m.first[i], h.b[i] = m.second[i], sum_a += h.a[i], sum_b += h.b[i], ++h.pixels;
  for (std::size_t i = 0; i < h.a.size(); ++i) {
    if (std::isnan(h.a[i])) continue;
    h.a[i] -= sum_a / h.pixels, h.b[i] -= sum_b / h.pixels;
    h.variance_a += h.a[i] * h.a[i] / h.pixels, h.variance_b += h.b[i] * h.b[i] / h.pixels, h.covariance += h.a[i] * h.b[i] / h.pixels;
  }
  return h;
}

/// Sums of products over pairs of pixels by distance and quarter of the image.
struct PairSums {
  explicit PairSums(std::size_t reach) : shared(quarters * reach), noise(shared), pairs(shared), distance(shared) {}
  std::vector<double> shared, noise, pairs, distance;
  void operator+=(const PairSums& o) {
    for (std::size_t k = 0; k < shared.size(); ++k)
      shared[k] += o.shared[k], noise[k] += o.noise[k], pairs[k] += o.pairs[k], distance[k] += o.distance[k];
  }
};

/// Pairs along one displacement.
void add_displacement(const TauMap& m, const Halves& h, std::ptrdiff_t dx, std::ptrdiff_t dy, std::size_t reach, PairSums& sums) {
  const double r = std::hypot(double(dx), double(dy));
  const auto bin = std::size_t(std::lround(r));
  if (bin >= reach) return;
  const auto w = std::ptrdiff_t(m.width), height = std::ptrdiff_t(m.height);
  for (std::ptrdiff_t y = 0; y + dy < height; ++y)
    for (std::ptrdiff_t x = std::max<std::ptrdiff_t>(0, -dx); x < std::min(w, w - dx); ++x) {
      const auto i = std::size_t(y * w + x), j = std::size_t((y + dy) * w + x + dx);
      if (std::isnan(h.a[i]) || std::isnan(h.a[j])) continue;
      const std::size_t k = (std::size_t(2 * y / height) * 2 + std::size_t(2 * x / w)) * reach + bin;
      sums.shared[k] += 0.5 * (h.a[i] * h.b[j] + h.b[i] * h.a[j]);
      sums.noise[k] += (h.a[i] - h.b[i]) * (h.a[j] - h.b[j]);
      sums.pairs[k] += 1, sums.distance[k] += r;
    }
}

PairSums pair_sums(const TauMap& m, const Halves& h, std::size_t reach) {
  // One partial sum a row of displacements, added in order: the same for any number of threads.
  std::vector<PairSums> rows(reach, PairSums(reach));
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t dy = 0; dy < std::int64_t(reach); ++dy)
    for (std::int64_t dx = dy == 0 ? 0 : -std::int64_t(reach); dx < std::int64_t(reach); ++dx)
      add_displacement(m, h, dx, dy, reach, rows[std::size_t(dy)]);
  PairSums all(reach);
  for (const PairSums& r : rows) all += r;
  return all;
}

/// Mean over the quarters but one (4: over all).
std::vector<double> curve(const std::vector<double>& sum, const std::vector<double>& pairs, std::size_t reach, std::size_t left_out) {
  std::vector<double> c(reach);
  for (std::size_t r = 0; r < reach; ++r) {
    double s = 0, n = 0;
    for (std::size_t q = 0; q < quarters; ++q)
      if (q != left_out) s += sum[q * reach + r], n += pairs[q * reach + r];
    c[r] = n > 0 ? s / n : NAN;
  }
  return c;
}

double jackknife(const std::vector<double>& without, double whole) {
  double sum = 0, n = 0;
  for (const double v : without)
    if (std::isfinite(v)) sum += (v - whole) * (v - whole), ++n;
  return n > 2 ? std::sqrt((n - 1) / n * sum) : NAN;
}

}  // namespace

Measured mean_ln_tau(const TauMap& m, const std::vector<char>& member) {
  // sums over all pixels less those of a block
  struct Sums {
    double ln_tau = 0, pixels = 0, bias = 0, pairs = 0;
    double correction() const { return pairs > 0 ? bias / pairs : 0; }
    double mean() const { return ln_tau / pixels + correction(); }
  } all;
  std::vector<Sums> block(TauMap::blocks);
  const auto add = [&](Sums& s, std::size_t i) {
    s.ln_tau += m.ln_tau[i], s.pixels += 1;
    if (!std::isfinite(m.first[i]) || !std::isfinite(m.second[i])) return;
    s.bias += m.ln_tau[i] - 0.5 * (m.first[i] + m.second[i]), s.pairs += 1;
  };
  for (std::size_t i = 0; i < m.status.size(); ++i)
    if (member[i] && m.status[i] == fitted) add(all, i), add(block[m.block(i)], i);
  if (all.pixels == 0) return {NAN, NAN, "no pixel was fitted"};
  std::vector<double> without;
  for (const Sums& s : block)
    if (s.pixels > 0 && s.pixels < all.pixels)
      without.push_back(Sums{all.ln_tau - s.ln_tau, all.pixels - s.pixels, all.bias - s.bias, all.pairs - s.pairs}.mean());
  return {all.mean(), std::hypot(jackknife(without, all.mean()), all.correction()),
          "jackknife over blocks of the image, and the correction for the length of the series"};
}

TauCorrelation tau_correlation(const TauMap& m, const std::vector<char>& member) {
  const Halves h = halves(m, member);
  if (h.pixels < 16) throw InputError(fmt::format("correlation of times: must have 16 pixels fitted in both halves, got {}", h.pixels));
  const std::size_t reach = std::clamp<std::size_t>(std::min(m.width, m.height) / 3, 3, 48);
  const PairSums sums = pair_sums(m, h, reach);
  TauCorrelation t;
  const std::vector<double> shared = curve(sums.shared, sums.pairs, reach, quarters),
                            noise = curve(sums.noise, sums.pairs, reach, quarters);
  t.distance = curve(sums.distance, sums.pairs, reach, quarters);
  std::vector<std::vector<double>> parts;
  std::vector<double> lengths, noise_lengths, spreads;
  for (std::size_t q = 0; q < quarters; ++q) {
    parts.push_back(curve(sums.shared, sums.pairs, reach, q));
    lengths.push_back(numeric::decay_length(t.distance, parts.back())), spreads.push_back(std::sqrt(std::max(0.0, parts.back()[0])));
    noise_lengths.push_back(numeric::decay_length(t.distance, curve(sums.noise, sums.pairs, reach, q)));
  }
  for (std::size_t r = 0; r < reach; ++r) {
    std::vector<double> without;
    for (const auto& p : parts) without.push_back(p[r] / p[0]);
    t.shared.push_back(shared[r] / shared[0]), t.shared_error.push_back(jackknife(without, shared[r] / shared[0]));
    t.noise.push_back(noise[r] / noise[0]);
  }
  const char* how = "jackknife over the quarters of the image";
  const double length = shared[0] > 0 ? numeric::decay_length(t.distance, shared) : NAN;
  t.length = {length, jackknife(lengths, length),
              std::isfinite(length) ? how : "the correlation does not fall to 1/e, or the halves share nothing"};
  const double noise_length = numeric::decay_length(t.distance, noise);
  t.noise_length = {noise_length, jackknife(noise_lengths, noise_length), how};
  t.spread = {std::sqrt(std::max(0.0, shared[0])), jackknife(spreads, std::sqrt(std::max(0.0, shared[0]))), how};
  t.reproducibility = h.covariance / std::sqrt(h.variance_a * h.variance_b);
  return t;
}

std::vector<double> chance_reproducibility(const TauMap& m, const std::vector<char>& member, int surrogates, std::uint64_t seed,
                                           Context& context) {
  const Halves h = halves(m, member);
  std::vector<float> field;
  for (const double v : h.b) field.push_back(std::isnan(v) ? 0.0f : float(v));
  std::vector<double> out;
  for (int k = 0; k < surrogates; ++k) {
    context.check_cancelled();
    const std::vector<float> other = numeric::surrogate(field, {m.width, m.height, 1}, seed * 1000003u + std::uint64_t(k));
    double product = 0, square = 0, sum = 0;
    for (std::size_t i = 0; i < other.size(); ++i)
      if (!std::isnan(h.a[i])) product += h.a[i] * double(other[i]), square += double(other[i]) * double(other[i]), sum += double(other[i]);
    out.push_back(product / h.pixels / std::sqrt(h.variance_a * (square / h.pixels - sum * sum / h.pixels / h.pixels)));
  }
  return out;
}

}  // namespace heteroglass::probes
