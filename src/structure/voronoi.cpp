#include "structure/voronoi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "core/analysis.hpp"
#include "core/elements.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"
#include "neighbor/tessellation.hpp"
#include "numeric/proportion.hpp"
#include "structure/kasper.hpp"

namespace heteroglass::structure {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double given_radius(const Frame& frame, std::size_t s, const std::map<std::string, double>& radii) {
  for (const std::string& key : {frame.species_name(s), fmt::format("{}", s + 1)})
    if (const auto found = radii.find(key); found != radii.end()) return found->second;
  throw InputError(fmt::format("voronoi: radii must name every species, got none for {}", frame.species_name(s)));
}

void check_radius_names(const Frame& frame, const std::map<std::string, double>& radii) {
  std::vector<std::string> names;
  for (std::size_t s = 0; s < frame.species.size(); ++s) names.push_back(frame.species_name(s));
  for (const auto& [name, radius] : radii) {
    bool known = std::find(names.begin(), names.end(), name) != names.end();
    for (std::size_t s = 0; s < names.size(); ++s) known = known || name == fmt::format("{}", s + 1);
    if (!known)
      throw InputError(fmt::format("voronoi: radii must name species of the frame ({}), got {}{}", fmt::join(names, ", "), name,
                                   did_you_mean(name, names)));
    if (!(radius > 0) || !std::isfinite(radius))
      throw InputError(fmt::format("voronoi: radii must be positive, got {} angstrom for {}", radius, name));
  }
}

std::vector<double> species_radii(const Frame& frame, const VoronoiOptions& options, Context& context) {
  if (!options.radical) {
    if (!options.radii.empty()) throw InputError("voronoi: radii must come with a radical tessellation, got radii without --radical");
    return {};
  }
  check_radius_names(frame, options.radii);
  std::vector<double> radii;
  for (std::size_t s = 0; s < frame.species.size(); ++s) {
    if (!options.radii.empty()) {
      radii.push_back(given_radius(frame, s, options.radii));
      continue;
    }
    const Element* known = frame.units == UnitSystem::lj ? nullptr : find_element(frame.species[s].name);
    if (!known || std::isnan(known->metallic_radius))
      throw InputError(fmt::format("voronoi: a radical tessellation needs radii, got none for {}, e.g. --radii {}=1.28",
                                   frame.species_name(s),
                                   frame.species[s].name.empty() ? fmt::format("{}", s + 1) : frame.species[s].name));
    radii.push_back(known->metallic_radius);
    context.warn(
        fmt::format("radius of {} from the table of metallic radii: {:.2f} angstrom", frame.species_name(s), known->metallic_radius));
  }
  return radii;
}

/// What is kept of a cell.
struct Polyhedron {
  std::array<int, 5> orders{};  // n3, n4, n5, n6, higher
  int faces = 0, coordination = 0, dropped = 0, max_order = 0;
  bool wall = false;
};

int order_of(const neighbor::VoronoiCell& cell, const neighbor::CellFace& face, double edge_threshold) {
  if (edge_threshold <= 0) return face.order;
  const auto corners = cell.corners_of(face);
  int order = 0;
  for (std::size_t k = 0; k < corners.size(); ++k) {
    const Vec3 edge =
        cell.vertices[static_cast<std::size_t>(corners[k])] - cell.vertices[static_cast<std::size_t>(corners[(k + 1) % corners.size()])];
    if (norm2(edge) >= edge_threshold * edge_threshold) ++order;
  }
  return order;
}

Polyhedron polyhedron(const neighbor::VoronoiCell& cell, const VoronoiOptions& options) {
  Polyhedron p;
  const double least = std::max(options.face_threshold, options.relative_face_threshold * cell.surface);
  for (const neighbor::CellFace& face : cell.faces) {
    p.wall = p.wall || face.neighbor < 0;
    const int order = face.area < least ? 0 : order_of(cell, face, options.edge_threshold);
    if (order < 3) {
      ++p.dropped;
      continue;
    }
    ++p.faces;
    ++p.orders[static_cast<std::size_t>(std::min(order, 7) - 3)];
    p.max_order = std::max(p.max_order, order);
    if (face.neighbor >= 0) ++p.coordination;
  }
  return p;
}

std::string index_text(const std::array<int, 5>& n) { return fmt::format("<{},{},{},{}>", n[0], n[1], n[2], n[3]); }

using Indices = std::vector<Polyhedron>;

struct Group {
  std::array<int, 4> index{};
  std::size_t count = 0, high = 0;
  double distance = 0;  // least of its atoms
};

/// The populations of each species, the largest first; equal ones in order of the index.
std::vector<std::vector<Group>> populations(const Frame& frame, const Indices& all, const std::vector<double>& distance) {
  std::vector<std::unordered_map<std::uint64_t, Group>> found(frame.species.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& n = all[i].orders;
    std::uint64_t key = 0;
    for (std::size_t k = 0; k < 4; ++k) key = key << 16 | static_cast<std::uint64_t>(n[k]);
    Group& g = found[static_cast<std::size_t>(frame.type[i])][key];
    g.index = {n[0], n[1], n[2], n[3]};
    g.distance = g.count ? std::min(g.distance, distance[i]) : distance[i];
    ++g.count;
    g.high += n[4] > 0;
  }
  std::vector<std::vector<Group>> lists(found.size());
  for (std::size_t s = 0; s < found.size(); ++s) {
    for (const auto& [key, g] : found[s]) lists[s].push_back(g);
    std::sort(lists[s].begin(), lists[s].end(),
              [](const Group& a, const Group& b) { return a.count > b.count || (a.count == b.count && a.index < b.index); });
  }
  return lists;
}

std::size_t shown(std::size_t rows, int top) { return top > 0 ? std::min(rows, static_cast<std::size_t>(top)) : rows; }

std::string text_of(const Group& g) { return index_text({g.index[0], g.index[1], g.index[2], g.index[3], 0}); }

Table index_table(const Frame& frame, const std::vector<std::vector<Group>>& groups, int top) {
  Table t;
  t.add_text("species");
  t.add_text("index", "n3, n4, n5, n6");
  t.add_number("count", "1", "atoms");
  t.add_number("fraction", "1", "of the atoms of this species");
  t.add_number("fraction_error", "1");
  t.add_number("with_high_order_faces", "1", "atoms of this row that also have faces of order 7 or more");
  const auto totals = frame.species_counts();
  for (std::size_t s = 0; s < totals.size(); ++s) {
    const std::vector<Group>& list = groups[s];
    for (std::size_t r = 0; r < shown(list.size(), top); ++r) {
      t.columns[0].text.push_back(frame.species_name(s));
      t.columns[1].text.push_back(text_of(list[r]));
      t.columns[2].number.push_back(double(list[r].count));
      t.columns[3].number.push_back(double(list[r].count) / double(totals[s]));
      t.columns[4].number.push_back(numeric::proportion_error(list[r].count, totals[s]));
      t.columns[5].number.push_back(double(list[r].high));
    }
  }
  return t;
}

Table motif_table(const Frame& frame, const std::vector<std::vector<Group>>& groups, int top) {
  Table t;
  t.add_text("species");
  t.add_text("index", "n3, n4, n5, n6");
  t.add_text("class", "favoured: a Kasper polyhedron; distorted: up to 4 faces away from it; unfavoured: more");
  t.add_number("kasper_distance", "1", "faces whose order would have to change, least of the atoms of the row");
  t.add_number("count", "1", "atoms");
  t.add_number("fraction", "1", "of the atoms of this species");
  t.add_number("fraction_error", "1");
  const auto totals = frame.species_counts();
  const auto rank = [](const Group& g) { return std::tuple(std::isnan(g.distance) ? 1e9 : g.distance, -double(g.count)); };
  for (std::size_t s = 0; s < totals.size(); ++s) {
    std::vector<Group> list = groups[s];
    // The rows shown are the most populated ones, ranked.
    list.resize(shown(list.size(), top));
    std::stable_sort(list.begin(), list.end(), [&](const Group& a, const Group& b) { return rank(a) < rank(b); });
    for (const Group& g : list) {
      t.columns[0].text.push_back(frame.species_name(s));
      t.columns[1].text.push_back(text_of(g));
      t.columns[2].text.emplace_back(motif_class(g.distance));
      t.columns[3].number.push_back(g.distance);
      t.columns[4].number.push_back(double(g.count));
      t.columns[5].number.push_back(double(g.count) / double(totals[s]));
      t.columns[6].number.push_back(numeric::proportion_error(g.count, totals[s]));
    }
  }
  return t;
}

/// Ratio of two sums over atoms with the error of a ratio estimator.
Measured ratio(const std::vector<double>& part, const std::vector<double>& whole) {
  Measured m;
  m.note = "ratio estimator over cells, cells taken as independent";
  const double p = std::accumulate(part.begin(), part.end(), 0.0), w = std::accumulate(whole.begin(), whole.end(), 0.0);
  if (w == 0) return m;
  m.value = p / w;
  double squares = 0;
  for (std::size_t i = 0; i < part.size(); ++i) squares += (part[i] - m.value * whole[i]) * (part[i] - m.value * whole[i]);
  m.error = std::sqrt(squares) / w;
  return m;
}

void push(const Measured& m, std::vector<double>& value, std::vector<double>& error) {
  value.push_back(m.value);
  error.push_back(m.error);
}

void push_fraction(std::size_t k, std::size_t n, std::vector<double>& value, std::vector<double>& error) {
  value.push_back(n ? double(k) / double(n) : nan);
  error.push_back(numeric::proportion_error(k, n));
}

void per_species(const Frame& frame, const Indices& all, Voronoi& r) {
  const auto totals = frame.species_counts();
  for (std::size_t s = 0; s < totals.size(); ++s) {
    r.species.push_back(frame.species_name(s));
    std::size_t icosahedra = 0, favoured = 0, unfavoured = 0;
    std::vector<double> volume, coordination, pentagons, faces;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (static_cast<std::size_t>(frame.type[i]) != s || all[i].faces + all[i].dropped == 0) continue;
      icosahedra += all[i].orders == std::array<int, 5>{0, 0, 12, 0, 0};
      favoured += r.kasper_distance[i] == 0;
      unfavoured += r.kasper_distance[i] > unfavoured_above_distance;
      volume.push_back(r.atomic_volume[i]);
      coordination.push_back(all[i].coordination);
      pentagons.push_back(all[i].orders[2]);
      faces.push_back(all[i].faces);
    }
    push_fraction(icosahedra, totals[s], r.full_icosahedra_fraction, r.full_icosahedra_fraction_error);
    push_fraction(favoured, totals[s], r.favoured_fraction, r.favoured_fraction_error);
    push_fraction(unfavoured, totals[s], r.unfavoured_fraction, r.unfavoured_fraction_error);
    push(numeric::mean(volume), r.mean_atomic_volume, r.mean_atomic_volume_error);
    push(numeric::mean(coordination), r.mean_coordination, r.mean_coordination_error);
    push(ratio(pentagons, faces), r.five_fold_fraction, r.five_fold_fraction_error);
  }
}

