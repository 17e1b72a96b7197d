/// Units of LAMMPS thermo keywords.
#pragma once

#include <string>
#include <string_view>

#include "core/units.hpp"

namespace heteroglass::io {

/// The unit of a thermo column in a unit system; empty for variables, computes and fixes, and when the system is unknown.
std::string thermo_unit(std::string_view keyword, UnitSystem system);

}  // namespace heteroglass::io
