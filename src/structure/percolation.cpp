#include "structure/percolation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/error.hpp"
#include "numeric/noise_table.hpp"
#include "numeric/proportion.hpp"
#include "structure/atom_clusters.hpp"
#include "structure/first_shell.hpp"

namespace heteroglass::structure {
namespace {

using Atoms = std::vector<std::size_t>;

bool through(const AtomCluster& c) { return c.percolates[0] || c.percolates[1] || c.percolates[2]; }
/// Edges along which any cluster goes.
std::array<bool, 3> any_through(const AtomClusters& all) {
  std::array<bool, 3> out{};
  for (const AtomCluster& c : all.cluster)
    for (std::size_t k = 0; k < 3; ++k) out[k] = out[k] || c.percolates[k];
  return out;
}

double mean_size(const AtomClusters& all) {
  double n = 0, squares = 0;
  for (std::size_t k = 1; k < all.cluster.size(); ++k)
    n += double(all.cluster[k].atoms), squares += double(all.cluster[k].atoms) * double(all.cluster[k].atoms);
  return n > 0 ? squares / n : NAN;
}

double correlation_length(const AtomClusters& all) {
  double sum = 0, squares = 0;
  for (const AtomCluster& c : all.cluster)
    if (const double g = c.gyration[0] + c.gyration[1] + c.gyration[2], n = double(c.atoms); std::isfinite(g) && !through(c))
      sum += g * n * n, squares += n * n;
  return squares > 0 ? std::sqrt(2 * sum / squares) : NAN;
}

double aspect(const AtomCluster& c) { return c.gyration[0] > 1e-9 ? std::sqrt(c.gyration[2] / c.gyration[0]) : NAN; }

Measured mean_aspect(const AtomClusters& all) {
  std::vector<double> ratio;
  for (const AtomCluster& c : all.cluster)
    if (c.atoms >= 20) ratio.push_back(aspect(c));
  Measured m = numeric::mean(ratio);
  m.note = ratio.empty() ? "no cluster of 20 atoms or more" : "spread of the clusters / sqrt(clusters)";
  return m;
}

Table cluster_table(const AtomClusters& all) {
  Table t;
  for (const auto& [name, unit, help] :
       {std::array{"atoms", "1", "size"}, std::array{"x", "angstrom", "centre"}, std::array{"y", "angstrom", "centre"},
        std::array{"z", "angstrom", "centre"}, std::array{"radius_of_gyration", "angstrom", "none when it percolates"},
        std::array{"aspect_ratio", "1", "longest over shortest axis of gyration"}})
    t.add_number(name, unit, help);
  for (std::size_t k = 0; k < std::min<std::size_t>(all.cluster.size(), 200); ++k) {
    const AtomCluster& c = all.cluster[k];
    const double row[] = {double(c.atoms), c.centre.x, c.centre.y, c.centre.z, std::sqrt(c.gyration[0] + c.gyration[1] + c.gyration[2]),
                          aspect(c)};
    for (std::size_t i = 0; i < 6; ++i) t.columns[i].number.push_back(row[i]);
  }
  return t;
}

void add_sizes(const AtomClusters& all, Percolation& r) {
  for (double low = 1; low <= double(all.cluster.front().atoms); low *= 2) {
    const double n = double(std::count_if(all.cluster.begin(), all.cluster.end(),
                                          [&](const AtomCluster& c) { return double(c.atoms) >= low && double(c.atoms) < 2 * low; }));
    if (n == 0) continue;
    r.size.push_back(std::sqrt(low * (2 * low - 1)));  // middle of low .. 2 low - 1
    r.number.push_back(n / low), r.number_error.push_back(std::sqrt(n) / low);
  }
}

/// Control sets and what is found in them.
struct Controls {
  std::vector<double> clusters, largest, mean_size, xi, aspect, percolates;
  std::array<std::vector<double>, 3> distance;

