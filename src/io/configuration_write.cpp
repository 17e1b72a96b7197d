// Writers of extended XYZ and LAMMPS data. Numbers are written in the shortest form that reads back bit for bit.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/configuration.hpp"
#include "io/extended_xyz.hpp"

namespace heteroglass::io {
namespace {

using Out = std::back_insert_iterator<fmt::memory_buffer>;

bool whole_numbers(const AtomProperty& p) {
  return !p.values.empty() && std::all_of(p.values.begin(), p.values.end(),
                                          [](double v) { return v == std::floor(v) && std::abs(v) < 1e9 && !(v == 0 && std::signbit(v)); });
}

bool all_named(const Frame& f) {
  return std::all_of(f.species.begin(), f.species.end(),
                     [](const Species& s) { return !s.name.empty() && s.name.find_first_of(" \t\"=") == std::string_view::npos; });
}

class XyzWriter {
 public:
  explicit XyzWriter(fmt::memory_buffer& buffer) : out_(buffer) {}

  void frame(const Frame& f) {
    const bool named = all_named(f);
    fmt::format_to(out_, "{}\n", f.size());
    comment(f, named);
    std::vector<bool> integer;
    for (const AtomProperty& p : f.properties) integer.push_back(whole_numbers(p));
    for (std::size_t i = 0; i < f.size(); ++i) atom(f, i, named, integer);
  }

 private:
  void vector(const Vec3& v) { fmt::format_to(out_, "{} {} {}", v.x, v.y, v.z); }

  void comment(const Frame& f, bool named) {
    fmt::format_to(out_, "Lattice=\"");
    for (std::size_t k = 0; k < 3; ++k) {
      if (k > 0) fmt::format_to(out_, " ");
      vector(f.box.edge(k));
    }
    fmt::format_to(out_, "\" Properties=species:S:1:pos:R:3:id:I:1");
    if (!named) fmt::format_to(out_, ":type:I:1");
    if (!f.velocity.empty()) fmt::format_to(out_, ":velo:R:3");
    if (!f.image.empty()) fmt::format_to(out_, ":image:I:3");
    for (const AtomProperty& p : f.properties)
      fmt::format_to(out_, ":{}:{}:{}", extended_xyz_name(p.name), whole_numbers(p) ? 'I' : 'R', p.components);
    const auto flag = [&](std::size_t k) { return f.box.periodic(k) ? 'T' : 'F'; };
    fmt::format_to(out_, " pbc=\"{} {} {}\"", flag(0), flag(1), flag(2));
    if (f.box.origin() != Vec3{}) {
      fmt::format_to(out_, " Origin=\"");
      vector(f.box.origin());
      fmt::format_to(out_, "\"");
    }
    fmt::format_to(out_, " Timestep={}", f.timestep);
    if (f.time) fmt::format_to(out_, " Time={}", *f.time);
    if (f.units != UnitSystem::unknown) fmt::format_to(out_, " units={}", f.units == UnitSystem::lj ? "lj" : "metal");
    species(f, named);
    fmt::format_to(out_, "\n");
  }

  void species(const Frame& f, bool named) {
    std::vector<std::string> names, masses, units;
    for (const Species& s : f.species) {
      names.push_back(named ? s.name : "X");
      masses.push_back(fmt::format("{}", s.mass));
    }
    fmt::format_to(out_, R"( species_order="{}" masses="{}")", fmt::join(names, " "), fmt::join(masses, " "));
    for (const AtomProperty& p : f.properties)
      if (!p.unit.empty()) units.push_back(extended_xyz_name(p.name) + ":" + p.unit);
    if (!units.empty()) fmt::format_to(out_, " property_units=\"{}\"", fmt::join(units, ";"));
  }

  void atom(const Frame& f, std::size_t i, bool named, const std::vector<bool>& integer) {
    fmt::format_to(out_, "{} ", named ? std::string_view(f.species[static_cast<std::size_t>(f.type[i])].name) : "X");
    vector(f.position[i]);
    fmt::format_to(out_, " {}", f.id[i]);
    if (!named) fmt::format_to(out_, " {}", f.type[i] + 1);
    if (!f.velocity.empty()) {
      fmt::format_to(out_, " ");
      vector(f.velocity[i]);
    }
    if (!f.image.empty()) fmt::format_to(out_, " {} {} {}", f.image[i][0], f.image[i][1], f.image[i][2]);
    for (std::size_t p = 0; p < f.properties.size(); ++p)
      for (std::size_t k = 0; k < f.properties[p].components; ++k) {
        const double v = f.properties[p].values[i * f.properties[p].components + k];
        if (integer[p]) {
          fmt::format_to(out_, " {}", static_cast<std::int64_t>(v));
        } else {
          fmt::format_to(out_, " {}", v);
        }
      }
    fmt::format_to(out_, "\n");
  }

