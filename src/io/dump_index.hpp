/// Where the frames of a LAMMPS dump begin, and the header of one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/box.hpp"
#include "core/units.hpp"
#include "io/atom_rows.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {

struct DumpFrameEntry {
  std::size_t offset = 0;
  std::int64_t timestep = 0;
  bool has_timestep = false;
};

struct DumpIndex {
  std::vector<DumpFrameEntry> frames;
  UnitSystem units = UnitSystem::unknown;  ///< LAMMPS writes them once per file
};

/// @throws FormatError when the file does not begin as a dump
DumpIndex index_dump(const TextSource& source);

struct DumpHeader {
  std::int64_t timestep = 0;
  std::optional<double> time;
  std::size_t atoms = 0;
  Box box;
  std::array<bool, 3> shrinks{};
  bool flags_missing = false;  ///< an old dump without boundary flags: taken as periodic
  std::vector<std::string> columns;
  std::size_t rows_offset = 0;  ///< of the first atom in the frame's text
  std::size_t rows_line = 0;    ///< number of header lines
};

/// `place`: where the frame's first line stands in its file. @throws FormatError
DumpHeader parse_dump_header(std::string_view text, const RowPlace& place);

}  // namespace heteroglass::io