void totals(const Indices& all, Voronoi& r) {
  std::vector<double> high, faces;
  for (const Polyhedron& p : all) {
    high.push_back(p.orders[4]);
    faces.push_back(p.faces);
    r.faces_dropped += p.dropped;
    r.atoms_without_cell += p.faces + p.dropped == 0;
  }
  r.high_order_faces = std::accumulate(high.begin(), high.end(), 0.0);
  r.high_order_fraction = ratio(high, faces);
  double rest = 0;  // Kahan: a million cells to 1e-12
  for (const double v : r.atomic_volume) {
    const double y = v - rest, t = r.volume_sum + y;
    rest = (t - r.volume_sum) - y;
    r.volume_sum = t;
  }
}

void per_atom(const Indices& all, Voronoi& r) {
  const std::size_t n = all.size();
  r.voronoi_index = Matrix(n, 4);
  r.coordination.resize(n), r.max_face_order.resize(n), r.five_fold.resize(n), r.kasper_distance.resize(n);
#pragma omp parallel for
  for (std::size_t i = 0; i < n; ++i) {
    const Polyhedron& p = all[i];
    for (std::size_t k = 0; k < 4; ++k) r.voronoi_index(i, k) = p.orders[k];
    r.coordination[i] = p.coordination;
    r.max_face_order[i] = p.max_order;
    r.five_fold[i] = p.faces ? double(p.orders[2]) / p.faces : nan;
    r.kasper_distance[i] = kasper_distance(p.orders);
  }
}

