/// LAMMPS text dumps: any column order, any box, many frames.
///
/// Opening scans the file once for frame headers (about a gigabyte per second) and keeps 24 bytes per frame, so that any frame is
/// read directly. Coordinates x, xs, xu or xsu; images from ix iy iz; element, type or both; all other numeric columns become
/// properties under their own names. A frame needs about 100 bytes an atom beside its text.
/// Format: https://docs.lammps.org/dump.html
#pragma once

#include <memory>
#include <string>

#include "io/configuration.hpp"

namespace heteroglass::io {

/// @throws FormatError
std::unique_ptr<Trajectory> open_lammps_dump(const std::string& path, const ReadOptions& options);

/// What a dump's first header says, for `inspect`.
struct DumpSummary {
  UnitSystem units = UnitSystem::unknown;
  bool has_time = false;
  std::vector<std::string> columns;
};
DumpSummary lammps_dump_summary(const std::string& path);

}  // namespace heteroglass::io
