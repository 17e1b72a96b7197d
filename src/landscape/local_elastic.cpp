#include "landscape/local_elastic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "landscape/atomic_volume.hpp"
#include "landscape/local_stiffness.hpp"
#include "landscape/soft_atoms.hpp"
#include "landscape/spatial_correlation.hpp"
#include "neighbor/cell_list.hpp"
#include "numeric/proportion.hpp"
#include "structure/first_shell.hpp"
#include "structure/pair_histogram.hpp"

namespace heteroglass::landscape {
namespace {

using potential::Stiffness;

/// Sums of v C and v over the atoms within `radius` of each atom, itself with them, then divided.
std::vector<Stiffness> coarse_grained(const Frame& frame, const std::vector<Stiffness>& own, const std::vector<double>& volume,
                                      double radius) {
  std::vector<Stiffness> out(frame.size());
  const neighbor::CellList cells(frame, radius);
#pragma omp parallel for schedule(dynamic)
  for (std::ptrdiff_t b = 0; b < static_cast<std::ptrdiff_t>(cells.blocks()); ++b)
    cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, auto neighbors) {
      Stiffness sum = own[i];
      double v = volume[i];
      for (const auto& n : neighbors) {
        const auto j = static_cast<std::size_t>(n.index);
        v += volume[j];
        for (std::size_t k = 0; k < 6; ++k)
          for (std::size_t l = 0; l < 6; ++l) sum[k][l] += own[j][k][l];
      }
      for (auto& row : sum)
        for (double& x : row) x /= v;
      out[i] = sum;
    });
  return out;
}

struct Averages {
  std::vector<double> shear, bulk;
};

Averages averages(const std::vector<Stiffness>& c, const std::vector<double>* volume, int d) {
  Averages a;
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double v = volume ? (*volume)[i] : 1;
    a.shear.push_back(v > 0 ? shear_average(c[i], d) / v : NAN), a.bulk.push_back(v > 0 ? bulk_average(c[i], d) / v : NAN);
  }
  return a;
}

/// sd / mean of values of which `independent` are independent; error of the sd taken as normal: sd / sqrt(2 (n - 1)).
Measured scatter(const std::vector<double>& values, double independent) {
  double sum = 0, squares = 0;
  const auto n = static_cast<double>(values.size());
  for (const double v : values) sum += v;
  const double mean = sum / n;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double s = std::sqrt(squares / n) / std::abs(mean), m = std::max(independent, 2.0);
  return {s, s * std::sqrt(1 / (2 * (m - 1)) + s * s / m), "as many independent values as spheres of that radius fill the box"};
}

double spheres(const Frame& frame, double radius) {
  return std::min(static_cast<double>(frame.size()), frame.box.volume() / (4.0 / 3 * std::numbers::pi * radius * radius * radius));
}

Table scaling_table(const Frame& frame, const std::vector<Stiffness>& own, const std::vector<double>& volume, double length, int d,
                    Context& context) {
  Table t;
  TableColumn w{"length", "angstrom", "radius of the sphere", false, {}, {}}, atoms{"atoms", "1", "in a sphere, by density", false, {}, {}},
      g{"shear_scatter", "1", "sd / mean of G", false, {}, {}}, ge{"shear_scatter_error", "1", "", false, {}, {}},
      k{"bulk_scatter", "1", "sd / mean of K", false, {}, {}}, ke{"bulk_scatter_error", "1", "", false, {}, {}};
  double least = frame.box.heights().x;
  for (std::size_t a = 1; a < static_cast<std::size_t>(d); ++a) least = std::min(least, frame.box.heights()[a]);
  for (const double factor : {0.75, 1.0, 1.5, 2.0, 3.0}) {
    const double radius = factor * length;
    if (radius > 0.5 * least) break;
    context.check_cancelled();
    const Averages a = averages(coarse_grained(frame, own, volume, radius), nullptr, d);
    const double n = spheres(frame, radius);
    const Measured gs = scatter(a.shear, n), ks = scatter(a.bulk, n);
    w.number.push_back(radius), atoms.number.push_back(static_cast<double>(frame.size()) / frame.box.volume() * 4.0 / 3 * std::numbers::pi *
                                                       radius * radius * radius);
    g.number.push_back(gs.value), ge.number.push_back(gs.error), k.number.push_back(ks.value), ke.number.push_back(ks.error);
  }
  t.columns = {w, atoms, g, ge, k, ke};
  return t;
}

