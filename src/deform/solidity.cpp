#include "deform/solidity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "core/analysis.hpp"
#include "core/error.hpp"
#include "deform/strain.hpp"
#include "neighbor/cell_list.hpp"
#include "structure/first_shell.hpp"

namespace heteroglass::deform {
namespace {

constexpr std::size_t blocks = 27;

/// Where pairs are counted: within r_cut, and in narrow shells up to r_max, `each` of which make a bin of the profile.
struct Shells {
  double r_cut = 0, r_max = 0;
  std::size_t bins = 0, each = 1;

  Shells(double cut, const SolidityOptions& o) : r_cut(cut), r_max(o.r_max), bins(static_cast<std::size_t>(o.bins)) {
    each = static_cast<std::size_t>(std::ceil(75 * r_max / (r_cut * static_cast<double>(bins))));
  }
  std::size_t narrow() const { return bins * each; }
  double width() const { return r_max / static_cast<double>(narrow()); }
};

/// Sums of n.E n and numbers of bonds, by block and shell; the last shell of each block is r < r_cut.
struct Sums {
  std::vector<double> anisotropy, bonds;
};

/// Whole multiples of 2^-32 add up to the same in any order, so for any number of threads.
Sums sums(const Frame& f, const Mat3& e, const Shells& shells) {
  constexpr double fine = 4294967296.0;
  const std::size_t row = shells.narrow() + 1, all = blocks * row;
  std::vector<std::int64_t> anisotropy(all, 0), bonds(all, 0);
  const neighbor::CellList cells(f, std::max(shells.r_cut, shells.r_max));
#pragma omp parallel
  {
    std::vector<std::int64_t> mine(all, 0), count(all, 0);
#pragma omp for schedule(dynamic)
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(cells.blocks()); ++b)
      cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, std::span<const neighbor::Neighbor> near) {
        const Vec3 at = f.box.fractional(f.position[i]);
        std::size_t block = 0;
        for (std::size_t k = 0; k < 3; ++k)
          block = 3 * block + static_cast<std::size_t>(std::clamp((at[k] - std::floor(at[k])) * 3, 0.0, 2.999));
        for (const neighbor::Neighbor& n : near) {
          const double r = norm(n.separation);
          const std::int64_t a = std::llround(fine * dot(n.separation, e * n.separation) / (r * r));
          if (r < shells.r_cut) mine[block * row + row - 1] += a, ++count[block * row + row - 1];
          if (r >= shells.r_max) continue;
          const auto k = std::min(row - 2, static_cast<std::size_t>(r / shells.width()));
          mine[block * row + k] += a, ++count[block * row + k];
        }
      });
#pragma omp critical
    for (std::size_t k = 0; k < all; ++k) anisotropy[k] += mine[k], bonds[k] += count[k];
  }
  Sums s;
  for (std::size_t k = 0; k < all; ++k)
    s.anisotropy.push_back(static_cast<double>(anisotropy[k]) / fine), s.bonds.push_back(static_cast<double>(bonds[k]));
  return s;
}

/// A of shells from .. to without one block (blocks: with all).
double anisotropy(const Sums& s, std::size_t row, std::size_t from, std::size_t to, std::size_t left_out) {
  double a = 0, n = 0;
  for (std::size_t b = 0; b < blocks; ++b)
    for (std::size_t k = from; k <= to && b != left_out; ++k) a += s.anisotropy[b * row + k], n += s.bonds[b * row + k];
  return n > 0 ? a / n : NAN;
}

/// What the strain changed in r rho_2(r), the l = 2 pair density, smoothed by two shells as a limited range of Q does; without one block.
std::vector<double> density_change(const Sums& s, const Sums& before, const Shells& shells, std::size_t left_out) {
  const std::size_t n = shells.narrow();
  std::vector<double> raw(n, 0), out(n, 0);
  for (std::size_t b = 0; b < blocks; ++b)
    for (std::size_t k = 0; k < n && b != left_out; ++k) raw[k] += s.anisotropy[b * (n + 1) + k] - before.anisotropy[b * (n + 1) + k];
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t j = k > 8 ? k - 8 : 0; j < std::min(n, k + 9); ++j) {
      const double d = (static_cast<double>(j) - static_cast<double>(k)) / 2;
      out[k] += raw[j] * std::exp(-d * d / 2) / (static_cast<double>(k) + 0.5);
    }
  return out;
}

template <class Value> Measured jackknife(Value value) {
  Measured m{value(blocks), 0, "jackknife over 27 blocks of the box"};
  double mean = 0, squares = 0;
  std::array<double, blocks> part{};
  for (std::size_t b = 0; b < blocks; ++b) part[b] = value(b), mean += part[b] / blocks;
  for (const double p : part) squares += (p - mean) * (p - mean);
  m.error = std::sqrt(squares * (blocks - 1) / blocks);
  return m;
}

