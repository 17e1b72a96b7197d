// q_4, q_6, their averages and w_4, w_6 within 3.8 angstrom; the peer is LAMMPS `compute orientorder/atom` (q_4, q_6 only).
#include "speed.hpp"
#include "structure/bond_order.hpp"

namespace {
using namespace heteroglass;

void bond_order(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame f = bench::configuration(state);
  for (auto _ : state) benchmark::DoNotOptimize(structure::bond_order(f, {.r_cut = 3.8}));
  bench::count_atoms(state, f.size());
}
HETEROGLASS_SPEED(bond_order);
}  // namespace