  void add(const Frame& f, const AtomClusters& c, const Atoms& set) {
    clusters.push_back(double(c.cluster.size())), largest.push_back(double(c.cluster.front().atoms) / double(set.size()));
    mean_size.push_back(structure::mean_size(c)), xi.push_back(correlation_length(c)), aspect.push_back(mean_aspect(c).value);
    const auto t = any_through(c);
    percolates.push_back(double(t[0]) + double(t[1]) + double(t[2]));
    const auto d = critical_distance(f, set);
    for (std::size_t k = 0; k < 3; ++k) distance[k].push_back(d[k]);
  }
};

void compare(numeric::NoiseTable& t, const std::string& name, const std::string& unit, const Controls& data, const Controls& other) {
  t.add("clusters", name, data.clusters[0], other.clusters);
  t.add("share of the largest cluster", name, data.largest[0], other.largest);
  t.add("mean size of the others", name, data.mean_size[0], other.mean_size);
  t.add(fmt::format("correlation length [{}]", unit), name, data.xi[0], other.xi);
  t.add("mean aspect ratio", name, data.aspect[0], other.aspect);
  t.add("edges along which one percolates", name, data.percolates[0], other.percolates);
  for (std::size_t k = 0; k < 3; ++k)
    t.add(fmt::format("critical distance along edge {} [{}]", "abc"[k], unit), name, data.distance[k][0], other.distance[k]);
}

Atoms random_order(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Atoms order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t k = n; k-- > 1;) std::swap(order[k], order[random() % (k + 1)]);
  return order;
}

}  // namespace

Percolation percolation(const Frame& f, const PercolationOptions& o, Context& context) {
  const ChosenAtoms chosen = chosen_atoms(f, o.choose);
  Percolation r;
  r.r_cut = shell_radius(f, o.r_cut);
  const neighbor::NeighborList list(f, r.r_cut);
  const AtomClusters all = atom_clusters(f, list, chosen.index, r.r_cut);
  Controls data;
  data.add(f, all, chosen.index);
  r.chosen = int(chosen.index.size()), r.clusters = int(all.cluster.size()), r.largest = int(all.cluster.front().atoms);
  r.selected_fraction = {double(chosen.index.size()) / double(f.size()), numeric::proportion_error(chosen.index.size(), f.size()),
                         "counting, atoms taken as independent"};
  r.largest_share = data.largest[0], r.mean_size = data.mean_size[0], r.correlation_length = data.xi[0];
  r.aspect_ratio = mean_aspect(all);
  r.table = cluster_table(all);
  r.cluster = all.number;
  add_sizes(all, r);
  const auto gone = any_through(all);
  for (std::size_t k = 0; k < 3; ++k)
    if (gone[k]) r.percolates += fmt::format("{}{}", r.percolates.empty() ? "" : " ", "abc"[k]);
  if (r.percolates.empty()) r.percolates = "none";

  Controls shuffled, smooth;
  std::array<std::vector<double>, 3> random_fraction;
  const bool compared = !chosen.all && o.surrogates > 1;
  for (int k = 0; compared && k < o.surrogates; ++k) {
    context.check_cancelled();
    context.progress(double(k) / o.surrogates, "random sets");
    const std::uint64_t seed = std::uint64_t(o.seed) * 1000003u + std::uint64_t(k);
    for (const bool noise : {false, true}) {
      const Atoms set = noise ? smooth_choice(f, chosen, seed) : shuffled_choice(f, chosen, seed);
      (noise ? smooth : shuffled).add(f, atom_clusters(f, list, set, r.r_cut), set);
    }
    const auto at = critical_fraction(f, list, random_order(f.size(), seed), r.r_cut);
    for (std::size_t axis = 0; axis < 3; ++axis) random_fraction[axis].push_back(at[axis]);
  }
  const std::array<double, 3> fraction =
      chosen.ordered ? critical_fraction(f, list, by_score(chosen), r.r_cut) : std::array<double, 3>{NAN, NAN, NAN};
  TableColumn edge{"edge", "1", "of the box", true, {}, {}}, goes{"percolates", "1", "a cluster goes through along it", true, {}, {}},
      distance{"critical_distance", "angstrom", "shortest link with which the set percolates", false, {}, {}},
      share{"critical_fraction", "1", "share of all atoms that percolates, taken from the best score on", false, {}, {}},
      random{"critical_fraction_random", "1", "the same of atoms at random, mean", false, {}, {}},
      spread{"critical_fraction_random_error", "1", "its standard deviation from set to set", false, {}, {}};
  for (std::size_t k = 0; k < 3; ++k) {
    edge.text.push_back(std::string(1, "abc"[k])), goes.text.push_back(gone[k] ? "yes" : "no");
    distance.number.push_back(data.distance[k][0]), share.number.push_back(fraction[k]);
    const Measured m = numeric::mean(random_fraction[k]);
    random.number.push_back(m.value), spread.number.push_back(m.error * std::sqrt(double(random_fraction[k].size())));
  }
  r.directions = {{edge, goes, distance, share, random, spread}};
  if (compared) {
    numeric::NoiseTable t("as many atoms of each species, chosen at random or by noise with the spectrum of the property");
    const std::string unit = unit_in(f.units, "angstrom");
    compare(t, "shuffled", unit, data, shuffled), compare(t, "smooth", unit, data, smooth);
    r.noise = t.table();
  } else {
    context.warn(chosen.all ? "all atoms are chosen, so there is nothing to compare with; choose with --species or --property"
                            : "without random sets nothing tells these clusters from chance");
  }
  return r;
}

