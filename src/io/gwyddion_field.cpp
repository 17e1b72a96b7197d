// Gwyddion Simple Field: a text header `key = value`, one to four zero bytes up to a multiple of four, 32-bit reals.
// Source: Gwyddion user guide, "Gwyddion Simple Field", gwyddion.net/documentation/user-guide-en/gsf.html.
#include <map>

#include "core/error.hpp"
#include "io/bytes.hpp"
#include "io/image_format.hpp"
#include "io/number.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {

Image read_gwyddion_field(const std::string& path, std::string_view bytes) {
  const std::size_t end = bytes.find('\0');
  if (end == std::string_view::npos) throw FormatError(path, 0, "is cut off: the header must end with a zero byte");
  Lines lines(bytes.substr(0, end));
  std::string_view line;
  lines.next(line);
  std::map<std::string, std::string> keys;
  while (lines.next(line)) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      if (trimmed(line).empty()) continue;
      throw FormatError(path, lines.number(), fmt::format("a header line must be KEY = VALUE, got '{}'", excerpt(line)));
    }
    keys[std::string(trimmed(line.substr(0, equals)))] = trimmed(line.substr(equals + 1));
  }
  const auto number = [&](const char* key, double missing) {
    if (!keys.contains(key)) return missing;
    double v = 0;
    if (!is_real(keys[key], v)) throw FormatError(path, 0, fmt::format("{} must be a number, got '{}'", key, excerpt(keys[key])));
    return v;
  };
  for (const char* key : {"XRes", "YRes"})
    if (!keys.contains(key)) throw FormatError(path, 0, fmt::format("the header must have {}, and has not", key));
  const double width = number("XRes", 0), height = number("YRes", 0);
  const std::size_t n = pixel_count(path, width, height, bytes.size());
  Bytes data(bytes, path);
  data.seek(end + 4 - end % 4, "the pixels");
  Image image;
  image.label = keys["Title"];
  const std::string lateral = keys["XYUnits"];
  image.pixel_width = nanometres(image, number("XReal", 0) / width, lateral, "the size of pixels");
  image.pixel_height = nanometres(image, number("YReal", 0) / height, lateral, "the size of pixels");
  ImageChannel channel{keys["Title"].empty() ? "data" : keys["Title"], keys["ZUnits"], data.numbers(Number::f32, n, "the pixels")};
  if (data.left() >= 4) image.warnings.push_back(fmt::format("{} bytes after the pixels are not read", data.left()));
  add_channel(image, std::move(channel), static_cast<std::size_t>(width), static_cast<std::size_t>(height));
  return image;
}

}  // namespace heteroglass::io
