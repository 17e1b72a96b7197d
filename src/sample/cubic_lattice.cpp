#include "sample/cubic_lattice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "neighbor/neighbor_list.hpp"

namespace heteroglass::sample {
namespace {

/// Part of the atoms whose first shell is complete.
double fitting(const Frame& f, const CubicLattice& l) {
  const neighbor::NeighborList list = neighbor::neighbor_list(f, l.neighbour + 0.1 * l.constant);
  std::size_t complete = 0;
  for (std::size_t i = 0; i < f.size(); ++i)
    complete += std::all_of(l.shell.begin(), l.shell.end(), [&](const Vec3& place) {
      const neighbor::NeighborRow row = list.of(i);
      return std::any_of(row.begin(), row.end(),
                         [&](const neighbor::Neighbor& n) { return norm(n.separation - place) < 0.1 * l.constant; });
    });
  return static_cast<double>(complete) / static_cast<double>(f.size());
}

CubicLattice candidate(const std::string& type, double volume_per_atom) {
  CubicLattice l;
  l.type = type;
  l.constant = std::cbrt((type == "fcc" ? 4 : 2) * volume_per_atom);
  for (const Vec3& v : family(type == "fcc" ? Vec3{.5, .5, 0} : Vec3{.5, .5, .5})) l.shell.push_back(l.constant * v);
  l.neighbour = norm(l.shell.front());
  return l;
}

}  // namespace

std::vector<Vec3> family(const Vec3& v) {
  std::vector<Vec3> all;
  std::array<double, 3> size = {std::abs(v.x), std::abs(v.y), std::abs(v.z)};
  std::sort(size.begin(), size.end());
  do {
    for (int signs = 0; signs < 8; ++signs) {
      Vec3 s;
      bool twice = false;
      for (std::size_t k = 0; k < 3; ++k) {
        const bool minus = (signs >> k & 1) != 0;
        twice = twice || (minus && size[k] == 0);
        s[k] = minus ? -size[k] : size[k];
      }
      if (!twice) all.push_back(s);
    }
  } while (std::next_permutation(size.begin(), size.end()));
  return all;
}

CubicLattice cubic_lattice(const Frame& f, const std::string& where) {
  double most = 0;
  if (f.size() > 0)
    for (const char* type : {"fcc", "bcc"}) {
      const CubicLattice l = candidate(type, f.box.volume() / static_cast<double>(f.size()));
      const double fits = fitting(f, l);
      if (fits >= 0.9) return l;
      most = std::max(most, fits);
    }
  throw InputError(
      fmt::format("{}: must be an fcc or bcc crystal with its cube axes along x, y, z, got one in which {:.0f} % of the atoms have "
                  "such a first shell",
                  where, 100 * most));
}

}  // namespace heteroglass::sample
