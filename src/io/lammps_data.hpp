/// LAMMPS data files: one configuration, atom styles atomic, charge, bond, angle, molecular, full and sphere.
///
/// The style is read from `Atoms # style`, else told by the number of columns. Masses give the elements; `units = metal` in the
/// first line (write_data of newer versions) or `# UNITS metal` gives the units. A data file does not say which boundaries
/// are periodic: all are taken to be.
/// Format: https://docs.lammps.org/read_data.html
#pragma once

#include <memory>
#include <string>

#include "io/configuration.hpp"

namespace heteroglass::io {

/// @throws FormatError
std::unique_ptr<Trajectory> open_lammps_data(const std::string& path, const ReadOptions& options);

}  // namespace heteroglass::io
