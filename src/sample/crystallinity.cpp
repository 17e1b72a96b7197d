#include "sample/crystallinity.hpp"

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

}  // namespace heteroglass::sample