void distributions(const Averages& atomic, const Averages& coarse, double independent, LocalElastic& out) {
  constexpr std::size_t bins = 60;
  std::vector<double> sorted;
  for (const double g : atomic.shear)
    if (std::isfinite(g)) sorted.push_back(g);
  std::sort(sorted.begin(), sorted.end());
  const auto quantile = [&](double p) { return sorted[static_cast<std::size_t>(p * static_cast<double>(sorted.size() - 1))]; };
  const double low = quantile(0.002), high = quantile(0.998), width = std::max(high - low, 1e-9 * (1 + std::abs(high))) / bins;
  const auto fill = [&](const std::vector<double>& values, double n, std::vector<double>& p, std::vector<double>& error) {
    std::vector<double> count(bins, 0);
    for (const double v : values)
      if (v >= low && v < low + bins * width) count[std::min(bins - 1, static_cast<std::size_t>((v - low) / width))] += 1;
    const auto all = static_cast<double>(values.size());
    for (const double c : count) p.push_back(c / (all * width)), error.push_back(std::sqrt(c / all * (1 - c / all) / n) / width);
  };
  for (std::size_t k = 0; k < bins; ++k) out.modulus.push_back(low + (static_cast<double>(k) + 0.5) * width);
  fill(atomic.shear, static_cast<double>(atomic.shear.size()), out.distribution_atomic, out.distribution_atomic_error);
  fill(coarse.shear, independent, out.distribution_coarse, out.distribution_coarse_error);
}

/// First peak of g(r) of the frame.
double first_peak(const Frame& frame, double minimum) {
  const structure::SpeciesPairs pairs(frame);
  constexpr std::size_t bins = 200;
  const auto h = structure::pair_histogram(frame, pairs, minimum, bins);
  double best = -1, at = 0.75 * minimum;
  for (std::size_t k = 2; k + 2 < bins; ++k) {
    double sum = 0;
    for (std::size_t j = k - 2; j <= k + 2; ++j)
      for (const auto& counts : h.counts) sum += static_cast<double>(counts[j]);
    const double r = (static_cast<double>(k) + 0.5) * h.width;
    if (sum / (r * r) > best) best = sum / (r * r), at = r;
  }
  return at;
}

