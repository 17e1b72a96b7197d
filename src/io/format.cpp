#include "io/format.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "io/cell.hpp"
#include "io/encoding.hpp"
#include "io/image_format.hpp"
#include "io/instrument.hpp"
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
  if (head.starts_with("Gwyddion Simple Field")) return Format::gwyddion_field;
  if (head.starts_with("\\*File list") || head.starts_with("\\*Force file list")) return Format::nanoscope;
  if (head.starts_with("[DataSet]") && contains(head, "GroupCount="))
    return is_nanosurf_image(head) ? Format::nanosurf_image : Format::nanosurf_spectra;
  if (head.starts_with("NRRD000")) return Format::nrrd;
  if ((head.starts_with("ObjectType") || head.starts_with("NDims")) && contains(head, "ElementType")) return Format::meta_image;
  if (head.starts_with("CDF\x01"sv) || head.starts_with("CDF\x02"sv) || head.starts_with("CDF\x05"sv)) return Format::netcdf;
  if (head.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv)) return Format::xls;
  if (head.starts_with("PK\x03\x04"sv) && (contains(head, "xl/") || contains(head, "[Content_Types].xml"))) return Format::xlsx;
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

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_dsc(std::string_view head) {
  const std::string lower = lower_case(head);
  return contains(lower, "heat flow") || contains(lower, "dsc/") || contains(lower, "instrument") || contains(lower, "netzsch");
}

/// "T=-40;Mw=2.4;chem=PI;" and then numbers, or a line of names.
bool is_reptate(std::string_view head) {
  Lines lines(head);
  std::string_view first, second;
  if (!lines.next(first) || !lines.next(second)) return false;
  first = trimmed(first);
  if (!first.ends_with(';') || first.find('=') == std::string_view::npos) return false;
  while (!first.empty()) {
    const std::string_view pair = trimmed(first.substr(0, first.find(';')));
    if (!pair.empty() && pair.find('=') == std::string_view::npos) return false;
    first.remove_prefix(std::min(first.size(), first.find(';') + 1));
  }
  return !trimmed(second).empty();
}

/// Exports of indenters.
Format indenter(std::string_view head) {
  if (contains(head, "Number of Points") && contains(head, "Depth (nm)\tLoad (")) return Format::hysitron;
  if (contains(head, "Number of block") || (contains(head, "Block :") && contains(head, "\nF\th"))) return Format::fischer;
  if (contains(head, "\tData : 1\t") || head.starts_with("Group\tMeasurement\tParameter\tUnit\tValue")) return Format::anton_paar;
  if (head.starts_with("X_") && contains(head.substr(0, head.find('\n')), "_[") && contains(head.substr(0, head.find('\n')), "\tY_"))
    return Format::anton_paar;
  return Format::unknown;
}

/// Exports of measuring instruments by the words that only they have.
Format instrument(std::string_view head) {
  const std::string lower = lower_case(head);
  if (const Format f = indenter(head); f != Format::unknown) return f;
  if (contains(head, "\nNsig") || contains(head, "\nStartOfData")) return Format::ta_universal;
  if (contains(lower, "\n[step]") || contains(lower, "[file parameters]") || contains(lower, "proceduresegments")) return Format::trios;
  if (contains(head, "NETZSCH5") || (head.starts_with("#EXPORTTYPE") || contains(head, "\n#EXPORTTYPE")) || contains(head, "\n##Temp"))
    return Format::netzsch;
  if (contains(head, "Curve Values:") || contains(head, "Curve Name:")) return Format::mettler;
  if (contains(head, "Creation Date :") || contains(lower, "setaram") || contains(lower, "calisto")) return Format::setaram;
  if (contains(lower, "unsubtracted") || contains(lower, "pyris") || contains(lower, "perkin")) return Format::perkin_elmer;
  if (contains(lower, "baehr") || contains(lower, "b\u00e4hr") || contains(head, "B\u00c4HR") || contains(head, "WinTA"))
    return Format::baehr;
  return is_reptate(head) ? Format::reptate : Format::unknown;
}

/// A line of which every part is a number, or nothing.
bool is_row_of_numbers(std::string_view line, char separator) {
  std::size_t numbers = 0;
  const auto part = [&](std::string_view cell) {
    if (is_gap(cell)) return true;
    ++numbers;
    return looks_numeric(cell) || cell_number(cell, '.').has_value();
  };
  if (separator == ' ') {
    for (const std::string_view w : words(line))
      if (!part(w)) return false;
    return numbers >= 2;
  }
  if (line.find(separator) == std::string_view::npos) return false;
  while (true) {
    const std::size_t end = line.find(separator);
    if (!part(trimmed(line.substr(0, end)))) return false;
    if (end == std::string_view::npos) return numbers >= 1;
    line.remove_prefix(end + 1);
  }
}

