/// A finished LAMMPS directory of the user's own, taken instead of running.
///
/// What it must hold: one log (log.lammps, *.log or log.*) in metal units whose last run has the columns that the analysis names, and
/// configurations: a dump (dump.*, *.dump, *.lammpstrj, gzipped too) or data files (*.data, data.*, in numerical order).
#pragma once

#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/curve.hpp"
#include "core/frame.hpp"

namespace heteroglass::engine {

struct AdoptedRun {
  Curve log;                  ///< the rows of all runs that have the columns, joined
  std::vector<Frame> frames;  ///< in order of time
  std::string version;        ///< first line of the log
};

/// @throws InputError saying what is missing, FormatError
AdoptedRun adopt(const std::string& directory, const std::vector<std::string>& elements, const std::vector<std::string>& columns,
                 Context& context);

}  // namespace heteroglass::engine
