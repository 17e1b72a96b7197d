// Maps of 1024^2 pixels and volumes of 256^3 voxels: correlations, regions, boxes, surrogates.
#include <benchmark/benchmark.h>

#include "numeric/bit_volume.hpp"
#include "numeric/fourier.hpp"
#include "numeric/map_correlation.hpp"
#include "numeric/region_shapes.hpp"
#include "numeric/surrogate.hpp"
#include "sample_map.hpp"

namespace heteroglass::numeric {
namespace {

const std::vector<double>& map() {
  static const std::vector<double> v = test::gaussian_map({.width = 1024, .height = 1024, .xi = 6}, 1);
  return v;
}
const MapView view_1024() { return {1024, 1024, 1, 1, map()}; }

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
  for (auto _ : state) benchmark::DoNotOptimize(region_shapes(view_1024(), 1.0, 1e9, true, true));
}
BENCHMARK(label_and_ellipses)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

BitVolume random_blobs(std::size_t n) {
  // thresholded smooth noise: as many voxels in as out of a fifth of the volume
  const std::vector<double> plane = test::gaussian_map({.width = n, .height = n, .xi = 5}, 2);
  BitVolume v({n, n, n});
  for (std::size_t z = 0; z < n; ++z)
    for (std::size_t y = 0; y < n; ++y)
      for (std::size_t x = 0; x < n; ++x)
        if (plane[y * n + x] + plane[z * n + (x + y) % n] > 1.2) v.set(x, y, z);
  return v;
}

void box_counts_256(benchmark::State& state) {
  const BitVolume v = random_blobs(256);
  for (auto _ : state)
    for (std::size_t box = 1; box <= 128; box *= 2) benchmark::DoNotOptimize(box_count(v, box));
}
BENCHMARK(box_counts_256)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void label_256(benchmark::State& state) {
  const BitVolume v = random_blobs(256);
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
