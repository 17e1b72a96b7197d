// Forces, Hessian and Hessian products of the Cu-Zr potential, in an unchanging neighbour list as inside a minimisation.
#include "potential/eam.hpp"
#include "speed.hpp"

namespace {
using namespace heteroglass;

std::unique_ptr<potential::Calculator> calculator(const Frame& frame) {
  return potential::load("CuZr-Mendelev2007", frame)->calculator(frame);
}

void eam_forces(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame frame = bench::configuration(state);
  const auto c = calculator(frame);
  std::vector<Vec3> force(frame.size());
  c->forces(frame.box, frame.position, force);
  for (auto _ : state) benchmark::DoNotOptimize(c->forces(frame.box, frame.position, force));
  bench::count_atoms(state, frame.size());
}
HETEROGLASS_SPEED(eam_forces);

void eam_hessian_product(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame frame = bench::configuration(state);
  const auto c = calculator(frame);
  std::vector<Vec3> v(frame.size(), Vec3{1, 2, 3}), out(frame.size());
  c->expand(frame.box, frame.position);
  for (auto _ : state) c->hessian_product(v, out);
  bench::count_atoms(state, frame.size());
}
BENCHMARK(eam_hessian_product)
    ->ArgNames({"cells", "threads"})
    ->Args({10, 1})
    ->Args({29, 1})
    ->Args({10, 2})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void eam_hessian_products(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame frame = bench::configuration(state);
  const auto c = calculator(frame);
  constexpr std::size_t vectors = 8;
  std::vector<Vec3> v(vectors * frame.size(), Vec3{1, 2, 3}), out(v.size());
  c->expand(frame.box, frame.position);
  for (auto _ : state) c->hessian_product(v, out, vectors);
  bench::count_atoms(state, vectors * frame.size());
}
BENCHMARK(eam_hessian_products)->ArgNames({"cells", "threads"})->Args({10, 1})->Args({29, 1})->UseRealTime()->Unit(benchmark::kMillisecond);

void eam_forces_of(benchmark::State& state, potential::Kernel kernel) {
  const bench::Threads threads(state);
  const Frame frame = bench::configuration(state);
  const auto c =
      potential::eam(potential::read_setfl("/usr/share/lammps/potentials/CuZr_mm.eam.fs", true), "", "", kernel)->calculator(frame);
  std::vector<Vec3> force(frame.size());
  for (auto _ : state) benchmark::DoNotOptimize(c->forces(frame.box, frame.position, force));
  bench::count_atoms(state, frame.size());
}
BENCHMARK_CAPTURE(eam_forces_of, plain, potential::Kernel::plain)
    ->ArgNames({"cells", "threads"})
    ->Args({10, 1})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(eam_forces_of, avx2, potential::Kernel::avx2)
    ->ArgNames({"cells", "threads"})
    ->Args({10, 1})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void eam_expand(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame frame = bench::configuration(state);
  const auto c = calculator(frame);
  for (auto _ : state) c->expand(frame.box, frame.position);
  bench::count_atoms(state, frame.size());
}
BENCHMARK(eam_expand)->ArgNames({"cells", "threads"})->Args({10, 1})->Args({10, 2})->UseRealTime()->Unit(benchmark::kMillisecond);

void eam_hessian(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame frame = bench::configuration(state);
  const auto c = calculator(frame);
  c->expand(frame.box, frame.position);
  for (auto _ : state) benchmark::DoNotOptimize(c->hessian().block.data());
  bench::count_atoms(state, frame.size());
}
BENCHMARK(eam_hessian)->ArgNames({"cells", "threads"})->Args({10, 1})->Args({10, 2})->UseRealTime()->Unit(benchmark::kMillisecond);

void eam_neighbors(benchmark::State& state) {
  const bench::Threads threads(state);
  Frame frame = bench::configuration(state);
  const auto c = calculator(frame);
  std::vector<Vec3> force(frame.size());
  for (auto _ : state) {
    frame.position[0].x += 20;  // a new list each time
    benchmark::DoNotOptimize(c->forces(frame.box, frame.position, force));
  }
  bench::count_atoms(state, frame.size());
}
BENCHMARK(eam_neighbors)->ArgNames({"cells", "threads"})->Args({10, 1})->Args({10, 2})->UseRealTime()->Unit(benchmark::kMillisecond);
}  // namespace