/// Deviatoric Green-Lagrange strain of a gradient, and its length.
std::pair<Mat3, double> deviatoric(const Mat3& gradient) {
  Mat3 e = transpose(gradient) * gradient;
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = 0; b < 3; ++b) e[a][b] = 0.5 * (e[a][b] - (a == b ? 1 : 0));
  const double third = (e[0][0] + e[1][1] + e[2][2]) / 3;
  double squares = 0;
  for (std::size_t a = 0; a < 3; ++a) e[a][a] -= third;
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = 0; b < 3; ++b) squares += e[a][b] * e[a][b];
  const double length = std::sqrt(squares);
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = 0; b < 3; ++b) e[a][b] /= length > 0 ? length : 1;
  return {e, length};
}

}  // namespace

const Fields& SolidityOptions::fields() {
  static const Fields table = {
      field<&SolidityOptions::r_cut>("r_cut", "angstrom", "length of bonds; unset: first minimum of g(r) of the reference").positive(),
      field<&SolidityOptions::r_max>("r_max", "angstrom", "end of the profile").positive(),
      field<&SolidityOptions::bins>("bins", "1", "of the profile").range(2, 10000),
  };
  return table;
}

const Fields& Solidity::fields() {
  static const Fields table = {
      field<&Solidity::solidity>("solidity", "1", "anisotropy of the bonds over that of a glass strained affinely"),
      field<&Solidity::anelastic_fraction>("anelastic_fraction", "1", "1 - solidity"),
      field<&Solidity::pdf_solidity>("pdf_solidity", "1", "share of the affine shape in what the strain changed of the l = 2 pair density"),
      field<&Solidity::anisotropy>("anisotropy", "1", "<n.E n> of the bonds less that of the reference"),
      field<&Solidity::anisotropy_affine>("anisotropy_affine", "1", "the same of the reference carried by the cell"),
      field<&Solidity::strain>("strain", "1", "length of the deviatoric strain of the cell").exact("of the cells"),
      field<&Solidity::r_cut>("r_cut", "angstrom", "length of bonds used").exact("as used"),
      field<&Solidity::r>("r", "angstrom", "upper end").exact("set by the bins"),
      field<&Solidity::profile>("profile", "1", "solidity of all pairs nearer than r").over("r"),
      field<&Solidity::profile_error>("profile_error", "1", "jackknife over 27 blocks").error_for("profile"),
  };
  return table;
}

Solidity solidity(const Frame& reference, const Frame& current, const SolidityOptions& o, Context& context) {
  Solidity out;
  out.r_cut = structure::shell_radius(reference, o.r_cut);
  const Matrix gradient = strain(reference, current, {.r_cut = out.r_cut}, context).box_gradient;
  Mat3 f{};
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = 0; b < 3; ++b) f[a][b] = gradient(a, b);
  const auto [e, length] = deviatoric(f);
  out.strain = length;
  if (length < 1e-6) throw InputError(fmt::format("solidity: the cell must have a deviatoric strain, got {:.2g}", length));
  Frame affine = reference;
  affine.box = Box(f * reference.box.edges(), f * reference.box.origin(), reference.box.periodicity());
  for (Vec3& r : affine.position) r = f * r;
  const Shells shells(out.r_cut, o);
  const std::size_t row = shells.narrow() + 1;
  const Sums before = sums(reference, e, shells), carried = sums(affine, e, shells), after = sums(current, e, shells);
  const auto measure = [&](std::size_t from, std::size_t to) {
    const auto change = [&, from, to](const Sums& s, std::size_t left_out) {
      return anisotropy(s, row, from, to, left_out) - anisotropy(before, row, from, to, left_out);
    };
    return std::array<Measured, 3>{jackknife([&](std::size_t b) { return change(after, b); }),
                                   jackknife([&](std::size_t b) { return change(carried, b); }),
                                   jackknife([&](std::size_t b) { return change(after, b) / change(carried, b); })};
  };
  out.pdf_solidity = jackknife([&](std::size_t b) {
    const std::vector<double> a = density_change(after, before, shells, b), c = density_change(carried, before, shells, b);
    return std::inner_product(a.begin(), a.end(), c.begin(), 0.0) / std::inner_product(c.begin(), c.end(), c.begin(), 0.0);
  });
  const auto first = measure(row - 1, row - 1);
  out.anisotropy = first[0], out.anisotropy_affine = first[1], out.solidity = first[2];
  out.anelastic_fraction = {1 - out.solidity.value, out.solidity.error, out.solidity.note};
  for (std::size_t k = 0; k < shells.bins; ++k) {
    const double end = o.r_max * static_cast<double>(k + 1) / static_cast<double>(shells.bins);
    if (end < out.r_cut) continue;  // within the first shell the sharp peak makes the ratio of small numbers
    const Measured m = measure(0, (k + 1) * shells.each - 1)[2];
    out.r.push_back(end), out.profile.push_back(m.value), out.profile_error.push_back(m.error);
  }
  return out;
}

const Analysis& solidity_analysis() {
  static const Analysis entry =
      analysis<&solidity>("deform", "solidity", "the elastic part of a strain, from the anisotropy of bond directions",
                          {{"Suzuki, Haimovich, Egami, Phys. Rev. B 35, 2162 (1987)", "10.1103/PhysRevB.35.2162"},
                           {"Dmowski et al., Phys. Rev. Lett. 105, 205502 (2010)", "10.1103/PhysRevLett.105.205502"}});
  return entry;
}

}  // namespace heteroglass::deform
