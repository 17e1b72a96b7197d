#include "structure/chemical_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "neighbor/cell_list.hpp"
#include "structure/first_shell.hpp"

namespace heteroglass::structure {
namespace {

/// Counts of one spatial block: centres by species, neighbours by (centre, neighbour).
struct Counts {
  std::vector<double> centres, neighbours;
  explicit Counts(std::size_t s) : centres(s, 0), neighbours(s * s, 0) {}
  void add(const Counts& o, double sign = 1) {
    for (std::size_t k = 0; k < centres.size(); ++k) centres[k] += sign * o.centres[k];
    for (std::size_t k = 0; k < neighbours.size(); ++k) neighbours[k] += sign * o.neighbours[k];
  }
};

/// Every estimate in one vector: alpha and Z_ij row by row, then Z_i.
std::vector<double> estimates(const Counts& c, const std::vector<double>& concentration) {
  const std::size_t s = concentration.size();
  std::vector<double> out(2 * s * s + s);
  for (std::size_t i = 0; i < s; ++i) {
    double total = 0;
    for (std::size_t j = 0; j < s; ++j) total += c.neighbours[i * s + j];
    for (std::size_t j = 0; j < s; ++j) {
      out[i * s + j] = 1 - c.neighbours[i * s + j] / total / concentration[j];
      out[s * s + i * s + j] = c.neighbours[i * s + j] / c.centres[i];
    }
    out[2 * s * s + i] = total / c.centres[i];
  }
  return out;
}

/// Standard errors by leaving out one block at a time. NaN where a species stands in fewer than two blocks.
std::vector<double> jackknife(const std::vector<Counts>& blocks, const Counts& all, const std::vector<double>& concentration) {
  std::vector<std::vector<double>> left;
  for (const Counts& b : blocks) {
    if (std::all_of(b.centres.begin(), b.centres.end(), [](double n) { return n == 0; })) continue;
    Counts rest = all;
    rest.add(b, -1);
    left.push_back(estimates(rest, concentration));
  }
  std::vector<double> out(left.empty() ? 0 : left[0].size(), NAN);
  const auto n = static_cast<double>(left.size());
  for (std::size_t k = 0; k < out.size() && left.size() > 1; ++k) {
    double mean = 0, squares = 0;
    for (const auto& e : left) mean += e[k] / n;
    for (const auto& e : left) squares += (e[k] - mean) * (e[k] - mean);
    out[k] = std::sqrt((n - 1) / n * squares);
  }
  return out;
}

struct Shells {
  std::vector<Counts> blocks;
  Counts all;
};

Shells count(const Frame& frame, double r_cut, const std::vector<std::size_t>& row, std::size_t s) {
  const auto edge = static_cast<std::size_t>(std::clamp(std::cbrt(static_cast<double>(frame.size()) / 30), 2.0, 4.0));
  Shells out{std::vector<Counts>(edge * edge * edge, Counts(s)), Counts(s)};
  const neighbor::CellList cells(frame, r_cut);
#pragma omp parallel
  {
    std::vector<Counts> mine(out.blocks.size(), Counts(s));
#pragma omp for schedule(dynamic)
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(cells.blocks()); ++b)
      cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, std::span<const neighbor::Neighbor> near) {
        const Vec3 f = frame.box.fractional(frame.position[i]);
        std::size_t place = 0;
        for (std::size_t k = 0; k < 3; ++k)
          place = place * edge + static_cast<std::size_t>(std::clamp(f[k], 0.0, 0.999999) * static_cast<double>(edge));
        Counts& c = mine[place];
        const std::size_t centre = row[static_cast<std::size_t>(frame.type[i])];
        ++c.centres[centre];
        for (const neighbor::Neighbor& n : near)
          ++c.neighbours[centre * s + row[static_cast<std::size_t>(frame.type[static_cast<std::size_t>(n.index)])]];
      });
      // Whole numbers, so that the order of the threads does not matter.
#pragma omp critical(heteroglass_chemical_order)
    for (std::size_t b = 0; b < mine.size(); ++b) out.blocks[b].add(mine[b]);
  }
  for (const Counts& b : out.blocks) out.all.add(b);
  return out;
}

}  // namespace

