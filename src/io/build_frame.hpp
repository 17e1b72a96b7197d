/// From rows of a file to a normalised Frame: species, units, scaled coordinates, and the checks that need a line number.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "io/atom_rows.hpp"
#include "io/configuration.hpp"

namespace heteroglass::io {

/// What a file told about one frame, still in its own units.
struct FrameParts {
  AtomRows rows;
  RowPlace place;
  Box box;
  bool scaled = false;            ///< coordinates are fractional
  bool unwrapped = false;         ///< coordinates tell the images themselves
  std::array<bool, 3> shrinks{};  ///< a boundary that follows the atoms: rounding may put one outside
  std::int64_t timestep = 0;
  std::optional<double> time;
  UnitSystem units = UnitSystem::unknown;  ///< as the file says
  std::vector<Species> species;            ///< by type, as the file says; may be empty
  std::string source;
};

/// @throws FormatError, InputError (--units or --elements against the file)
Frame build_frame(FrameParts&& parts, const ReadOptions& options);

/// `metal`, `real` or `lj`; anything else cannot be read. @throws FormatError
UnitSystem units_at(const std::string& path, std::size_t line, std::string_view name);

}  // namespace heteroglass::io
