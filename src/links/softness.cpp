#include "links/softness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/analysis.hpp"
#include "core/error.hpp"
#include "deform/strain.hpp"
#include "links/linear_classifier.hpp"
#include "neighbor/neighbor_list.hpp"
#include "numeric/proportion.hpp"
#include "numeric/rank.hpp"
#include "structure/first_shell.hpp"
#include "structure/symmetry_functions.hpp"
#include "structure/wrapping_clusters.hpp"

namespace heteroglass::links {
namespace {

/// A frame as points to learn from.
struct Points {
  structure::Features features;
  std::vector<double> response;  ///< NaN: no label
  std::vector<char> rearranges;
  std::vector<int> fold;
  std::vector<double> score;  ///< out of fold
};

structure::Features features_of(const Frame& f, const structure::SymmetryOptions& o, Context& context) {
  return structure::symmetry_functions(f, o, context);
}

structure::SymmetryOptions feature_set(const Frame& f, const std::string& name) {
  return name == "radial"           ? structure::radial_set(f)
         : name == "power-spectrum" ? structure::power_spectrum_set(f)
                                    : structure::radial_angular_set(f);
}

/// The largest `fraction` of each species.
std::vector<char> rearrangers(const Frame& f, const std::vector<double>& response, double fraction) {
  std::vector<char> out(f.size(), 0);
  for (std::size_t s = 0; s < f.species.size(); ++s) {
    std::vector<std::size_t> own;
    for (std::size_t i = 0; i < f.size(); ++i)
      if (static_cast<std::size_t>(f.type[i]) == s && std::isfinite(response[i])) own.push_back(i);
    std::stable_sort(own.begin(), own.end(), [&](std::size_t a, std::size_t b) { return response[a] > response[b]; });
    const auto n = static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(own.size())));
    for (std::size_t k = 0; k < std::min(n, own.size()); ++k) out[own[k]] = 1;
  }
  return out;
}

/// Blocks of the box, three along each edge, dealt out to the folds at random.
std::vector<int> folds_of(const Frame& f, int folds, int seed) {
  std::vector<int> of_block(27);
  for (std::size_t k = 0; k < 27; ++k) of_block[k] = static_cast<int>(k) % folds;
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  for (std::size_t k = 27; k-- > 1;) std::swap(of_block[k], of_block[random() % (k + 1)]);
  std::vector<int> out;
  for (const Vec3& r : f.position) {
    const Vec3 s = f.box.fractional(r);
    std::size_t block = 0;
    for (std::size_t k = 0; k < 3; ++k) block = 3 * block + static_cast<std::size_t>(std::clamp((s[k] - std::floor(s[k])) * 3, 0.0, 2.999));
    out.push_back(of_block[block]);
  }
  return out;
}

/// Which points a classifier is trained on.
struct Selection {
  std::vector<const double*> rows;
  std::vector<char> positive;
  bool both() const {
    return std::find(positive.begin(), positive.end(), char{1}) != positive.end() &&
           std::find(positive.begin(), positive.end(), char{0}) != positive.end();
  }
};

Selection select(const std::vector<Points>& all, std::span<const Frame> frames, std::size_t species, int left_out) {
  Selection s;
  for (std::size_t f = 0; f < all.size(); ++f)
    for (std::size_t i = 0; i < all[f].response.size(); ++i) {
      if (!std::isfinite(all[f].response[i]) || static_cast<std::size_t>(frames[f].type[i]) != species || all[f].fold[i] == left_out)
        continue;
      s.rows.push_back(all[f].features.values.values.data() + i * all[f].features.name.size());
      s.positive.push_back(all[f].rearranges[i]);
    }
  return s;
}

/// What out-of-fold scores are worth in one group of points.
struct Quality {
  double accuracy = NAN, auc = NAN, enhancement = NAN;
};

Quality quality(const std::vector<double>& score, const std::vector<bool>& positive) {
  double hit = 0, miss = 0, soft = 0, soft_hit = 0, n = 0;
  for (std::size_t k = 0; k < score.size(); ++k) {
    (positive[k] ? hit : miss) += 1, n += 1;
    if (score[k] > 0) soft += 1, soft_hit += positive[k];
  }
  if (hit == 0 || miss == 0) return {};
  const double hard_miss = miss - (soft - soft_hit);
  return {0.5 * (soft_hit / hit + hard_miss / miss), numeric::area_under_curve(score, positive),
          soft > 0 ? soft_hit / soft / (hit / n) : NAN};
}

/// Over the folds: value of all together, error from their spread.
struct Qualities {
  Measured accuracy, auc, enhancement;
  double atoms = 0, rearrangers = 0;
};

