/// Compliant, intermediate and stiff regions of a map of moduli: how many groups, how much of each, how large they are.
///
///     k-means    minimise sum of [M - mean of the group]^2
///     mixture    p(M) = sum_k w_k N(M; m_k, s_k),   k of the least BIC
///     length     P(r) = <[M(x + r) - M(x)]^2> = 2 s^2 {1 - exp[-(r/xi)^(2 a)]}   (numeric/map_correlation.hpp), and 1/e of the autocorrelation
///
/// The number of groups is given or chosen by the gap statistic; when that finds none (one group) three are taken, as the literature
/// does, and this is said: k-means divides any distribution. Silhouette, gap and BIC of each k stand in `choice`.
/// Neighbouring pixels are alike: errors and BIC count a pixel as (pixel area)/(2 pi l^2) of an independent one, l the 1/e length.
/// Regions of a group are connected pixels (8 neighbours); radii are those of discs of the same area, and regions at the edge are left out of the mean.
/// `noise` sets lengths, regions and sizes beside random maps with the same histogram and spectrum. Those have the same groups by construction,
/// so a p-value of a region's size tells whether the map is more than smoothed noise. With several images: a row of `images` for each.
/// Not for moduli that a tip's shape has smeared: lengths under the radius of the tip or 3 pixels are said to be unresolved.
/// Cost: some ten transforms of the padded map, and one surrogate of a third of a second per 10^6 pixels for each control.
/// Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005, section 3; Tibshirani, Walther, Hastie,
/// J. R. Stat. Soc. B 63, 411 (2001), doi:10.1111/1467-9868.00293.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::probes {

struct ModulusMapOptions {
  std::optional<int> groups = {};
  int most_groups = 6;
  std::string level = "none";             ///< numeric/map_levelling.hpp; the mean is kept
  std::optional<double> tip_radius = {};  ///< [nm]
  int least_pixels = 4;                   ///< of a region that counts
  int surrogates = 19;
  int seed = 1;
  static const Fields& fields();
  static const ColumnRoles& channels();
};

struct ModulusMap {
  Measured mean, sd;  ///< [GPa]
  int pixels = 0;     ///< not masked
  int groups = 0, groups_by_gap = 0, groups_by_silhouette = 0, components = 0;
  Table choice;                                           ///< k, within, silhouette, gap, gap_error, bic
  Table clusters;                                         ///< group, mean, sd, fraction, regions, radius
  Table mixture;                                          ///< component, weight, mean, sd
  std::vector<double> modulus, density, mixture_density;  ///< [GPa], [1/GPa] histogram
  Measured correlation_length, exponent, decay_length, line_noise;
  bool resolved = false;
  std::vector<double> distance, structure, structure_error, structure_fit;  ///< [nm], [GPa^2]
  std::vector<double> autocorrelation, autocorrelation_error;               ///< [1]
  std::vector<double> x, y;                                                 ///< [nm]
  Matrix map, group_map;
  Table noise;
  Table images;
  static const Fields& fields();
};

/// @throws InputError without an image, pixels of unknown size, one value
ModulusMap modulus_map(std::span<const Image> images, const ModulusMapOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::probes
