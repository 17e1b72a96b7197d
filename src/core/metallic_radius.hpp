/// Metallic radii of the elements for twelve-fold coordination: atomic sizes where a user gives none.
///
/// They serve radical Voronoi cells, which depend on R_i^2 - R_j^2 only. Metalloids have no entry on purpose.
/// Reference: Wells, Structural Inorganic Chemistry, 5th ed. (Clarendon, 1984), table 29.3.
#pragma once

#include <optional>
#include <string_view>

namespace heteroglass {

/// [angstrom] nullopt when the element is not in the table.
std::optional<double> metallic_radius(std::string_view symbol);

}  // namespace heteroglass
