#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "io/atomic_file.hpp"
#include "io/lammps_dump.hpp"
#include "speed.hpp"

namespace heteroglass::io {
namespace {

/// `id type x y z` with LAMMPS's six digits, ids mixed within the frame as LAMMPS writes them.
std::string dump_text(const Frame& f, int frames) {
  std::mt19937_64 random(1);
  std::vector<std::size_t> order(f.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (std::size_t i = 0; i + 64 < order.size(); ++i) std::swap(order[i], order[i + random() % 64]);
  fmt::memory_buffer text;
  const auto out = std::back_inserter(text);
  const double l = f.box.edges()[0][0];
  for (int k = 0; k < frames; ++k) {
    fmt::format_to(
        out, "ITEM: TIMESTEP\n{0}\nITEM: NUMBER OF ATOMS\n{1}\nITEM: BOX BOUNDS pp pp pp\n0 {2}\n0 {2}\n0 {2}\nITEM: ATOMS id type x y z\n",
        k * 100, f.size(), l);
    for (std::size_t i : order)
      fmt::format_to(out, "{} {} {:.6g} {:.6g} {:.6g} \n", f.id[i], f.type[i] + 1, f.position[i].x, f.position[i].y, f.position[i].z);
  }
  return fmt::to_string(text);
}

class DumpFile {
 public:
  DumpFile(const Frame& f, int frames) { write_file(path_, dump_text(f, frames)); }
  ~DumpFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = std::filesystem::temp_directory_path() / fmt::format("heteroglass-bench-{}.dump", ::getpid());
};

const ReadOptions options{UnitSystem::metal, {"Cu", "Zr"}, {}};

void dump(benchmark::State& state) {
  const bench::Threads threads(state);
  const Frame frame = bench::configuration(state);
  const DumpFile file(frame, 1);
  for (auto unused : state) benchmark::DoNotOptimize(open_trajectory(file.path(), options)->frame(0).size());
  bench::count_atoms(state, frame.size());
}
HETEROGLASS_SPEED(dump);

/// Opening a long trajectory: one scan for the headers, then any frame.
void dump_index(benchmark::State& state) {
  const DumpFile file(test::disordered(10), 2000);
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(file.path()));
  for (auto unused : state) benchmark::DoNotOptimize(open_trajectory(file.path(), options)->frame(1999).size());
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * bytes);
}
BENCHMARK(dump_index)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace heteroglass::io
