// Forces of Lennard-Jones mixtures: a glass, and a cluster so small that what surrounds the sums counts.
#include "glasses.hpp"
#include "potential/lennard_jones.hpp"
#include "speed.hpp"

namespace {
using namespace heteroglass;

void time_forces(benchmark::State& state, const Frame& frame, const std::string& name) {
  const auto c = potential::load(name, frame)->calculator(frame);
  std::vector<Vec3> force(frame.size());
  c->forces(frame.box, frame.position, force);
  for (auto _ : state) benchmark::DoNotOptimize(c->forces(frame.box, frame.position, force));
  bench::count_atoms(state, frame.size());
}

void lennard_jones_forces(benchmark::State& state) {
  const bench::Threads threads(state);
  Frame frame = test::disordered(static_cast<int>(state.range(0)), 1.2);
  frame.units = UnitSystem::lj, frame.species[0].name = "A", frame.species[1].name = "B";
  time_forces(state, frame, "lj:kob-andersen");
}
BENCHMARK(lennard_jones_forces)
    ->ArgNames({"cells", "threads"})
    ->Args({10, 1})
    ->Args({20, 1})
    ->Args({20, 2})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void cluster_forces(benchmark::State& state) {
  Frame frame = test::kob_andersen(38);
  frame.box = Box(frame.box.edges(), frame.box.origin(), {false, false, false});
  for (int& t : frame.type) t = 0;
  frame.species.resize(1);
  time_forces(state, frame, "lj:one-component,cutoff=10");
}
BENCHMARK(cluster_forces)->Unit(benchmark::kMicrosecond);
}  // namespace
