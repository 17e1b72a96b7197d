#include "sample/crystallinity.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "neighbor/neighbor_list.hpp"

namespace heteroglass::sample {
namespace {

double p6(double x) {
  const double y = x * x;
  return (((231 * y - 315) * y + 105) * y - 5) / 16;
}

using Directions = std::vector<Vec3>;

double overlap(const Directions& a, const Directions& b) {
  double sum = 0;
  for (const Vec3& u : a)
    for (const Vec3& v : b) sum += p6(dot(u, v));
  return sum;
}

enum class FrankKasper { none, z12, z16 };

/// From the numbers of common neighbours of the bonds.
FrankKasper frank_kasper(const std::vector<Vec3>& bonds, double r_cut) {
  if (bonds.size() != 12 && bonds.size() != 16) return FrankKasper::none;
  int fives = 0, sixes = 0;
  for (std::size_t a = 0; a < bonds.size(); ++a) {
    int common = 0;
    for (std::size_t b = 0; b < bonds.size(); ++b) common += a != b && norm(bonds[a] - bonds[b]) < r_cut;
    fives += common == 5, sixes += common == 6;
  }
  if (fives != 12 || fives + sixes != static_cast<int>(bonds.size())) return FrankKasper::none;
  return sixes == 0 ? FrankKasper::z12 : FrankKasper::z16;
}

/// At most one neighbour other than in a Laves phase.
bool laves_like(FrankKasper centre, int z12, int z16) {
  if (centre == FrankKasper::z12) return std::min(z12, 6) + std::min(z16, 6) >= 11;
  return centre == FrankKasper::z16 && std::min(z12, 12) + std::min(z16, 4) >= 15;
}

}  // namespace

double crystalline_fraction(const Frame& frame) {
  const double r_cut = 1.42 * std::cbrt(frame.box.volume() / static_cast<double>(frame.size()));
  const neighbor::NeighborList list = neighbor::neighbor_list(frame, r_cut);
  const auto n = static_cast<std::ptrdiff_t>(frame.size());
  std::vector<Directions> bonds(frame.size());
  std::vector<double> norm6(frame.size());
#pragma omp parallel for schedule(dynamic, 64)
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    for (const neighbor::Neighbor& b : list.of(at)) bonds[at].push_back(b.separation / norm(b.separation));
    norm6[at] = std::sqrt(std::max(0.0, overlap(bonds[at], bonds[at])));
  }
  std::ptrdiff_t crystalline = 0;
#pragma omp parallel for schedule(dynamic, 64) reduction(+ : crystalline)
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    std::size_t alike = 0;
    for (const neighbor::Neighbor& b : list.of(at)) {
      const auto other = static_cast<std::size_t>(b.index);
      alike += overlap(bonds[at], bonds[other]) > 0.7 * norm6[at] * norm6[other];
    }
    crystalline += 2 * alike > bonds[at].size();
  }
  return static_cast<double>(crystalline) / static_cast<double>(n);
}

double laves_fraction(const Frame& frame) {
  const double r_cut = 1.5 * std::cbrt(frame.box.volume() / static_cast<double>(frame.size()));
  const neighbor::NeighborList list = neighbor::neighbor_list(frame, r_cut);
  const auto n = static_cast<std::ptrdiff_t>(frame.size());
  std::vector<FrankKasper> kind(frame.size());
#pragma omp parallel for schedule(dynamic, 64)
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    std::vector<Vec3> bonds;
    for (const neighbor::Neighbor& b : list.of(static_cast<std::size_t>(i))) bonds.push_back(b.separation);
    kind[static_cast<std::size_t>(i)] = frank_kasper(bonds, r_cut);
  }
  std::ptrdiff_t laves = 0;
#pragma omp parallel for schedule(dynamic, 64) reduction(+ : laves)
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    int z12 = 0, z16 = 0;
    for (const neighbor::Neighbor& b : list.of(static_cast<std::size_t>(i))) {
      const FrankKasper other = kind[static_cast<std::size_t>(b.index)];
      z12 += other == FrankKasper::z12, z16 += other == FrankKasper::z16;
    }
    laves += laves_like(kind[static_cast<std::size_t>(i)], z12, z16);
  }
  return static_cast<double>(laves) / static_cast<double>(n);
}

}  // namespace heteroglass::sample
