#include "io/format.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "io/number.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

using namespace std::string_view_literals;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Binary formats by their first bytes.
Format by_magic(std::string_view head) {
  if (head.starts_with("\x89HDF\r\n\x1a\n"sv)) return Format::hdf5;
  if (head.starts_with("II*\0"sv) || head.starts_with("MM\0*"sv) || head.starts_with("II+\0"sv) || head.starts_with("MM\0+"sv))
    return Format::tiff;
  if (head.starts_with("GWYP") || head.starts_with("GWYO")) return Format::gwyddion;
  if (head.starts_with("CDF\x01"sv) || head.starts_with("CDF\x02"sv) || head.starts_with("CDF\x05"sv)) return Format::netcdf;
  if (head.starts_with("LammpS RestartT")) return Format::lammps_restart;
  if (contains(head.substr(0, 32), "DUMPATOM") || contains(head.substr(0, 32), "DUMPCUSTOM")) return Format::lammps_binary_dump;
  // Igor binary waves: version 1, 2, 3 or 5 as a 16-bit number of either byte order, followed by a header with a checksum.
  if (head.size() >= 64 &&
      (head.starts_with("\x02\0"sv) || head.starts_with("\x05\0"sv) || head.starts_with("\0\x02"sv) || head.starts_with("\0\x05"sv)))
    return Format::igor_binary;
  return Format::unknown;
}

bool is_data_header(std::string_view head) {
  Lines lines(head);
  std::string_view line;
  lines.next(line);
  for (int k = 0; k < 60 && lines.next(line); ++k) {
    const std::vector<std::string_view> w = words(line.substr(0, line.find('#')));
    double number = 0;
    if (w.size() == 2 && w[1] == "atoms" && is_real(w[0], number)) return true;
  }
  return false;
}

bool is_xyz(std::string_view head) {
  Lines lines(head);
  std::string_view line;
  if (!lines.next(line)) return false;
  std::int64_t n = 0;
  return is_integer(trimmed(line), n) && n > 0;
}

bool is_text(std::string_view head) {
  return std::none_of(head.begin(), head.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 32 && c != '\n' && c != '\r' && c != '\t' && c != '\f'; });
}

bool is_dsc(std::string_view head) {
  std::string lower(head);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return contains(lower, "heat flow") || contains(lower, "dsc/") || contains(lower, "#instrument") || contains(lower, "instrument") ||
         contains(lower, "netzsch");
}

/// Separators, and a number in one of the first rows.
bool is_csv(std::string_view head) {
  Lines lines(head);
  std::string_view line;
  for (int k = 0; k < 20 && lines.next(line);) {
    if (trimmed(line).empty() || line.starts_with('#')) continue;
    ++k;
    if (line.find_first_of(",;\t") == std::string_view::npos) continue;
    std::string cells(line);
    std::replace_if(
        cells.begin(), cells.end(), [](char c) { return c == ',' || c == ';'; }, ' ');
    const std::vector<std::string_view> w = words(cells);
    double number = 0;
    if (std::any_of(w.begin(), w.end(), [&](std::string_view s) { return is_real(s, number); })) return true;
  }
  return false;
}

}  // namespace

std::string_view name(Format format) {
  switch (format) {
    case Format::lammps_dump:
      return "LAMMPS text dump";
    case Format::lammps_data:
      return "LAMMPS data";
    case Format::extended_xyz:
      return "extended XYZ";
    case Format::lammps_log:
      return "LAMMPS log";
    case Format::ave_time:
      return "LAMMPS fix ave/time output";
    case Format::csv:
      return "table (CSV)";
    case Format::hdf5:
      return "HDF5";
    case Format::lammps_binary_dump:
      return "LAMMPS binary dump";
    case Format::lammps_restart:
      return "LAMMPS restart";
    case Format::netcdf:
      return "NetCDF";
    case Format::tiff:
      return "TIFF image";
    case Format::igor_binary:
      return "Igor binary wave (.ibw)";
    case Format::gwyddion:
      return "Gwyddion (.gwy)";
    case Format::dsc_text:
      return "instrument text export";
    case Format::unknown:
      break;
  }
  return "unknown";
}

Format format_of(std::string_view head) {
  if (const Format f = by_magic(head); f != Format::unknown) return f;
  if (!is_text(head)) return Format::unknown;
  if (head.starts_with("ITEM: ")) return Format::lammps_dump;
  if (is_xyz(head)) return Format::extended_xyz;
  if (head.starts_with("# Time-averaged data") || head.starts_with("# TimeStep ") || contains(head.substr(0, 400), "\n# TimeStep "))
    return Format::ave_time;
  if (head.starts_with("LAMMPS (") || contains(head, "\nPer MPI rank memory allocation") || contains(head, "\nLAMMPS (") ||
      contains(head, "thermo_style"))
    return Format::lammps_log;
  if (is_data_header(head)) return Format::lammps_data;
  if (is_dsc(head)) return Format::dsc_text;
  if (is_csv(head)) return Format::csv;
  return Format::unknown;
}

Format format_of_file(const std::string& path) { return format_of(TextSource(path).read(0, std::size_t{1} << 14).view()); }

}  // namespace heteroglass::io
