#include "sample/crystal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis.hpp"
#include "core/constants.hpp"
#include "core/elements.hpp"
#include "core/error.hpp"

namespace heteroglass::sample {
namespace {

struct Site {
  Vec3 at;  ///< fractional
  std::size_t sublattice = 0;
};

struct Lattice {
  std::vector<Site> sites;
  Vec3 edges{1, 1, 1};  ///< in lattice constants
  std::size_t sublattices = 1;
};

const std::vector<Vec3> face_centred = {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}};

/// Each point of `basis` on every point of the face-centred lattice.
void add_face_centred(Lattice& l, const std::vector<Vec3>& basis, std::size_t sublattice) {
  for (const Vec3& b : basis)
    for (const Vec3& f : face_centred) {
      Vec3 s = b + f;
      for (std::size_t k = 0; k < 3; ++k) s[k] -= std::floor(s[k]);
      l.sites.push_back({s, sublattice});
    }
}

Lattice lattice(const CrystalOptions& o) {
  Lattice l;
  if (o.lattice == "fcc") {
    add_face_centred(l, {{0, 0, 0}}, 0);
  } else if (o.lattice == "bcc") {
    l.sites = {{{0, 0, 0}}, {{.5, .5, .5}}};
  } else if (o.lattice == "hcp") {
    l.edges = {1, std::sqrt(3.0), o.axial_ratio};
    l.sites = {{{0, 0, 0}}, {{.5, .5, 0}}, {{.5, 5.0 / 6, .5}}, {{0, 1.0 / 3, .5}}};
  } else if (o.lattice == "diamond") {
    add_face_centred(l, {{0, 0, 0}, {.25, .25, .25}}, 0);
  } else if (o.lattice == "b2") {
    l.sites = {{{0, 0, 0}, 0}, {{.5, .5, .5}, 1}};
  } else if (o.lattice == "l1_2") {
    l.sites = {{{0, 0, 0}, 1}, {{0, .5, .5}, 0}, {{.5, 0, .5}, 0}, {{.5, .5, 0}, 0}};
  } else {  // c15: B as in diamond, A on the corners of tetrahedra between
    add_face_centred(l, {{.625, .625, .625}, {.625, .875, .875}, {.875, .625, .875}, {.875, .875, .625}}, 0);
    add_face_centred(l, {{0, 0, 0}, {.25, .25, .25}}, 1);
  }
  for (const Site& s : l.sites) l.sublattices = std::max(l.sublattices, s.sublattice + 1);
  return l;
}

/// Shortest distance between sites of two sublattices, in lattice constants.
double distance(const Lattice& l, std::size_t a, std::size_t b) {
  double least = std::numeric_limits<double>::infinity();
  for (const Site& p : l.sites)
    for (const Site& q : l.sites) {
      if (p.sublattice != a || q.sublattice != b) continue;
      for (int i = -1; i <= 1; ++i)
        for (int j = -1; j <= 1; ++j)
          for (int k = -1; k <= 1; ++k) {
            const Vec3 s = q.at - p.at + Vec3{double(i), double(j), double(k)};
            const double d = norm(Vec3{s.x * l.edges.x, s.y * l.edges.y, s.z * l.edges.z});
            if (d > 1e-9) least = std::min(least, d);
          }
    }
  return least;
}

/// [angstrom] at which no spheres of metallic radii overlap and some touch. In b2 and l1_2 of unlike atoms A-B or A-A pairs touch.
double touching(const Lattice& l, const std::vector<const Element*>& elements) {
  double a = 0;
  for (std::size_t p = 0; p < l.sublattices; ++p)
    for (std::size_t q = p; q < l.sublattices; ++q) {
      const double radii = elements[p]->metallic_radius + elements[q]->metallic_radius;
      if (!(radii > 0))
        throw InputError(fmt::format("lattice_constant: must be given for {}, which has no metallic radius",
                                     elements[p]->metallic_radius > 0 ? elements[q]->symbol : elements[p]->symbol));
      a = std::max(a, radii / distance(l, p, q));
    }
  return a;
}

std::vector<const Element*> find_elements(const CrystalOptions& o, const Lattice& l) {
  if (o.species.size() != l.sublattices)
    throw InputError(fmt::format("species: must be {} for lattice {}, got {}", l.sublattices, o.lattice, o.species.size()));
  std::vector<const Element*> found;
  for (const std::string& symbol : o.species) found.push_back(&element(symbol, "species"));
  return found;
}

std::array<int, 3> cells(const CrystalOptions& o) {
  if (o.cells.size() != 1 && o.cells.size() != 3)
    throw InputError(fmt::format("cells: must be one number or three, got {}", o.cells.size()));
  for (const int n : o.cells)
    if (n < 1) throw InputError(fmt::format("cells: must be at least 1, got {}", n));
  return {o.cells.front(), o.cells[o.cells.size() / 2], o.cells.back()};
}

Frame built(const CrystalOptions& o, const Lattice& l, const std::vector<const Element*>& elements, double a) {
  const std::array<int, 3> n = cells(o);
  const Vec3 edges = a * l.edges;
  Frame f;
  f.box = Box::orthogonal({n[0] * edges.x, n[1] * edges.y, n[2] * edges.z});
  f.units = UnitSystem::metal;
  f.source = fmt::format("{} crystal", o.lattice);
  for (const Element* e : elements) f.species.push_back({std::string(e->symbol), e->mass});
  for (int i = 0; i < n[0]; ++i)
    for (int j = 0; j < n[1]; ++j)
      for (int k = 0; k < n[2]; ++k)
        for (const Site& s : l.sites) {
          f.id.push_back(static_cast<std::int64_t>(f.size()) + 1);
          f.type.push_back(static_cast<int>(s.sublattice));
          f.position.push_back({(i + s.at.x) * edges.x, (j + s.at.y) * edges.y, (k + s.at.z) * edges.z});
        }
  f.normalise();
  return f;
}

}  // namespace

