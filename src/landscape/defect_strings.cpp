#include "landscape/defect_strings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "sample/cubic_lattice.hpp"

namespace heteroglass::landscape {
namespace {

/// [angstrom] between sites of the crystal: the shortest.
double neighbour_distance(const Frame& crystal) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < crystal.size(); ++i)
    least = std::min(least, norm(crystal.box.minimum_image(crystal.position[i] - crystal.position[0])));
  return least;
}

/// (sites) largest displacement of the atoms on each; 0 of an empty one.
std::vector<double> site_displacement(const DefectSites& d) {
  std::vector<double> u(d.site.size(), 0);
  for (std::size_t i = 0; i < d.home.size(); ++i) u[d.home[i]] = std::max(u[d.home[i]], norm(d.displacement[i]));
  return u;
}

/// Index of the site nearest to a point.
std::size_t site_at(const Frame& f, const DefectSites& d, const Vec3& r) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t s = 0; s < d.site.size(); ++s) {
    const double square = norm2(f.box.minimum_image(d.site[s] - r));
    if (square < least) least = square, best = s;
  }
  return best;
}

/// Displaced sites one after the other from the defect along `step`, at most half a cell.
int run_length(const Frame& f, const DefectSites& d, const std::vector<double>& u, const Vec3& step, double threshold) {
  const std::size_t centre = d.defective.front();
  const double reach = 0.5 * std::min({f.box.heights().x, f.box.heights().y, f.box.heights().z});
  int count = 0;
  for (int k = 1; k * norm(step) < reach; ++k) {
    if (u[site_at(f, d, d.site[centre] + k * step)] <= threshold) break;
    ++count;
  }
  return count;
}

/// Rows through the defect in the three families of directions; nothing where the crystal is not cubic.
void describe_strings(const Frame& crystal, const Frame& f, const DefectSites& d, const std::vector<double>& u, double threshold,
                      PointDefects& r) {
  Table& t = r.strings;
  t.add_text("family", "of directions"), t.add_number("rows", "1", "both ways counted as one");
  t.add_number("longest", "1", "atoms of the longest row, both ways and the defect's own");
  t.add_number("mean", "1", "atoms of a row");
  t.add_number("direction_x", "1", "of the longest"), t.add_number("direction_y", "1"), t.add_number("direction_z", "1");
  sample::CubicLattice lattice;
  try {
    lattice = sample::cubic_lattice(crystal, "crystal");
  } catch (const InputError&) {
    return;
  }
  const auto own = static_cast<int>(std::count(d.home.begin(), d.home.end(), d.defective.front()));
  const double half = lattice.constant / 2;
  const bool fcc = lattice.type == "fcc";
  for (const auto& [name, shortest] : {std::pair{"<100>", Vec3{2 * half, 0, 0}},
                                       {"<110>", fcc ? Vec3{half, half, 0} : Vec3{2 * half, 2 * half, 0}},
                                       {"<111>", fcc ? Vec3{2 * half, 2 * half, 2 * half} : Vec3{half, half, half}}}) {
    const std::vector<Vec3> steps = sample::family(shortest);
    double sum = 0;
    int longest = 0;
    Vec3 along;
    for (const Vec3& step : steps) {
      const int length = run_length(f, d, u, step, threshold) + run_length(f, d, u, -step, threshold) + own;
      sum += length;
      if (length > longest) longest = length, along = step / norm(step);
    }
    r.string_length = std::max(r.string_length, static_cast<double>(longest));
    const double row[] = {static_cast<double>(steps.size()) / 2,
                          static_cast<double>(longest),
                          sum / static_cast<double>(steps.size()),
                          along.x,
                          along.y,
                          along.z};
    t.columns[0].text.emplace_back(name);
    for (std::size_t c = 0; c < std::size(row); ++c) t.columns[c + 1].number.push_back(row[c]);
  }
}

void list_sites(const Frame& crystal, const DefectSites& d, PointDefects& r) {
  Table& t = r.sites;
  t.add_number("site", "1", "id of the atom there in the crystal"), t.add_number("atoms", "1", "on the site: 0 empty, 2 split");
  t.add_number("separation", "angstrom", "of the two atoms on a shared site");
  for (const char* name : {"direction_x", "direction_y", "direction_z"}) t.add_number(name, "1", "of their separation");
  for (const std::size_t s : d.defective) {
    std::vector<Vec3> on;
    for (std::size_t i = 0; i < d.home.size(); ++i)
      if (d.home[i] == s) on.push_back(d.displacement[i]);
    const Vec3 apart = on.size() == 2 ? on[0] - on[1] : Vec3{};
    const double length = norm(apart), nan = std::numeric_limits<double>::quiet_NaN();
    Vec3 e = length > 0 ? apart / length : Vec3{nan, nan, nan};
    for (std::size_t k = 0; k < 3; ++k)
      if (std::abs(e[k]) < 1e-6) e[k] = 0;  // what relaxation leaves
    const double row[] = {static_cast<double>(crystal.id[s]), static_cast<double>(on.size()), length > 0 ? length : nan, e.x, e.y, e.z};
    for (std::size_t c = 0; c < std::size(row); ++c) t.columns[c].number.push_back(row[c]);
  }
}

}  // namespace

void describe_sites(const Frame& crystal, const Frame& f, const DefectSites& d, double threshold, PointDefects& r) {
  list_sites(crystal, d, r);
  if (d.defective.empty()) return;
  const std::vector<double> u = site_displacement(d);
  const double least = threshold * neighbour_distance(crystal);
  const Vec3 centre = d.site[d.defective.front()];
  for (std::size_t i = 0; i < f.size(); ++i) {
    r.distance.push_back(norm(f.box.minimum_image(d.site[d.home[i]] - centre)));
    r.displacement.push_back(norm(d.displacement[i]));
    r.displaced_atoms += r.displacement.back() > least;
  }
  describe_strings(crystal, f, d, u, least, r);
}

std::vector<std::size_t> core_atoms(const Frame& crystal, const Frame& f, const DefectSites& d) {
  std::vector<std::size_t> core;
  if (d.defective.empty()) {
    for (std::size_t i = 0; i < f.size(); ++i) core.push_back(i);
    return core;
  }
  const double reach = 1.2 * neighbour_distance(crystal);
  for (std::size_t i = 0; i < f.size(); ++i)
    if (norm(f.box.minimum_image(d.site[d.home[i]] - d.site[d.defective.front()])) < reach) core.push_back(i);
  return core;
}

Frame with_displacements(const Frame& frame, const DefectSites& d) {
  Frame f = frame;
  AtomProperty u{.name = "Displacement", .unit = "angstrom", .components = 3, .values = {}},
      occupancy{.name = "Occupancy", .unit = "1", .components = 1, .values = {}};
  for (std::size_t i = 0; i < f.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) u.values.push_back(d.displacement[i][k]);
    occupancy.values.push_back(d.occupancy[d.home[i]]);
  }
  f.properties = {std::move(u), std::move(occupancy)};
  return f;
}

}  // namespace heteroglass::landscape