void describe_soft(const Frame& frame, const std::vector<double>& softness, double bond, const LocalElasticOptions& o, LocalElastic& out,
                   Context& context) {
  std::vector<double> fractions = o.soft_fractions;
  std::sort(fractions.begin(), fractions.end());
  for (const double f : fractions)
    if (!(f > 0 && f < 1)) throw InputError(fmt::format("--soft-fractions: must lie between 0 and 1, got {}", f));
  const SoftAtoms s =
      soft_atoms(frame, softness, fractions, bond, first_peak(frame, bond), 3 * bond, static_cast<unsigned long>(o.seed), context);
  out.r = s.r;
  const std::size_t bins = s.r.size();
  out.g = out.g_error = Matrix(1 + s.sets.size(), bins);
  out.soft_class.assign(frame.size(), 0);
  const auto put = [&](std::size_t row, const std::vector<double>& g, const std::vector<double>& e) {
    for (std::size_t k = 0; k < bins; ++k) out.g(row, k) = g[k], out.g_error(row, k) = e[k];
  };
  out.sets.push_back("all");
  put(0, s.g, s.g_error);
  TableColumn set{"set", "1", "", true, {}, {}}, atoms{"atoms", "1", "", false, {}, {}},
      threshold{"threshold", "GPa", "largest modulus in the set", false, {}, {}},
      ratio{"peak_ratio", "1", "first peak of the set's own g(r) over that of all", false, {}, {}},
      ratio_error{"peak_ratio_error", "1", "", false, {}, {}},
      clusters{"clusters", "1", "connected below the first minimum of g(r)", false, {}, {}},
      largest{"largest_cluster", "1", "atoms", false, {}, {}},
      control{"largest_cluster_random", "1", "of as many atoms picked at random", false, {}, {}},
      control_error{"largest_cluster_random_error", "1", "standard deviation of 50 picks", false, {}, {}};
  for (std::size_t k = 0; k < s.sets.size(); ++k) {
    const SoftSet& one = s.sets[k];
    out.sets.push_back(fmt::format("softest {:.3g} %", 100 * one.fraction));
    put(k + 1, one.g, one.g_error);
    for (std::size_t i = 0; i < frame.size(); ++i) out.soft_class[i] += one.member[i];
    set.text.push_back(out.sets.back()), atoms.number.push_back(static_cast<double>(one.atoms)), threshold.number.push_back(one.threshold);
    ratio.number.push_back(one.peak_ratio.value), ratio_error.number.push_back(one.peak_ratio.error);
    clusters.number.push_back(static_cast<double>(one.clusters)), largest.number.push_back(static_cast<double>(one.largest));
    control.number.push_back(one.largest_random.value), control_error.number.push_back(one.largest_random.error);
  }
  out.soft.columns = {set, atoms, threshold, ratio, ratio_error, clusters, largest, control, control_error};
}

Matrix tensors(const std::vector<Stiffness>& c) {
  Matrix m(c.size(), 21);
  for (std::size_t i = 0; i < c.size(); ++i) {
    std::size_t at = 0;
    for (std::size_t k = 0; k < 6; ++k)
      for (std::size_t l = k; l < 6; ++l) m(i, at++) = (c[i][k][l] + c[i][l][k]) / 2;
  }
  return m;
}

}  // namespace

LocalElastic local_elastic(const Frame& frame, const LocalElasticOptions& o, Context& context) {
  Harmonic minimum(frame, potential::load(o.potential, frame, context), o.force_limit);
  const int d = static_cast<int>(minimum.dimension());
  const StrainResponse response = strain_response(minimum, "auto", 1e-8, context);
  const LocalStiffness local = local_stiffness(minimum, response);
  LocalElastic out;
  out.atomic_volume = atomic_volumes(frame, o.tessellation, o.radii, context);
  const double bond = structure::first_minimum(frame), spacing = std::cbrt(frame.box.volume() / static_cast<double>(frame.size()));
  out.length = o.length.value_or(1.5 * bond);
  const double independent = spheres(frame, out.length);

  const Averages atomic = averages(local.relaxed, &out.atomic_volume, d), affine = averages(local.affine, &out.atomic_volume, d);
  const std::vector<Stiffness> smooth = coarse_grained(frame, local.relaxed, out.atomic_volume, out.length);
  const Averages coarse = averages(smooth, nullptr, d);
  out.shear_modulus_atomic = atomic.shear, out.bulk_modulus_atomic = atomic.bulk, out.shear_modulus_affine_atomic = affine.shear;
  out.shear_modulus_coarse = coarse.shear, out.bulk_modulus_coarse = coarse.bulk;
  if (o.tensor) out.stiffness_coarse = tensors(smooth);

  out.shear_scatter = scatter(coarse.shear, independent), out.bulk_scatter = scatter(coarse.bulk, independent);
  const double g = shear_average(response.slope, d), k = bulk_average(response.slope, d);
  const std::string note = "scatter of the coarse-grained values over the root of how many spheres fill the box";
  out.shear_modulus = {g, g * out.shear_scatter.value / std::sqrt(independent), note};
  out.bulk_modulus = {k, k * out.bulk_scatter.value / std::sqrt(independent), note};
  const auto negative = static_cast<std::size_t>(std::count_if(atomic.shear.begin(), atomic.shear.end(), [](double x) { return x < 0; }));
  out.negative_fraction = {static_cast<double>(negative) / static_cast<double>(frame.size()),
                           numeric::proportion_error(negative, frame.size()), "binomial"};
  out.scaling = scaling_table(frame, local.relaxed, out.atomic_volume, out.length, d, context);
  distributions(atomic, coarse, independent, out);

  const Vec3 heights = frame.box.heights();
  const double half = 0.5 * std::min({heights.x, heights.y, d == 3 ? heights.z : heights.x});
  const SpatialCorrelation c = spatial_correlation(frame, atomic.shear, o.r_max.value_or(std::min(half, 10 * spacing)), spacing / 12,
                                                   0.85 * first_peak(frame, bond), context);
  out.distance = c.distance, out.correlation = c.correlation, out.correlation_error = c.error, out.correlation_length = c.length;
  describe_soft(frame,
                o.softness == "relaxed"  ? atomic.shear
                : o.softness == "affine" ? affine.shear
                                         : coarse.shear,
                bond, o, out, context);
  return out;
}