Qualities qualities(const std::vector<Points>& all, std::span<const Frame> frames, int species, int folds) {
  std::vector<Quality> each;
  Qualities out;
  const auto gather = [&](int fold) {
    std::vector<double> score;
    std::vector<bool> positive;
    for (std::size_t f = 0; f < all.size(); ++f)
      for (std::size_t i = 0; i < all[f].response.size(); ++i) {
        if (!std::isfinite(all[f].response[i]) || (species >= 0 && frames[f].type[i] != species) || (fold >= 0 && all[f].fold[i] != fold))
          continue;
        score.push_back(all[f].score[i]), positive.push_back(all[f].rearranges[i] != 0);
      }
    if (fold < 0) {
      out.atoms = static_cast<double>(score.size());
      out.rearrangers = static_cast<double>(std::count(positive.begin(), positive.end(), true));
    }
    return quality(score, positive);
  };
  for (int k = 0; k < folds; ++k) each.push_back(gather(k));
  const Quality together = gather(-1);
  const auto measured = [&](double Quality::*member) {
    std::vector<double> v;
    for (const Quality& q : each) v.push_back(q.*member);
    return Measured{together.*member, numeric::mean(v).error, "spread over the folds / sqrt(folds)"};
  };
  out.accuracy = measured(&Quality::accuracy), out.auc = measured(&Quality::auc), out.enhancement = measured(&Quality::enhancement);
  return out;
}

/// Cells crossed by a link, from the fractional coordinates of its ends.
structure::WrappingClusters::Cells crossed(const Frame& f, std::size_t i, const neighbor::Neighbor& n) {
  const Vec3 s = f.box.fractional(f.position[i] + n.separation) - f.box.fractional(f.position[static_cast<std::size_t>(n.index)]);
  return {static_cast<int>(std::lround(s.x)), static_cast<int>(std::lround(s.y)), static_cast<int>(std::lround(s.z))};
}

struct Clusters {
  double largest = 0;  ///< of the chosen atoms
  bool percolates = false;
  double critical_fraction = NAN;
};

/// Atoms join in the order given; the first `chosen` of them are looked at, and the fraction is noted when a cluster wraps.
Clusters clusters(const Frame& f, const neighbor::NeighborList& list, const std::vector<std::size_t>& order, std::size_t chosen) {
  structure::WrappingClusters sets(f.size());
  std::vector<char> there(f.size(), 0);
  Clusters out;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t i = order[k];
    there[i] = 1;
    for (const neighbor::Neighbor& n : list.of(i))
      if (there[static_cast<std::size_t>(n.index)]) sets.link(i, static_cast<std::size_t>(n.index), crossed(f, i, n));
    const auto& wraps = sets.wraps(sets.root(i));
    if (std::isnan(out.critical_fraction) && (wraps[0] || wraps[1] || wraps[2]))
      out.critical_fraction = static_cast<double>(k + 1) / static_cast<double>(order.size());
    if (k + 1 != chosen) continue;
    std::size_t most = 0;
    for (std::size_t m = 0; m <= k; ++m) most = std::max(most, sets.size(sets.root(order[m])));
    out.largest = static_cast<double>(most) / static_cast<double>(chosen);
    out.percolates = !std::isnan(out.critical_fraction);
  }
  return out;
}

Table percolation_table(const std::vector<Points>& all, std::span<const Frame> frames, double r_cut, int seed, Context& context) {
  Table t;
  for (const auto& [name, help] : {std::pair{"frame", "its number, from 0"},
                                   {"soft_fraction", "atoms with S > 0"},
                                   {"soft_fraction_error", ""},
                                   {"largest_cluster", "part of the soft atoms in the largest cluster"},
                                   {"percolates", "1: a cluster of soft atoms wraps around the box"},
                                   {"critical_fraction", "part of the softest atoms that percolates"},
                                   {"critical_fraction_random", "the same of atoms at random"},
                                   {"mean_softness", "of all atoms"},
                                   {"mean_softness_error", ""}})
    t.add_number(name, "1", help);
  for (std::size_t f = 0; f < all.size(); ++f) {
    context.check_cancelled();
    const neighbor::NeighborList list(frames[f], r_cut);
    std::vector<std::size_t> order(frames[f].size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<std::size_t> random = order;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return all[f].score[a] > all[f].score[b]; });
    const auto soft = static_cast<std::size_t>(std::count_if(all[f].score.begin(), all[f].score.end(), [](double s) { return s > 0; }));
    const Clusters c = clusters(frames[f], list, order, soft);
    std::mt19937_64 engine(static_cast<std::uint64_t>(seed) + f);
    for (std::size_t k = random.size(); k-- > 1;) std::swap(random[k], random[engine() % (k + 1)]);
    const Measured mean = numeric::mean(all[f].score);
    const auto n = static_cast<double>(frames[f].size());
    const double row[] = {static_cast<double>(f),
                          static_cast<double>(soft) / n,
                          numeric::proportion_error(soft, frames[f].size()),
                          c.largest,
                          c.percolates ? 1.0 : 0.0,
                          c.critical_fraction,
                          clusters(frames[f], list, random, 0).critical_fraction,
                          mean.value,
                          mean.error};
    for (std::size_t k = 0; k < t.columns.size(); ++k) t.columns[k].number.push_back(row[k]);
  }
  return t;
}

