// Targets: 10,000 steps in less than 0.1 s; parameters of four curves in less than 5 s.
#include <benchmark/benchmark.h>

#include "calorimetry/dsc_model.hpp"
#include "calorimetry/structural_relaxation.hpp"

namespace heteroglass::calorimetry {
namespace {

const StructuralLaw law{.ln_a = -125, .energy = 42638, .x = 0.7, .beta = 0.8};

void dsc_model_steps(benchmark::State& state) {
  const ThermalHistory h = thermal_history("380K, 270K@10K/min, 1e5s, 380K@10K/min");
  std::size_t steps = 0;
  for (auto _ : state) {
    const FictivePath p = fictive_path(h, law, numeric::kohlrausch_sum(0.8), 0.0226);
    steps = p.steps;
    benchmark::DoNotOptimize(p.at_start);
  }
  state.counters["steps"] = static_cast<double>(steps);
}
BENCHMARK(dsc_model_steps)->Unit(benchmark::kMillisecond);

void dsc_model_fit_of_four(benchmark::State& state) {
  std::vector<Curve> curves;
  const std::vector<double> cooling = {1, 5, 20, 100};
  for (const double q : cooling) {
    ThermalHistory h{370, {}};
    ramp(h, 280, q), ramp(h, 370, 10);
    Curve c;
    c.columns = {{"temperature", "K", {}}, {"normalised", "1", {}}};
    c.columns[1].values = normalised_heat_capacity(fictive_path(h, law, numeric::kohlrausch_sum(0.8), 0.1), c.columns[0].values);
    curves.push_back(c);
  }
  DscModelOptions o;
  o.cooling_rates = cooling, o.heating_rates = {10}, o.start_temperature = 370, o.low_temperature = 280;
  for (auto _ : state) benchmark::DoNotOptimize(dsc_model(curves, o).rms);
}
BENCHMARK(dsc_model_fit_of_four)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace heteroglass::calorimetry
