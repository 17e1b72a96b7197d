// Maps of 1024^2 pixels and volumes of 256^3 voxels: correlations, regions, boxes, surrogates.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>

#include "numeric/bit_volume.hpp"
#include "numeric/fourier.hpp"
#include "numeric/map_correlation.hpp"
#include "numeric/region_shapes.hpp"
#include "numeric/surrogate.hpp"

namespace heteroglass::numeric {
namespace {

/// Waves and a hash: the same numbers as in bench/maps.py.
double field(std::uint32_t x, std::uint32_t y, std::uint32_t z) {
  std::uint32_t h = x * 73856093u ^ y * 19349663u ^ z * 83492791u;
  h = (h ^ (h >> 16)) * 0x45d9f3bu;
  h = (h ^ (h >> 16)) * 0x45d9f3bu;
  h ^= h >> 16;
  return std::cos(0.20 * x) + std::cos(0.23 * y) + std::cos(0.17 * z) + std::cos(0.13 * x + 0.11 * y) + std::cos(0.12 * y - 0.15 * z) +
         0.8 * double(h) / 4294967296.0;
}

const std::vector<double>& map() {
  static const std::vector<double> v = [] {
    std::vector<double> m;
    for (std::uint32_t y = 0; y < 1024; ++y)
      for (std::uint32_t x = 0; x < 1024; ++x) m.push_back(field(x, y, 0));
    const double mean = moments(m).mean;
    for (double& p : m) p -= mean;
    return m;
  }();
  return v;
}
MapView view_1024() { return {1024, 1024, 1, 1, map()}; }

void autocorrelation_periodic(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(periodic_autocorrelation(map(), 1024, 1024));
}
BENCHMARK(autocorrelation_periodic)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void autocorrelation_padded(benchmark::State& state) {
  for (auto _ : state) {
    const PaddedFourier f(1024, 1024, 512, 512);
    PaddedFourier::Spectrum s = f.forward(map());
    for (auto& m : s) m = std::norm(m);
    benchmark::DoNotOptimize(f.inverse(std::move(s)));
  }
}
BENCHMARK(autocorrelation_padded)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void height_height(benchmark::State& state) {
  const auto lag = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(radial(lag_sums(view_1024(), lag, lag, 0), 1, 1));
}
BENCHMARK(height_height)->Arg(256)->Arg(512)->Arg(1023)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void height_height_masked(benchmark::State& state) {
  std::vector<double> v = map();
  for (std::size_t i = 0; i < v.size(); i += 17) v[i] = NAN;
  for (auto _ : state) benchmark::DoNotOptimize(radial(lag_sums({1024, 1024, 1, 1, v}, 512, 512, 0), 1, 1));
}
BENCHMARK(height_height_masked)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void lengths_with_errors(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(map_correlation(view_1024()));
}
BENCHMARK(lengths_with_errors)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void label_and_ellipses(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(region_shapes(view_1024(), 1.5, 1e9, true, true));
}
BENCHMARK(label_and_ellipses)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

BitVolume chosen_256() {
  BitVolume v({256, 256, 256});
  for (std::uint32_t z = 0; z < 256; ++z)
    for (std::uint32_t y = 0; y < 256; ++y)
      for (std::uint32_t x = 0; x < 256; ++x)
        if (field(x, y, z) > 2.4) v.set(x, y, z);
  return v;
}

void box_counts_256(benchmark::State& state) {
  const BitVolume v = chosen_256();
  for (auto _ : state)
    for (std::size_t box = 1; box <= 128; box *= 2) benchmark::DoNotOptimize(box_count(v, box));
}
BENCHMARK(box_counts_256)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void label_256(benchmark::State& state) {
  const BitVolume v = chosen_256();
  for (auto _ : state) benchmark::DoNotOptimize(regions(v, state.range(0) == 26));
}
BENCHMARK(label_256)->Arg(6)->Arg(26)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void surrogate_100(benchmark::State& state) {
  std::vector<float> v(1000000);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<float>(map()[i]);
  std::uint64_t seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(surrogate(v, {100, 100, 100}, ++seed));
}
BENCHMARK(surrogate_100)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace
}  // namespace heteroglass::numeric
