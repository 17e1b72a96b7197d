#include "structure/fractal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/error.hpp"
#include "numeric/box_dimension.hpp"
#include "numeric/noise_table.hpp"
#include "numeric/point_boxes.hpp"
#include "numeric/proportion.hpp"
#include "structure/atom_clusters.hpp"
#include "structure/first_shell.hpp"

namespace heteroglass::structure {
namespace {

using Atoms = std::vector<std::size_t>;

struct Range {
  double from = 0, to = 0;
};

struct Measures {
  std::vector<double> size, boxes, boxes_error, radius, mass, mass_error;
  numeric::BoxDimension by_boxes, by_mass;
};

double smallest_height(const Box& box) { return std::min({box.heights().x, box.heights().y, box.heights().z}); }

Range range_of(const Frame& f, const FractalOptions& o) {
  const double spacing = std::cbrt(f.box.volume() / double(f.size()));
  const Range r{o.from.value_or(1.5 * spacing), o.to.value_or(0.5 * smallest_height(f.box))};
  if (r.to > 0.5 * smallest_height(f.box) * (1 + 1e-9))
    throw InputError(fmt::format("{}: --to must be at most half the smallest height of the box, {:.6g} {}, got {:.6g}", f.source,
                                 0.5 * smallest_height(f.box), unit_in(f.units, "angstrom"), r.to));
  if (!(r.from < r.to))
    throw InputError(fmt::format("{}: --from must be below --to, got {:.4g} and {:.4g} {} (1.5 mean distances and half the box by default)",
                                 f.source, r.from, r.to, unit_in(f.units, "angstrom")));
  return r;
}

/// The whole range is one window: it spans less than a decade, and hunting for a plateau in it would find one.
double whole(const std::vector<double>& size) { return size.back() / size.front(); }

/// Divisions of the cell into near-cubes of edge about e, each once, from the smallest boxes on.
std::vector<std::array<std::uint32_t, 3>> divisions(const Box& box, const Range& r) {
  std::vector<std::array<std::uint32_t, 3>> out;
  for (double e = r.from; e < r.to * 1.0001; e *= std::pow(2.0, 0.25)) {
    std::array<std::uint32_t, 3> n{};
    for (std::size_t k = 0; k < 3; ++k) n[k] = std::max(1u, std::uint32_t(std::lround(box.heights()[k] / e)));
    if (out.empty() || out.back() != n) out.push_back(n);
  }
  return out;
}

void count_boxes(const Frame& f, const Atoms& set, const Range& range, Measures& m) {
  std::vector<Vec3> s;
  for (const std::size_t i : set) s.push_back(f.box.fractional(f.position[i]));
  for (const auto& n : divisions(f.box, range)) {
    const numeric::MeanBoxes b = numeric::mean_occupied_boxes(s, n);
    m.size.push_back(std::cbrt(f.box.volume() / (double(n[0]) * n[1] * n[2])));
    m.boxes.push_back(b.mean), m.boxes_error.push_back(b.error);
  }
  m.by_boxes = numeric::box_dimension(m.size, m.boxes, whole(m.size));
}

/// Atoms of the set within each radius of some of them: of all, or of as many, evenly spread over the set, as 10^8 pairs allow.
void sum_mass(const Frame& f, const Atoms& set, const Range& range, Measures& m) {
  constexpr std::size_t bins = 512;
  constexpr double most_pairs = 1e8;
  const std::size_t n = set.size(), centres = std::min(n, std::max<std::size_t>(200, std::size_t(most_pairs / double(n))));
  std::vector<Vec3> s;
  for (const std::size_t i : set) s.push_back(f.box.fractional(f.position[i]));
  std::vector<std::uint32_t> counts(centres * bins, 0);
  const double scale = double(bins) / range.to;
#pragma omp parallel for schedule(static)
  for (std::int64_t c = 0; c < std::int64_t(centres); ++c) {
    const Vec3 from = s[std::size_t(c) * n / centres];
    std::uint32_t* own = &counts[std::size_t(c) * bins];
    for (const Vec3& to : s) {
      Vec3 d = to - from;
      for (std::size_t k = 0; k < 3; ++k)
        if (f.box.periodic(k)) d[k] -= std::nearbyint(d[k]);  // right up to half the smallest height, which ends the range
      const double r = norm(f.box.edges() * d) * scale;
      if (r < double(bins)) ++own[std::size_t(r)];
    }
  }
  double next = range.from;
  std::vector<double> inverse, mass(centres, 0);  // box_dimension expects counts that fall
  for (std::size_t b = 0; b < bins; ++b) {
    double sum = 0, squares = 0;
    for (std::size_t c = 0; c < centres; ++c) mass[c] += counts[c * bins + b], sum += mass[c], squares += mass[c] * mass[c];
    const double r = double(b + 1) / scale, mean = sum / double(centres);
    if (r < next * 0.9999) continue;
    m.radius.push_back(r), m.mass.push_back(mean), inverse.push_back(1 / mean);
    m.mass_error.push_back(std::sqrt(std::max(0.0, squares / double(centres) - mean * mean) / double(centres)));
    while (next <= r) next *= std::pow(2.0, 0.25);
  }
  m.by_mass = numeric::box_dimension(m.radius, inverse, whole(m.radius));
}

Measures measured(const Frame& f, const Atoms& set, const Range& range) {
  Measures m;
  count_boxes(f, set, range, m);
  sum_mass(f, set, range, m);
  return m;
}

/// The largest cluster of a set, or the set.
class Part {
 public:
  Part(const Frame& f, const FractalOptions& o) : frame_(f), reach_(o.part == "largest" ? shell_radius(f, o.r_cut) : 0) {
    if (reach_ > 0) list_.emplace(f, reach_);
  }
  Atoms of(const Atoms& set) const {
    if (!list_) return set;
    const AtomClusters clusters = atom_clusters(frame_, *list_, set, reach_);
    Atoms out;
    for (const std::size_t i : set)
      if (clusters.number[i] == 1) out.push_back(i);
    return out;
  }

