#include "deform/solidity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/analysis.hpp"
#include "core/error.hpp"
#include "deform/strain.hpp"
#include "neighbor/cell_list.hpp"
#include "structure/first_shell.hpp"

namespace heteroglass::deform {
namespace {

constexpr std::size_t blocks = 27;

/// Sums of n.E n and numbers of bonds, by block and bin; the last bin of each block is r < r_cut.
struct Sums {
  std::vector<double> anisotropy, bonds;
};

Sums sums(const Frame& f, const Mat3& e, double r_cut, double r_max, std::size_t bins) {
  const neighbor::CellList cells(f, std::max(r_cut, r_max));
  std::vector<double> own(f.size() * (bins + 1) * 2, 0);  // by atom: order of summation does not depend on threads
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t b = 0; b < static_cast<std::int64_t>(cells.blocks()); ++b)
    cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, std::span<const neighbor::Neighbor> near) {
      double* row = own.data() + i * (bins + 1) * 2;
      for (const neighbor::Neighbor& n : near) {
        const double r = norm(n.separation), a = dot(n.separation, e * n.separation) / (r * r);
        if (r < r_cut) row[2 * bins] += a, row[2 * bins + 1] += 1;
        if (r >= r_max) continue;
        const auto k = std::min(bins - 1, static_cast<std::size_t>(r / r_max * static_cast<double>(bins)));
        row[2 * k] += a, row[2 * k + 1] += 1;
      }
    });
  Sums s{std::vector<double>(blocks * (bins + 1), 0), std::vector<double>(blocks * (bins + 1), 0)};
  for (std::size_t i = 0; i < f.size(); ++i) {
    const Vec3 at = f.box.fractional(f.position[i]);
    std::size_t block = 0;
    for (std::size_t k = 0; k < 3; ++k)
      block = 3 * block + static_cast<std::size_t>(std::clamp((at[k] - std::floor(at[k])) * 3, 0.0, 2.999));
    for (std::size_t k = 0; k <= bins; ++k)
      s.anisotropy[block * (bins + 1) + k] += own[(i * (bins + 1) + k) * 2],
          s.bonds[block * (bins + 1) + k] += own[(i * (bins + 1) + k) * 2 + 1];
  }
  return s;
}

/// A of bins from .. to without one block (blocks: with all).
double anisotropy(const Sums& s, std::size_t bins, std::size_t from, std::size_t to, std::size_t left_out) {
  double a = 0, n = 0;
  for (std::size_t b = 0; b < blocks; ++b)
    for (std::size_t k = from; k <= to && b != left_out; ++k) a += s.anisotropy[b * (bins + 1) + k], n += s.bonds[b * (bins + 1) + k];
  return n > 0 ? a / n : NAN;
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
  const auto bins = static_cast<std::size_t>(o.bins);
  const Sums before = sums(reference, e, out.r_cut, o.r_max, bins), carried = sums(affine, e, out.r_cut, o.r_max, bins),
             after = sums(current, e, out.r_cut, o.r_max, bins);
  const auto measure = [&](std::size_t from, std::size_t to) {
    const auto change = [&, from, to](const Sums& s, std::size_t left_out) {
      return anisotropy(s, bins, from, to, left_out) - anisotropy(before, bins, from, to, left_out);
    };
    return std::array<Measured, 3>{jackknife([&](std::size_t b) { return change(after, b); }),
                                   jackknife([&](std::size_t b) { return change(carried, b); }),
                                   jackknife([&](std::size_t b) { return change(after, b) / change(carried, b); })};
  };
  const auto first = measure(bins, bins);
  out.anisotropy = first[0], out.anisotropy_affine = first[1], out.solidity = first[2];
  out.anelastic_fraction = {1 - out.solidity.value, out.solidity.error, out.solidity.note};
  for (std::size_t k = 0; k < bins; ++k) {
    const double end = o.r_max * static_cast<double>(k + 1) / static_cast<double>(bins);
    if (end < out.r_cut) continue;  // within the first shell the sharp peak makes the ratio of small numbers
    const Measured m = measure(0, k)[2];
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
