#include "structure/bond_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <utility>

#include "core/error.hpp"
#include "neighbor/neighbor_list.hpp"
#include "structure/first_shell.hpp"
#include "structure/spherical_harmonics.hpp"

namespace heteroglass::structure {
namespace {

using Numbers = std::vector<std::complex<double>>;

std::vector<int> checked_l(const BondOrderOptions& o) {
  std::vector<int> l = o.l;
  std::sort(l.begin(), l.end());
  l.erase(std::unique(l.begin(), l.end()), l.end());
  if (l.empty()) throw InputError("bond_order: l must name at least one order, got none");
  for (int n : l)
    if (n < 1 || n > SphericalHarmonics::largest_l)
      throw InputError(fmt::format("bond_order: l must be 1 to {}, got {}", SphericalHarmonics::largest_l, n));
  if (o.r_cut && o.nearest)
    throw InputError(fmt::format("bond_order: r_cut and nearest exclude each other, got {} angstrom and {}", *o.r_cut, *o.nearest));
  return l;
}

/// Who counts as a neighbour: everybody in the list, or the nearest of each row.
class Neighbourhood {
 public:
  Neighbourhood(const Frame& frame, const BondOrderOptions& o)
      : r_cut_(o.nearest ? first_guess(frame, *o.nearest) : shell_radius(frame, o.r_cut)), list_(frame, r_cut_) {
    if (!o.nearest) return;
    nearest_ = static_cast<std::size_t>(*o.nearest);
    for (int attempt = 0; shortest_row() < nearest_; ++attempt) {
      if (attempt == 12)
        throw InputError(fmt::format("bond_order: nearest must not exceed the number of other atoms near an atom, got {} ({} atoms)",
                                     nearest_, frame.size()));
      r_cut_ *= 1.3;
      list_ = neighbor::NeighborList(frame, r_cut_);
    }
  }

  std::size_t size() const { return list_.size(); }
  double r_cut() const { return r_cut_; }
  void of(std::size_t i, std::vector<neighbor::Neighbor>& out) const {
    out.clear();
    for (const neighbor::Neighbor& n : list_.of(i)) out.push_back(n);
    if (nearest_ == 0) return;
    std::partial_sort(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(nearest_), out.end(),
                      [](const neighbor::Neighbor& a, const neighbor::Neighbor& b) { return norm2(a.separation) < norm2(b.separation); });
    out.resize(nearest_);
  }

 private:
  static double first_guess(const Frame& frame, int nearest) {
    return 1.4 * std::cbrt(3 * (nearest + 1) * frame.box.volume() / (4 * std::numbers::pi * static_cast<double>(frame.size())));
  }
  std::size_t shortest_row() const {
    std::size_t shortest = std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 0; i < list_.size(); ++i) shortest = std::min(shortest, list_.of(i).size());
    return shortest;
  }
  double r_cut_;
  neighbor::NeighborList list_;
  std::size_t nearest_ = 0;
};

/// q_lm of every atom; fills the number of neighbours and returns the distance of the farthest.
double mean_harmonics(const SphericalHarmonics& harmonics, const Neighbourhood& around, Numbers& out, std::vector<int>& neighbors) {
  out.resize(around.size() * harmonics.size());
  neighbors.resize(around.size());
  double farthest = 0;
#pragma omp parallel reduction(max : farthest)
  {
    std::vector<neighbor::Neighbor> near;
#pragma omp for schedule(static)
    for (std::int64_t row = 0; row < static_cast<std::int64_t>(around.size()); ++row) {
      const auto i = static_cast<std::size_t>(row);
      around.of(i, near);
      neighbors[i] = static_cast<int>(near.size());
      for (const neighbor::Neighbor& n : near) farthest = std::max(farthest, norm2(n.separation));
      if (!near.empty()) harmonics.mean(near, {out.data() + i * harmonics.size(), harmonics.size()});
    }
  }
  return std::sqrt(farthest);
}

/// Mean of the numbers of an atom and its neighbours.
void averaged(std::span<const neighbor::Neighbor> near, const Numbers& all, std::size_t i, Numbers& out) {
  const std::size_t size = out.size();
  std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(i * size), size, out.begin());
  for (const neighbor::Neighbor& n : near)
    for (std::size_t k = 0; k < size; ++k) out[k] += all[static_cast<std::size_t>(n.index) * size + k];
  const double each = 1 / static_cast<double>(near.size() + 1);
  for (std::size_t k = 0; k < size; ++k) out[k] *= each;
}

/// Mean of a column over the atoms of one species (or all, -1) with the error of independent atoms.
Measured mean_of(const Matrix& m, std::size_t column, const Frame& frame, int species) {
  double sum = 0, squares = 0, n = 0;
  for (std::size_t i = 0; i < m.rows; ++i) {
    if ((species >= 0 && frame.type[i] != species) || std::isnan(m(i, column))) continue;
    sum += m(i, column), ++n;
  }
  for (std::size_t i = 0; i < m.rows && n > 0; ++i)
    if ((species < 0 || frame.type[i] == species) && !std::isnan(m(i, column))) squares += std::pow(m(i, column) - sum / n, 2);
  return {n > 0 ? sum / n : NAN, n > 1 ? std::sqrt(squares / (n - 1) / n) : NAN, ""};
}

