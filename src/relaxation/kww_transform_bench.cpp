// Cosine and sine transforms of the stretched exponential at 1e-10: pairs per second, log-spaced over 16 decades (`all`) and where only
// the contour serves (`contour`), with the cost of preparing beta shared by 100 frequencies. The peer is SciPy's adaptive Fourier quadrature.
#include <benchmark/benchmark.h>

#include <cmath>

#include "relaxation/kww_transform.hpp"

namespace {
using namespace heteroglass;

void pairs(benchmark::State& state, double low, double high) {
  const double beta = static_cast<double>(state.range(0)) / 100;
  for (auto _ : state) {
    const relaxation::KwwTransform kww(beta);
    for (int i = 0; i < 100; ++i) benchmark::DoNotOptimize(kww.fourier(low * std::pow(high / low, i / 99.0)));
  }
  state.SetItemsProcessed(100 * state.iterations());
}
void kww_all(benchmark::State& state) { pairs(state, 1e-8, 1e8); }
void kww_contour(benchmark::State& state) { pairs(state, 0.02, 2); }
void kww_derivatives(benchmark::State& state) {
  const double beta = static_cast<double>(state.range(0)) / 100;
  for (auto _ : state) {
    const relaxation::KwwTransform kww(beta);
    relaxation::KwwTransform::Derivatives d;
    for (int i = 0; i < 100; ++i) benchmark::DoNotOptimize(kww.susceptibility(1e-3 * std::pow(1e6, i / 99.0), d));
  }
  state.SetItemsProcessed(100 * state.iterations());
}
BENCHMARK(kww_all)->Arg(10)->Arg(30)->Arg(50)->Arg(70)->Arg(90)->Arg(150);
BENCHMARK(kww_contour)->Arg(10)->Arg(30)->Arg(50)->Arg(70)->Arg(90)->Arg(150);
BENCHMARK(kww_derivatives)->Arg(30)->Arg(50)->Arg(70);
}  // namespace
