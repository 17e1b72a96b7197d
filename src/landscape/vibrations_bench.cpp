// Softest hundred modes, and the density of states by kernel polynomials, of a Cu-Zr minimum of 4,000 atoms. Targets: 60 s and 4 GB
// for the modes of 4,000 atoms; 300 s on two cores for the density of states of 100,000.
#include "landscape/relax.hpp"
#include "landscape/vibrations.hpp"
#include "speed.hpp"

namespace {
using namespace heteroglass;

void vibrations(benchmark::State& state, const landscape::VibrationsOptions& options) {
  const bench::Threads threads(state);
  Frame frame = bench::configuration(state);
  const auto calculator = potential::load(options.potential, frame)->calculator(frame);
  landscape::relax(*calculator, frame.box, frame.position, {.force_tolerance = 1e-5});
  frame.normalise();
  for (auto _ : state) benchmark::DoNotOptimize(landscape::vibrations(frame, options));
  bench::count_atoms(state, frame.size());
}

void once(benchmark::internal::Benchmark* b) {
  b->ArgNames({"cells", "threads"})->Args({10, 1})->Args({10, 2})->UseRealTime()->Iterations(1)->Unit(benchmark::kMillisecond);
}
BENCHMARK_CAPTURE(vibrations, lowest, {.method = "lowest", .modes = 100})->Apply(once);
BENCHMARK_CAPTURE(vibrations, kernel_polynomial, {.method = "kernel-polynomial"})->Apply(once);
}  // namespace
