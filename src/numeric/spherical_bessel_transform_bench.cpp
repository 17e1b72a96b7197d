// Transforms of 4000 points q to 2000 points r on one thread; the peers are numpy (sine) and scipy.special.spherical_jn (l = 2), which
// bench/diffraction.py measures in the same run.
#include <benchmark/benchmark.h>
#include <omp.h>

#include <cmath>

#include "numeric/spherical_bessel_transform.hpp"

namespace {
using namespace heteroglass;

struct Input {
  std::vector<double> q, f;
  Input() {
    for (int i = 0; i < 4000; ++i) q.push_back(0.005 * (i + 1)), f.push_back(q.back() * std::exp(-0.01 * q.back() * q.back()));
  }
};

void sine_transform(benchmark::State& state) {
  omp_set_num_threads(static_cast<int>(state.range(0)));
  const Input in;
  for (auto _ : state) benchmark::DoNotOptimize(numeric::sine_sums(in.q, in.f, {0.01, 0.01, 2000}));
}
void bessel_transform_2(benchmark::State& state) {
  omp_set_num_threads(static_cast<int>(state.range(0)));
  const Input in;
  for (auto _ : state) benchmark::DoNotOptimize(numeric::bessel_sums(2, in.q, in.f, {0.01, 0.01, 2000}));
}
BENCHMARK(sine_transform)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(bessel_transform_2)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
}  // namespace
