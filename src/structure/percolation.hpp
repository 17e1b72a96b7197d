/// Clusters of chosen atoms, and whether they go through the sample: soft spots, icosahedral networks, one species.
///
///     two chosen atoms are linked  <=>  they are closer than r_cut (unset: first minimum of g(r))
///     S = sum_c n_c^2 / sum_c n_c      mean cluster size that a chosen atom sees, the largest cluster left out
///     xi^2 = 2 sum_c R_c^2 n_c^2 / sum_c n_c^2     R_c radius of gyration, clusters that percolate left out
///
/// A cluster percolates along a periodic edge when it meets its own image, along an open edge when it reaches both ends. Two thresholds say how
/// far the set is from percolating: `critical_distance`, the shortest link with which it does, and `critical_fraction`, the share of atoms
/// that does with r_cut when they join from the best score on (a set chosen by one side of a property) - beside the same of
/// random sets. Set (share of atoms) below its critical fraction: separate spots; above: a network.
/// Controls (structure/chosen_atoms.hpp): `shuffled` takes any atoms, `smooth` those of correlated noise: only what differs from
/// `smooth` is more than clustering on the property's own correlation length.
/// Thresholds of one finite sample scatter; their spread is that of the controls, and they shift with size as N^(-1/(3 nu)), nu = 0.88.
/// Cost O(N neighbours), twice for each random set.
/// References: Stauffer, Aharony, Introduction to Percolation Theory (1994); Newman, Ziff, Phys. Rev. E 64, 016706 (2001), doi:10.1103/PhysRevE.64.016706.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "structure/chosen_atoms.hpp"

namespace heteroglass::structure {

struct PercolationOptions {
  ChosenAtomsOptions choose;
  std::optional<double> r_cut = {};  ///< [angstrom]
  int surrogates = 19;
  int seed = 1;
  static const Fields& fields();
};

struct Percolation {
  double r_cut = 0;  ///< [angstrom] used
  int chosen = 0, clusters = 0, largest = 0;
  Measured selected_fraction;
  double largest_share = 0;                        ///< [1] of the chosen atoms
  std::string percolates;                          ///< edges along which one does: "x y", "none"
  double mean_size = 0;                            ///< [1] S
  double correlation_length = 0;                   ///< [angstrom] xi
  Measured aspect_ratio;                           ///< [1] of clusters of 20 atoms and more
  Table directions;                                ///< of each edge: percolates, critical distance, critical fraction
  Table table;                                     ///< largest clusters
  std::vector<double> size, number, number_error;  ///< [1] clusters by size, in bins that double
  Table noise;
  std::vector<int> cluster;  ///< [1, (atoms)]
  static const Fields& fields();
};

/// @throws InputError for bad choices, NumericalError where g(r) has no first minimum and r_cut is not given
Percolation percolation(const Frame& frame, const PercolationOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::structure