void say(const Frame& frame, const Indices& all, const Voronoi& r, Context& context) {
  if (r.atoms_without_cell > 0)
    context.warn(
        fmt::format("{} atoms have no radical cell: larger neighbours overwhelm them; means and five-fold fractions leave them out, "
                    "fractions of atoms keep them in the denominator, and their own volume is 0",
                    r.atoms_without_cell));
  const auto walls = std::count_if(all.begin(), all.end(), [](const Polyhedron& p) { return p.wall; });
  if (walls > 0)
    context.warn(fmt::format("{} of {} cells end at a wall of the non-periodic box; their volumes and indices are not those of a bulk",
                             walls, frame.size()));
}

}  // namespace

Voronoi voronoi(const Frame& frame, const VoronoiOptions& options, Context& context) {
  Voronoi r;
  r.radii = species_radii(frame, options, context);
  std::vector<double> radii;
  if (options.radical)
    for (int t : frame.type) radii.push_back(r.radii[static_cast<std::size_t>(t)]);
  Indices all(frame.size());
  r.atomic_volume.resize(frame.size());
  r.cavity_radius.resize(frame.size());
  const auto keep = [&](const neighbor::VoronoiCell& cell) {
    all[cell.atom] = polyhedron(cell, options);
    r.atomic_volume[cell.atom] = cell.volume;
    r.cavity_radius[cell.atom] = cell.radius;
  };
  neighbor::tessellate(frame, radii, keep, context);
  r.box_volume = frame.box.volume();
  per_atom(all, r);
  totals(all, r);
  per_species(frame, all, r);
  const auto groups = populations(frame, all, r.kasper_distance);
  r.index = index_table(frame, groups, options.top);
  r.motifs = motif_table(frame, groups, options.top);
  say(frame, all, r, context);
  return r;
}

