// Three partial g(r) to 10 angstrom in 200 bins, with peaks and coordination numbers; the peer is LAMMPS `compute rdf`.
#include "speed.hpp"
#include "structure/pdf.hpp"

namespace {
using namespace heteroglass;

void pdf(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame f = bench::configuration(state);
  for (auto _ : state) benchmark::DoNotOptimize(structure::pdf(f));
  bench::count_atoms(state, f.size());
}
HETEROGLASS_SPEED(pdf);
}  // namespace
