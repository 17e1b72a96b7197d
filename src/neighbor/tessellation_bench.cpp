// Cells with face orders; the peer is the `voro++` command.
#include "neighbor/tessellation.hpp"
#include "speed.hpp"

namespace {
using namespace heteroglass;

void tessellation(benchmark::State& state, bool radical) {
  const bench::Threads threads(state);
  const Frame f = bench::configuration(state);
  std::vector<double> radii;
  if (radical)
    for (const int t : f.type) radii.push_back(t == 0 ? 1.28 : 1.60);
  std::vector<int> pentagons(f.size());
  for (auto _ : state)
    neighbor::tessellate(f, radii, [&](const neighbor::VoronoiCell& c) {
      int n = 0;
      for (const auto& face : c.faces) n += face.order == 5;
      pentagons[c.atom] = n;
    });
  bench::count_atoms(state, f.size());
}
HETEROGLASS_SPEED_OF(tessellation, radical, true);
HETEROGLASS_SPEED_OF(tessellation, ordinary, false);
}  // namespace