  Out out_;
};

/// The upper bound whose difference to the lower one is the edge again, where there is one.
double upper_bound(double low, double edge) {
  const double near = low + edge;
  if (near - low == edge) return near;
  double up = near, down = near;
  for (int k = 0; k < 4; ++k) {
    up = std::nextafter(up, HUGE_VAL), down = std::nextafter(down, -HUGE_VAL);
    if (up - low == edge) return up;
    if (down - low == edge) return down;
  }
  return near;
}

void data_header(Out out, const Frame& f) {
  const Mat3& h = f.box.edges();
  const Vec3& o = f.box.origin();
  const char* units = f.units == UnitSystem::lj ? "lj" : "metal";
  fmt::format_to(out, "LAMMPS data file by heteroglass, timestep = {}, units = {}", f.timestep, units);
  if (f.time) fmt::format_to(out, ", time = {}", *f.time);
  fmt::format_to(out, "\n# UNITS {}\n\n{} atoms\n{} atom types\n\n", units, f.size(), f.species.size());
  for (std::size_t k = 0; k < 3; ++k) fmt::format_to(out, "{0} {1} {2}lo {2}hi\n", o[k], upper_bound(o[k], h[k][k]), "xyz"[k]);
  if (!f.box.is_orthogonal()) fmt::format_to(out, "{} {} {} xy xz yz\n", h[0][1], h[0][2], h[1][2]);
}

}  // namespace

std::string extended_xyz_name(const std::string& property) {
  std::string name = property;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  while (name.size() > 1 && name.back() == '_') name.pop_back();
  return name;
}

void write_extxyz(const std::string& path, const std::vector<Frame>& frames) {
  fmt::memory_buffer buffer;
  XyzWriter writer(buffer);
  for (const Frame& f : frames) writer.frame(f);
  write_file(path, {buffer.data(), buffer.size()});
}

void write_lammps_data(const std::string& path, const Frame& f) {
  if (!f.box.is_lammps())
    throw InputError(
        fmt::format("{}: a LAMMPS data file needs a cell with a along x and b in the xy plane, got a = ({}, {}, {}), b = ({}, {}, {})",
                    path, f.box.edge(0).x, f.box.edge(0).y, f.box.edge(0).z, f.box.edge(1).x, f.box.edge(1).y, f.box.edge(1).z));
  fmt::memory_buffer buffer;
  Out out(buffer);
  data_header(out, f);
  if (std::all_of(f.species.begin(), f.species.end(), [](const Species& s) { return s.mass > 0; })) {
    fmt::format_to(out, "\nMasses\n\n");
    for (std::size_t t = 0; t < f.species.size(); ++t)
      fmt::format_to(out, "{} {}{}{}\n", t + 1, f.species[t].mass, f.species[t].name.empty() ? "" : " # ", f.species[t].name);
  }
  fmt::format_to(out, "\nAtoms # atomic\n\n");
  for (std::size_t i = 0; i < f.size(); ++i) {
    const Vec3& r = f.position[i];
    fmt::format_to(out, "{} {} {} {} {}", f.id[i], f.type[i] + 1, r.x, r.y, r.z);
    if (!f.image.empty()) fmt::format_to(out, " {} {} {}", f.image[i][0], f.image[i][1], f.image[i][2]);
    fmt::format_to(out, "\n");
  }
  if (!f.velocity.empty()) {
    fmt::format_to(out, "\nVelocities\n\n");
    for (std::size_t i = 0; i < f.size(); ++i)
      fmt::format_to(out, "{} {} {} {}\n", f.id[i], f.velocity[i].x, f.velocity[i].y, f.velocity[i].z);
  }
  write_file(path, {buffer.data(), buffer.size()});
}

}  // namespace heteroglass::io
