// A map of 64 x 64 pixels and 2,000 frames, whole and halves; 256 x 256 takes sixteen times as long.
#include <benchmark/benchmark.h>

#include <random>

#include "probes/series/tau_map.hpp"
#include "sample_volume.hpp"
#include "speckle_series.hpp"

namespace heteroglass::probes {
namespace {

void tau_map_64(benchmark::State& state) {
  std::mt19937_64 random(1);
  constexpr std::size_t edge = 64, frames = 2000;
  const test::Speckle speckle(frames, 12, 1);
  std::vector<float> all(edge * edge * frames);
  for (std::size_t p = 0; p < edge * edge; ++p) {
    const std::vector<double> s = speckle.series(random, 2, 0.1);
    for (std::size_t f = 0; f < frames; ++f) all[f * edge * edge + p] = float(100 * s[f]);
  }
  const test::ArrayVolume v({edge, edge, frames},
                            [&](std::size_t x, std::size_t y, std::size_t f) { return all[(f * edge + y) * edge + x]; });
  for (auto _ : state) benchmark::DoNotOptimize(tau_map(v, {}, Context::quiet()));
  state.counters["pixels"] = benchmark::Counter(double(edge * edge) * double(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(tau_map_64)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace
}  // namespace heteroglass::probes
