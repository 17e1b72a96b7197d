/// What is said of images and volumes by `heteroglass inspect`.
#pragma once

#include <string>

#include "io/inspect.hpp"

namespace heteroglass::io {

/// @throws FormatError when the file is damaged
void inspect_image(Inspection& report, const std::string& file);
/// TIFF stacks, NRRD, MetaImage. @throws FormatError
void inspect_volume(Inspection& report, const std::string& file);

}  // namespace heteroglass::io
