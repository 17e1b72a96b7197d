// The whole analysis: radical cells, indices, tables.
#include "speed.hpp"
#include "structure/voronoi.hpp"

namespace {
using namespace heteroglass;

void voronoi(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame frame = bench::configuration(state);
  structure::VoronoiOptions options;
  options.radical = true;
  for (auto _ : state) benchmark::DoNotOptimize(structure::voronoi(frame, options));
  bench::count_atoms(state, frame.size());
}
HETEROGLASS_SPEED(voronoi);
}  // namespace
