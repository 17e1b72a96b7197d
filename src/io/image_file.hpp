/// Maps as microscopes write them, all channels of a file with their units and what its header says of the whole image.
///
/// Lengths of pixels come out in nm; channels keep the names and units of the file. Properties have the names that analyses ask for
/// (docs/measured-images.md), in SI units or nm.
#pragma once

#include <string>

#include "core/image.hpp"

namespace heteroglass::io {

/// By content. @throws FormatError for files of other kinds, and for damaged ones
Image read_image(const std::string& path);

}  // namespace heteroglass::io
