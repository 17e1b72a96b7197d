// A force evaluation of the region that a saddle search moves: it must cost the same in 4,000 and in 100,000 atoms.
#include "landscape/region.hpp"
#include "speed.hpp"

namespace {
using namespace heteroglass;

void saddle_region(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame f = bench::configuration(state);
  const auto potential = potential::load("CuZr-Mendelev2007", f);
  landscape::Region region(*potential, f, f.position, f.position[f.size() / 2], 6.6);
  landscape::Vectors x = region.start(), force(x.size());
  region.forces(x, force);
  for (auto _ : state) {
    region.forces(x, force);
    benchmark::DoNotOptimize(force.data());
  }
  state.counters["moving"] = static_cast<double>(region.size());
  state.counters["simulated"] = static_cast<double>(region.simulated());
}
BENCHMARK(saddle_region)->ArgNames({"cells", "threads"})->Args({10, 1})->Args({29, 1})->UseRealTime()->Unit(benchmark::kMicrosecond);
}  // namespace