const Fields& PercolationOptions::fields() {
  using O = PercolationOptions;
  static const Fields table = with_nested<&O::choose>({
      field<&O::r_cut>("r_cut", "angstrom", "longest link; unset: first minimum of g(r)").positive(),
      field<&O::surrogates>("surrogates", "1", "random sets of each kind to compare with; 0: none").range(0, 999),
      field<&O::seed>("seed", "1", "of the random sets").range(0, 2147483647),
  });
  return table;
}

const Fields& Percolation::fields() {
  using R = Percolation;
  const char* counted = "counted in this frame; what chance gives is in `noise`";
  static const Fields table = {
      field<&R::r_cut>("r_cut", "angstrom", "longest link used").exact("as used"),
      field<&R::chosen>("chosen", "1", "atoms of the set").exact("counted"),
      field<&R::selected_fraction>("selected_fraction", "1", "share of all atoms in the set"),
      field<&R::percolates>("percolates", "", "edges of the box along which a cluster goes through"),
      field<&R::clusters>("clusters", "1", "clusters, single atoms too").exact(counted),
      field<&R::largest>("largest", "1", "atoms of the largest cluster").exact(counted),
      field<&R::largest_share>("largest_share", "1", "share of the set in its largest cluster").exact(counted),
      field<&R::mean_size>("mean_size", "1", "mean size of the other clusters as an atom sees it").exact(counted),
      field<&R::correlation_length>("correlation_length", "angstrom", "of connectedness, clusters that percolate left out").exact(counted),
      field<&R::aspect_ratio>("aspect_ratio", "1", "longest over shortest axis of clusters of 20 atoms and more, mean"),
      field<&R::directions>("directions", "", "percolation along each edge of the box"),
      field<&R::table>("table", "", "the largest clusters").exact("counted in this frame"),
      field<&R::size>("size", "1", "atoms in a cluster, middle of bins that double").exact("chosen").log_axis(),
      field<&R::number>("number", "1", "clusters of one size").over("size", Plot::points).log_axis(),
      field<&R::number_error>("number_error", "1", "counting error").error_for("number"),
      field<&R::noise>("noise", "", "the same for random sets").exact("its own spread is a column"),
      field<&R::cluster>("cluster", "1", "number of the cluster an atom is in, 1 the largest; 0: not chosen")
          .atoms("Cluster")
          .exact("counted"),
  };
  return table;
}

const Analysis& percolation_analysis() {
  static const Analysis entry =
      analysis<&percolation>("structure", "percolation", "clusters of chosen atoms and whether they go through the sample",
                             {{"Newman, Ziff, Phys. Rev. E 64, 016706 (2001)", "10.1103/PhysRevE.64.016706"},
                              {"Stauffer, Aharony, Introduction to Percolation Theory (1994)", ""}});
  return entry;
}

}  // namespace heteroglass::structure