/// Probability to rearrange in bins of softness of equal population.
void add_probability(const std::vector<Points>& all, Softness& out) {
  std::vector<std::pair<double, bool>> points;
  for (const Points& p : all)
    for (std::size_t i = 0; i < p.response.size(); ++i)
      if (std::isfinite(p.response[i])) points.emplace_back(p.score[i], p.rearranges[i] != 0);
  std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  constexpr std::size_t bins = 12;
  for (std::size_t k = 0; k < bins; ++k) {
    const std::size_t from = points.size() * k / bins, to = points.size() * (k + 1) / bins;
    if (to == from) continue;
    double sum = 0;
    std::size_t hits = 0;
    for (std::size_t m = from; m < to; ++m) sum += points[m].first, hits += points[m].second;
    out.bin.push_back(sum / static_cast<double>(to - from));
    out.soft_probability.push_back(static_cast<double>(hits) / static_cast<double>(to - from));
    out.soft_probability_error.push_back(numeric::proportion_error(hits, to - from));
  }
}

void check(std::span<const Frame> frames, const SoftnessOptions& o) {
  const auto n = static_cast<std::size_t>(o.samples);
  if (frames.size() < 2 * n || frames.size() % n != 0)
    throw InputError(fmt::format("softness: frames must be two or more for each of {} samples, equally many, got {}", n, frames.size()));
  for (const Frame& f : frames)
    if (f.species.size() != frames[0].species.size())
      throw InputError(fmt::format("softness: frames must have the same species, got others in {}", f.source));
}

}  // namespace

const Fields& SoftnessOptions::fields() {
  static const Fields table = {
      field<&SoftnessOptions::features>("features", "", "what the classifier sees").one_of({"radial", "radial-angular", "power-spectrum"}),
      field<&SoftnessOptions::fraction>("fraction", "1", "part of each species that counts as rearrangers").range(1e-4, 0.5),
      field<&SoftnessOptions::ridge>("ridge", "1", "penalty on the weights").positive(),
      field<&SoftnessOptions::folds>("folds", "1", "groups of blocks left out in turn").range(2, 27),
      field<&SoftnessOptions::samples>("samples", "1", "the frames are so many equal runs, one after the other").range(1, 1e6),
      field<&SoftnessOptions::r_cut>("r_cut", "angstrom", "neighbours of D2min and links of soft sites; unset: first minimum of g(r)")
          .positive(),
      field<&SoftnessOptions::seed>("seed", "1", "of the folds and of the random control").non_negative(),
  };
  return table;
}

const Fields& Softness::fields() {
  static const Fields table = {
      field<&Softness::accuracy>("accuracy", "1", "of atoms not trained on, both classes weighing the same; 1/2: nothing learnt"),
      field<&Softness::auc>("auc", "1", "probability that a rearranger is softer than another atom"),
      field<&Softness::enhancement>("enhancement", "1", "rearrangers among soft atoms over those among all"),
      field<&Softness::species>("species", "", "the same for each species"),
      field<&Softness::weights>("weights", "", "weights of the standardised features, the largest first")
          .exact("of classifiers trained on all atoms"),
      field<&Softness::percolation>("percolation", "", "soft sites of each frame"),
      field<&Softness::bin>("bin", "1", "mean softness of the bins").exact("twelve bins of equally many atoms"),
      field<&Softness::soft_probability>("soft_probability", "1", "part of the atoms of that softness that rearrange")
          .over("bin", Plot::points),
      field<&Softness::soft_probability_error>("soft_probability_error", "1", "of counting").error_for("soft_probability"),
      field<&Softness::r_cut>("r_cut", "angstrom", "radius used").exact("as used"),
      field<&Softness::softness>("softness", "1", "of each atom of the first frame, from classifiers that have not seen it")
          .atoms("Softness")
          .exact("see accuracy")
          .as(Plot::histogram),
  };
  return table;
}

