/// Tables of several maps of dissipation: one row a site, means over sites, before against after.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "core/value.hpp"
#include "numeric/region_shapes.hpp"
#include "probes/afm/tapping_signal.hpp"

namespace heteroglass::probes {

inline constexpr std::size_t site_quantities = 22;

struct SiteRow {
  std::string file;
  std::array<Measured, site_quantities> value;
};

/// Mean over sites with the error from their spread; of one site, its own value and error.
Measured over_sites(std::span<const SiteRow> rows, std::size_t quantity);

Table site_table(std::span<const SiteRow> rows);
/// The first rows against the rest; empty when `first` is 0. Differences in units of their error: |z| > 2 hardly by chance.
Table comparison_table(std::span<const SiteRow> rows, std::size_t first);
Table region_table(const numeric::RegionShapes& regions);
Table explained_table(const std::vector<Explained>& explained);

}  // namespace heteroglass::probes
