/// Whether the softest atoms of a glass stand together: their clusters and their own pair distribution function.
///
///     g_soft(r) = V / (N_s (N_s - 1)) n_s(r) / shell volume,   ratio = mean of g_soft over the first peak / the same of all atoms
///
/// A ratio above 1: soft atoms have more soft neighbours than chance gives. Clusters are connected by distances below the first minimum of
/// g(r); as many atoms picked at random give the control (mean and standard deviation of 50 picks).
/// Reference: Fan, Iwashita, Egami, Nat. Commun. 5, 5083 (2014), doi:10.1038/ncomms6083.
#pragma once

#include <span>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"
#include "core/value.hpp"

namespace heteroglass::landscape {

struct SoftSet {
  double fraction = 0, threshold = 0;
  std::vector<char> member;  ///< (atoms)
  std::size_t atoms = 0, clusters = 0, largest = 0;
  Measured largest_random;         ///< of the control; error: its standard deviation
  std::vector<double> g, g_error;  ///< over the bins of soft_atoms
  Measured peak_ratio;
};

struct SoftAtoms {
  std::vector<double> r, g, g_error;  ///< [angstrom], of all atoms
  std::vector<SoftSet> sets;          ///< one for each fraction
};

/// The `fractions` of atoms with the smallest finite `quantity`. @param bond [angstrom] first minimum, @param peak first peak of g(r)
SoftAtoms soft_atoms(const Frame& frame, std::span<const double> quantity, const std::vector<double>& fractions, double bond, double peak,
                     double r_max, unsigned long seed, Context& context);

}  // namespace heteroglass::landscape
