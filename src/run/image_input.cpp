#include "run/image_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "io/image_file.hpp"
#include "run/curve_input.hpp"
#include "run/curve_roles.hpp"
#include "run/property_texts.hpp"

namespace heteroglass::run {
namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
  return text;
}

/// Columns and channels find their roles by the same rules; only the words differ.
std::string of_channels(const std::string& text) { return replaced(text, "column", "channel"); }

void set_pixel_size(Image& image, const std::string& text, Context& context) {
  if (text.empty()) return;
  const std::size_t colon = text.find(':');
  const double width = parse_quantity(text.substr(0, colon), "nm", "--pixel-size");
  const double height = colon == std::string::npos ? width : parse_quantity(text.substr(colon + 1), "nm", "--pixel-size");
  if (!(width > 0) || !(height > 0)) throw InputError(fmt::format("--pixel-size: must be greater than 0 nm, got '{}'", text));
  const auto differs = [](double file, double said) { return file > 0 && std::abs(file - said) > 1e-6 * said; };
  if (differs(image.pixel_width, width) || differs(image.pixel_height, height))
    context.warn(fmt::format("{}: pixels are taken as {:.6g} nm x {:.6g} nm as --pixel-size says; the file says {:.6g} nm x {:.6g} nm",
                             image.source, width, height, image.pixel_width, image.pixel_height));
  image.pixel_width = width, image.pixel_height = height;
}

void set_properties(Image& image, const std::string& text, FilePlace place) {
  for (const auto& [name, values] : property_lists(text)) {
    if (values.size() != 1 && values.size() != place.count)
      throw InputError(
          fmt::format("--property {}: must have one value or one for each of the {} images, got {}", name, place.count, values.size()));
    image.properties[name] = values[values.size() == 1 ? 0 : place.index];
  }
}

/// Names and units of the channels, without their values.
Curve headings(const Image& image) {
  Curve table;
  table.source = image.source;
  for (const ImageChannel& c : image.channels) table.columns.push_back({c.name, c.unit, {}});
  return table;
}

}  // namespace

Image with_roles(Image image, const ColumnRoles& roles, const ImageOptions& options, FilePlace place, std::vector<ColumnUse>& uses,
                 Context& context) {
  set_pixel_size(image, options.pixel_size, context);
  set_properties(image, options.property, place);
  CurveOptions chosen;
  chosen.columns = options.channels, chosen.column_units = options.channel_units;
  std::vector<std::string> notes;
  std::vector<RoleUse> found;
  try {
    found = role_uses(headings(image), roles, chosen, notes);
  } catch (const InputError& e) {
    throw InputError(of_channels(e.what()));
  }
  for (const std::string& note : notes) context.warn(fmt::format("{}: {}", image.source, of_channels(note)));
  std::vector<ImageChannel> channels;
  for (const RoleUse& use : found) {
    ImageChannel c{use.role->name, use.role->unit.empty() ? "1" : use.role->unit, image.channels[use.column].values};
    for (double& v : c.values) v = use.scale * v + use.shift;
    channels.push_back(std::move(c));
    if (std::none_of(uses.begin(), uses.end(), [&](const ColumnUse& known) { return known.role == use.role->name; }))
      uses.push_back({use.role->name, use.name, use.unit});
  }
  image.channels = std::move(channels);
  return image;
}

ImageInput image_input(const Analysis& analysis, const std::vector<std::string>& paths, const ImageOptions& options, Context& context) {
  std::vector<std::string> files;
  for (const std::string& spec : paths)
    for (std::string& file : curve_files(spec)) files.push_back(std::move(file));
  ImageInput input;
  for (std::size_t i = 0; i < files.size(); ++i) {
    Image image = io::read_image(files[i]);
    for (const std::string& w : image.warnings) context.warn(w.starts_with(files[i]) ? w : fmt::format("{}: {}", files[i], w));
    input.images.push_back(with_roles(std::move(image), *analysis.channels, options, {i, files.size()}, input.channels, context));
  }
  return input;
}

}  // namespace heteroglass::run
