/// Extended XYZ, as ASE and OVITO read and write it: any number of frames.
///
/// Second line: Lattice="ax ay az bx by bz cx cy cz", Properties=species:S:1:pos:R:3:..., pbc="T T T", Origin, Time [ps],
/// Timestep, units. Columns `id`, `type`, `velo` [angstrom/ps], `image` and `mass` are known, other numeric columns become
/// properties. Plain XYZ is read too: its box is the atoms' bounding box, not periodic.
/// Written besides: `species_order` and `masses`, so that types and masses come back, and `property_units`.
/// Format: https://github.com/libAtoms/extxyz
#pragma once

#include <memory>
#include <string>

#include "io/configuration.hpp"

namespace heteroglass::io {

/// @throws FormatError
std::unique_ptr<Trajectory> open_extended_xyz(const std::string& path, const ReadOptions& options);

/// The name a property has in a file: letters, digits and underscores.
std::string extended_xyz_name(const std::string& property);

}  // namespace heteroglass::io
