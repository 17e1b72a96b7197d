// Spectrum with a 95 % band (evidence, 200 samples) of M', M'' at 80 and 200 frequencies over ten decades, 1 % noise: target 1 s. The peer in
// bench/relaxation.py is one lambda by GCV over the same 37 values with SciPy's nnls, without a band.
#include <benchmark/benchmark.h>
#include <omp.h>

#include <cmath>
#include <complex>
#include <random>

#include "relaxation/spectrum.hpp"

namespace {
using namespace heteroglass;

void spectrum(benchmark::State& state, const char* method) {
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  Curve c;
  c.source = "made";
  c.columns = {{"angular_frequency", "rad/s", {}}, {"storage", "GPa", {}}, {"loss", "GPa", {}}};
  for (int i = 0; i < state.range(0); ++i) {
    const double w = std::pow(10, -5 + 10.0 * i / static_cast<double>(state.range(0) - 1));
    const std::complex<double> chi = std::pow(1.0 + std::pow(std::complex<double>(0, w), 0.8), -0.6);
    c.columns[0].values.push_back(w);
    c.columns[1].values.push_back((1 + 9 * (1 - chi.real())) * (1 + 0.01 * normal(random))),
        c.columns[2].values.push_back(-9 * chi.imag() * (1 + 0.01 * normal(random)));
  }
  for (auto _ : state) benchmark::DoNotOptimize(relaxation::spectrum({&c, 1}, {.method = method}));
  omp_set_num_threads(before);
}
BENCHMARK_CAPTURE(spectrum, tikhonov, "tikhonov")->Arg(80)->Arg(200)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(spectrum, maximum_entropy, "maximum-entropy")->Arg(80)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(spectrum, discrete, "discrete")->Arg(80)->Unit(benchmark::kMillisecond);
}  // namespace
