#include "structure/common_neighbours.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "core/error.hpp"

namespace heteroglass::structure {
namespace {

using Mask = std::uint64_t;

std::vector<Mask> bonded(std::span<const Vec3> at, double r_cut) {
  std::vector<Mask> with(at.size(), 0);
  for (std::size_t i = 0; i < at.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (norm2(at[i] - at[j]) < r_cut * r_cut) with[i] |= Mask{1} << j, with[j] |= Mask{1} << i;
  return with;
}

int bonds_within(const std::vector<Mask>& with, Mask group) {
  int ends = 0;
  for (Mask left = group; left; left &= left - 1) ends += std::popcount(with[static_cast<std::size_t>(std::countr_zero(left))] & group);
  return ends / 2;
}

/// Everybody who is reached from `first` inside the group.
Mask connected(const std::vector<Mask>& with, Mask group, Mask first) {
  Mask reached = first, edge = first;
  while (edge) {
    Mask next = 0;
    for (Mask left = edge; left; left &= left - 1) next |= with[static_cast<std::size_t>(std::countr_zero(left))] & group;
    edge = next & ~reached;
    reached |= edge;
  }
  return reached;
}

Signature signature(const std::vector<Mask>& with, Mask common) {
  Signature s{std::popcount(common), bonds_within(with, common), 0};
  for (Mask left = common; left;) {
    const Mask part = connected(with, common, left & (~left + 1));
    s.chain = std::max(s.chain, bonds_within(with, part));
    left &= ~part;
  }
  return s;
}

double mean_length(std::span<const Vec3> v) {
  double sum = 0;
  for (const Vec3& d : v) sum += norm(d);
  return sum / static_cast<double>(v.size());
}

std::size_t count(const std::vector<Signature>& all, Signature s) {
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), s));
}

}  // namespace

std::vector<Signature> bond_signatures(std::span<const Vec3> neighbours, double r_cut) {
  if (neighbours.size() > 64)
    throw InputError(fmt::format("common neighbours: an atom must have at most 64 neighbours within r_cut, got {} within {:.4g}",
                                 neighbours.size(), r_cut));
  const std::vector<Mask> with = bonded(neighbours, r_cut);
  std::vector<Signature> out;
  for (const Mask common : with) out.push_back(signature(with, common));
  return out;
}

LocalStructure local_structure(std::span<const Vec3> nearest) {
  const double half = (1 + std::sqrt(2.0)) / 2;
  if (nearest.size() < 12) return LocalStructure::other;
  const auto twelve = nearest.first(12);
  const auto close = bond_signatures(twelve, half * mean_length(twelve));
  const std::size_t n421 = count(close, {4, 2, 1}), n422 = count(close, {4, 2, 2});
  if (n421 == 12) return LocalStructure::fcc;
  if (n421 == 6 && n422 == 6) return LocalStructure::hcp;
  if (count(close, {5, 5, 5}) == 12) return LocalStructure::icosahedron;
  if (nearest.size() < 14) return LocalStructure::other;
  const double scale = (2 / std::sqrt(3.0) * mean_length(nearest.first(8)) + mean_length(nearest.subspan(8, 6))) / 2;
  const auto open = bond_signatures(nearest.first(14), half * scale);
  return count(open, {6, 6, 6}) == 8 && count(open, {4, 4, 4}) == 6 ? LocalStructure::bcc : LocalStructure::other;
}

}  // namespace heteroglass::structure
