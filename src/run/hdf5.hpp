/// An outcome as one HDF5 file: results/NAME with `unit`, `help` and `error_note` attributes, results/NAME_error beside it,
/// tables as groups of columns, options/NAME as text, and warnings. Per-atom arrays are in the order of results/id.
#pragma once

#include <filesystem>

#include "run/outcome.hpp"

namespace heteroglass::run {

/// @throws FormatError (full disk)
void write_hdf5(const std::filesystem::path& path, const Outcome& outcome);

}  // namespace heteroglass::run
