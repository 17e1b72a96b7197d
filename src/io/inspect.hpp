/// What a file holds, as far as this program understands it, and the next command to try: for `heteroglass inspect`.
///
/// Any file may be asked about. A format that is recognised but not read by this version is said to be so.
#pragma once

#include <string>
#include <vector>

#include "io/configuration.hpp"
#include "io/format.hpp"

namespace heteroglass::io {

struct InspectRow {
  std::string key;  ///< "format", "frames", "species", "missing", "next", ...; may repeat
  std::string value;
};

struct Inspection {
  std::string path;
  Format format = Format::unknown;
  std::vector<InspectRow> rows;
  std::vector<std::string> warnings;

  /// First row of that key, or empty.
  std::string value(const std::string& key) const;
};

/// A file or a pattern, with or without @INDEX. @throws FormatError when the file cannot be read or is damaged
Inspection inspect(const std::string& path, const ReadOptions& options = {});

}  // namespace heteroglass::io
