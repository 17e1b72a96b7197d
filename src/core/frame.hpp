/// One configuration of atoms: the input of nearly every atomistic analysis.
///
/// Inside: angstrom, ps, eV, g/mol (readers convert `real` units); a Lennard-Jones frame stays in
/// sigma, tau, epsilon and says so in `units`. Atoms are in ascending order of id. Positions lie in the primary
/// cell along periodic directions; `unwrapped = position + H image` where the file told the images.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/box.hpp"
#include "core/units.hpp"

namespace heteroglass {

struct Species {
  std::string name;  ///< element symbol, or empty when the file has only types
  double mass = 0;   ///< [g/mol] 0: unknown
};

/// A per-atom quantity read from a file or found by an analysis.
struct AtomProperty {
  std::string name;            ///< column name, OVITO's where it has one
  std::string unit = "1";      ///< unit text
  std::size_t components = 1;  ///< values per atom
  std::vector<double> values;  ///< [unit, (atoms, components)] row-major
};

struct Frame {
  Box box;
  std::int64_t timestep = 0;
  std::optional<double> time;  ///< [ps]
  UnitSystem units = UnitSystem::unknown;
  std::vector<std::int64_t> id;  ///< [1, (atoms)] ascending, unique
  std::vector<int> type;         ///< [1, (atoms)] index into species
  std::vector<Species> species;
  std::vector<Vec3> position;             ///< [angstrom, (atoms)]
  std::vector<std::array<int, 3>> image;  ///< [1, (atoms)] empty: unknown
  std::vector<Vec3> velocity;             ///< [angstrom/ps, (atoms)] empty: unknown
  std::vector<AtomProperty> properties;
  std::string source;  ///< file and frame, for messages

  std::size_t size() const { return position.size(); }
  const AtomProperty* property(const std::string& name) const;
  /// Number of atoms of each species.
  std::vector<std::size_t> species_counts() const;
  /// Element symbol of species s, or "type N" when the file had only types.
  std::string species_name(std::size_t s) const;
  Vec3 unwrapped(std::size_t i) const;
  /// Sorts all arrays by id, wraps the positions, and checks: sizes agree, ids unique, coordinates finite,
  /// atoms inside non-periodic boundaries. `source` is named in the message.
  /// @throws FormatError
  void normalise();
  /// Every species has a name. @throws InputError naming the option --elements.
  void require_species_names() const;
};

}  // namespace heteroglass
