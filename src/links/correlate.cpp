#include "links/correlate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/analysis.hpp"
#include "core/elements.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"
#include "deform/strain.hpp"
#include "links/sample.hpp"
#include "structure/first_shell.hpp"

namespace heteroglass::links {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
using numeric::RankStatistics;

/// What one pair of frames gives.
struct Sample {
  std::vector<Indicator> indicators;
  Links links;
  double r_cut = 0;
  std::size_t left_out = 0;
};

void check_frames(std::span<const Frame> frames) {
  if (frames.empty() || frames.size() % 2 != 0)
    throw InputError(fmt::format("correlate: frames must come in pairs reference, current, got {}", frames.size()));
  for (std::size_t k = 2; k < frames.size(); k += 2) {
    bool same = frames[k].species.size() == frames[0].species.size();
    for (std::size_t s = 0; same && s < frames[0].species.size(); ++s) same = frames[k].species_name(s) == frames[0].species_name(s);
    if (!same)
      throw InputError(fmt::format("correlate: samples must have the same species in the same order, got others in {}", frames[k].source));
  }
}

std::vector<double> response_of(const Frame& reference, const Frame& current, const CorrelateOptions& options, double r_cut,
                                Context& context) {
  if (options.response == "d2min") return deform::strain(reference, current, {.r_cut = r_cut}, context).d2min_mean;
  if (reference.id != current.id)
    throw FormatError(current.source, 0, "the current frame must hold the atoms of the reference, got other ids");
  const AtomProperty* p = current.property(options.response);
  std::vector<std::string> names = {"d2min"};
  for (const AtomProperty& known : current.properties) names.push_back(known.name);
  if (!p)
    throw InputError(fmt::format("correlate: response must be d2min or a per-atom quantity of the current frame ({}), got {}{}",
                                 fmt::join(names, ", "), options.response, did_you_mean(options.response, names)));
  if (p->components != 1)
    throw InputError(fmt::format("correlate: response must have one value per atom, got {} of {}", p->components, p->name));
  return p->values;
}

bool radical(const Frame& frame, const CorrelateOptions& options, Context& context) {
  if (options.tessellation == "ordinary") return false;
  if (!options.radii.empty()) return true;
  const bool known = frame.units != UnitSystem::lj && std::all_of(frame.species.begin(), frame.species.end(), [](const Species& s) {
                       const Element* e = find_element(s.name);
                       return e && !std::isnan(e->metallic_radius);
                     });
  if (!known) context.warn("ordinary Voronoi cells: not all species have a metallic radius; give radii for radical ones");
  return known;
}

bool moving(const Frame& f) {
  return std::any_of(f.velocity.begin(), f.velocity.end(), [](const Vec3& v) { return norm2(v) > 0; });
}

/// A quantity that many atoms lack would shrink every other statistic.
void drop_incomplete(std::vector<Indicator>& list, Context& context) {
  std::erase_if(list, [&](const Indicator& i) {
    const auto missing = std::count_if(i.values.begin(), i.values.end(), [](double v) { return !std::isfinite(v); });
    if (20 * static_cast<std::size_t>(missing) <= i.values.size()) return false;
    context.warn(fmt::format("indicator {} is left out: {} of {} atoms have no finite value", i.name, missing, i.values.size()));
    return true;
  });
}

Sample sample(const Frame& reference, const Frame& current, const CorrelateOptions& options, std::uint64_t seed, Context& context) {
  Sample s;
  s.r_cut = options.r_cut ? *options.r_cut : structure::first_minimum(reference);
  if (moving(reference) && moving(current))
    context.warn("the frames carry velocities: if they are not minimised, thermal vibration is part of both indicators and response");
  const auto response = response_of(reference, current, options, s.r_cut, context);
  const auto [least, most] = std::minmax_element(response.begin(), response.end());
  if (response.empty() || *least == *most)
    throw InputError(fmt::format("correlate: the response must differ between atoms, got {} for all of {} (are the two frames the same?)",
                                 response.empty() ? 0 : *least, current.source));
  s.indicators =
      indicators(reference, {.r_cut = s.r_cut, .radical = radical(reference, options, context), .radii = options.radii}, context);
  drop_incomplete(s.indicators, context);
  s.links =
      sample_links(reference, s.indicators, response, {.blocks = options.blocks, .shuffles = options.shuffles, .seed = seed}, context);
  if (!s.links.empty() && !s.links.back().empty()) s.left_out = reference.size() - s.links.back().front().atoms;
  const double per_block = double(reference.size()) / std::pow(options.blocks, 3);
  if (per_block < 20)
    context.warn(fmt::format("{:.0f} atoms in a block: errors from blocks of so few are too small; take fewer blocks or a larger sample",
                             per_block));
  return s;
}

/// Mean over samples and its error.
Measured combine(const std::vector<double>& values, const std::vector<double>& errors) {
  Measured m;
  const double n = double(values.size());
  m.value = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (std::size_t k = 0; k < values.size(); ++k)
    squares += values.size() >= 3 ? std::pow(values[k] - m.value, 2) / (n - 1) / n : errors[k] * errors[k] / n / n;
  m.error = std::sqrt(squares);
  return m;
}

template <class Get, class GetError> Measured combine(const std::vector<const Link*>& links, Get get, GetError get_error) {
  std::vector<double> v, e;
  for (const Link* l : links) v.push_back(get(*l)), e.push_back(get_error(*l));
  return combine(v, e);
}

/// A row of the table, before it is one.
struct Row {
  std::string indicator, averaging, species;
  double atoms = 0, z = nan;
  Measured spearman, auc, top, bottom, control_spearman, control_auc, control_top;
  std::array<Measured, 10> curve;

