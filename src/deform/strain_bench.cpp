// Local strain and D2min, neighbours included.
#include "deform/strain.hpp"
#include "speed.hpp"

namespace {
using namespace heteroglass;

void strain(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame reference = bench::configuration(state);
  Frame current = test::deformed(reference, Mat3{{{{1, 0.03, 0}, {0, 1, 0}, {0, 0, 1}}}});
  for (std::size_t i = 0; i < current.size(); ++i) current.position[i].x += 0.1 * std::sin(double(i));
  current.normalise();
  for (auto _ : state) benchmark::DoNotOptimize(deform::strain(reference, current, {.r_cut = 3.8}));
  bench::count_atoms(state, reference.size());
}
HETEROGLASS_SPEED(strain);
}  // namespace
