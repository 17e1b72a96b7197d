/// Rank statistics of indicators against a response in one sample: values, jackknife errors, shuffled controls.
///
/// Errors: delete-one jackknife over spatial blocks (blocks^3 cells of the box), so that correlations between neighbouring
/// atoms are in them. Controls permute the indicator among atoms of the same species, many times: `control` atom by atom;
/// `block_spread` by whole blocks, which keeps the spatial structure within a block.
/// References: Quenouille, Biometrika 43, 353 (1956), doi:10.1093/biomet/43.3-4.353; Kunsch, Ann. Stat. 17, 1217 (1989),
/// doi:10.1214/aos/1176347265 (blocks).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"
#include "links/indicators.hpp"
#include "numeric/rank.hpp"

namespace heteroglass::links {

struct SampleOptions {
  int blocks = 3;
  int shuffles = 100;
  std::uint64_t seed = 1;
};

/// One indicator, in one group of atoms.
struct Link {
  std::size_t atoms = 0;
  numeric::RankStatistics value, error, control, control_spread;
  double block_spread = 0;  ///< of rho among block permutations
};

/// links[group][indicator]; groups are the species in order, then all atoms.
using Links = std::vector<std::vector<Link>>;

/// Atoms whose response or one of whose indicators is not finite are left out.
Links sample_links(const Frame& frame, const std::vector<Indicator>& indicators, const std::vector<double>& response,
                   const SampleOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::links
