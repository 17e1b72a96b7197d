#include "io/image_file.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/volume_file.hpp"

namespace heteroglass::io {
namespace {

Image from_plane(const std::string& path) {
  const auto volume = open_volume(path);
  const auto size = volume->size();
  if (size[2] != 1) throw FormatError(path, 0, fmt::format("an image must have one page, got {}", size[2]));
  Image image;
  image.source = path, image.width = size[0], image.height = size[1];
  std::vector<float> grey(image.size());
  volume->plane(0, grey);
  image.channels.push_back({"grey", "1", {grey.begin(), grey.end()}});
  return image;
}

}  // namespace

Image read_image(const std::string& path) { return from_plane(path); }

}  // namespace heteroglass::io