  double strength() const { return std::isnan(spearman.value) ? -1 : std::abs(spearman.value - control_spearman.value); }
  bool certain() const { return std::abs(z) >= 3 && std::abs(spearman.value - control_spearman.value) >= 3 * spearman.error; }
};

Row row(const std::vector<const Link*>& links) {
  Row r;
  double block = 0;
  for (const Link* l : links) r.atoms += double(l->atoms), block += l->block_spread * l->block_spread;
  block = std::sqrt(block) / double(links.size());
  const auto value = [&](auto get) {
    return combine(
        links, [&](const Link& l) { return get(l.value); }, [&](const Link& l) { return get(l.error); });
  };
  // The spread of the mean of several controls, not the standard error of their mean: what luck alone gives.
  const auto control = [&](auto get) {
    Measured m;
    double sum = 0, squares = 0;
    for (const Link* l : links) sum += get(l->control), squares += get(l->control_spread) * get(l->control_spread);
    m.value = sum / double(links.size());
    m.error = std::sqrt(squares) / double(links.size());
    return m;
  };
  const auto rho = [](const RankStatistics& s) { return s.spearman; };
  const auto auc = [](const RankStatistics& s) { return s.auc; };
  const auto top = [](const RankStatistics& s) { return s.decile[9]; };
  r.spearman = value(rho), r.auc = value(auc), r.top = value(top);
  r.bottom = value([](const RankStatistics& s) { return s.decile[0]; });
  r.control_spearman = control(rho), r.control_auc = control(auc), r.control_top = control(top);
  for (std::size_t k = 0; k < 10; ++k) r.curve[k] = value([k](const RankStatistics& s) { return s.decile[k]; });
  const double spread = std::max(r.control_spearman.error, block);
  if (spread > 0) r.z = (r.spearman.value - r.control_spearman.value) / spread;
  return r;
}

/// Rows for indicators that every sample has; strongest first within a group.
std::vector<Row> rows(const std::vector<Sample>& samples, const std::vector<std::string>& groups) {
  std::vector<Row> all;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<Row> own;
    for (std::size_t i = 0; i < samples[0].indicators.size(); ++i) {
      const Indicator& first = samples[0].indicators[i];
      std::vector<const Link*> links;
      for (const Sample& s : samples)
        for (std::size_t k = 0; k < s.indicators.size(); ++k)
          if (s.indicators[k].name == first.name && s.indicators[k].averaging == first.averaging) links.push_back(&s.links[g][k]);
      if (links.size() != samples.size() || links[0]->atoms < 10) continue;
      own.push_back(row(links));
      own.back().indicator = first.name, own.back().averaging = first.averaging, own.back().species = groups[g];
    }
    std::stable_sort(own.begin(), own.end(), [](const Row& a, const Row& b) { return a.strength() > b.strength(); });
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

Table as_table(const std::vector<Row>& rows, double samples) {
  Table t;
  t.add_text("indicator");
  t.add_text("averaging", "raw, or mean over the atom and its first shell");
  t.add_text("species", "group of atoms; all: pooled");
  const auto pair = [&](const std::string& name, const std::string& help, auto get) {
    TableColumn& value = t.add_number(name, "1", help);
    for (const Row& r : rows) value.number.push_back(get(r).value);
    TableColumn& error = t.add_number(name + "_error", "1");
    for (const Row& r : rows) error.number.push_back(get(r).error);
  };
  const auto single = [&](const std::string& name, const std::string& help, auto get) {
    TableColumn& c = t.add_number(name, "1", help);
    for (const Row& r : rows) c.number.push_back(get(r));
  };
  for (const Row& r : rows) {
    t.columns[0].text.push_back(r.indicator);
    t.columns[1].text.push_back(r.averaging);
    t.columns[2].text.push_back(r.species);
  }
  pair("spearman", "rank correlation with the response", [](const Row& r) { return r.spearman; });
  pair("auc", "below 1/2: the positive class has the smaller indicator", [](const Row& r) { return r.auc; });
  pair("top_decile_enhancement", "mean response where the indicator is largest, over the mean", [](const Row& r) { return r.top; });
  pair("bottom_decile_enhancement", "mean response where the indicator is smallest, over the mean", [](const Row& r) { return r.bottom; });
  pair("spearman_shuffled", "control; its error is the spread of permutations", [](const Row& r) { return r.control_spearman; });
  pair("auc_shuffled", "control", [](const Row& r) { return r.control_auc; });
  pair("enhancement_shuffled", "control of the top decile", [](const Row& r) { return r.control_top; });
  single("z", "spearman less its control, in spreads of the control (atoms or blocks, the larger)", [](const Row& r) { return r.z; });
  single("atoms", "in all samples", [](const Row& r) { return r.atoms; });
  single("samples", "independent pairs of frames", [&](const Row&) { return samples; });
  return t;
}

std::string_view word(double rho) { return std::abs(rho) < 0.3 ? "weak" : std::abs(rho) < 0.5 ? "moderate" : "strong"; }

std::string label(const Row& r) { return fmt::format("{} ({})", r.indicator, r.averaging); }

std::string species_verdict(const std::string& group, const Row* best) {
  if (!best) return fmt::format("{}: nothing varies. ", group);
  if (!best->certain())
    return fmt::format("{}: no correlation stands out of the shuffled control (largest: {}, spearman {:.3f} +- {:.3f}, z {:.1f}). ", group,
                       label(*best), best->spearman.value, best->spearman.error, best->z);
  return fmt::format("{}: {} correlation with {}, spearman {:.3f} +- {:.3f}, AUC {:.3f}, response in the {} decile {:.2f} times the mean. ",
                     group, word(best->spearman.value), label(*best), best->spearman.value, best->spearman.error, best->auc.value,
                     best->spearman.value < 0 ? "bottom" : "top", best->spearman.value < 0 ? best->bottom.value : best->top.value);
}

const Row* strongest(const std::vector<Row>& rows, const std::string& group) {
  const Row* best = nullptr;
  for (const Row& r : rows)
    if (r.species == group && r.strength() >= 0 && (!best || r.strength() > best->strength())) best = &r;
  return best;
}

/// The pooled indicator whose correlation is largest as it is, and how much of it the control explains.
std::string pooled_verdict(const std::vector<Row>& rows) {
  const Row* best = nullptr;
  for (const Row& r : rows)
    if (r.species == "all" && !std::isnan(r.spearman.value) && (!best || std::abs(r.spearman.value) > std::abs(best->spearman.value)))
      best = &r;
  if (!best) return {};
  double within = 0;
  for (const Row& r : rows)
    if (r.species != "all" && r.indicator == best->indicator && r.averaging == best->averaging && !std::isnan(r.spearman.value))
      within = std::max(within, std::abs(r.spearman.value));
  const std::string head =
      fmt::format("All atoms pooled: {}, spearman {:.3f} +- {:.3f}", label(*best), best->spearman.value, best->spearman.error);
  const bool beyond = std::abs(best->spearman.value) > within + 2 * best->spearman.error;
  if (beyond && std::abs(best->control_spearman.value) > 3 * best->control_spearman.error)
    return fmt::format("{}; beyond the {:.3f} within a species this is composition: shuffling within species keeps {:.3f}.", head, within,
                       best->control_spearman.value);
  return head + ".";
}

void curves(const std::vector<Row>& rows, const std::vector<std::string>& groups, Correlate& r) {
  std::vector<const Row*> found;
  for (const std::string& g : groups)
    if (const Row* best = strongest(rows, g)) found.push_back(best);
  for (int k = 0; k < 10; ++k) r.decile.push_back(0.05 + 0.1 * k);
  r.response_curve = r.response_curve_error = Matrix(found.size(), 10);
  for (std::size_t c = 0; c < found.size(); ++c) {
    r.curve.push_back(fmt::format("{}: {}", found[c]->species, label(*found[c])));
    for (std::size_t k = 0; k < 10; ++k)
      r.response_curve(c, k) = found[c]->curve[k].value, r.response_curve_error(c, k) = found[c]->curve[k].error;
  }
}

std::string error_method(std::size_t samples, int blocks) {
  const std::string jackknife = fmt::format("jackknife over {} blocks of the box", blocks * blocks * blocks);
  if (samples == 1) return jackknife + " of the one sample";
  if (samples == 2) return jackknife + " in each of two samples, combined";
  return fmt::format("spread of {} independent samples over their square root", samples);
}

}  // namespace

Correlate correlate(std::span<const Frame> frames, const CorrelateOptions& options, Context& context) {
  check_frames(frames);
  std::vector<Sample> samples;
  for (std::size_t k = 0; k + 1 < frames.size(); k += 2)
    samples.push_back(sample(frames[k], frames[k + 1], options, static_cast<std::uint64_t>(options.seed) + 1000003 * k, context));
  std::vector<std::string> groups;
  for (std::size_t s = 0; s < frames[0].species.size(); ++s) groups.push_back(frames[0].species_name(s));
  groups.emplace_back("all");
  std::vector<Row> list = rows(samples, groups);
  if (groups.size() == 2) {  // one species: all atoms are it
    std::erase_if(list, [](const Row& r) { return r.species == "all"; });
    groups.pop_back();
  }
  Correlate r;
  r.samples = double(samples.size());
  r.table = as_table(list, r.samples);
  r.response = options.response == "d2min" ? "D2min (mean over neighbours) between reference and current"
                                           : options.response + " of the current frame";
  r.positive_class = "the tenth of atoms with the largest response within the species (or all atoms) considered";
  r.error_method = error_method(samples.size(), options.blocks);
  for (const Sample& s : samples) r.r_cut.push_back(s.r_cut), r.atoms_left_out += double(s.left_out);
  for (const std::string& g : groups)
    if (g != "all") r.verdict += species_verdict(g, strongest(list, g));
  r.verdict += pooled_verdict(list);
  curves(list, groups, r);
  return r;
}

const Fields& CorrelateOptions::fields() {
  static const Fields table = {
      field<&CorrelateOptions::response>("response", "", "d2min, or a per-atom quantity of the current frame"),
      field<&CorrelateOptions::r_cut>("r_cut", "angstrom",
                                      "first shell, also of D2min; first minimum of g(r) of each reference when not given")
          .positive(),
      field<&CorrelateOptions::tessellation>("tessellation", "", "Voronoi cells of the indicators").one_of({"radical", "ordinary"}),
      field<&CorrelateOptions::radii>("radii", "angstrom", "radii by species; without them metallic radii of the elements").positive(),
      field<&CorrelateOptions::blocks>("blocks", "1", "parts of the box along each edge, for errors and the block control").range(2, 20),
      field<&CorrelateOptions::shuffles>("shuffles", "1", "permutations of the control").range(2, 100000),
      field<&CorrelateOptions::seed>("seed", "1", "of the permutations").non_negative(),
  };
  return table;
}

const Fields& Correlate::fields() {
  static const Fields table = {
      field<&Correlate::verdict>("verdict", "", "what the table says, in words"),
      field<&Correlate::table>("table", "", "every indicator against the response, per species and pooled, with its shuffled control")
          .as(Plot::bars),
      field<&Correlate::response>("response", "", "what is foretold"),
      field<&Correlate::positive_class>("positive_class", "", "of the area under the receiver-operating curve"),
      field<&Correlate::error_method>("error_method", "", "where the errors come from"),
      field<&Correlate::r_cut>("r_cut", "angstrom", "first shell of each sample").exact("given, or the first minimum of g(r)"),
      field<&Correlate::samples>("samples", "1", "pairs of frames").exact("counted"),
      field<&Correlate::atoms_left_out>("atoms_left_out", "1", "atoms without a response or one of the indicators").exact("counted"),
      field<&Correlate::decile>("decile", "1", "rank of the indicator, middle of each tenth"),
      field<&Correlate::curve>("curve", "", "species and its strongest indicator"),
      field<&Correlate::response_curve>("response_curve", "1", "mean response in each tenth of the indicator, over the mean of all")
          .labelled("curve")
          .over("decile"),
      field<&Correlate::response_curve_error>("response_curve_error", "1", "as error_method says").error_for("response_curve"),
  };
  return table;
}

const Analysis& correlate_analysis() {
  static const Analysis entry =
      analysis<&correlate>("links", "correlate", "structural indicators against what atoms do: rank correlation with a shuffled control",
                           {{"Spearman, Am. J. Psychol. 15, 72 (1904)", "10.2307/1412159"},
                            {"Hanley and McNeil, Radiology 143, 29 (1982)", "10.1148/radiology.143.1.7063747"},
                            {"Patinet, Vandembroucq and Falk, Phys. Rev. Lett. 117, 045501 (2016)", "10.1103/PhysRevLett.117.045501"},
                            {"Richard et al., Phys. Rev. Mater. 4, 113609 (2020)", "10.1103/PhysRevMaterials.4.113609"}});
  return entry;
}

}  // namespace heteroglass::links
