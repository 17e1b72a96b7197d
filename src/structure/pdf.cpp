#include "structure/pdf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "neighbor/cell_list.hpp"
#include "numeric/scattering.hpp"
#include "structure/first_shell.hpp"
#include "structure/pair_histogram.hpp"

namespace heteroglass::structure {
namespace {

constexpr double pi = std::numbers::pi;

/// Scattering strength b of each species of the frame.
std::vector<double> strengths(const Frame& frame, const std::string& weights) {
  if (weights == "number") return std::vector<double>(frame.species.size(), 1);
  if (frame.units == UnitSystem::lj)
    throw InputError(fmt::format("--weights: Lennard-Jones data have no scattering lengths; must be number, got {}", weights));
  frame.require_species_names();
  std::vector<double> b;
  for (const Species& s : frame.species)
    b.push_back(weights == "xray" ? numeric::xray_form_factor(s.name, 0) : numeric::neutron_length(s.name));
  return b;
}

/// w_ij of each unordered pair; they sum to 1.
std::vector<double> pair_weights(const Frame& frame, const SpeciesPairs& pairs, const std::vector<double>& b) {
  double mean = 0;
  for (std::size_t s : pairs.species()) mean += static_cast<double>(pairs.counts()[s]) * b[s];
  if (std::abs(mean) < 1e-9 * static_cast<double>(frame.size()))
    throw InputError(fmt::format("{}: the mean scattering length must not vanish, got {}", frame.source, mean));
  std::vector<double> w;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const std::size_t i = pairs.first(p), j = pairs.second(p);
    const double twice = i == j ? 1 : 2;
    w.push_back(twice * static_cast<double>(pairs.counts()[i]) * b[i] * static_cast<double>(pairs.counts()[j]) * b[j] / (mean * mean));
  }
  return w;
}

/// g_ij on bins of `group` bins of the histogram. The error of a count is the root of it, or of `least` when that is more.
RadialFunction partial(const PairHistogram& h, const SpeciesPairs& pairs, std::size_t p, std::size_t group, double volume, bool finite_size,
                       double least) {
  const std::size_t i = pairs.first(p), j = pairs.second(p);
  const auto ni = static_cast<double>(pairs.counts()[i]);
  const double nj = static_cast<double>(pairs.counts()[j]) - (finite_size && i == j ? 1 : 0);
  RadialFunction g{h.width * static_cast<double>(group), {}, {}};
  for (std::size_t k = 0; k < h.counts[p].size(); k += group) {
    double count = 0;
    for (std::size_t l = k; l < k + group; ++l) count += static_cast<double>(h.counts[p][l]);
    const double inner = static_cast<double>(k / group) * g.width, outer = inner + g.width;
    const double shell = 4.0 / 3 * pi * (outer * outer * outer - inner * inner * inner);
    const double each = nj > 0 ? (i == j ? 2.0 : 1.0) * volume / (ni * nj * shell) : 0;
    g.values.push_back(each * count);
    g.errors.push_back(each * std::sqrt(std::max(count, least)));
  }
  return g;
}

RadialFunction weighted(const std::vector<RadialFunction>& partials, const std::vector<double>& w) {
  RadialFunction g{partials[0].width, std::vector<double>(partials[0].values.size(), 0), std::vector<double>(partials[0].values.size(), 0)};
  for (std::size_t k = 0; k < g.values.size(); ++k) {
    for (std::size_t p = 0; p < partials.size(); ++p) {
      g.values[k] += w[p] * partials[p].values[k];
      g.errors[k] += w[p] * w[p] * partials[p].errors[k] * partials[p].errors[k];
    }
    g.errors[k] = std::sqrt(g.errors[k]);
  }
  return g;
}

Table peak_table(const std::vector<std::string>& names, const std::vector<FirstShell>& shells) {
  TableColumn name{"pair", "1", "species pair, or total", true, names, {}},
      at{"position", "angstrom", "place of the first peak", false, {}, {}}, at_error{"position_error", "angstrom", "", false, {}, {}},
      height{"height", "1", "height of the first peak", false, {}, {}}, height_error{"height_error", "1", "", false, {}, {}};
  for (const FirstShell& s : shells) {
    at.number.push_back(s.peak_position.value), at_error.number.push_back(s.peak_position.error);
    height.number.push_back(s.peak_height.value), height_error.number.push_back(s.peak_height.error);
  }
  return {{name, at, at_error, height, height_error}};
}

/// Sums over centre atoms of the number of neighbours and of its square.
struct Tally {
  std::uint64_t sum = 0, squares = 0;
};

/// Tallies by (centre species, neighbour species, or last column: any) inside the radius of each pair.
std::vector<Tally> tallies(const Frame& frame, const SpeciesPairs& pairs, const std::vector<double>& radius, double radius_all) {
  const std::size_t s = frame.species.size(), columns = s + 1;
  std::vector<double> squared(s * s, 0);
  for (std::size_t a : pairs.species())
    for (std::size_t b : pairs.species()) squared[a * s + b] = std::pow(radius[pairs.of(a, b)], 2);
  const neighbor::CellList cells(frame, std::max(radius_all, *std::max_element(radius.begin(), radius.end())));
  std::vector<Tally> out(s * columns);
#pragma omp parallel
  {
    std::vector<Tally> mine(s * columns);
    std::vector<std::uint64_t> n(columns);
#pragma omp for schedule(dynamic)
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(cells.blocks()); ++b)
      cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, std::span<const neighbor::Neighbor> near) {
        const auto a = static_cast<std::size_t>(frame.type[i]);
        std::fill(n.begin(), n.end(), 0);
        for (const neighbor::Neighbor& m : near) {
          const auto other = static_cast<std::size_t>(frame.type[static_cast<std::size_t>(m.index)]);
          const double r2 = norm2(m.separation);
          n[other] += r2 < squared[a * s + other], n[s] += r2 < radius_all * radius_all;
        }
        for (std::size_t c = 0; c < columns; ++c) mine[a * columns + c].sum += n[c], mine[a * columns + c].squares += n[c] * n[c];
      });
