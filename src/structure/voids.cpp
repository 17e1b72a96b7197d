#include "structure/voids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/analysis.hpp"
#include "core/elements.hpp"
#include "core/error.hpp"
#include "numeric/proportion.hpp"
#include "structure/distance_grid.hpp"
#include "structure/wrapping_clusters.hpp"

namespace heteroglass::structure {
namespace {

/// Radius of each species of the frame.
std::vector<double> species_radii(const Frame& frame, const std::map<std::string, double>& given) {
  for (const auto& [name, r] : given) {
    if (!(r > 0)) throw InputError(fmt::format("--radii: must be positive, got {}={} angstrom", name, r));
    bool known = false;
    for (std::size_t s = 0; s < frame.species.size(); ++s) known = known || frame.species_name(s) == name;
    if (!known) throw InputError(fmt::format("--radii: must name species of {}, got {}", frame.source, name));
  }
  std::vector<double> radii;
  for (std::size_t s = 0; s < frame.species.size(); ++s) {
    const std::string name = frame.species_name(s);
    const Element* element = find_element(frame.species[s].name);
    if (const auto own = given.find(name); own != given.end())
      radii.push_back(own->second);
    else if (frame.units == UnitSystem::lj)
      radii.push_back(0.5);
    else if (element && !std::isnan(element->metallic_radius))
      radii.push_back(element->metallic_radius);
    else
      throw InputError(fmt::format("--radii: {} has no metallic radius; must be given, got none", name));
  }
  return radii;
}

/// The six neighbours of a grid point that come after it, with the cells between.
template <class Visit> void next_points(const DistanceGrid& g, const Box& box, std::size_t i, Visit visit) {
  const auto p = g.place(i);
  for (std::size_t k = 0; k < 3; ++k) {
    auto q = p;
    WrappingClusters::Cells cells{};
    if (++q[k] == g.points[k]) {
      if (!box.periodic(k)) continue;
      q[k] = 0, cells[k] = 1;
    }
    visit(g.index(q[0], q[1], q[2]), cells);
  }
}

/// Points with d >= probe as connected parts.
WrappingClusters parts(const DistanceGrid& g, const Box& box, double probe) {
  WrappingClusters clusters(g.size());
  for (std::size_t i = 0; i < g.size(); ++i) {
    if (g.distance[i] < probe) continue;
    next_points(g, box, i, [&](std::size_t j, const WrappingClusters::Cells& cells) {
      if (g.distance[j] >= probe) clusters.link(i, j, cells);
    });
  }
  return clusters;
}

/// The largest probe for which the accessible space wraps around the box, along each edge; points join from the emptiest on.
std::vector<double> percolation(const DistanceGrid& g, const Box& box) {
  std::vector<std::uint32_t> order(g.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return g.distance[a] != g.distance[b] ? g.distance[a] > g.distance[b] : a < b; });
  std::vector<double> found(3, NAN);
  std::vector<char> open(g.size(), 0);
  WrappingClusters clusters(g.size());
  for (const std::uint32_t i : order) {
    open[i] = 1;
    const auto p = g.place(i);
    for (std::size_t k = 0; k < 3; ++k)
      for (const int sign : {-1, 1}) {
        auto q = p;
        WrappingClusters::Cells cells{};
        q[k] += sign;
        if (q[k] < 0 || q[k] == g.points[k]) {
          if (!box.periodic(k)) continue;
          cells[k] = sign, q[k] = sign < 0 ? g.points[k] - 1 : 0;
        }
        const std::size_t j = g.index(q[0], q[1], q[2]);
        if (open[j]) clusters.link(i, j, cells);
      }
    const auto& wraps = clusters.wraps(clusters.root(i));
    for (std::size_t k = 0; k < 3; ++k)
      if (wraps[k] && std::isnan(found[k])) found[k] = g.distance[i];
    if (std::none_of(found.begin(), found.end(), [](double r) { return std::isnan(r); })) break;
    if (g.distance[i] < 0) break;  // inside the atoms
  }
  return found;
}

/// Largest sphere around each point: the largest d(c) of the accessible points c within d(c) of it; 0 where none is.
std::vector<float> pores(const DistanceGrid& g, const Box& box, double probe) {
  std::vector<std::uint32_t> centres;
  for (std::size_t i = 0; i < g.size(); ++i)
    if (g.distance[i] >= probe) centres.push_back(static_cast<std::uint32_t>(i));
  std::sort(centres.begin(), centres.end(),
            [&](std::uint32_t a, std::uint32_t b) { return g.distance[a] != g.distance[b] ? g.distance[a] > g.distance[b] : a < b; });
  std::vector<float> pore(g.size(), 0);
  for (const std::uint32_t c : centres) {  // the largest first: a point keeps the first that reaches it
    const auto p = g.place(c);
    const float r = g.distance[c];
    std::array<std::int32_t, 3> wide{};
    for (std::size_t k = 0; k < 3; ++k) wide[k] = static_cast<std::int32_t>(std::ceil(r / box.heights()[k] * g.points[k]));
    for (std::int32_t w = -wide[2]; w <= wide[2]; ++w)
      for (std::int32_t v = -wide[1]; v <= wide[1]; ++v)
        for (std::int32_t u = -wide[0]; u <= wide[0]; ++u) {
          const Vec3 d = box.edges() * Vec3{double(u) / g.points[0], double(v) / g.points[1], double(w) / g.points[2]};
          if (norm2(d) >= double(r) * r) continue;
          std::array<std::int32_t, 3> q = {p[0] + u, p[1] + v, p[2] + w};
          bool inside = true;
          for (std::size_t k = 0; k < 3; ++k) {
            if (!box.periodic(k)) inside = inside && q[k] >= 0 && q[k] < g.points[k];
            q[k] = ((q[k] % g.points[k]) + g.points[k]) % g.points[k];
          }
          float& here = pore[g.index(q[0], q[1], q[2])];
          if (inside && here == 0) here = r;
        }
  }
  return pore;
}

/// Directions spread evenly over the sphere.
const std::vector<Vec3>& directions() {
  static const std::vector<Vec3> all = [] {
    std::vector<Vec3> v;
    constexpr int n = 150;
    for (int k = 0; k < n; ++k) {
      const double z = 1 - (2.0 * k + 1) / n, angle = k * std::numbers::pi * (3 - std::sqrt(5.0)), r = std::sqrt(1 - z * z);
      v.push_back({r * std::cos(angle), r * std::sin(angle), z});
    }
    return v;
  }();
  return all;
}

/// Climbs from a point to the local maximum of d, by steps that shrink when none in any direction helps: d has ridges, where gradients mislead.
double climb(const Frame& frame, std::span<const double> radii, const std::vector<std::int32_t>& near, Vec3& x, double step) {
  double best = surface_distance(frame, radii, near, x);
  for (double h = step; h > 1e-5 * step;) {
    Vec3 to = x;
    double highest = best;
    for (const Vec3& d : directions()) {
      const double there = surface_distance(frame, radii, near, x + h * d);
      if (there > highest) highest = there, to = x + h * d;
    }
    if (highest > best)
      best = highest, x = to;
    else
      h *= 0.6;
  }
  return best;
}

struct Void {
  std::size_t points = 0, deepest = 0;
  double radius = 0;
  Vec3 centre;
  bool wraps = false;
};

/// A void for each part.
std::vector<Void> find_voids(const Frame& frame, std::span<const double> radii, const DistanceGrid& g, double probe, double spacing) {
  WrappingClusters clusters = parts(g, frame.box, probe);
  std::map<std::size_t, Void> by_root;
  for (std::size_t i = 0; i < g.size(); ++i) {
    if (g.distance[i] < probe) continue;
    const std::size_t root = clusters.root(i);
    Void& v = by_root[root];
    if (v.points++ == 0 || g.distance[i] > g.distance[v.deepest]) v.deepest = i;
    const auto& w = clusters.wraps(root);
    v.wraps = w[0] || w[1] || w[2];
  }
  std::vector<Void> all;
  for (auto& [root, v] : by_root) {
    v.centre = frame.box.cartesian(g.fractional(v.deepest));
    std::vector<std::int32_t> near;
    for (std::size_t i = 0; i < frame.size(); ++i)
      if (norm(frame.box.minimum_image(frame.position[i] - v.centre)) < g.farthest + radii[i] + 2 * spacing)
        near.push_back(static_cast<std::int32_t>(i));
    v.radius = near.empty() ? g.farthest : climb(frame, radii, near, v.centre, spacing);
    v.centre = frame.box.wrap(v.centre);
    all.push_back(v);
  }
  std::stable_sort(all.begin(), all.end(), [](const Void& a, const Void& b) { return a.radius > b.radius; });
  // A narrow neck falls between the points of the grid: parts that lead to one maximum are one void.
  std::vector<Void> merged;
  for (const Void& v : all) {
    const auto same = std::find_if(merged.begin(), merged.end(),
                                   [&](const Void& m) { return norm(frame.box.minimum_image(m.centre - v.centre)) < 0.5 * spacing; });
    if (same == merged.end())
      merged.push_back(v);
    else
      same->points += v.points, same->wraps = same->wraps || v.wraps;
  }
  return merged;
}

double fraction(const std::vector<float>& values, double least) {
  return static_cast<double>(std::count_if(values.begin(), values.end(), [&](float v) { return v >= least; })) /
         static_cast<double>(values.size());
}

Table void_table(const std::vector<Void>& all, double each) {
  Table t;
  for (const auto& [name, unit, help] : {std::tuple{"radius", "angstrom", "of the largest sphere"},
                                         {"accessible_volume", "angstrom^3", "open to the probe's centre"},
                                         {"x", "angstrom", "centre of the largest sphere"},
                                         {"y", "angstrom", ""},
                                         {"z", "angstrom", ""},
                                         {"wraps", "1", "1: connects with its own image"}})
    t.add_number(name, unit, help);
  for (const Void& v : all) {
    const double row[] = {v.radius, static_cast<double>(v.points) * each, v.centre.x, v.centre.y, v.centre.z, v.wraps ? 1.0 : 0.0};
    for (std::size_t k = 0; k < 6; ++k) t.columns[k].number.push_back(row[k]);
  }
  return t;
}

void add_distributions(const std::vector<Void>& all, const std::vector<float>& pore, double volume, const VoidsOptions& o, Voids& out) {
  if (all.empty()) return;
  const auto bins = static_cast<std::size_t>(o.bins);
  const double width = (out.largest_radius - out.probe) / static_cast<double>(bins) * (1 + 1e-9) + 1e-12;
  std::vector<double> number(bins, 0), points(bins, 0);
  double filled = 0;
  const auto bin = [&](double r) { return std::min(bins - 1, static_cast<std::size_t>(std::max(0.0, (r - out.probe) / width))); };
  for (const Void& v : all) ++number[bin(v.radius)];
  for (const float r : pore)
    if (r > 0) ++points[bin(r)], ++filled;
  for (std::size_t k = 0; k < bins; ++k) {
    const double r = out.probe + (static_cast<double>(k) + 0.5) * width;
    out.radius.push_back(r), out.pore_radius.push_back(r);
    out.distribution.push_back(number[k] / (volume * width));
    out.distribution_error.push_back(std::sqrt(std::max(number[k], 1.0)) / (volume * width));
    out.pore_distribution.push_back(points[k] / (filled * width));
    // The points of a void are not independent: as many as there are voids in the bin, one at least.
    out.pore_distribution_error.push_back(points[k] / (filled * width) / std::sqrt(std::max(number[k], 1.0)));
  }
}

}  // namespace