Table mean_table(const Frame& frame, const BondOrder& b) {
  TableColumn species{"species", "1", "species of the atom, or all", true, {}, {}}, l{"l", "1", "order", false, {}, {}};
  TableColumn q{"q", "1", "mean q_l", false, {}, {}}, qe{"q_error", "1", "", false, {}, {}},
      a{"q_averaged", "1", "mean averaged q_l", false, {}, {}}, ae{"q_averaged_error", "1", "", false, {}, {}},
      w{"w", "1", "mean w_l", false, {}, {}}, we{"w_error", "1", "", false, {}, {}};
  const std::vector<std::size_t> counts = frame.species_counts();
  std::vector<std::pair<int, std::size_t>> rows;  // species (-1: all), order
  for (int s = -1; s < static_cast<int>(counts.size()); ++s)
    for (std::size_t k = 0; k < b.l.size(); ++k)
      if (s < 0 || counts[static_cast<std::size_t>(s)] > 0) rows.emplace_back(s, k);
  for (TableColumn* column : {&l, &q, &qe, &a, &ae, &w, &we}) column->number.resize(rows.size());
  for (const auto& [s, k] : rows) species.text.push_back(s < 0 ? "all" : frame.species_name(static_cast<std::size_t>(s)));
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t row = 0; row < static_cast<std::int64_t>(rows.size()); ++row) {
    const auto r = static_cast<std::size_t>(row);
    const auto [s, k] = rows[r];
    const Measured of_q = mean_of(b.q, k, frame, s), of_a = mean_of(b.q_averaged, k, frame, s), of_w = mean_of(b.w, k, frame, s);
    l.number[r] = b.l[k];
    q.number[r] = of_q.value, qe.number[r] = of_q.error;
    a.number[r] = of_a.value, ae.number[r] = of_a.error;
    w.number[r] = of_w.value, we.number[r] = of_w.error;
  }
  return {{species, l, q, qe, a, ae, w, we}};
}

}  // namespace

const Fields& BondOrderOptions::fields() {
  static const Fields table = {
      field<&BondOrderOptions::l>("l", "1", "orders, 1 to 12").range(1, SphericalHarmonics::largest_l),
      field<&BondOrderOptions::r_cut>("r_cut", "angstrom", "radius of the neighbourhood; unset: first minimum of the total g(r)")
          .positive(),
      field<&BondOrderOptions::nearest>("nearest", "1", "take this number of nearest neighbours instead of those within r_cut")
          .range(1, 1000),
  };
  return table;
}

const Fields& BondOrder::fields() {
  static const Fields table = {
      field<&BondOrder::l>("l", "1", "orders, in the order of the columns of q, q_averaged and w").exact("set by the options"),
      field<&BondOrder::q>("q", "1", "q_l of each atom").atoms("Bond Order q").labelled("l").exact("a function of the positions"),
      field<&BondOrder::q_averaged>("q_averaged", "1", "q_l averaged over the atom and its neighbours")
          .atoms("Averaged Bond Order q")
          .labelled("l")
          .exact("a function of the positions"),
      field<&BondOrder::w>("w", "1", "w_l of each atom, normalised")
          .atoms("Bond Order w")
          .labelled("l")
          .exact("a function of the positions"),
      field<&BondOrder::neighbors>("neighbors", "1", "neighbours of each atom").atoms("Coordination").exact("a count"),
      field<&BondOrder::mean>("mean", "", "means over the atoms of each species and over all"),
      field<&BondOrder::r_cut>("r_cut", "angstrom", "radius used; with nearest, distance of the farthest neighbour").exact("as used"),
  };
  return table;
}

BondOrder bond_order(const Frame& frame, const BondOrderOptions& o, Context& context) {
  BondOrder out;
  out.l = checked_l(o);
  const Neighbourhood around(frame, o);
  context.check_cancelled();
  const SphericalHarmonics harmonics(out.l);
  Numbers q_lm;
  const double farthest = mean_harmonics(harmonics, around, q_lm, out.neighbors);
  out.r_cut = o.nearest ? farthest : around.r_cut();
  const std::size_t n = frame.size(), orders = out.l.size(), size = harmonics.size();
  out.q = out.q_averaged = out.w = Matrix(n, orders, std::numeric_limits<double>::quiet_NaN());
  std::size_t alone = 0;
#pragma omp parallel reduction(+ : alone)
  {
    Numbers mean(size);
    std::vector<neighbor::Neighbor> near;
#pragma omp for schedule(static)
    for (std::int64_t row = 0; row < static_cast<std::int64_t>(n); ++row) {
      const auto i = static_cast<std::size_t>(row);
      around.of(i, near);
      if (near.empty()) {
        ++alone;
        continue;
      }
      const std::span<const std::complex<double>> mine(q_lm.data() + i * size, size);
      harmonics.second_order(mine, {&out.q(i, 0), orders});
      harmonics.third_order(mine, {&out.w(i, 0), orders});
      averaged(near, q_lm, i, mean);
      harmonics.second_order(mean, {&out.q_averaged(i, 0), orders});
    }
  }
  if (alone > 0) context.warn(fmt::format("{} of {} atoms have no neighbour within {:.4g} and no bond order", alone, n, out.r_cut));
  out.mean = mean_table(frame, out);
  return out;
}

const Analysis& bond_order_analysis() {
  static const Analysis entry =
      analysis<&bond_order>("structure", "bond_order", "bond-orientational order q_l, averaged q_l and w_l of each atom",
                            {{"Steinhardt, Nelson, Ronchetti, Phys. Rev. B 28, 784 (1983)", "10.1103/PhysRevB.28.784"},
                             {"Lechner, Dellago, J. Chem. Phys. 129, 114707 (2008)", "10.1063/1.2977970"}});
  return entry;
}

}  // namespace heteroglass::structure
