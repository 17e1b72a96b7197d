/// Mixing enthalpies of pairs of elements by Miedema's model, for equiatomic liquids.
///
/// 780 pairs of 40 elements that metallic glasses are made of, as tabulated by Takeuchi and Inoue, Mater. Trans. 46, 2817 (2005),
/// doi:10.2320/matertrans.46.2817. Whole kJ/mol (halves where a non-metal is stabilised); the model itself is good to a few kJ/mol.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace heteroglass::relaxation {

/// [kJ/mol] of the pair in either order; nothing when an element is not in the table.
std::optional<double> miedema_enthalpy(const std::string& a, const std::string& b);

/// The elements of the table, in its order.
std::span<const char* const> miedema_elements();

}  // namespace heteroglass::relaxation