#pragma omp critical(heteroglass_coordination)
    for (std::size_t k = 0; k < out.size(); ++k) out[k].sum += mine[k].sum, out[k].squares += mine[k].squares;
  }
  return out;
}

struct CoordinationTable {
  TableColumn centre{"centre", "1", "species of the centre atom", true, {}, {}},
      neighbour{"neighbour", "1", "species counted around it", true, {}, {}},
      r_cut{"r_cut", "angstrom", "radius used: first minimum of g(r), or as given", false, {}, {}},
      r_error{"r_cut_error", "angstrom", "", false, {}, {}}, mean{"coordination", "1", "mean number of neighbours", false, {}, {}},
      error{"coordination_error", "1", "", false, {}, {}};

  void add(const std::string& a, const std::string& b, const Measured& r, const Tally& t, double atoms) {
    const double m = static_cast<double>(t.sum) / atoms, variance = static_cast<double>(t.squares) / atoms - m * m;
    const bool known = std::isfinite(r.value);
    centre.text.push_back(a), neighbour.text.push_back(b);
    r_cut.number.push_back(r.value), r_error.number.push_back(r.error);
    mean.number.push_back(known ? m : NAN);
    error.number.push_back(known && atoms > 1 ? std::sqrt(std::max(0.0, variance) / (atoms - 1)) : NAN);
  }
  Table table() && {
    return {{std::move(centre), std::move(neighbour), std::move(r_cut), std::move(r_error), std::move(mean), std::move(error)}};
  }
};

Table coordination_table(const Frame& frame, const SpeciesPairs& pairs, const std::vector<Measured>& radius, const Measured& radius_all) {
  const auto usable = [](const Measured& m) { return std::isfinite(m.value) ? m.value : 0.0; };
  std::vector<double> r;
  for (const Measured& m : radius) r.push_back(usable(m));
  CoordinationTable rows;
  const std::size_t s = frame.species.size(), columns = s + 1;
  std::vector<Tally> t(s * columns);
  if (std::max(usable(radius_all), *std::max_element(r.begin(), r.end())) > 0) t = tallies(frame, pairs, r, usable(radius_all));
  Tally every;
  for (std::size_t a : pairs.species()) {
    const auto atoms = static_cast<double>(pairs.counts()[a]);
    for (std::size_t b : pairs.species())
      rows.add(frame.species_name(a), frame.species_name(b), radius[pairs.of(a, b)], t[a * columns + b], atoms);
    rows.add(frame.species_name(a), "all", radius_all, t[a * columns + s], atoms);
    every.sum += t[a * columns + s].sum, every.squares += t[a * columns + s].squares;
  }
  rows.add("all", "all", radius_all, every, static_cast<double>(frame.size()));
  return std::move(rows).table();
}

}  // namespace

const Fields& PdfOptions::fields() {
  static const Fields table = {
      field<&PdfOptions::r_max>("r_max", "angstrom", "upper end of the histogram; may exceed half the box").positive(),
      field<&PdfOptions::bins>("bins", "1", "number of bins from 0 to r_max").range(1, 1e6),
      field<&PdfOptions::weights>("weights", "", "what an atom counts as in the totals").one_of({"number", "xray", "neutron"}),
      field<&PdfOptions::r_cut>("r_cut", "angstrom", "radius of coordination; unset: first minimum of each pair").positive(),
      field<&PdfOptions::finite_size>("finite_size", "", "count N (N - 1) pairs of like atoms, as LAMMPS does, instead of N N"),
  };
  return table;
}

