/// Volumes and images: TIFF stacks (8, 16, 32-bit integers, 32, 64-bit reals, either byte order, tiles or strips), and raw grey
/// values with a NRRD or MetaImage (.mhd) header.
///
/// All pages of a TIFF must have one size and one sample a pixel. Signed and unsigned integers are told apart as the file says.
/// Sources: TIFF 6.0 (1992) through libtiff; NRRD: teem.sourceforge.net/nrrd/format.html; MetaImage: itk.org/Wiki/ITK/MetaIO.
#pragma once

#include <memory>
#include <string>

#include "core/volume.hpp"

namespace heteroglass::io {

/// By content. @throws FormatError for other files, and for damaged or mixed ones
std::unique_ptr<Volume> open_volume(const std::string& path);
/// @throws FormatError
std::unique_ptr<Volume> open_tiff(const std::string& path);
/// A text header that names its data: NRRD (attached or detached) or MetaImage. @throws FormatError
std::unique_ptr<Volume> open_raw_volume(const std::string& header);

}  // namespace heteroglass::io
