// Speed of the fits of a grid. Peer: SciPy (curve_fit of the standard linear solid) takes 61 ms for 100 curves of 1,000 points.
#include <benchmark/benchmark.h>

#include "probes/contact/indent.hpp"
#include "probes/contact/synthetic_indent.hpp"
#include "probes/indentation.hpp"

namespace heteroglass::probes {
namespace {

std::vector<Curve> curves(std::size_t n, std::size_t points) {
  std::vector<Curve> all;
  for (std::size_t i = 0; i < n; ++i) {
    synthetic::Indent s;
    s.seed = i + 1, s.points = points, s.fraction = 0.6, s.unload = 0;
    all.push_back(synthetic::curve(s));
    all.back().label = all.back().source = std::to_string(i + 1);
  }
  return all;
}

/// The fit alone, with its errors and its profile interval.
void fit(benchmark::State& state, ContactModel model) {
  const std::vector<Curve> all = curves(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  for (auto _ : state)
    for (const Curve& c : all) {
      LoadHistory h;
      h.time = c.columns[0].values, h.load = c.columns[1].values, h.depth = c.columns[2].values;
      h.first = h.time.size() / 50;
      benchmark::DoNotOptimize(fit_contact(h, model));
    }
}
BENCHMARK_CAPTURE(fit, zener, ContactModel::zener)->Args({100, 1000})->Args({121, 3000})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fit, kelvin, ContactModel::kelvin)->Args({100, 1000})->Args({121, 3000})->Unit(benchmark::kMillisecond);

/// The whole analysis: segments, three models, pop-ins, Oliver-Pharr, maps, correlation lengths with 200 shuffles, groups.
void grid(benchmark::State& state) {
  const std::vector<Curve> all = curves(121, 3000);
  IndentationOptions o;
  o.grid = "11x11", o.spacing = 100, o.grid_order = "rows", o.radius = 2, o.poisson = 0.363;
  for (auto _ : state) benchmark::DoNotOptimize(indentation(all, o).mean_shear_modulus.value);
}
BENCHMARK(grid)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
}  // namespace heteroglass::probes