const Fields& LocalElasticOptions::fields() {
  static const Fields table = {
      field<&LocalElasticOptions::potential>("potential", "", "file, alias or built-in potential that the frame is a minimum of"),
      field<&LocalElasticOptions::length>("length", "angstrom",
                                          "radius of the spheres; unset: one and a half times the first minimum of g(r)")
          .positive(),
      field<&LocalElasticOptions::softness>("softness", "", "which shear modulus makes an atom soft")
          .one_of({"relaxed", "affine", "coarse"}),
      field<&LocalElasticOptions::soft_fractions>("soft_fractions", "1", "parts of the atoms that are looked at as the softest"),
      field<&LocalElasticOptions::tessellation>("tessellation", "", "volumes of atoms; auto: radical where radii are known")
          .one_of({"auto", "radical", "ordinary"}),
      field<&LocalElasticOptions::radii>("radii", "angstrom", "by species; unset: metallic radii"),
      field<&LocalElasticOptions::tensor>("tensor", "", "give the 21 constants of every atom's sphere as well"),
      field<&LocalElasticOptions::force_limit>("force_limit", "eV/angstrom", "largest force of a frame that counts as a minimum")
          .positive(),
      field<&LocalElasticOptions::r_max>("r_max", "angstrom", "of the correlation; unset: half the box, at most ten mean distances")
          .positive(),
      field<&LocalElasticOptions::seed>("seed", "1", "of the random control").range(0, 2e9),
  };
  return table;
}

