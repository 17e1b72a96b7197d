#include "structure/bond_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

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

/// The `count` nearest of each row, the rows' order kept sorted by distance. False if a row is too short.
bool keep_nearest(neighbor::NeighborList& list, std::size_t count) {
  neighbor::NeighborList out;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list.of(i).size() < count) return false;
  for (std::size_t i = 0; i <= list.size(); ++i) out.first.push_back(i * count);
  out.neighbors.resize(out.first.back());
#pragma omp parallel for schedule(static)
  for (std::int64_t row = 0; row < static_cast<std::int64_t>(list.size()); ++row) {
    const auto i = static_cast<std::size_t>(row);
    std::partial_sort_copy(
        list.of(i).begin(), list.of(i).end(), out.neighbors.data() + out.first[i], out.neighbors.data() + out.first[i + 1],
        [](const neighbor::Neighbor& a, const neighbor::Neighbor& b) { return norm2(a.separation) < norm2(b.separation); });
  }
  list = std::move(out);
  return true;
}

neighbor::NeighborList nearest_list(const Frame& frame, int nearest, double& r_cut) {
  const double density = static_cast<double>(frame.size()) / frame.box.volume();
  r_cut = 1.4 * std::cbrt(3 * (nearest + 1) / (4 * std::numbers::pi * density));
  for (int attempt = 0; attempt < 12; ++attempt, r_cut *= 1.3) {
    neighbor::NeighborList list = neighbor::neighbor_list(frame, r_cut);
    if (!keep_nearest(list, static_cast<std::size_t>(nearest))) continue;
    r_cut = 0;
    for (const neighbor::Neighbor& n : list.neighbors) r_cut = std::max(r_cut, norm(n.separation));
    return list;
  }
  throw InputError(
      fmt::format("bond_order: nearest must not exceed the number of other atoms near an atom, got {} ({} atoms)", nearest, frame.size()));
}

Numbers mean_harmonics(const SphericalHarmonics& harmonics, const neighbor::NeighborList& list) {
  Numbers out(list.size() * harmonics.size());
#pragma omp parallel for schedule(static)
  for (std::int64_t row = 0; row < static_cast<std::int64_t>(list.size()); ++row) {
    const auto i = static_cast<std::size_t>(row);
    if (!list.of(i).empty()) harmonics.mean(list.of(i), {out.data() + i * harmonics.size(), harmonics.size()});
  }
  return out;
}

/// Mean of the numbers of each atom and its neighbours.
void averaged(const neighbor::NeighborList& list, const Numbers& all, std::size_t i, std::size_t size, Numbers& out) {
  std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(i * size), size, out.begin());
  for (const neighbor::Neighbor& n : list.of(i))
    for (std::size_t k = 0; k < size; ++k) out[k] += all[static_cast<std::size_t>(n.index) * size + k];
  const double each = 1 / static_cast<double>(list.of(i).size() + 1);
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
  for (int s = -1; s < static_cast<int>(counts.size()); ++s) {
    if (s >= 0 && counts[static_cast<std::size_t>(s)] == 0) continue;
    for (std::size_t k = 0; k < b.l.size(); ++k) {
      species.text.push_back(s < 0 ? "all" : frame.species_name(static_cast<std::size_t>(s)));
      l.number.push_back(b.l[k]);
      const Measured m[] = {mean_of(b.q, k, frame, s), mean_of(b.q_averaged, k, frame, s), mean_of(b.w, k, frame, s)};
      q.number.push_back(m[0].value), qe.number.push_back(m[0].error);
      a.number.push_back(m[1].value), ae.number.push_back(m[1].error);
      w.number.push_back(m[2].value), we.number.push_back(m[2].error);
    }
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
      field<&BondOrder::w>("w", "1", "w_l of each atom, normalised").atoms("Bond Order w").labelled("l").exact("a function of the positions"),
      field<&BondOrder::neighbors>("neighbors", "1", "neighbours of each atom").atoms("Coordination").exact("a count"),
      field<&BondOrder::mean>("mean", "", "means over the atoms of each species and over all"),
      field<&BondOrder::r_cut>("r_cut", "angstrom", "radius used; with nearest, distance of the farthest neighbour").exact("as used"),
  };
  return table;
}

BondOrder bond_order(const Frame& frame, const BondOrderOptions& o, Context& context) {
  BondOrder out;
  out.l = checked_l(o);
  neighbor::NeighborList list;
  if (o.nearest) {
    list = nearest_list(frame, *o.nearest, out.r_cut);
  } else {
    out.r_cut = shell_radius(frame, o.r_cut);
    list = neighbor::neighbor_list(frame, out.r_cut);
  }
  context.check_cancelled();
  const SphericalHarmonics harmonics(out.l);
  const Numbers q_lm = mean_harmonics(harmonics, list);
  const std::size_t n = frame.size(), orders = out.l.size(), size = harmonics.size();
  out.q = out.q_averaged = out.w = Matrix(n, orders, std::numeric_limits<double>::quiet_NaN());
  out.neighbors.resize(n);
  std::size_t alone = 0;
#pragma omp parallel reduction(+ : alone)
  {
    Numbers mean(size);
#pragma omp for schedule(static)
    for (std::int64_t row = 0; row < static_cast<std::int64_t>(n); ++row) {
      const auto i = static_cast<std::size_t>(row);
      out.neighbors[i] = static_cast<int>(list.of(i).size());
      if (list.of(i).empty()) {
        ++alone;
        continue;
      }
      const std::span<const std::complex<double>> mine(q_lm.data() + i * size, size);
      harmonics.second_order(mine, {&out.q(i, 0), orders});
      harmonics.third_order(mine, {&out.w(i, 0), orders});
      averaged(list, q_lm, i, size, mean);
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
