/// Opening any file of atoms: the format is told by its content, `FILE@INDEX` selects frames as ASE writes it.
///
/// Formats: LAMMPS data, LAMMPS text dump, extended XYZ; each also gzipped; `dump.*` as a pattern for a sequence of files
/// in numerical order. Every frame comes out normalised (see core/frame.hpp): sorted by id, wrapped, in angstrom and ps.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/trajectory.hpp"

namespace heteroglass::io {

/// What the user says about files that do not say it themselves.
struct ReadOptions {
  UnitSystem units = UnitSystem::unknown;  ///< --units; unknown: from the file, else metal with a warning
  std::vector<std::string> elements;       ///< --elements, in order of type; must agree with the file's masses
  std::optional<double> timestep;          ///< [ps] --timestep, gives time = step * timestep where the file has no TIME
};

/// FILE, FILE@3, FILE@-1, FILE@10:500:10. A file whose name really holds '@' is preferred when it exists.
struct FrameSelection {
  std::string path;
  bool range = false;               ///< a slice was written
  std::optional<long> start, stop;  ///< index (start alone), or slice bounds
  long step = 1;
};
FrameSelection parse_selection(const std::string& spec);
/// Indices that a selection means in a trajectory of `size` frames; without @: the last one. @throws InputError
std::vector<std::size_t> selected_frames(const FrameSelection& selection, std::size_t size);

/// @throws FormatError (unreadable, unknown format, path and line), InputError (units, elements)
std::unique_ptr<Trajectory> open_trajectory(const std::string& path, const ReadOptions& options = {});

/// The frames that `spec` selects; without @ the last one, said through `context` when there are more.
std::vector<Frame> read_frames(const std::string& spec, const ReadOptions& options = {}, Context& context = Context::quiet());
Frame read_frame(const std::string& spec, const ReadOptions& options = {}, Context& context = Context::quiet());

/// Writers. Numbers are written so that they read back bit for bit; per-atom properties go along in extended XYZ.
/// @throws FormatError
void write_extxyz(const std::string& path, const std::vector<Frame>& frames);
/// atom_style atomic, with masses (and element names as comments), image flags, velocities, and `units = metal` in the first
/// line. @throws FormatError, InputError when the cell is not a LAMMPS cell
void write_lammps_data(const std::string& path, const Frame& frame);

}  // namespace heteroglass::io
