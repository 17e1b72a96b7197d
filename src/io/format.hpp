/// What kind of file something is, told by its first bytes.
#pragma once

#include <string>
#include <string_view>

namespace heteroglass::io {

enum class Format {
  lammps_dump,
  lammps_data,
  extended_xyz,
  lammps_log,
  ave_time,
  csv,
  hdf5,
  lammps_binary_dump,
  lammps_restart,
  netcdf,
  tiff,
  igor_binary,
  gwyddion,
  gwyddion_field,
  nanoscope,
  nanosurf_image,
  nanosurf_spectra,
  nrrd,
  meta_image,
  ta_universal,
  trios,
  netzsch,
  mettler,
  setaram,
  baehr,
  perkin_elmer,
  reptate,
  hysitron,
  anton_paar,
  fischer,
  scattering,
  xls,
  xlsx,
  dsc_text,  ///< of an instrument, but of none of these
  unknown
};

/// "LAMMPS text dump" and so on.
std::string_view name(Format format);
/// Whether io/curve_file.hpp reads it.
bool holds_curves(Format format);
/// Whether it is of atoms, readable or not.
bool holds_frames(Format format);
/// Whether io/image_file.hpp reads it; a TIFF may be a stack, a table a matrix.
bool holds_images(Format format);
/// By the first few kilobytes, unpacked.
Format format_of(std::string_view head);
/// @throws FormatError when the file cannot be read
Format format_of_file(const std::string& path);

}  // namespace heteroglass::io