Softness softness(std::span<const Frame> frames, const SoftnessOptions& o, Context& context) {
  check(frames, o);
  Softness out;
  out.r_cut = o.r_cut ? *o.r_cut : structure::first_minimum(frames[0]);
  const structure::SymmetryOptions set = feature_set(frames[0], o.features);
  const std::size_t run = frames.size() / static_cast<std::size_t>(o.samples);
  std::vector<Points> all(frames.size());
  for (std::size_t f = 0; f < frames.size(); ++f) {
    context.progress(0.5 * static_cast<double>(f) / static_cast<double>(frames.size()), "features");
    all[f].features = features_of(frames[f], set, context);
    all[f].fold = folds_of(frames[f], o.folds, o.seed);
    all[f].score.assign(frames[f].size(), 0);
    all[f].response = (f + 1) % run == 0 ? std::vector<double>(frames[f].size(), NAN)
                                         : deform::strain(frames[f], frames[f + 1], {.r_cut = out.r_cut}, context).d2min_mean;
    all[f].rearranges = rearrangers(frames[f], all[f].response, o.fraction);
  }
  const std::size_t features = all[0].features.name.size();
  out.species.add_text("species", "of the atoms");
  for (const char* name : {"atoms", "rearrangers", "accuracy", "accuracy_error", "auc", "auc_error", "enhancement", "enhancement_error"})
    out.species.add_number(name, "1");
  out.weights.add_text("species", "of the centre"), out.weights.add_text("feature", "see structure/descriptors"),
      out.weights.add_number("weight", "1", "positive: more of it is softer");
  for (std::size_t s = 0; s < frames[0].species.size(); ++s) {
    const Selection everything = select(all, frames, s, -1);
    if (everything.rows.empty()) continue;
    const auto positives = std::count(everything.positive.begin(), everything.positive.end(), char{1});
    if (positives < 2 * o.folds)
      throw InputError(fmt::format("softness: rearrangers of {} must be {} or more, got {}; give more frames or a larger fraction",
                                   frames[0].species_name(s), 2 * o.folds, positives));
    if (positives < 100)
      context.warn(fmt::format("{} rearrangers of {} are few to learn from: see the errors", positives, frames[0].species_name(s)));
#pragma omp parallel for schedule(dynamic)
    for (int fold = 0; fold < o.folds; ++fold) {
      const Selection rest = select(all, frames, s, fold);
      if (!rest.both()) continue;
      const LinearClassifier c = train(rest.rows, features, rest.positive, o.ridge);
      for (std::size_t f = 0; f < all.size(); ++f)
        for (std::size_t i = 0; i < frames[f].size(); ++i)
          if (static_cast<std::size_t>(frames[f].type[i]) == s && all[f].fold[i] == fold)
            all[f].score[i] = c.score({all[f].features.values.values.data() + i * features, features});
    }
    const LinearClassifier whole = train(everything.rows, features, everything.positive, o.ridge);
    std::vector<std::size_t> order(features);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::abs(whole.weight[a]) > std::abs(whole.weight[b]); });
    for (const std::size_t k : order) {
      out.weights.columns[0].text.push_back(frames[0].species_name(s)), out.weights.columns[1].text.push_back(all[0].features.name[k]);
      out.weights.columns[2].number.push_back(whole.weight[k]);
    }
    const Qualities q = qualities(all, frames, static_cast<int>(s), o.folds);
    out.species.columns[0].text.push_back(frames[0].species_name(s));
    const double row[] = {q.atoms,     q.rearrangers, q.accuracy.value,    q.accuracy.error,
                          q.auc.value, q.auc.error,   q.enhancement.value, q.enhancement.error};
    for (std::size_t k = 0; k < 8; ++k) out.species.columns[k + 1].number.push_back(row[k]);
    context.progress(0.5 + 0.4 * static_cast<double>(s + 1) / static_cast<double>(frames[0].species.size()), "training");
    context.check_cancelled();
  }
  const Qualities q = qualities(all, frames, -1, o.folds);
  out.accuracy = q.accuracy, out.auc = q.auc, out.enhancement = q.enhancement;
  out.percolation = percolation_table(all, frames, out.r_cut, o.seed, context);
  add_probability(all, out);
  out.softness = all[0].score;
  return out;
}

const Analysis& softness_analysis() {
  static const Analysis entry =
      analysis<&softness>("links", "softness", "a linear classifier of neighbourhoods trained on rearrangers; percolation of soft sites",
                          {{"Cubuk et al., Phys. Rev. Lett. 114, 108001 (2015)", "10.1103/PhysRevLett.114.108001"},
                           {"Schoenholz et al., Nat. Phys. 12, 469 (2016)", "10.1038/nphys3644"}});
  return entry;
}

}  // namespace heteroglass::links