const Fields& LocalElastic::fields() {
  const std::string frame = "of this frame and this way of sharing stress among atoms";
  static const Fields table = {
      field<&LocalElastic::shear_modulus_atomic>("shear_modulus_atomic", "GPa", "G of each atom").atoms("Local Shear Modulus").exact(frame),
      field<&LocalElastic::bulk_modulus_atomic>("bulk_modulus_atomic", "GPa", "K of each atom").atoms("Local Bulk Modulus").exact(frame),
      field<&LocalElastic::shear_modulus_affine_atomic>("shear_modulus_affine_atomic", "GPa", "G of each atom without relaxation")
          .atoms("Local Affine Shear Modulus")
          .exact(frame),
      field<&LocalElastic::shear_modulus_coarse>("shear_modulus_coarse", "GPa", "G of the sphere around each atom")
          .atoms("Coarse Shear Modulus")
          .exact(frame),
      field<&LocalElastic::bulk_modulus_coarse>("bulk_modulus_coarse", "GPa", "K of the sphere around each atom")
          .atoms("Coarse Bulk Modulus")
          .exact(frame),
      field<&LocalElastic::soft_class>("soft_class", "1", "in how many of the sets of softest atoms; 0: in none")
          .atoms("Soft Class")
          .exact(frame),
      field<&LocalElastic::atomic_volume>("atomic_volume", "angstrom^3", "Voronoi volume").atoms("Atomic Volume").exact("geometry"),
      field<&LocalElastic::stiffness_coarse>("stiffness_coarse", "GPa",
                                             "21 constants C11, C12, .. C16, C22, .. C66 of the sphere around each atom")
          .atoms("Coarse Stiffness")
          .exact(frame),
      field<&LocalElastic::shear_modulus>("shear_modulus", "GPa", "of the whole, Voigt average"),
      field<&LocalElastic::bulk_modulus>("bulk_modulus", "GPa", "of the whole, Voigt average"),
      field<&LocalElastic::shear_scatter>("shear_scatter", "1", "sd / mean of the coarse-grained G"),
      field<&LocalElastic::bulk_scatter>("bulk_scatter", "1", "sd / mean of the coarse-grained K"),
      field<&LocalElastic::negative_fraction>("negative_fraction", "1", "atoms whose own G is negative"),
      field<&LocalElastic::length>("length", "angstrom", "radius of the spheres used").exact("an option"),
      field<&LocalElastic::scaling>("scaling", "", "scatter of the moduli on several lengths"),
      field<&LocalElastic::modulus>("modulus", "GPa", "middle of the bins of the distributions"),
      field<&LocalElastic::distribution_atomic>("distribution_atomic", "1/GPa", "of the atoms' G").over("modulus"),
      field<&LocalElastic::distribution_atomic_error>("distribution_atomic_error", "1/GPa", "counting error")
          .error_for("distribution_atomic"),
      field<&LocalElastic::distribution_coarse>("distribution_coarse", "1/GPa", "of the coarse-grained G").over("modulus"),
      field<&LocalElastic::distribution_coarse_error>("distribution_coarse_error", "1/GPa", "counting error, spheres")
          .error_for("distribution_coarse"),
      field<&LocalElastic::distance>("distance", "angstrom", "middle of the bins of the correlation"),
      field<&LocalElastic::correlation>("correlation", "1", "of the atoms' G less its mean over the species").over("distance"),
      field<&LocalElastic::correlation_error>("correlation_error", "1", "jackknife over octants").error_for("correlation"),
      field<&LocalElastic::correlation_length>("correlation_length", "angstrom", "xi of A exp(-r / xi), from the first shell on"),
      field<&LocalElastic::soft>("soft", "", "the softest atoms: their own first peak and their clusters"),
      field<&LocalElastic::r>("r", "angstrom", "middle of the bins of g"),
      field<&LocalElastic::sets>("sets", "", "rows of g"),
      field<&LocalElastic::g>("g", "1", "pair distribution function among the atoms of each set").over("r").labelled("sets"),
      field<&LocalElastic::g_error>("g_error", "1", "counting error of g").error_for("g"),
  };
  return table;
}

const Analysis& local_elastic_analysis() {
  static const Analysis entry =
      analysis<&local_elastic>("landscape", "local_elastic", "elastic moduli atom by atom and on a length; where the softest atoms are",
                               {{"Tsamados, Tanguy, Goldenberg, Barrat, Phys. Rev. E 80, 026112 (2009)", "10.1103/PhysRevE.80.026112"},
                                {"Mizuno, Mossa, Barrat, Phys. Rev. E 87, 042306 (2013)", "10.1103/PhysRevE.87.042306"},
                                {"Fan, Iwashita, Egami, Nat. Commun. 5, 5083 (2014)", "10.1038/ncomms6083"}});
  return entry;
}

}  // namespace heteroglass::landscape
