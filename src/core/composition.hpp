/// Chemical compositions in text: Cu64Zr36, Zr41.2Ti13.8Cu12.5Ni10Be22.5, Cu0.64Zr0.36.
///
/// An element without an amount counts 1 (CuZr = Cu50Zr50). Amounts are atomic and need not sum to 100: they are normalised.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heteroglass {

struct Component {
  std::string symbol;
  double fraction = 0;  ///< [1] atomic, sums to 1
};

struct Composition {
  std::vector<Component> components;  ///< in the order written

  double molar_mass() const;  ///< [g/mol] per mole of atoms
  std::vector<std::string> symbols() const;
  /// Whole numbers of atoms that sum to `atoms` and are nearest to the fractions (largest remainders).
  std::vector<int> counts(int atoms) const;
};

/// @throws InputError naming the part that is no element or no amount; `where` opens the message.
Composition parse_composition(std::string_view text, std::string_view where = "composition");

}  // namespace heteroglass