const Fields& Pdf::fields() {
  static const Fields table = {
      field<&Pdf::r>("r", "angstrom", "middle of the bins").exact("set by the options"),
      field<&Pdf::g>("g", "1", "total pair distribution function with the chosen weights").over("r"),
      field<&Pdf::g_error>("g_error", "1", "counting error of g, pairs taken as independent").error_for("g"),
      field<&Pdf::pair>("pair", "", "species pairs, in the order of g_partial"),
      field<&Pdf::g_partial>("g_partial", "1", "partial pair distribution functions").over("r").labelled("pair"),
      field<&Pdf::g_partial_error>("g_partial_error", "1", "counting error of g_partial").error_for("g_partial"),
      field<&Pdf::g_reduced>("g_reduced", "1/angstrom^2", "reduced function G = 4 pi rho_0 r (g - 1)").over("r"),
      field<&Pdf::g_reduced_error>("g_reduced_error", "1/angstrom^2", "counting error of g_reduced").error_for("g_reduced"),
      field<&Pdf::rdf>("rdf", "1/angstrom", "radial distribution function 4 pi rho_0 r^2 g").over("r"),
      field<&Pdf::rdf_error>("rdf_error", "1/angstrom", "counting error of rdf").error_for("rdf"),
      field<&Pdf::first_peak>("first_peak", "", "place and height of the first peak of each pair and of the total"),
      field<&Pdf::coordination>("coordination", "", "mean neighbours of each species, with the radius used"),
      field<&Pdf::number_density>("number_density", "1/angstrom^3", "atoms per volume of the box").exact("of this frame"),
  };
  return table;
}

Pdf pdf(const Frame& frame, const PdfOptions& o, Context& context) {
  const std::vector<double> b = strengths(frame, o.weights);
  const SpeciesPairs pairs(frame);
  const double volume = frame.box.volume();
  Pdf out;
  out.number_density = static_cast<double>(frame.size()) / volume;
  const double spacing = 1 / std::cbrt(out.number_density);
  if (!frame.box.fully_periodic())
    context.warn(
        "g(r) is normalised with the volume of the box, which has open sides: it is too low where the box is partly empty, and at long r");

  // Peaks and minima are found on finer bins, which the bins of the result are made of.
  const auto bins = static_cast<std::size_t>(o.bins);
  const double width = o.r_max / static_cast<double>(bins);
  const auto group = static_cast<std::size_t>(std::clamp(std::ceil(width / (0.008 * spacing)), 1.0, 1000.0));
  const PairHistogram histogram = pair_histogram(frame, pairs, o.r_max, bins * group, context);
  std::vector<RadialFunction> coarse, fine;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    coarse.push_back(partial(histogram, pairs, p, group, volume, o.finite_size, 0));
    fine.push_back(partial(histogram, pairs, p, 1, volume, o.finite_size, 1));
  }
  const std::vector<double> w = pair_weights(frame, pairs, b);
  const RadialFunction total = weighted(coarse, w);

  out.pair = pairs.labels(frame);
  out.g = total.values, out.g_error = total.errors;
  out.g_partial = out.g_partial_error = Matrix(pairs.size(), bins);
  for (std::size_t k = 0; k < bins; ++k) {
    const double r = (static_cast<double>(k) + 0.5) * width, area = 4 * pi * out.number_density * r;
    out.r.push_back(r);
    out.g_reduced.push_back(area * (out.g[k] - 1)), out.g_reduced_error.push_back(area * out.g_error[k]);
    out.rdf.push_back(area * r * out.g[k]), out.rdf_error.push_back(area * r * out.g_error[k]);
    for (std::size_t p = 0; p < pairs.size(); ++p)
      out.g_partial(p, k) = coarse[p].values[k], out.g_partial_error(p, k) = coarse[p].errors[k];
  }

  std::vector<FirstShell> shells;
  std::vector<Measured> radius;
  std::vector<std::string> names = out.pair;
  for (const RadialFunction& g : fine) shells.push_back(first_shell(g, spacing));
  shells.push_back(first_shell(weighted(fine, w), spacing));
  names.push_back("total");
  out.first_peak = peak_table(names, shells);
  const Measured number_minimum =
      o.weights == "number"
          ? shells.back().minimum
          : first_shell(weighted(fine, pair_weights(frame, pairs, std::vector<double>(frame.species.size(), 1))), spacing).minimum;
  const Measured given{o.r_cut.value_or(NAN), 0, "as given"};
  if (!o.r_cut && !std::isfinite(number_minimum.value))
    context.warn(fmt::format("g(r) up to r_max = {:.4g} shows no clear first minimum: no coordination numbers; give r_cut", o.r_max));
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const bool own = std::isfinite(shells[p].minimum.value);
    radius.push_back(o.r_cut ? given : own ? shells[p].minimum : number_minimum);
    if (!o.r_cut && !own && std::isfinite(number_minimum.value))
      context.warn(fmt::format("{}: g(r) shows no clear first minimum; its coordination number uses that of the total", out.pair[p]));
  }
  out.coordination = coordination_table(frame, pairs, radius, o.r_cut ? given : number_minimum);
  return out;
}

const Analysis& pdf_analysis() {
  static const Analysis entry = analysis<&pdf>("structure", "pdf", "pair distribution functions, first peaks, coordination numbers",
                                               {{"Keen, J. Appl. Cryst. 34, 172 (2001)", "10.1107/S0021889800019993"}});
  return entry;
}

}  // namespace heteroglass::structure
