// Writes the configuration that the benchmarks work on as files for the peers: `write_configuration CELLS FOLDER`
// leaves glass.voro (id x y z), glass.radical.voro (and radius), glass.data (LAMMPS) and glass.dump there.
#include <fmt/os.h>

#include <cstdlib>

#include "crystals.hpp"

namespace {
using heteroglass::Frame;
using heteroglass::Vec3;

void write_voro(const Frame& f, const std::string& path, bool radical) {
  auto out = fmt::output_file(path);
  for (std::size_t i = 0; i < f.size(); ++i) {
    const Vec3& r = f.position[i];
    out.print("{} {:.17g} {:.17g} {:.17g}{}\n", f.id[i], r.x, r.y, r.z, !radical ? "" : f.type[i] == 0 ? " 1.28" : " 1.60");
  }
}

void write_data(const Frame& f, const std::string& path) {
  const double edge = f.box.edge(0).x;
  auto out = fmt::output_file(path);
  out.print("benchmark\n\n{} atoms\n2 atom types\n", f.size());
  for (const char axis : {'x', 'y', 'z'}) out.print("0 {:.17g} {}lo {}hi\n", edge, axis, axis);
  out.print("\nMasses\n\n1 63.546\n2 91.224\n\nAtoms # atomic\n\n");
  for (std::size_t i = 0; i < f.size(); ++i) {
    const Vec3& r = f.position[i];
    out.print("{} {} {:.17g} {:.17g} {:.17g}\n", f.id[i], f.type[i] + 1, r.x, r.y, r.z);
  }
}

void write_dump(const Frame& f, const std::string& path) {
  const double edge = f.box.edge(0).x;
  auto out = fmt::output_file(path);
  out.print("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n{}\nITEM: BOX BOUNDS pp pp pp\n", f.size());
  for (int axis = 0; axis < 3; ++axis) out.print("0 {:.17g}\n", edge);
  out.print("ITEM: ATOMS id type x y z\n");
  for (std::size_t i = 0; i < f.size(); ++i) {
    const Vec3& r = f.position[i];
    out.print("{} {} {:.6g} {:.6g} {:.6g}\n", f.id[i], f.type[i] + 1, r.x, r.y, r.z);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    fmt::print(stderr, "usage: write_configuration CELLS FOLDER\n");
    return 2;
  }
  const Frame f = heteroglass::test::disordered(std::atoi(arguments[1]));
  const std::string base = std::string(arguments[2]) + "/glass";
  write_voro(f, base + ".voro", false);
  write_voro(f, base + ".radical.voro", true);
  write_data(f, base + ".data");
  write_dump(f, base + ".dump");
}
