/// Distances of all pairs, sorted into bins, species by species: what pdf and first_minimum are made from.
///
/// Every pair of atoms and images is counted once, exactly, however long r_max is against the box.
/// Cost O(N r_max^3 density), threaded; the counts are integers, so that they do not depend on the number of threads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"

namespace heteroglass::structure {

/// Unordered pairs of the species that have atoms, in the order 0-0, 0-1, .., 1-1, ...
class SpeciesPairs {
 public:
  explicit SpeciesPairs(const Frame& frame);

  std::size_t size() const { return first_.size(); }
  /// Place among species that have atoms -> index of the species in the frame.
  const std::vector<std::size_t>& species() const { return species_; }
  std::size_t first(std::size_t pair) const { return first_[pair]; }    ///< frame species
  std::size_t second(std::size_t pair) const { return second_[pair]; }  ///< frame species, not before first
  /// Of two frame species that have atoms.
  std::size_t of(std::size_t a, std::size_t b) const { return lookup_[a * all_ + b]; }
  const std::vector<std::size_t>& counts() const { return counts_; }  ///< atoms by frame species
  /// "Cu-Zr"
  std::vector<std::string> labels(const Frame& frame) const;

 private:
  std::size_t all_;
  std::vector<std::size_t> counts_, species_, first_, second_, lookup_;
};

struct PairHistogram {
  double width = 0;                                ///< [angstrom] of a bin; bin k holds k width <= r < (k + 1) width
  std::vector<std::vector<std::uint64_t>> counts;  ///< [1, (pairs, bins)] each pair of atoms once
};

/// @param bins of equal width from 0 to r_max.
PairHistogram pair_histogram(const Frame& frame, const SpeciesPairs& pairs, double r_max, std::size_t bins,
                             Context& context = Context::quiet());

}  // namespace heteroglass::structure
