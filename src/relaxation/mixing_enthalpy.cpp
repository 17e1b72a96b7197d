#include "relaxation/mixing_enthalpy.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/composition.hpp"
#include "core/error.hpp"
#include "relaxation/miedema.hpp"

namespace heteroglass::relaxation {
namespace {

struct Pair {
  std::string a, b;
  double enthalpy = 0, weight = 0;
};

double enthalpy_of(const std::string& a, const std::string& b, const MixingEnthalpyOptions& o) {
  for (const std::string& name : {fmt::format("{}-{}", a, b), fmt::format("{}-{}", b, a)})
    if (const auto given = o.enthalpies.find(name); given != o.enthalpies.end()) return given->second;
  if (const auto h = miedema_enthalpy(a, b)) return *h;
  throw InputError(fmt::format(
      "--composition: pair {}-{} must be in the table of mixing enthalpies ({}) or given with --enthalpies {}-{}=VALUE, got neither", a, b,
      fmt::join(miedema_elements(), " "), a, b));
}

void check_names(const MixingEnthalpyOptions& o, const Composition& c) {
  const auto names = c.symbols();
  for (const auto& [name, value] : o.enthalpies) {
    bool used = false;
    for (const std::string& a : names)
      for (const std::string& b : names) used = used || (a != b && name == fmt::format("{}-{}", a, b));
    if (!used) throw InputError(fmt::format("--enthalpies: must name a pair of {} as A-B=VALUE, got {}", fmt::join(names, ", "), name));
  }
}

Table table_of(const std::vector<Pair>& pairs) {
  Table t;
  t.add_text("pair"), t.add_number("enthalpy", "kJ/mol", "of the equiatomic liquid"), t.add_number("weight", "1", "share of c_i c_j");
  for (const Pair& p : pairs) {
    t.columns[0].text.push_back(p.a + "-" + p.b);
    t.columns[1].number.push_back(p.enthalpy), t.columns[2].number.push_back(p.weight);
  }
  return t;
}

/// The table itself, all pairs alike.
MixingEnthalpy whole_table() {
  MixingEnthalpy out;
  std::vector<Pair> pairs;
  const auto elements = miedema_elements();
  for (std::size_t i = 0; i < elements.size(); ++i)
    for (std::size_t j = i + 1; j < elements.size(); ++j)
      pairs.push_back({elements[i], elements[j], *miedema_enthalpy(elements[i], elements[j]), NAN});
  out.pairs = table_of(pairs);
  out.mixing_enthalpy = out.pair_mean = out.pair_spread = NAN;
  out.verdict = "none", out.reason = "no composition: the table is given";
  return out;
}

void judge(const std::vector<Pair>& pairs, const MixingEnthalpyOptions& o, MixingEnthalpy& out) {
  const double relative = out.pair_mean < 0 ? -out.pair_spread / out.pair_mean : INFINITY;
  const Pair* repels = nullptr;
  std::size_t count = 0;
  for (const Pair& p : pairs) {
    if (p.weight < o.least_weight) continue;
    ++count;
    if (p.enthalpy > 0 && (!repels || p.enthalpy > repels->enthalpy)) repels = &p;
  }
  if (repels) {
    out.verdict = "suppressed", out.reason = fmt::format("{}-{} repel each other ({:+g} kJ/mol)", repels->a, repels->b, repels->enthalpy);
  } else if (count < 2) {
    out.verdict = "undecided", out.reason = "one pair: nothing to compare";
  } else if (relative <= o.alike) {
    out.verdict = "pronounced", out.reason = fmt::format("all pairs attract, alike within {:.0f} % of the mean", 100 * relative);
  } else {
    out.verdict = relative > 1 ? "suppressed" : "shoulder";
    out.reason = fmt::format("the enthalpies of the pairs differ by {:.0f} % of their mean", 100 * relative);
  }
}

}  // namespace

const Fields& MixingEnthalpyOptions::fields() {
  using O = MixingEnthalpyOptions;
  static const Fields table = {
      field<&O::composition>("composition", "", "of the alloy, e.g. La60Ni15Al25; empty: the whole table"),
      field<&O::enthalpies>("enthalpies", "kJ/mol", "of pairs that the table lacks or has otherwise, e.g. Zr-Cu=-23"),
      field<&O::least_weight>("least_weight", "1", "pairs with a smaller share of c_i c_j do not decide").range(0, 1),
      field<&O::alike>("alike", "1", "spread over mean up to which pairs are called alike").positive(),
  };
  return table;
}

const Fields& MixingEnthalpy::fields() {
  using R = MixingEnthalpy;
  const char* const why = "a model's number: Miedema's enthalpies are good to a few kJ/mol";
  static const Fields table = {
      field<&R::mixing_enthalpy>("mixing_enthalpy", "kJ/mol", "of the alloy, 4 sum c_i c_j dH_ij").exact(why),
      field<&R::pair_mean>("pair_mean", "kJ/mol", "mean over pairs, weighted by c_i c_j").exact(why),
      field<&R::pair_spread>("pair_spread", "kJ/mol", "weighted standard deviation over pairs").exact(why),
      field<&R::verdict>("verdict", "", "slow beta relaxation expected: pronounced, shoulder, suppressed or undecided"),
      field<&R::reason>("reason", "", "of the verdict"),
      field<&R::pairs>("pairs", "", "enthalpy and weight of each pair").exact(why),
  };
  return table;
}

MixingEnthalpy mixing_enthalpy(const MixingEnthalpyOptions& o, Context&) {
  if (o.composition.empty()) return whole_table();
  const Composition c = parse_composition(o.composition, "--composition");
  check_names(o, c);
  std::vector<Pair> pairs;
  double total = 0;
  for (std::size_t i = 0; i < c.components.size(); ++i)
    for (std::size_t j = i + 1; j < c.components.size(); ++j) {
      const Component &a = c.components[i], &b = c.components[j];
      pairs.push_back({a.symbol, b.symbol, enthalpy_of(a.symbol, b.symbol, o), a.fraction * b.fraction});
      total += pairs.back().weight;
    }
  if (pairs.empty()) throw InputError(fmt::format("--composition: must have at least 2 elements, got {}", o.composition));
  MixingEnthalpy out;
  for (Pair& p : pairs) out.mixing_enthalpy += 4 * p.weight * p.enthalpy, p.weight /= total, out.pair_mean += p.weight * p.enthalpy;
  for (const Pair& p : pairs) out.pair_spread += p.weight * std::pow(p.enthalpy - out.pair_mean, 2);
  out.pair_spread = std::sqrt(out.pair_spread);
  out.pairs = table_of(pairs);
  judge(pairs, o, out);
  return out;
}

const Analysis& mixing_enthalpy_analysis() {
  static const Analysis entry = analysis<&mixing_enthalpy>(
      "relaxation", "mixing_enthalpy", "mixing enthalpies of the pairs of an alloy and the rule for a strong beta relaxation",
      {{"Takeuchi, Inoue, Mater. Trans. 46, 2817 (2005)", "10.2320/matertrans.46.2817"},
       {"Yu, Samwer, Wang, Wang, Nat. Commun. 4, 2204 (2013)", "10.1038/ncomms3204"}});
  return entry;
}

}  // namespace heteroglass::relaxation