const Fields& VoronoiOptions::fields() {
  static const Fields table = {
      field<&VoronoiOptions::radical>("radical", "", "radical tessellation by atomic radii instead of the ordinary one"),
      field<&VoronoiOptions::radii>("radii", "angstrom", "radii by species, Cu=1.28,Zr=1.60; without them metallic radii of the elements")
          .positive(),
      field<&VoronoiOptions::edge_threshold>("edge_threshold", "angstrom", "edges shorter than this do not count").non_negative(),
      field<&VoronoiOptions::face_threshold>("face_threshold", "angstrom^2", "faces smaller than this do not count").non_negative(),
      field<&VoronoiOptions::relative_face_threshold>("relative_face_threshold", "1",
                                                      "faces smaller than this part of the cell's surface do not count")
          .range(0, 1),
      field<&VoronoiOptions::top>("top", "1", "rows of the tables for each species, the most populated; 0: all").non_negative(),
  };
  return table;
}

const Fields& Voronoi::fields() {
  const std::string counted = "counted, without statistical error";
  const std::string geometry = "geometry of one configuration";
  static const Fields table = {
      field<&Voronoi::species>("species", "", "species of the frame"),
      field<&Voronoi::radii>("radii", "angstrom", "radii used; empty for the ordinary tessellation")
          .over("species", Plot::none)
          .exact("input"),
      field<&Voronoi::index>("index", "", "populations of the indices, per species of the central atom").as(Plot::bars),
      field<&Voronoi::motifs>("motifs", "", "motifs from favoured to geometrically unfavoured"),
      field<&Voronoi::full_icosahedra_fraction>("full_icosahedra_fraction", "1", "atoms with <0,0,12,0>").over("species", Plot::bars),
      field<&Voronoi::full_icosahedra_fraction_error>("full_icosahedra_fraction_error", "1", "atoms taken as independent")
          .error_for("full_icosahedra_fraction"),
      field<&Voronoi::favoured_fraction>("favoured_fraction", "1", "atoms whose cell is a Kasper polyhedron").over("species", Plot::bars),
      field<&Voronoi::favoured_fraction_error>("favoured_fraction_error", "1", "atoms taken as independent").error_for("favoured_fraction"),
      field<&Voronoi::unfavoured_fraction>("unfavoured_fraction", "1", "atoms more than 4 faces away from the Kasper polyhedron")
          .over("species", Plot::bars),
      field<&Voronoi::unfavoured_fraction_error>("unfavoured_fraction_error", "1", "atoms taken as independent")
          .error_for("unfavoured_fraction"),
      field<&Voronoi::five_fold_fraction>("five_fold_fraction", "1", "faces with five edges").over("species", Plot::bars),
      field<&Voronoi::five_fold_fraction_error>("five_fold_fraction_error", "1", "cells taken as independent")
          .error_for("five_fold_fraction"),
      field<&Voronoi::mean_coordination>("mean_coordination", "1", "faces shared with other atoms").over("species", Plot::bars),
      field<&Voronoi::mean_coordination_error>("mean_coordination_error", "1", "atoms taken as independent").error_for("mean_coordination"),
      field<&Voronoi::mean_atomic_volume>("mean_atomic_volume", "angstrom^3", "mean volume of the cells").over("species", Plot::bars),
      field<&Voronoi::mean_atomic_volume_error>("mean_atomic_volume_error", "angstrom^3", "atoms taken as independent")
          .error_for("mean_atomic_volume"),
      field<&Voronoi::high_order_faces>("high_order_faces", "1", "faces with seven edges or more, counted from both sides").exact(counted),
      field<&Voronoi::high_order_fraction>("high_order_fraction", "1", "of all faces"),
      field<&Voronoi::faces_dropped>("faces_dropped", "1", "faces that fell to the thresholds").exact(counted),
      field<&Voronoi::volume_sum>("volume_sum", "angstrom^3", "volume of all cells").exact(geometry),
      field<&Voronoi::box_volume>("box_volume", "angstrom^3", "volume of the box").exact(geometry),
      field<&Voronoi::atoms_without_cell>("atoms_without_cell", "1", "atoms that larger neighbours leave no radical cell").exact(counted),
      field<&Voronoi::voronoi_index>("voronoi_index", "1", "n3, n4, n5, n6").atoms("Voronoi Index").exact(geometry),
      field<&Voronoi::atomic_volume>("atomic_volume", "angstrom^3", "volume of the cell").atoms("Atomic Volume").exact(geometry),
      field<&Voronoi::coordination>("coordination", "1", "faces shared with other atoms").atoms("Coordination").exact(geometry),
      field<&Voronoi::cavity_radius>("cavity_radius", "angstrom", "distance of the farthest vertex of the cell")
          .atoms("Cavity Radius")
          .exact(geometry),
      field<&Voronoi::max_face_order>("max_face_order", "1", "edges of the face with most edges").atoms("Max Face Order").exact(geometry),
      field<&Voronoi::five_fold>("five_fold", "1", "part of the atom's faces that have five edges")
          .atoms("Five Fold Fraction")
          .exact(geometry),
      field<&Voronoi::kasper_distance>("kasper_distance", "1", "faces whose order would have to change to make a Kasper polyhedron")
          .atoms("Kasper Distance")
          .exact(geometry),
  };
  return table;
}

const Analysis& voronoi_analysis() {
  static const Analysis entry =
      analysis<&voronoi>("structure", "voronoi", "Voronoi indices, volumes, coordination and motifs, ordinary or radical",
                         {{"Bernal, Proc. R. Soc. A 280, 299 (1964)", "10.1098/rspa.1964.0147"},
                          {"Gellatly and Finney, J. Non-Cryst. Solids 50, 313 (1982)", "10.1016/0022-3093(82)90093-X"},
                          {"Sheng, Luo, Alamgir, Bai and Ma, Nature 439, 419 (2006)", "10.1038/nature04421"},
                          {"Ding, Patinet, Falk, Cheng and Ma, PNAS 111, 14052 (2014)", "10.1073/pnas.1412095111"},
                          {"Rycroft, Chaos 19, 041111 (2009)", "10.1063/1.3215722"}});
  return entry;
}

}  // namespace heteroglass::structure
