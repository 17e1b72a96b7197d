#include "structure/pair_histogram.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "neighbor/cell_list.hpp"

namespace heteroglass::structure {

SpeciesPairs::SpeciesPairs(const Frame& frame) : all_(frame.species.size()), counts_(frame.species_counts()), lookup_(all_ * all_, 0) {
  for (std::size_t s = 0; s < all_; ++s)
    if (counts_[s] > 0) species_.push_back(s);
  for (std::size_t a = 0; a < species_.size(); ++a)
    for (std::size_t b = a; b < species_.size(); ++b) {
      lookup_[species_[a] * all_ + species_[b]] = lookup_[species_[b] * all_ + species_[a]] = first_.size();
      first_.push_back(species_[a]), second_.push_back(species_[b]);
    }
}

std::vector<std::string> SpeciesPairs::labels(const Frame& frame) const {
  std::vector<std::string> out;
  for (std::size_t p = 0; p < size(); ++p)
    out.push_back(fmt::format("{}-{}", frame.species_name(first_[p]), frame.species_name(second_[p])));
  return out;
}

PairHistogram pair_histogram(const Frame& frame, const SpeciesPairs& pairs, double r_max, std::size_t bins, Context& context) {
  const neighbor::CellList cells(frame, r_max);
  PairHistogram out;
  out.width = r_max / static_cast<double>(bins);
  out.counts.assign(pairs.size(), std::vector<std::uint64_t>(bins, 0));
  const double per_width = 1 / out.width;
  const std::size_t stride = bins + 1;  // one more, for a distance that rounds up to r_max
  const auto blocks = static_cast<std::int64_t>(cells.blocks());
  const std::int64_t part = std::max<std::int64_t>(64, blocks / 20);
  for (std::int64_t begin = 0; begin < blocks; begin += part) {
    context.check_cancelled();
    context.progress(static_cast<double>(begin) / static_cast<double>(blocks), "pair distances");
    const std::int64_t end = std::min(blocks, begin + part);
#pragma omp parallel
    {
      std::vector<std::uint64_t> mine(pairs.size() * stride, 0);
      std::vector<std::size_t> row(frame.species.size());
#pragma omp for schedule(dynamic)
      for (std::int64_t b = begin; b < end; ++b)
        cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::once, [&](std::size_t i, std::span<const neighbor::Neighbor> near) {
          for (std::size_t s : pairs.species()) row[s] = pairs.of(static_cast<std::size_t>(frame.type[i]), s) * stride;
          for (const neighbor::Neighbor& n : near)
            ++mine[row[static_cast<std::size_t>(frame.type[static_cast<std::size_t>(n.index)])] +
                   static_cast<std::size_t>(std::sqrt(norm2(n.separation)) * per_width)];
        });
#pragma omp critical(heteroglass_pair_histogram)
      for (std::size_t p = 0; p < pairs.size(); ++p)
        for (std::size_t k = 0; k <= bins; ++k) out.counts[p][std::min(k, bins - 1)] += mine[p * stride + k];
    }
  }
  return out;
}

}  // namespace heteroglass::structure
