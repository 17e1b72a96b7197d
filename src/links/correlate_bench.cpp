// All indicators against D2min, per species and pooled, with errors and shuffled controls.
#include "links/correlate.hpp"
#include "speed.hpp"

namespace {
using namespace heteroglass;

void correlate(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame reference = bench::configuration(state);
  Frame current = reference;
  for (std::size_t i = 0; i < current.size(); ++i) current.position[i].x += 0.1 * std::sin(double(i));
  current.normalise();
  const std::vector<Frame> frames = {reference, current};
  for (auto _ : state) benchmark::DoNotOptimize(links::correlate(frames, {.r_cut = 3.8, .shuffles = 20}));
  bench::count_atoms(state, reference.size());
}
BENCHMARK(correlate)
    ->ArgNames({"cells", "threads"})
    ->Args({10, 1})
    ->Args({20, 1})
    ->Args({20, 2})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
}  // namespace