/// A cell that is a number, among others.
bool holds_number(std::string_view line, char separator) {
  while (true) {
    const std::size_t end = line.find(separator);
    if (cell_number(line.substr(0, end), '.')) return true;
    if (end == std::string_view::npos) return false;
    line.remove_prefix(end + 1);
  }
}

/// Separators and a number in one of the first lines, or a row of nothing but numbers.
bool is_csv(std::string_view head) {
  Lines lines(head);
  std::string_view line;
  for (int k = 0; k < 200 && lines.next(line);) {
    if (trimmed(line).empty() || line.starts_with('#')) continue;
    ++k;
    for (const char separator : {'\t', ';', ',', ' '})
      if (is_row_of_numbers(line, separator)) return true;
    if (k > 20) continue;
    for (const char separator : {'\t', ';', ','})
      if (line.find(separator) != std::string_view::npos && holds_number(line, separator)) return true;
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
    case Format::gwyddion_field:
      return "Gwyddion Simple Field (.gsf)";
    case Format::nanoscope:
      return "Nanoscope (.spm)";
    case Format::nanosurf_image:
      return "Nanosurf (.nid)";
    case Format::nanosurf_spectra:
      return "Nanosurf spectra (.nid)";
    case Format::nrrd:
      return "NRRD volume";
    case Format::meta_image:
      return "MetaImage volume (.mhd)";
    case Format::ta_universal:
      return "TA Universal Analysis text";
    case Format::trios:
      return "TA TRIOS text";
    case Format::netzsch:
      return "NETZSCH ASCII";
    case Format::mettler:
      return "Mettler-Toledo STARe text";
    case Format::setaram:
      return "Setaram text";
    case Format::baehr:
      return "B\u00e4hr text";
    case Format::perkin_elmer:
      return "Perkin-Elmer text";
    case Format::reptate:
      return "RepTate text (.osc, .tts, .gt)";
    case Format::hysitron:
      return "Hysitron indentation text";
    case Format::anton_paar:
      return "CSM/Anton Paar indentation text";
    case Format::fischer:
      return "Fischer indentation text";
    case Format::scattering:
      return "diffraction pattern or pair function (.chi, .iq, .sq, .fq, .gr)";
    case Format::xls:
      return "Excel workbook (.xls)";
    case Format::xlsx:
      return "Excel workbook (.xlsx)";
    case Format::dsc_text:
      return "instrument text export";
    case Format::unknown:
      break;
  }
  return "unknown";
}

bool holds_frames(Format format) {
  switch (format) {
    case Format::lammps_dump:
    case Format::lammps_data:
    case Format::extended_xyz:
    case Format::lammps_binary_dump:
    case Format::lammps_restart:
    case Format::netcdf:
      return true;
    default:
      return false;
  }
}

bool holds_curves(Format format) {
  switch (format) {
    case Format::lammps_log:
    case Format::ave_time:
    case Format::csv:
    case Format::ta_universal:
    case Format::trios:
    case Format::netzsch:
    case Format::mettler:
    case Format::setaram:
    case Format::baehr:
    case Format::perkin_elmer:
    case Format::reptate:
    case Format::hysitron:
    case Format::anton_paar:
    case Format::fischer:
    case Format::scattering:
    case Format::xls:
    case Format::xlsx:
    case Format::nanosurf_spectra:
      return true;
    default:
      return false;
  }
}

bool holds_images(Format format) {
  switch (format) {
    case Format::tiff:
    case Format::igor_binary:
    case Format::gwyddion:
    case Format::gwyddion_field:
    case Format::nanoscope:
    case Format::nanosurf_image:
      return true;
    default:
      return false;
  }
}

Format format_of(std::string_view bytes) {
  if (const Format f = by_magic(bytes); f != Format::unknown) return f;
  const std::string text = decoded_head(bytes).text;
  const std::string_view head = text;
  if (!is_text(head)) return Format::unknown;
  if (head.starts_with("ITEM: ")) return Format::lammps_dump;
  if (is_xyz(head)) return Format::extended_xyz;
  if (head.starts_with("# Time-averaged data") || head.starts_with("# TimeStep ") || contains(head.substr(0, 400), "\n# TimeStep "))
    return Format::ave_time;
  if (head.starts_with("LAMMPS (") || contains(head, "\nPer MPI rank memory allocation") || contains(head, "\nLAMMPS (") ||
      contains(head, "thermo_style"))
    return Format::lammps_log;
  if (is_data_header(head)) return Format::lammps_data;
  if (const Format f = instrument(head); f != Format::unknown) return f;
  if (is_scattering(head)) return Format::scattering;
  if (is_csv(head)) return Format::csv;
  return is_dsc(head) ? Format::dsc_text : Format::unknown;
}

Format format_of_file(const std::string& path) { return format_of(TextSource(path).read(0, std::size_t{1} << 14).view()); }

}  // namespace heteroglass::io
