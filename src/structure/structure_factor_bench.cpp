// Both methods with their defaults (direct: 200 bins of at most 1000 wavevectors). No peer.
#include "speed.hpp"
#include "structure/structure_factor.hpp"

namespace {
using namespace heteroglass;

void structure_factor(benchmark::State& state, const char* method) {
  const bench::Threads threads(state);
  const Frame f = bench::configuration(state);
  for (auto _ : state) benchmark::DoNotOptimize(structure::structure_factor(f, {.method = method}));
  bench::count_atoms(state, f.size());
}
HETEROGLASS_SPEED_OF(structure_factor, direct, "direct");
HETEROGLASS_SPEED_OF(structure_factor, fourier, "fourier");
}  // namespace
