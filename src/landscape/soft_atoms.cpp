#include "landscape/soft_atoms.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>

#include "neighbor/neighbor_list.hpp"
#include "structure/pair_histogram.hpp"

namespace heteroglass::landscape {
namespace {

constexpr std::size_t fine_bins = 150;

/// Fine bins to a bin of g: of a set of few atoms fine ones hold a pair or none.
std::size_t merged(double atoms, const std::vector<double>& fractions) {
  double least = atoms;
  for (const double f : fractions) least = std::min(least, f * atoms);
  return least < 50 ? 3 : least < 100 ? 2 : 1;
}

struct Pdf {
  std::vector<double> g, error;
  double near = 0, near_error = 0;  ///< mean over the first peak
};

/// @param merge fine bins to a bin
Pdf pdf_of(const Frame& frame, const std::vector<char>* member, double r_max, double peak, std::size_t merge) {
  Frame part = frame;
  part.id.clear(), part.type.clear(), part.position.clear(), part.image.clear(), part.velocity.clear(), part.properties.clear();
  for (std::size_t i = 0; i < frame.size(); ++i)
    if (!member || (*member)[i]) part.id.push_back(frame.id[i]), part.type.push_back(0), part.position.push_back(frame.position[i]);
  Pdf p;
  p.g.assign(fine_bins / merge, 0), p.error.assign(fine_bins / merge, 0);
  if (part.size() < 2) return p;
  const structure::PairHistogram h = structure::pair_histogram(part, structure::SpeciesPairs(part), r_max, fine_bins);
  const auto n = static_cast<double>(part.size());
  std::vector<double> ideals(p.g.size(), 0);
  double counted = 0, expected = 0;
  for (std::size_t k = 0; k < fine_bins; ++k) {
    const double inner = static_cast<double>(k) * h.width, outer = inner + h.width, middle = (inner + outer) / 2;
    const double shell = 4.0 / 3 * std::numbers::pi * (outer * outer * outer - inner * inner * inner);
    const double ideal = n * (n - 1) / 2 * shell / frame.box.volume(), count = static_cast<double>(h.counts[0][k]);
    p.g[k / merge] += count, ideals[k / merge] += ideal;
    if (std::abs(middle - peak) <= 0.15 * peak) counted += count, expected += ideal;
  }
  for (std::size_t k = 0; k < p.g.size(); ++k) p.error[k] = std::sqrt(p.g[k]) / ideals[k], p.g[k] /= ideals[k];
  p.near = counted / expected, p.near_error = std::sqrt(counted) / expected;
  return p;
}

/// Sizes of the connected parts of the members.
std::vector<std::size_t> clusters(const neighbor::NeighborList& list, const std::vector<char>& member) {
  std::vector<std::size_t> sizes, stack;
  std::vector<char> seen(member.size(), 0);
  for (std::size_t i = 0; i < member.size(); ++i) {
    if (!member[i] || seen[i]) continue;
    std::size_t size = 0;
    stack.assign(1, i), seen[i] = 1;
    while (!stack.empty()) {
      const std::size_t j = stack.back();
      stack.pop_back(), ++size;
      for (const neighbor::Neighbor& n : list.of(j)) {
        const auto k = static_cast<std::size_t>(n.index);
        if (member[k] && !seen[k]) seen[k] = 1, stack.push_back(k);
      }
    }
    sizes.push_back(size);
  }
  return sizes;
}

std::size_t largest_of(const std::vector<std::size_t>& sizes) { return sizes.empty() ? 0 : *std::max_element(sizes.begin(), sizes.end()); }

Measured random_control(const neighbor::NeighborList& list, std::size_t atoms, std::size_t members, unsigned long seed) {
  std::mt19937_64 random(seed);
  std::vector<std::size_t> order(atoms);
  std::iota(order.begin(), order.end(), std::size_t{0});
  double sum = 0, squares = 0;
  constexpr int picks = 50;
  for (int p = 0; p < picks; ++p) {
    std::vector<char> member(atoms, 0);
    for (std::size_t k = 0; k < members; ++k) {
      std::swap(order[k], order[k + random() % (atoms - k)]);
      member[order[k]] = 1;
    }
    const auto size = static_cast<double>(largest_of(clusters(list, member)));
    sum += size, squares += size * size;
  }
  const double mean = sum / picks;
  return {mean, std::sqrt(std::max(squares / picks - mean * mean, 0.0)), "standard deviation of 50 random picks"};
}

}  // namespace

SoftAtoms soft_atoms(const Frame& frame, std::span<const double> quantity, const std::vector<double>& fractions, double bond, double peak,
                     double r_max, unsigned long seed, Context& context) {
  const neighbor::NeighborList list(frame, bond);
  SoftAtoms out;
  const std::size_t merge = merged(static_cast<double>(quantity.size()), fractions), bins = fine_bins / merge;
  const Pdf all = pdf_of(frame, nullptr, r_max, peak, merge);
  out.g = all.g, out.g_error = all.error;
  for (std::size_t k = 0; k < bins; ++k) out.r.push_back((static_cast<double>(k) + 0.5) * r_max / static_cast<double>(bins));
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < quantity.size(); ++i)
    if (std::isfinite(quantity[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return quantity[a] < quantity[b]; });
  for (const double fraction : fractions) {
    context.check_cancelled();
    SoftSet s;
    s.fraction = fraction;
    s.atoms = std::min(order.size(), static_cast<std::size_t>(std::llround(fraction * static_cast<double>(quantity.size()))));
    s.member.assign(quantity.size(), 0);
    for (std::size_t k = 0; k < s.atoms; ++k) s.member[order[k]] = 1;
    s.threshold = s.atoms > 0 ? quantity[order[s.atoms - 1]] : NAN;
    const std::vector<std::size_t> sizes = clusters(list, s.member);
    s.clusters = sizes.size(), s.largest = largest_of(sizes);
    s.largest_random = random_control(list, quantity.size(), s.atoms, seed);
    const Pdf own = pdf_of(frame, &s.member, r_max, peak, merge);
    s.g = own.g, s.g_error = own.error;
    const double ratio = own.near / all.near;
    s.peak_ratio = {ratio, ratio * std::hypot(own.near > 0 ? own.near_error / own.near : 1.0, all.near_error / all.near), "counting"};
    out.sets.push_back(std::move(s));
  }
  return out;
}

}  // namespace heteroglass::landscape
