/// Maps of one place: channels of equal size on a grid of pixels, as microscopes and indenters write them.
///
/// Conventions of the images that an analysis is handed (run/image_input.hpp makes them):
///   - channels are the roles found in the file, by the names of the roles, in their units;
///   - values stand row by row, the top row first; a masked or missing pixel is NaN;
///   - pixels may be oblong; a size of zero means that neither the file nor the user says it;
///   - properties hold what the header or the user says of the whole image: `spring_constant`, `quality`, `drive_frequency`, ...
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/curve.hpp"

namespace heteroglass {

struct ImageChannel {
  std::string name;
  std::string unit;  ///< empty: the file does not say
  std::vector<double> values;
};

struct Image {
  std::string source;  ///< file, for messages
  std::string label;   ///< what the file calls it; empty: nothing
  std::size_t width = 0, height = 0;
  double pixel_width = 0, pixel_height = 0;  ///< [nm]
  std::vector<ImageChannel> channels;
  std::vector<std::string> warnings;
  std::map<std::string, CurveProperty> properties;

  std::size_t size() const { return width * height; }
  /// nullptr when there is no such channel.
  const ImageChannel* find(const std::string& name) const;
  /// @throws InputError naming the channels there are.
  const ImageChannel& at(const std::string& name) const;
  /// A property in `unit`; nothing when the image does not have it. @throws InputError for a unit of another dimension
  std::optional<double> property(const std::string& name, const std::string& unit) const;
};

}  // namespace heteroglass