 private:
  const Frame& frame_;
  double reach_;
  std::optional<neighbor::NeighborList> list_;
};

Table controls(const Frame& f, const ChosenAtoms& chosen, const Part& part, const Measures& m, const Range& range, const FractalOptions& o,
               Context& context) {
  numeric::NoiseTable t("as many atoms of each species, chosen at random or by noise with the spectrum of the property");
  for (const bool smooth : {false, true}) {
    std::vector<double> boxes, mass;
    for (int k = 0; k < o.surrogates; ++k) {
      context.check_cancelled();
      context.progress(0.3 + 0.35 * (double(k) / o.surrogates + smooth), "controls");
      const std::uint64_t seed = std::uint64_t(o.seed) * 1000003u + std::uint64_t(k);
      const Atoms set = part.of(smooth ? smooth_choice(f, chosen, seed) : shuffled_choice(f, chosen, seed));
      const Measures s = set.size() < 8 ? Measures{} : measured(f, set, range);
      boxes.push_back(s.by_boxes.dimension.value), mass.push_back(s.by_mass.dimension.value);
    }
    const std::string name = smooth ? "smooth" : "shuffled";
    t.add("fractal dimension", name, m.by_boxes.dimension.value, boxes);
    t.add("mass dimension", name, m.by_mass.dimension.value, mass);
  }
  return t.table();
}

}  // namespace

Fractal fractal(const Frame& f, const FractalOptions& o, Context& context) {
  const ChosenAtoms chosen = chosen_atoms(f, o.choose);
  const Part part(f, o);
  const Atoms set = part.of(chosen.index);
  if (set.size() < 8) throw InputError(fmt::format("{}: the set must have at least 8 atoms for a dimension, got {}", f.source, set.size()));
  const Range range = range_of(f, o);
  Measures m = measured(f, set, range);
  Fractal r;
  r.chosen = int(set.size());
  r.selected_fraction = {double(chosen.index.size()) / double(f.size()), numeric::proportion_error(chosen.index.size(), f.size()),
                         "counting, atoms taken as independent"};
  r.fractal_dimension = m.by_boxes.dimension, r.fit_from = m.by_boxes.from, r.fit_to = m.by_boxes.to;
  r.mass_dimension = m.by_mass.dimension, r.mass_from = m.by_mass.from, r.mass_to = m.by_mass.to;
  r.local_dimension = m.by_boxes.local_slope, r.local_mass_dimension = m.by_mass.local_slope;
  r.noise = chosen.all || o.surrogates < 2 ? Table{} : controls(f, chosen, part, m, range, o, context);
  r.box_size = std::move(m.size), r.box_count = std::move(m.boxes), r.box_count_error = std::move(m.boxes_error);
  r.radius = std::move(m.radius), r.mass = std::move(m.mass), r.mass_error = std::move(m.mass_error);
  r.selection.assign(f.size(), 0);
  for (const std::size_t i : set) r.selection[i] = 1;
  if (range.to / range.from < 10)
    context.warn(fmt::format("sizes span a factor of {:.2g}, less than a decade: a slope there is no proof of a fractal, see noise",
                             range.to / range.from));
  if (chosen.all) context.warn("all atoms are chosen, so there is nothing to compare with; choose with --species or --property");
  if (!f.box.fully_periodic()) context.warn("the box has open sides, which cut spheres off: the mass dimension is too low");
  return r;
}

const Fields& FractalOptions::fields() {
  using O = FractalOptions;
  static const Fields table = with_nested<&O::choose>({
      field<&O::part>("part", "", "the whole set, or its largest cluster").one_of({"all", "largest"}),
      field<&O::r_cut>("r_cut", "angstrom", "longest link in a cluster; unset: first minimum of g(r)").positive(),
      field<&O::from>("from", "angstrom", "smallest box edge and radius; unset: 1.5 mean distances of atoms").positive(),
      field<&O::to>("to", "angstrom", "largest box edge and radius; unset: half the smallest height of the box").positive(),
      field<&O::surrogates>("surrogates", "1", "random sets of each kind to compare with; 0: none").range(0, 999),
      field<&O::seed>("seed", "1", "of the random sets").range(0, 2147483647),
  });
  return table;
}

const Fields& Fractal::fields() {
  using R = Fractal;
  static const Fields table = {
      field<&R::chosen>("chosen", "1", "atoms of the set that was measured").exact("counted"),
      field<&R::selected_fraction>("selected_fraction", "1", "share of the atoms that the conditions choose"),
      field<&R::fractal_dimension>("fractal_dimension", "1", "by box counting"),
      field<&R::fit_from>("fit_from", "angstrom", "smallest box of the fit").exact("chosen"),
      field<&R::fit_to>("fit_to", "angstrom", "largest box of the fit").exact("chosen"),
      field<&R::mass_dimension>("mass_dimension", "1", "by the mass in spheres around the atoms of the set"),
      field<&R::mass_from>("mass_from", "angstrom", "smallest radius of the fit").exact("chosen"),
      field<&R::mass_to>("mass_to", "angstrom", "largest radius of the fit").exact("chosen"),
      field<&R::box_size>("box_size", "angstrom", "edge of boxes").exact("chosen").log_axis(),
      field<&R::box_count>("box_count", "1", "boxes that hold an atom of the set, mean over eight places of the grid")
          .over("box_size", Plot::points)
          .log_axis(),
      field<&R::box_count_error>("box_count_error", "1", "spread over places of the grid / sqrt(places)").error_for("box_count"),
      field<&R::local_dimension>("local_dimension", "1", "local slope of the counts").over("box_size").exact("of the counts"),
      field<&R::radius>("radius", "angstrom", "radius of spheres").exact("chosen").log_axis(),
      field<&R::mass>("mass", "1", "atoms of the set in a sphere around one of them, itself included")
          .over("radius", Plot::points)
          .log_axis(),
      field<&R::mass_error>("mass_error", "1", "spread of the centres / sqrt(centres), taken as independent").error_for("mass"),
      field<&R::local_mass_dimension>("local_mass_dimension", "1", "local slope of the mass").over("radius").exact("of the counts"),
      field<&R::noise>("noise", "", "the same for random sets").exact("its own spread is a column"),
      field<&R::selection>("selection", "1", "1: atom of the set").atoms("Selection").exact("chosen"),
  };
  return table;
}

const Analysis& fractal_analysis() {
  static const Analysis entry =
      analysis<&fractal>("structure", "fractal", "fractal dimension of a set of atoms, by boxes and by mass, beside random sets",
                         {{"Grassberger, Procaccia, Physica D 9, 189 (1983)", "10.1016/0167-2789(83)90298-1"},
                          {"Schreiber, Schmitz, Phys. Rev. Lett. 77, 635 (1996)", "10.1103/PhysRevLett.77.635"}});
  return entry;
}

}  // namespace heteroglass::structure
