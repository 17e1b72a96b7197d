#include "structure/chosen_atoms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>
#include <random>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "numeric/rank.hpp"
#include "numeric/surrogate.hpp"

namespace heteroglass::structure {
namespace {

std::vector<char> species_asked(const Frame& f, const std::vector<std::string>& names) {
  std::vector<char> asked(f.species.size(), names.empty());
  std::vector<std::string> known;
  for (std::size_t s = 0; s < f.species.size(); ++s) known.push_back(f.species_name(s));
  for (const std::string& name : names) {
    const auto at = std::find(known.begin(), known.end(), name);
    if (at == known.end())
      throw InputError(
          fmt::format("--species: must be of the file ({}), got {}{}", fmt::join(known, ", "), name, did_you_mean(name, known)));
    asked[std::size_t(at - known.begin())] = 1;
  }
  return asked;
}

/// Files write OVITO's names with underscores.
std::string folded(std::string name) {
  for (char& c : name) c = c == ' ' ? '_' : char(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

std::vector<double> property_values(const Frame& f, const ChosenAtomsOptions& o) {
  const AtomProperty* p = f.property(o.property);
  for (const AtomProperty& q : f.properties)
    if (!p && folded(q.name) == folded(o.property)) p = &q;
  if (!p) {
    std::vector<std::string> known;
    for (const AtomProperty& q : f.properties) known.push_back(q.name);
    throw InputError(fmt::format(
        "--property: must be a per-atom property of {}, got '{}'{}; it has: {}; others come with FILE+RESULT/atoms.extxyz", f.source,
        o.property, did_you_mean(o.property, known), known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
  }
  if (o.component < 1 || std::size_t(o.component) > p->components)
    throw InputError(fmt::format("--component: must be 1 to {} for {}, got {}", p->components, o.property, o.component));
  std::vector<double> v;
  for (std::size_t i = 0; i < f.size(); ++i) v.push_back(p->values[i * p->components + std::size_t(o.component - 1)]);
  return v;
}

void check(const ChosenAtomsOptions& o) {
  const bool limits = o.at_least || o.at_most, shares = o.top || o.bottom;
  if (o.property.empty() && (limits || shares)) throw InputError("--property: must be given with --at-least, --at-most, --top or --bottom");
  if (!o.property.empty() && !limits && !shares)
    throw InputError(fmt::format("--property {}: must come with --at-least, --at-most, --top or --bottom", o.property));
  if (int(limits) + int(o.top.has_value()) + int(o.bottom.has_value()) > 1)
    throw InputError("limits (--at-least, --at-most), --top and --bottom: only one of the three can be given");
}

/// Members of each species that have a score.
std::vector<std::vector<std::size_t>> by_species(const Frame& f, const ChosenAtoms& c) {
  std::vector<std::vector<std::size_t>> out(f.species.size());
  for (std::size_t i = 0; i < f.size(); ++i)
    if (std::isfinite(c.score[i])) out[std::size_t(f.type[i])].push_back(i);
  return out;
}

/// Atoms that a control draws from, and how many of them.
struct Pool {
  std::vector<std::size_t> atoms;
  std::size_t take = 0;
};

std::vector<Pool> pools(const Frame& f, const ChosenAtoms& c) {
  std::vector<Pool> out;
  for (std::vector<std::size_t>& own : by_species(f, c)) out.push_back({std::move(own), 0});
  for (const std::size_t i : c.index) ++out[std::size_t(f.type[i])].take;
  // A choice by species alone has no freedom within the species: then the labels of all atoms are exchanged.
  if (c.ordered || !std::all_of(out.begin(), out.end(), [](const Pool& p) { return p.take == 0 || p.take == p.atoms.size(); })) return out;
  out.assign(1, {std::vector<std::size_t>(f.size()), c.index.size()});
  std::iota(out[0].atoms.begin(), out[0].atoms.end(), std::size_t{0});
  return out;
}

/// Values of atoms on a periodic grid; empty points take the mean of their filled neighbours, again and again.
class Grid {
 public:
  explicit Grid(const Frame& f) {
    const double spacing = std::cbrt(f.box.volume() / double(f.size()));
    for (std::size_t k = 0; k < 3; ++k) size[k] = std::max<std::size_t>(4, std::size_t(std::lround(f.box.heights()[k] / spacing)));
    for (const Vec3& r : f.position) {
      const Vec3 s = f.box.fractional(r);
      std::array<std::size_t, 3> p{};
      for (std::size_t k = 0; k < 3; ++k)
        p[k] = std::min(size[k] - 1, std::size_t(std::max(0.0, (s[k] - (f.box.periodic(k) ? std::floor(s[k]) : 0)) * double(size[k]))));
      place.push_back((p[2] * size[1] + p[1]) * size[0] + p[0]);
    }
  }
  std::vector<float> painted(const std::vector<double>& v) const {
    const std::size_t n = size[0] * size[1] * size[2];
    std::vector<double> sum(n, 0), weight(n, 0);
    for (std::size_t i = 0; i < v.size(); ++i)
      if (std::isfinite(v[i])) sum[place[i]] += v[i], weight[place[i]] += 1;
    for (std::size_t i = 0; i < n; ++i)
      if (weight[i] > 0) sum[i] /= weight[i], weight[i] = 1;
    while (fill(sum, weight)) {
    }
    return {sum.begin(), sum.end()};
  }
  std::array<std::size_t, 3> size{};
  std::vector<std::size_t> place;  ///< of each atom

 private:
  bool fill(std::vector<double>& value, std::vector<double>& known) const {
    const std::vector<double> before = value, were = known;
    bool left = false, done = false;
    for (std::size_t z = 0; z < size[2]; ++z)
      for (std::size_t y = 0; y < size[1]; ++y)
        for (std::size_t x = 0; x < size[0]; ++x) {
          const std::size_t i = (z * size[1] + y) * size[0] + x;
          if (were[i] > 0) continue;
          double sum = 0, n = 0;
          const auto take = [&](std::size_t u, std::size_t v, std::size_t w) {
            const std::size_t j = (w % size[2] * size[1] + v % size[1]) * size[0] + u % size[0];
            if (were[j] > 0) sum += before[j], ++n;
          };
          take(x + 1, y, z), take(x + size[0] - 1, y, z), take(x, y + 1, z), take(x, y + size[1] - 1, z), take(x, y, z + 1);
          take(x, y, z + size[2] - 1);
          if (n > 0)
            value[i] = sum / n, known[i] = 1, done = true;
          else
            left = true;
        }
    return left && done;
  }
};

}  // namespace

ChosenAtoms chosen_atoms(const Frame& f, const ChosenAtomsOptions& o) {
  check(o);
  const std::vector<char> asked = species_asked(f, o.species);
  ChosenAtoms c;
  std::vector<char> member(f.size());
  for (std::size_t i = 0; i < f.size(); ++i) member[i] = asked[std::size_t(f.type[i])];
  c.score.assign(f.size(), 0);
  if (!o.property.empty()) {
    const std::vector<double> v = property_values(f, o);
    const bool low_side = o.bottom || (o.at_most && !o.at_least);
    c.ordered = !(o.at_least && o.at_most);
    for (std::size_t i = 0; i < f.size(); ++i) {
      c.score[i] = std::isfinite(v[i]) && member[i] ? (low_side ? -v[i] : v[i]) : NAN;
      member[i] = member[i] && std::isfinite(v[i]) && (!o.at_least || v[i] >= *o.at_least) && (!o.at_most || v[i] <= *o.at_most);
    }
    if (o.top || o.bottom) {
      std::fill(member.begin(), member.end(), char{0});
      for (std::vector<std::size_t>& own : by_species(f, c)) {
        std::stable_sort(own.begin(), own.end(), [&](std::size_t a, std::size_t b) { return c.score[a] > c.score[b]; });
        const double share = o.top ? *o.top : *o.bottom;
        for (std::size_t k = 0; k < std::size_t(std::ceil(share * double(own.size()) - 1e-9)); ++k) member[own[k]] = 1;
      }
    }
  }
  for (std::size_t i = 0; i < f.size(); ++i)
    if (member[i]) c.index.push_back(i);
  if (!c.ordered)
    for (std::size_t i = 0; i < f.size(); ++i) c.score[i] = member[i];
  c.all = c.index.size() == f.size();
  if (c.index.empty())
    throw InputError(fmt::format("{}: the conditions must choose at least one atom, got none of {}", f.source, f.size()));
  return c;
}

std::vector<std::size_t> by_score(const ChosenAtoms& c) {
  std::vector<std::size_t> order(c.score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const bool known_a = std::isfinite(c.score[a]), known_b = std::isfinite(c.score[b]);
    return known_a != known_b ? known_a : known_a && c.score[a] > c.score[b];
  });
  return order;
}

std::vector<std::size_t> shuffled_choice(const Frame& f, const ChosenAtoms& c, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::size_t> out;
  for (Pool& p : pools(f, c)) {
    for (std::size_t k = p.atoms.size(); k-- > 1;) std::swap(p.atoms[k], p.atoms[random() % (k + 1)]);
    out.insert(out.end(), p.atoms.begin(), p.atoms.begin() + std::ptrdiff_t(p.take));
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::size_t> smooth_choice(const Frame& f, const ChosenAtoms& c, std::uint64_t seed) {
  const Grid grid(f);
  std::vector<Pool> all = pools(f, c);
  std::vector<double> level(f.size(), NAN);  // ranks within the pool, in (-1/2, 1/2)
  for (const Pool& p : all) {
    std::vector<double> v;
    for (const std::size_t i : p.atoms) v.push_back(c.score[i]);
    const std::vector<double> r = numeric::ranks(v);
    for (std::size_t k = 0; k < v.size(); ++k) level[p.atoms[k]] = (r[k] - 0.5) / double(v.size()) - 0.5;
  }
  const std::vector<float> field = numeric::surrogate(grid.painted(level), grid.size, seed);
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> lot(f.size());
  for (std::uint64_t& l : lot) l = random();
  std::vector<std::size_t> out;
  for (Pool& p : all) {
    std::sort(p.atoms.begin(), p.atoms.end(), [&](std::size_t a, std::size_t b) {
      const float u = field[grid.place[a]], v = field[grid.place[b]];
      return u != v ? u > v : lot[a] < lot[b];
    });
    out.insert(out.end(), p.atoms.begin(), p.atoms.begin() + std::ptrdiff_t(p.take));
  }
  std::sort(out.begin(), out.end());
  return out;
}

const Fields& ChosenAtomsOptions::fields() {
  using O = ChosenAtomsOptions;
  static const Fields table = {
      field<&O::species>("species", "", "only atoms of these species; unset: all"),
      field<&O::property>("property", "", "per-atom property of the file that decides, with one of the next options"),
      field<&O::component>("component", "1", "of a property with several").range(1, 100),
      field<&O::at_least>("at_least", "1", "smallest value chosen, in the property's unit"),
      field<&O::at_most>("at_most", "1", "largest value chosen, in the property's unit"),
      field<&O::top>("top", "1", "share of each species with the largest values").range(0, 1),
      field<&O::bottom>("bottom", "1", "share of each species with the smallest values").range(0, 1),
  };
  return table;
}

}  // namespace heteroglass::structure
