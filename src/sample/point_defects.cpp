#include "sample/point_defects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "core/analysis.hpp"
#include "core/elements.hpp"
#include "core/error.hpp"
#include "sample/cubic_lattice.hpp"

namespace heteroglass::sample {
namespace {

struct Defect {
  std::size_t atom = 0;  ///< index in the crystal
  Vec3 direction;        ///< of a dumbbell, unit; of a hole, from the atom [angstrom]; none for a vacancy
  Vec3 centre;           ///< [angstrom]
};

bool is_split(const std::string& kind) { return kind.starts_with("split"); }

/// Equivalent directions: unit vectors of a dumbbell, one of each pair of opposites; vectors from atom to hole otherwise.
std::vector<Vec3> orientations(const std::string& kind, const CubicLattice& l) {
  if (kind == "octahedral") return family({l.constant / 2, 0, 0});
  if (kind == "tetrahedral")
    return family(l.type == "fcc" ? Vec3{l.constant / 4, l.constant / 4, l.constant / 4} : Vec3{l.constant / 2, l.constant / 4, 0});
  std::vector<Vec3> half = l.shell;
  if (kind == "crowdion") {
    for (Vec3& v : half) v *= 0.5;
    return half;
  }
  half = family(kind == "split-100" ? Vec3{1, 0, 0} : kind == "split-110" ? Vec3{1, 1, 0} : Vec3{1, 1, 1});
  std::erase_if(half, [](const Vec3& v) { return v.x < 0 || (v.x == 0 && (v.y < 0 || (v.y == 0 && v.z < 0))); });
  for (Vec3& v : half) v *= 1 / norm(v);
  return half;
}

bool far_enough(const Frame& f, const std::vector<Defect>& others, const Vec3& centre, double distance) {
  return std::all_of(others.begin(), others.end(),
                     [&](const Defect& d) { return norm(f.box.minimum_image(d.centre - centre)) >= distance; });
}

int wanted(const Frame& f, const PointDefectsOptions& o) {
  if (!o.sites.empty()) return static_cast<int>(o.sites.size());
  const int count = o.concentration ? static_cast<int>(std::lround(*o.concentration * static_cast<double>(f.size()))) : o.count;
  if (count < 1)
    throw InputError(
        fmt::format("concentration: must be at least one defect among {} sites, got {}", f.size(), o.concentration.value_or(0)));
  return count;
}

std::vector<std::size_t> chosen(const Frame& f, const PointDefectsOptions& o, std::mt19937_64& random) {
  std::vector<std::size_t> atoms;
  for (const int id : o.sites) {
    const auto found = std::lower_bound(f.id.begin(), f.id.end(), id);
    if (found == f.id.end() || *found != id)
      throw InputError(fmt::format("sites: must be ids of atoms ({} to {}), got {}", f.id.front(), f.id.back(), id));
    atoms.push_back(static_cast<std::size_t>(found - f.id.begin()));
  }
  if (std::set(atoms.begin(), atoms.end()).size() != atoms.size()) throw InputError("sites: must all differ, got one twice");
  if (!o.sites.empty()) return atoms;
  for (std::size_t i = 0; i < f.size(); ++i) atoms.push_back(i);
  for (std::size_t i = atoms.size(); i > 1; --i) std::swap(atoms[i - 1], atoms[random() % i]);
  return atoms;
}

std::vector<Defect> placed(const Frame& f, const PointDefectsOptions& o, const std::vector<Vec3>& directions) {
  std::mt19937_64 random(static_cast<std::uint64_t>(o.seed));
  const std::size_t count = static_cast<std::size_t>(wanted(f, o));
  std::vector<Defect> defects;
  for (const std::size_t atom : chosen(f, o, random)) {
    if (defects.size() == count) break;
    Defect d{.atom = atom, .direction = directions.empty() ? Vec3{} : directions[random() % directions.size()], .centre = {}};
    d.centre = f.position[atom] + (directions.empty() || is_split(o.defect) ? Vec3{} : d.direction);
    if (!o.sites.empty() || far_enough(f, defects, d.centre, o.minimum_distance)) defects.push_back(d);
  }
  if (defects.size() < count)
    throw InputError(fmt::format(
        "count: must fit into the crystal with minimum_distance {} angstrom ({} do with this seed), got {}; take fewer or more cells",
        o.minimum_distance, defects.size(), count));
  return defects;
}

int species_of(Frame& f, const PointDefectsOptions& o, std::size_t atom) {
  if (o.species.empty()) return f.type[atom];
  for (std::size_t s = 0; s < f.species.size(); ++s)
    if (f.species[s].name == o.species) return static_cast<int>(s);
  f.species.push_back({o.species, element(o.species, "species").mass});
  return static_cast<int>(f.species.size()) - 1;
}

Frame with_defects(const Frame& crystal, const PointDefectsOptions& o, const std::vector<Defect>& defects, double half) {
  Frame f = crystal;
  f.properties.clear(), f.velocity.clear(), f.image.clear();
  std::int64_t id = f.id.back();
  std::vector<bool> gone(f.size(), false);
  for (const Defect& d : defects) {
    if (o.defect == "vacancy") {
      gone[d.atom] = true;
      continue;
    }
    if (is_split(o.defect)) f.position[d.atom] += half * d.direction;
    f.position.push_back(is_split(o.defect) ? d.centre - half * d.direction : d.centre);
    f.type.push_back(species_of(f, o, d.atom)), f.id.push_back(++id);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < f.size(); ++i) {
    if (i < gone.size() && gone[i]) continue;
    f.position[kept] = f.position[i], f.type[kept] = f.type[i], f.id[kept] = f.id[i];
    ++kept;
  }
  f.position.resize(kept), f.type.resize(kept), f.id.resize(kept);
  f.normalise();
  return f;
}

Table table_of(const Frame& f, const std::vector<Defect>& defects) {
  Table t;
  t.add_number("site", "1", "id of the atom there in the crystal");
  for (const char* c : {"x", "y", "z"}) t.add_number(c, "angstrom", "centre");
  for (const char* c : {"direction_x", "direction_y", "direction_z"}) t.add_number(c, "1", "unit vector; of a hole, as seen from the atom");
  for (const Defect& d : defects) {
    const double length = norm(d.direction);
    const Vec3 r = f.box.wrap(d.centre), e = length > 0 ? d.direction / length : Vec3{};
    const double row[] = {static_cast<double>(f.id[d.atom]), r.x, r.y, r.z, e.x, e.y, e.z};
    for (std::size_t c = 0; c < std::size(row); ++c) t.columns[c].number.push_back(row[c]);
  }
  return t;
}

}  // namespace

const std::vector<std::string>& defect_kinds() {
  static const std::vector<std::string> kinds = {"vacancy", "split-100", "split-110", "split-111", "octahedral", "tetrahedral", "crowdion"};
  return kinds;
}

PointDefects point_defects(const Frame& crystal, const PointDefectsOptions& o, Context& context) {
  if (crystal.size() == 0) throw InputError("crystal: must hold atoms, got none");
  const bool vacancy = o.defect == "vacancy";
  const CubicLattice lattice = vacancy ? CubicLattice{} : cubic_lattice(crystal, "crystal");
  const std::vector<Defect> defects = placed(crystal, o, vacancy ? std::vector<Vec3>{} : orientations(o.defect, lattice));
  PointDefects r;
  r.configuration = {with_defects(crystal, o, defects, 0.425 * lattice.neighbour)};
  if (r.configuration[0].size() == 0) throw InputError(fmt::format("count: must leave an atom, got {} vacancies", defects.size()));
  r.sites = static_cast<double>(crystal.size()), r.atoms = static_cast<double>(r.configuration[0].size());
  r.concentration = static_cast<double>(defects.size()) / r.sites;
  r.defects = table_of(crystal, defects);
  if (r.concentration > 0.05)
    context.warn(fmt::format("{:.3g} % of the sites hold a defect: neighbouring ones will recombine or cluster when relaxed",
                             100 * r.concentration));
  return r;
}

const Fields& PointDefectsOptions::fields() {
  using O = PointDefectsOptions;
  static const Fields table = {
      field<&O::defect>("defect", "", "kind of defect").one_of(defect_kinds()),
      field<&O::count>("count", "1", "number of defects").range(1, 1e8),
      field<&O::concentration>("concentration", "1", "defects per site, in place of count").range(0, 1),
      field<&O::sites>("sites", "1", "ids of the atoms where they go; none: at random"),
      field<&O::species>("species", "", "element of the interstitial atoms; empty: that of the atom beside"),
      field<&O::minimum_distance>("minimum_distance", "angstrom", "least distance between random defects").non_negative(),
      field<&O::seed>("seed", "1", "of places and orientations").range(0, 2e9),
  };
  return table;
}

const Fields& PointDefects::fields() {
  const std::string counted = "counted";
  static const Fields table = {
      field<&PointDefects::configuration>("configuration", "", "crystal with defects, not relaxed").exact("one configuration"),
      field<&PointDefects::concentration>("concentration", "1", "defects per site of the crystal").exact(counted),
      field<&PointDefects::atoms>("atoms", "1", "atoms, interstitials with them").exact(counted),
      field<&PointDefects::sites>("sites", "1", "atoms of the crystal before").exact(counted),
      field<&PointDefects::defects>("defects", "", "where they were put").exact("as made"),
  };
  return table;
}

const Analysis& point_defects_analysis() {
  static const Analysis entry =
      analysis<&point_defects>("sample", "point_defects", "puts vacancies or self-interstitials into a crystal",
                               {{"Ehrhart, in Atomic Defects in Metals, Landolt-Boernstein III/25 (1991)", "10.1007/b37800"},
                                {"Granato, Phys. Rev. Lett. 68, 974 (1992)", "10.1103/PhysRevLett.68.974"}});
  return entry;
}

}  // namespace heteroglass::sample
