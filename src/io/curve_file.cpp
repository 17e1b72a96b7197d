#include "io/curve_file.hpp"

#include "core/error.hpp"
#include "io/format.hpp"

namespace heteroglass::io {

std::vector<Curve> read_curves(const std::string& path) {
  const Format format = format_of_file(path);
  switch (format) {
    case Format::lammps_log:
      return read_lammps_log(path);
    case Format::ave_time:
      return read_ave_time(path);
    case Format::csv:
    case Format::dsc_text:
    case Format::extended_xyz:
      return read_csv(path);  // a single column of whole numbers looks like XYZ
    case Format::unknown:
      throw FormatError(path, 1, "curves must be a table (CSV), a LAMMPS log or fix ave/time output, got none of them");
    default:
      throw FormatError(path, 0, fmt::format("curves must be a table (CSV), a LAMMPS log or fix ave/time output, got {}", name(format)));
  }
}

}  // namespace heteroglass::io