Crystal crystal(const CrystalOptions& o, Context& context) {
  const Lattice l = lattice(o);
  const std::vector<const Element*> elements = find_elements(o, l);
  Crystal r;
  r.lattice_constant = o.lattice_constant ? *o.lattice_constant : touching(l, elements);
  if (!o.lattice_constant)
    context.warn(fmt::format("lattice constant {:.4g} angstrom from metallic radii: relax the box before energies and moduli are used",
                             r.lattice_constant));
  r.configuration = {built(o, l, elements, r.lattice_constant)};
  const Frame& f = r.configuration.front();
  r.atoms = static_cast<double>(f.size());
  for (std::size_t p = 0; p < l.sublattices; ++p)
    for (std::size_t q = p; q < l.sublattices; ++q) {
      const double d = r.lattice_constant * distance(l, p, q);
      r.nearest_neighbour = r.nearest_neighbour > 0 ? std::min(r.nearest_neighbour, d) : d;
    }
  r.volume_per_atom = f.box.volume() / r.atoms;
  for (const int t : f.type) r.density += f.species[static_cast<std::size_t>(t)].mass / f.box.volume() * constants::density_factor;
  return r;
}

const Fields& CrystalOptions::fields() {
  static const Fields table = {
      field<&CrystalOptions::lattice>("lattice", "", "fcc, bcc, hcp, diamond; of two elements b2 (AB), l1_2 (A3B), c15 (Laves, A2B)")
          .one_of({"fcc", "bcc", "hcp", "diamond", "b2", "l1_2", "c15"}),
      field<&CrystalOptions::species>("species", "", "symbols, in the order A, B of the lattice"),
      field<&CrystalOptions::lattice_constant>("lattice_constant", "angstrom", "a; unset: spheres of metallic radii touch").positive(),
      field<&CrystalOptions::axial_ratio>("axial_ratio", "1", "c/a of hcp").range(1, 2.5),
      field<&CrystalOptions::cells>("cells", "1", "unit cells along x, y, z; one number: along each"),
  };
  return table;
}

const Fields& Crystal::fields() {
  const std::string made = "as made";
  static const Fields table = {
      field<&Crystal::configuration>("configuration", "", "the crystal").exact("one configuration"),
      field<&Crystal::atoms>("atoms", "1", "number of atoms").exact("counted"),
      field<&Crystal::lattice_constant>("lattice_constant", "angstrom", "a").exact(made),
      field<&Crystal::nearest_neighbour>("nearest_neighbour", "angstrom", "shortest distance between atoms").exact(made),
      field<&Crystal::volume_per_atom>("volume_per_atom", "angstrom^3", "volume of the box by the number of atoms").exact(made),
      field<&Crystal::density>("density", "g/cm^3", "mass by volume").exact(made),
  };
  return table;
}

const Analysis& crystal_analysis() {
  static const Analysis entry =
      analysis<&crystal>("sample", "crystal", "makes a perfect crystal: fcc, bcc, hcp, diamond, B2, L1_2 or the Laves phase C15", {},
                         "crystal structures as in any table of them");
  return entry;
}

}  // namespace heteroglass::sample
