// Half list at 6.5 angstrom; the peer is LAMMPS. Visiting without a list, as pdf does, for comparison.
#include "neighbor/neighbor_list.hpp"
#include "speed.hpp"

namespace {
using namespace heteroglass;

void neighbor_list(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame f = bench::configuration(state);
  for (auto _ : state) benchmark::DoNotOptimize(neighbor::neighbor_list(f, 6.5, true));
  bench::count_atoms(state, f.size());
}
HETEROGLASS_SPEED(neighbor_list);

void cell_list(benchmark::State& state, double r_cut) {
  const bench::Threads threads(state);
  const Frame f = bench::configuration(state);
  for (auto _ : state) {
    const neighbor::CellList cells(f, r_cut);
    std::size_t pairs = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : pairs)
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(cells.blocks()); ++b)
      cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::once,
                  [&](std::size_t, std::span<const neighbor::Neighbor> near) { pairs += near.size(); });
    benchmark::DoNotOptimize(pairs);
  }
  bench::count_atoms(state, f.size());
}
HETEROGLASS_SPEED_OF(cell_list, cut_3_8, 3.8);
HETEROGLASS_SPEED_OF(cell_list, cut_6_5, 6.5);
HETEROGLASS_SPEED_OF(cell_list, cut_10, 10);
}  // namespace