const Fields& ChemicalOrderOptions::fields() {
  static const Fields table = {
      field<&ChemicalOrderOptions::r_cut>("r_cut", "angstrom", "radius of the shell; unset: first minimum of the total g(r)").positive(),
  };
  return table;
}

const Fields& ChemicalOrder::fields() {
  static const Fields table = {
      field<&ChemicalOrder::species>("species", "", "species, in the order of rows (centres) and columns (neighbours)"),
      field<&ChemicalOrder::alpha>("alpha", "1", "Warren-Cowley parameter; negative: the pair is preferred").labelled("species"),
      field<&ChemicalOrder::alpha_error>("alpha_error", "1", "error of alpha, jackknife over spatial blocks").error_for("alpha"),
      field<&ChemicalOrder::coordination>("coordination", "1", "mean neighbours of each species").labelled("species"),
      field<&ChemicalOrder::coordination_error>("coordination_error", "1", "error of coordination, jackknife over spatial blocks")
          .error_for("coordination"),
      field<&ChemicalOrder::coordination_total>("coordination_total", "1", "mean neighbours of any species, by species of the centre"),
      field<&ChemicalOrder::coordination_total_error>("coordination_total_error", "1", "error of coordination_total")
          .error_for("coordination_total"),
      field<&ChemicalOrder::concentration>("concentration", "1", "fraction of atoms of each species").exact("a count"),
      field<&ChemicalOrder::r_cut>("r_cut", "angstrom", "radius of the shell used").exact("as used"),
  };
  return table;
}

ChemicalOrder chemical_order(const Frame& frame, const ChemicalOrderOptions& o, Context& context) {
  ChemicalOrder out;
  out.r_cut = shell_radius(frame, o.r_cut);
  const std::vector<std::size_t> counts = frame.species_counts();
  std::vector<std::size_t> row(counts.size(), 0);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] == 0) continue;
    row[k] = out.species.size();
    out.species.push_back(frame.species_name(k));
    out.concentration.push_back(static_cast<double>(counts[k]) / static_cast<double>(frame.size()));
  }
  const std::size_t s = out.species.size();
  if (s == 1) context.warn("one species only: there is no chemical order, alpha is 0");
  const Shells shells = count(frame, out.r_cut, row, s);
  for (std::size_t i = 0; i < s; ++i)
    if (std::all_of(&shells.all.neighbours[i * s], &shells.all.neighbours[i * s] + s, [](double n) { return n == 0; }))
      throw InputError(fmt::format("chemical_order: r_cut must reach neighbours of every species, got {} angstrom and none around {}",
                                   out.r_cut, out.species[i]));
  const std::vector<double> value = estimates(shells.all, out.concentration),
                            error = jackknife(shells.blocks, shells.all, out.concentration);
  const auto part = [s](const std::vector<double>& v, std::size_t from) {
    Matrix m(s, s);
    std::copy_n(v.begin() + static_cast<std::ptrdiff_t>(from), s * s, m.values.begin());
    return m;
  };
  out.alpha = part(value, 0), out.alpha_error = part(error, 0);
  out.coordination = part(value, s * s), out.coordination_error = part(error, s * s);
  out.coordination_total.assign(value.end() - static_cast<std::ptrdiff_t>(s), value.end());
  out.coordination_total_error.assign(error.end() - static_cast<std::ptrdiff_t>(s), error.end());
  return out;
}

const Analysis& chemical_order_analysis() {
  static const Analysis entry =
      analysis<&chemical_order>("structure", "chemical_order", "Warren-Cowley chemical short-range order of the first shell",
                                {{"Cowley, Phys. Rev. 77, 669 (1950)", "10.1103/PhysRev.77.669"}});
  return entry;
}

}  // namespace heteroglass::structure
