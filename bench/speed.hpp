/// What every benchmark here shares, so that `./dev bench` (bench/compare.py) can set it beside its target and its peer.
///
/// A benchmark is named like the analysis it times, works on `test::disordered(cells)` (4 cells^3 atoms, the configuration
/// that the peers get as a file), takes the arguments cells and threads, and counts atoms per second:
///
///     void voronoi(benchmark::State& state) {
///       const bench::Threads threads(state);
///       const Frame frame = bench::configuration(state);
///       for (auto _ : state) benchmark::DoNotOptimize(structure::voronoi(frame, {.radical = true}));
///       bench::count_atoms(state, frame.size());
///     }
///     HETEROGLASS_SPEED(voronoi);
#pragma once

#include <benchmark/benchmark.h>
#include <omp.h>

#include "crystals.hpp"

namespace heteroglass::bench {

/// Sets the number of threads for one benchmark and puts the old one back.
class Threads {
 public:
  explicit Threads(const benchmark::State& state) { omp_set_num_threads(static_cast<int>(state.range(1))); }
  ~Threads() { omp_set_num_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int before_ = omp_get_max_threads();
};

inline Frame configuration(const benchmark::State& state) { return test::disordered(static_cast<int>(state.range(0))); }

inline void count_atoms(benchmark::State& state, std::size_t atoms) {
  state.counters["atoms/s"] = benchmark::Counter(double(atoms) * double(state.iterations()), benchmark::Counter::kIsRate);
}

/// 4,000 to 1,000,188 atoms on one thread, for the linearity of the cost, and 32,000 on two.
inline void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"cells", "threads"});
  for (const int cells : {10, 20, 40, 63}) b->Args({cells, 1});
  b->Args({20, 2});
  b->UseRealTime()->Unit(benchmark::kMillisecond);
}

}  // namespace heteroglass::bench

#define HETEROGLASS_SPEED(function) BENCHMARK(function)->Apply(heteroglass::bench::sizes)
#define HETEROGLASS_SPEED_OF(function, variant, ...) BENCHMARK_CAPTURE(function, variant, __VA_ARGS__)->Apply(heteroglass::bench::sizes)
