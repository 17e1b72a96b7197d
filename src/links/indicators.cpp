#include "links/indicators.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "neighbor/cell_list.hpp"
#include "structure/bond_order.hpp"
#include "structure/voronoi.hpp"

namespace heteroglass::links {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> as_double(const std::vector<int>& v) { return {v.begin(), v.end()}; }

void add_voronoi(const Frame& frame, const IndicatorOptions& options, Context& context, std::vector<Indicator>& list) {
  structure::VoronoiOptions v;
  v.radical = options.radical;
  v.radii = options.radii;
  structure::Voronoi cells = structure::voronoi(frame, v, context);
  std::vector<double> icosahedron(frame.size());
  for (std::size_t i = 0; i < frame.size(); ++i)
    icosahedron[i] = cells.voronoi_index(i, 2) == 12 && cells.coordination[i] == 12 && cells.five_fold[i] == 1;
  list.push_back({"atomic_volume", "raw", std::move(cells.atomic_volume)});
  list.push_back({"coordination", "raw", as_double(cells.coordination)});
  list.push_back({"full_icosahedron", "raw", std::move(icosahedron)});
  list.push_back({"five_fold", "raw", std::move(cells.five_fold)});
  list.push_back({"kasper_distance", "raw", std::move(cells.kasper_distance)});
}

void add_bond_order(const Frame& frame, double r_cut, Context& context, std::vector<Indicator>& list) {
  const structure::BondOrder order = structure::bond_order(frame, {.l = {6}, .r_cut = r_cut}, context);
  list.push_back({"q6", "raw", order.q.values});
  list.push_back({"q6_averaged", "raw", order.q_averaged.values});
}

void add_properties(const Frame& frame, std::vector<Indicator>& list) {
  for (const AtomProperty& p : frame.properties)
    for (std::size_t k = 0; k < p.components; ++k) {
      Indicator own{p.components == 1 ? p.name : fmt::format("{}[{}]", p.name, k + 1), "raw", {}};
      for (const Indicator& other : list)
        if (other.name == own.name) own.name += " (of the file)";
      own.values.resize(frame.size());
      for (std::size_t i = 0; i < frame.size(); ++i) own.values[i] = p.values[i * p.components + k];
      list.push_back(std::move(own));
    }
}

/// Neighbours of all atoms, once.
struct Shells {
  std::vector<std::vector<std::int32_t>> of;

  Shells(const Frame& frame, double r_cut) : of(frame.size()) {
    const neighbor::CellList cells(frame, r_cut);
    const auto blocks = static_cast<std::ptrdiff_t>(cells.blocks());
#pragma omp parallel for schedule(dynamic)
    for (std::ptrdiff_t b = 0; b < blocks; ++b)
      cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, auto neighbors) {
        for (const auto& n : neighbors) of[i].push_back(n.index);
      });
  }
};

void add_composition(const Frame& frame, const Shells& shells, std::vector<Indicator>& list) {
  const auto counts = frame.species_counts();
  bool first = true;
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] == 0) continue;
    if (std::exchange(first, false)) continue;  // the parts add up to 1
    Indicator own{fmt::format("shell_fraction_{}", frame.species_name(s)), "raw", std::vector<double>(frame.size(), nan)};
    for (std::size_t i = 0; i < frame.size(); ++i) {
      std::size_t n = 0;
      for (const std::int32_t j : shells.of[i]) n += static_cast<std::size_t>(frame.type[static_cast<std::size_t>(j)]) == s;
      if (!shells.of[i].empty()) own.values[i] = double(n) / double(shells.of[i].size());
    }
    list.push_back(std::move(own));
  }
}

Indicator first_shell_average(const Indicator& raw, const Shells& shells) {
  Indicator mean{raw.name, "first shell", std::vector<double>(raw.values.size(), nan)};
  for (std::size_t i = 0; i < raw.values.size(); ++i) {
    double sum = 0;
    int n = 0;
    const auto add = [&](double v) {
      if (!std::isnan(v)) sum += v, ++n;
    };
    add(raw.values[i]);
    for (const std::int32_t j : shells.of[i]) add(raw.values[static_cast<std::size_t>(j)]);
    if (n > 0) mean.values[i] = sum / n;
  }
  return mean;
}

}  // namespace

std::vector<Indicator> indicators(const Frame& frame, const IndicatorOptions& options, Context& context) {
  std::vector<Indicator> raw, list;
  add_voronoi(frame, options, context, raw);
  add_bond_order(frame, options.r_cut, context, raw);
  const Shells shells(frame, options.r_cut);
  add_composition(frame, shells, raw);
  add_properties(frame, raw);
  for (Indicator& i : raw) {
    Indicator mean = first_shell_average(i, shells);
    list.push_back(std::move(i));
    list.push_back(std::move(mean));
  }
  return list;
}

}  // namespace heteroglass::links