const Fields& VoidsOptions::fields() {
  static const Fields table = {
      field<&VoidsOptions::radii>("radii", "angstrom", "of the atoms, by species; unset: metallic radii, 0.5 sigma"),
      field<&VoidsOptions::probe>("probe", "angstrom", "radius of the probe; unset: the octahedral hole, (sqrt 2 - 1) <R>").non_negative(),
      field<&VoidsOptions::spacing>("spacing", "angstrom", "of the grid").positive(),
      field<&VoidsOptions::bins>("bins", "1", "of the distributions").range(2, 1000),
  };
  return table;
}

const Fields& Voids::fields() {
  const char* frame = "of this frame";
  static const Fields table = {
      field<&Voids::probe>("probe", "angstrom", "radius of the probe used").exact("as used"),
      field<&Voids::species>("species", "", "species, in the order of radii"),
      field<&Voids::radii>("radii", "angstrom", "radii of the atoms used").exact("as used"),
      field<&Voids::accessible_fraction>("accessible_fraction", "1", "part of the box open to the probe's centre"),
      field<&Voids::void_fraction>("void_fraction", "1", "part of the box where a sphere no smaller than the probe fits"),
      field<&Voids::number_density>("number_density", "1/angstrom^3", "voids per volume"),
      field<&Voids::mean_volume>("mean_volume", "angstrom^3", "void volume by the number of voids"),
      field<&Voids::packing_fraction>("packing_fraction", "1", "part of the box inside the atoms, overlaps counted once").exact(frame),
      field<&Voids::largest_radius>("largest_radius", "angstrom", "of the largest sphere").exact(frame),
      field<&Voids::percolation_radius>("percolation_radius", "angstrom", "largest probe that crosses the periodic sample along each edge")
          .exact("of this frame, to about the spacing of the grid"),
      field<&Voids::table>("table", "", "voids, the largest first").exact("radii converged; volumes of the grid"),
      field<&Voids::radius>("radius", "angstrom", "middle of the bins").exact("set by the bins"),
      field<&Voids::distribution>("distribution", "1/angstrom^4", "voids per volume and radius: free volume by number")
          .over("radius", Plot::bars),
      field<&Voids::distribution_error>("distribution_error", "1/angstrom^4", "of counting").error_for("distribution"),
      field<&Voids::pore_radius>("pore_radius", "angstrom", "middle of the bins").exact("set by the bins"),
      field<&Voids::pore_distribution>("pore_distribution", "1/angstrom",
                                       "of the void volume, by the largest sphere that covers a point: free volume by size")
          .over("pore_radius", Plot::bars),
      field<&Voids::pore_distribution_error>("pore_distribution_error", "1/angstrom", "of counting voids").error_for("pore_distribution"),
      field<&Voids::free_volume>("free_volume", "angstrom^3", "void volume nearest to the atom")
          .atoms("Free Volume")
          .exact(frame)
          .as(Plot::histogram),
  };
  return table;
}

