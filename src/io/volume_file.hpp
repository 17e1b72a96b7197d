/// Volumes and images: TIFF stacks (8, 16, 32-bit integers, 32, 64-bit reals, either byte order, tiles or strips), raw grey
/// values with a NRRD or MetaImage (.mhd) header, and datasets of HDF5 files.
///
/// HDF5: axes are planes, rows, columns, as NumPy writes them; axes of length one before them do not count. Read plane by plane.
/// All pages of a TIFF must have one size and one sample a pixel. Signed and unsigned integers are told apart as the file says.
/// Sources: TIFF 6.0 (1992) through libtiff; NRRD: teem.sourceforge.net/nrrd/format.html; MetaImage: itk.org/Wiki/ITK/MetaIO.
#pragma once

#include <memory>
#include <string>

#include "core/volume.hpp"

namespace heteroglass::io {

/// By content. @param dataset of an HDF5 file; empty: the only one of three dimensions, else the only one of two
/// @throws FormatError for other files, and for damaged or mixed ones; InputError for a dataset that is not there, or not the only one
std::unique_ptr<Volume> open_volume(const std::string& path, const std::string& dataset = {});
/// @throws FormatError, InputError as open_volume
std::unique_ptr<Volume> open_hdf5_volume(const std::string& path, const std::string& dataset = {});
/// @throws FormatError
std::unique_ptr<Volume> open_tiff(const std::string& path);
/// A text header that names its data: NRRD (attached or detached) or MetaImage. @throws FormatError
std::unique_ptr<Volume> open_raw_volume(const std::string& header);

}  // namespace heteroglass::io
