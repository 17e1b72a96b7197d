/// Files of images as an analysis wants them: its roles as channels, in their units, and nothing else.
///
/// A channel is found by `--channels`, else by the role's own name, else by the role's other names, as columns of curves are
/// (curve_roles.hpp); what is not clear is refused. The user's pixel size and properties go before those of the file, with a note.
#pragma once

#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "core/context.hpp"
#include "run/image_options.hpp"
#include "run/outcome.hpp"

namespace heteroglass::run {

struct ImageInput {
  std::vector<Image> images;
  std::vector<ColumnUse> channels;
};

/// @throws InputError, FormatError
ImageInput image_input(const Analysis& analysis, const std::vector<std::string>& paths, const ImageOptions& options, Context& context);
/// One image that is already read. @throws InputError
Image with_roles(Image image, const ColumnRoles& roles, const ImageOptions& options, FilePlace place, std::vector<ColumnUse>& uses,
                 Context& context);

}  // namespace heteroglass::run