Voids voids(const Frame& frame, const VoidsOptions& o, Context& context) {
  if (frame.size() == 0) throw InputError(fmt::format("{}: must hold atoms, got 0", frame.source));
  Voids out;
  out.radii = species_radii(frame, o.radii);
  std::vector<double> radii;
  double mean = 0;
  for (std::size_t s = 0; s < frame.species.size(); ++s) out.species.push_back(frame.species_name(s));
  for (const int t : frame.type)
    radii.push_back(out.radii[static_cast<std::size_t>(t)]), mean += radii.back() / static_cast<double>(frame.size());
  out.probe = o.probe.value_or((std::sqrt(2.0) - 1) * mean);
  const DistanceGrid grid = distance_grid(frame, radii, o.spacing, {0, 0, 0}, context);
  context.progress(0.4, "voids");
  const double volume = frame.box.volume(), each = volume / static_cast<double>(grid.size());
  const std::vector<Void> all = find_voids(frame, radii, grid, out.probe, o.spacing);
  const std::vector<float> pore = pores(grid, frame.box, out.probe);
  context.progress(0.7, "voids");
  out.free_volume.assign(frame.size(), 0);
  for (std::size_t i = 0; i < grid.size(); ++i)
    if (pore[i] > 0 && grid.nearest[i] >= 0) out.free_volume[static_cast<std::size_t>(grid.nearest[i])] += each;
  const DistanceGrid other = distance_grid(frame, radii, o.spacing, {0.5, 0.5, 0.5}, context);
  const auto both = [](double a, double b) { return Measured{a, std::abs(a - b) / std::sqrt(2.0), "difference of two grids"}; };
  const double filled = fraction(pore, 1e-30);
  out.accessible_fraction = both(fraction(grid.distance, out.probe), fraction(other.distance, out.probe));
  out.void_fraction = both(filled, fraction(pores(other, frame.box, out.probe), 1e-30));
  out.packing_fraction = 1 - fraction(grid.distance, 0);
  const auto n = static_cast<double>(all.size());
  out.number_density = {n / volume, std::sqrt(std::max(n, 1.0)) / volume, "sqrt(n)"};
  if (n > 0) out.mean_volume = {filled * volume / n, filled * volume / n / std::sqrt(n), "of counting"};
  out.largest_radius = all.empty() ? *std::max_element(grid.distance.begin(), grid.distance.end()) : all.front().radius;
  out.percolation_radius = percolation(grid, frame.box);
  out.table = void_table(all, each);
  add_distributions(all, pore, volume, o, out);
  if (*std::max_element(grid.distance.begin(), grid.distance.end()) >= grid.farthest)
    context.warn(fmt::format("places farther than {:.3g} from every atom: larger spheres are not told apart", grid.farthest));
  return out;
}

const Analysis& voids_analysis() {
  static const Analysis entry =
      analysis<&voids>("structure", "voids", "free volume by number and size, largest spheres, percolation, with a stated probe",
                       {{"Gelb, Gubbins, Langmuir 15, 305 (1999)", "10.1021/la9808418"},
                        {"Sastry et al., Mol. Phys. 95, 289 (1998)", "10.1080/00268979809483161"}});
  return entry;
}

}  // namespace heteroglass::structure
