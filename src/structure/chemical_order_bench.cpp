// Warren-Cowley parameters within 3.8 angstrom.
#include "speed.hpp"
#include "structure/chemical_order.hpp"

namespace {
using namespace heteroglass;

void chemical_order(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame f = bench::configuration(state);
  for (auto _ : state) benchmark::DoNotOptimize(structure::chemical_order(f, {.r_cut = 3.8}));
  bench::count_atoms(state, f.size());
}
HETEROGLASS_SPEED(chemical_order);
}  // namespace
