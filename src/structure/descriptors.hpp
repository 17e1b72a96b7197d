/// Descriptors of each atom's neighbourhood: two-body entropy, common neighbours, symmetry functions.
///
///     s_i = -2 pi rho k_B int_0^{r_m} [g_i ln g_i - g_i + 1] r^2 dr,
///     g_i(r) = 1/(4 pi rho r^2) sum_j exp[-(r - r_ij)^2 / 2 w^2] / sqrt(2 pi w^2)
///     s averaged over the atom and its neighbours j: [s_i + sum_j s_j f(r_ij)] / [1 + sum_j f(r_ij)], f = (1 - x^6)/(1 - x^12), x = r/r_cut
///
/// The entropy is per atom in k_B, negative, lower for more order; of all species together. rho is that of the frame, so that an atom
/// without neighbours has -2 pi rho r_m^3 / 3: read differences. Common neighbours: structure/common_neighbours.hpp; the structure
/// type is OVITO's number (0 other, 1 fcc, 2 hcp, 3 bcc, 4 icosahedron) from the adaptive analysis, the table of bonds uses
/// r_cut. `features` adds a list of numbers for learning (structure/symmetry_functions.hpp): radial, radial and angular, or
/// the power spectrum of SOAP. Polyhedral templates are not here; structure/voronoi ranks Kasper polyhedra.
/// Errors: fractions by the Jeffreys interval and means by s / sqrt(N), atoms taken as independent (a lower bound).
/// Not for thermal frames where types of structure matter: minimise first. Cost O(N neighbours), 30 us an atom without features.
/// References: Piaggi, Parrinello, J. Chem. Phys. 147, 114112 (2017), doi:10.1063/1.4998408, eqs 4-6; Honeycutt, Andersen (1987),
/// doi:10.1021/j100303a014; Stukowski (2012), doi:10.1088/0965-0393/20/4/045021.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::structure {

struct DescriptorsOptions {
  std::optional<double> r_cut = {};          ///< [angstrom] of bonds and of the average; unset: first minimum of g(r)
  std::optional<double> entropy_range = {};  ///< [angstrom] r_m; unset: 3 rho^(-1/3)
  std::optional<double> entropy_width = {};  ///< [angstrom] w; unset: 0.06 rho^(-1/3), 0.15 angstrom in a metallic glass
  std::string features = "none";
  static const Fields& fields();
};

struct Descriptors {
  Table summary;                                           ///< species, two_body_entropy, five_fold
  Table structures;                                        ///< structure, count, fraction
  Table bonds;                                             ///< pair, signature, count, fraction
  double r_cut = 0, entropy_range = 0, entropy_width = 0;  ///< [angstrom] used
  std::vector<double> two_body_entropy, averaged_entropy;  ///< [1, (atoms)] in k_B
  std::vector<int> structure_type;                         ///< [1, (atoms)]
  std::vector<double> five_fold_bonds;                     ///< [1, (atoms)] fraction of the atom's bonds that are 555
  std::vector<std::string> feature;                        ///< [(features)]
  Matrix descriptor;                                       ///< [1, (atoms, features)]
  static const Fields& fields();
};

/// @throws InputError for more than 64 neighbours within r_cut; NumericalError when g(r) has no first minimum and r_cut is not given.
Descriptors descriptors(const Frame& frame, const DescriptorsOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::structure
