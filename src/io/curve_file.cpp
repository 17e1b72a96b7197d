#include "io/curve_file.hpp"

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/encoding.hpp"
#include "io/format.hpp"
#include "io/frequency_columns.hpp"
#include "io/image_format.hpp"
#include "io/instrument.hpp"

namespace heteroglass::io {
namespace {

constexpr const char* known = "curves must be a table (CSV, .xls, .xlsx), an instrument's export, a LAMMPS log or fix ave/time output";

std::vector<Curve> read_by_format(const std::string& path) {
  const Format format = format_of_file(path);
  const auto with_text = [&](auto reader) { return reader(path, decoded_file(path).text); };
  switch (format) {
    case Format::lammps_log:
      return read_lammps_log(path);
    case Format::ave_time:
      return read_ave_time(path);
    case Format::csv:
    case Format::extended_xyz:
      return read_csv(path);  // a single column of whole numbers looks like XYZ
    case Format::ta_universal:
      return with_text(read_ta_universal);
    case Format::trios:
      return with_text(read_trios);
    case Format::netzsch:
      return with_text(read_netzsch);
    case Format::mettler:
      return with_text(read_mettler);
    case Format::setaram:
      return with_text(read_setaram);
    case Format::baehr:
      return with_text(read_baehr);
    case Format::perkin_elmer:
      return with_text(read_perkin_elmer);
    case Format::reptate:
      return with_text(read_reptate);
    case Format::hysitron:
      return with_text(read_hysitron);
    case Format::anton_paar:
      return with_text(read_anton_paar);
    case Format::fischer:
      return with_text(read_fischer);
    case Format::scattering:
      return with_text(read_scattering);
    case Format::xls:
      return read_xls(path);
    case Format::xlsx:
      return read_xlsx(path);
    case Format::nanosurf_spectra:
      return read_nanosurf_spectra(path, read_file(path));
    case Format::unknown:
      throw FormatError(path, 1, std::string(known) + ", got none of them");
    default:
      throw FormatError(path, 0, fmt::format("{}, got {}", known, name(format)));
  }
}

}  // namespace

std::vector<Curve> read_curves(const std::string& path) {
  std::vector<Curve> curves = split_named_frequencies(read_by_format(path));
  name_by_extension(path, curves);
  return curves;
}

}  // namespace heteroglass::io
