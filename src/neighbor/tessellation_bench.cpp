// Cells with face orders; the peer `voro++` is timed by ./dev bench on the same density.
#include <benchmark/benchmark.h>
#include <omp.h>

#include "crystals.hpp"
#include "neighbor/tessellation.hpp"

namespace {
using namespace heteroglass;

void tessellation(benchmark::State& state, bool radical) {
  const Frame f = test::disordered(static_cast<int>(state.range(0)));
  std::vector<double> radii;
  if (radical)
    for (int t : f.type) radii.push_back(t == 0 ? 1.28 : 1.60);
  const int before = omp_get_max_threads();
  omp_set_num_threads(static_cast<int>(state.range(1)));
  std::vector<int> pentagons(f.size());
  for (auto _ : state)
    neighbor::tessellate(f, radii, [&](const neighbor::VoronoiCell& c) {
      int n = 0;
      for (const auto& face : c.faces) n += face.order == 5;
      pentagons[c.atom] = n;
    });
  omp_set_num_threads(before);
  state.counters["atoms/s"] = benchmark::Counter(double(f.size()) * double(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(tessellation, radical, true)
    ->ArgsProduct({{10, 20, 40}, {1, 2}})
    ->ArgNames({"cells", "threads"})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(tessellation, ordinary, false)
    ->ArgsProduct({{20}, {1}})
    ->ArgNames({"cells", "threads"})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
}  // namespace
