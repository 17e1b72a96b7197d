// A matrix of numbers as text: a row of the image a line, from the top; blanks, tabs, commas or semicolons between numbers, decimal
// points, or decimal commas where a comma does not separate. Lines from # on are comments; those that Gwyddion writes are understood:
//     # Channel: Height     # Width: 4.0 um     # Height: 4.0 um     # Value units: m
#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "io/encoding.hpp"
#include "io/image_format.hpp"
#include "io/number.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

struct Style {
  char separator = ' ';  ///< ' ': any blanks
  bool decimal_comma = false;
};

Style style_of(std::string_view line) {
  const bool comma = line.find(',') != std::string_view::npos;
  for (const char s : {';', '\t'})
    if (line.find(s) != std::string_view::npos) return {s, comma};
  if (!comma) return {};
  if (line.find(", ") != std::string_view::npos || words(line).size() == 1) return {',', false};
  return {' ', true};
}

std::vector<std::string_view> cells(std::string_view line, char separator) {
  if (separator == ' ') return words(line);
  std::vector<std::string_view> out;
  for (std::size_t at = 0;;) {
    const std::size_t end = line.find(separator, at);
    out.push_back(trimmed(line.substr(at, end - at)));
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  if (out.back().empty()) out.pop_back();  // a separator closes the line
  return out;
}

double number(std::string_view cell, const Style& style, const std::string& path, std::size_t line) {
  std::string text(cell);
  if (style.decimal_comma) std::replace(text.begin(), text.end(), ',', '.');
  double v = 0;
  if (is_real(text, v)) return v;
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (text.empty() || text == "nan" || text == "--" || text == "n/a") return NAN;
  throw FormatError(path, line, fmt::format("an image must be rows of numbers, got '{}'", excerpt(cell)));
}

struct Comments {
  std::string channel, unit, width, height;

  void read(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view key = trimmed(line.substr(0, colon));
    const std::string value(trimmed(line.substr(colon + 1)));
    if (key == "Channel") channel = value;
    if (key == "Value units") unit = value;
    if (key == "Width") width = value;
    if (key == "Height") height = value;
  }
};

double pixel(Image& image, const std::string& length, std::size_t n) {
  if (length.empty()) return 0;
  try {
    return parse_quantity(length, "nm", "width") / static_cast<double>(n);
  } catch (const InputError&) {
    image.warnings.push_back(fmt::format("the size '{}' of the image is not understood: give --pixel-size", excerpt(length)));
    return 0;
  }
}

}  // namespace

Image read_text_matrix(const std::string& path, std::string_view bytes) {
  const std::string text = decoded(bytes, path).text;
  Lines lines(text);
  std::string_view line;
  Comments comments;
  Style style;
  std::size_t width = 0, height = 0;
  std::vector<double> values;
  while (lines.next(line)) {
    line = trimmed(line);
    if (line.empty()) continue;
    if (line.front() == '#') {
      comments.read(line.substr(1));
      continue;
    }
    if (height == 0) style = style_of(line);
    const std::vector<std::string_view> row = cells(line, style.separator);
    for (const std::string_view cell : row) values.push_back(number(cell, style, path, lines.number()));
    if (height == 0) width = row.size();
    if (row.size() != width)
      throw FormatError(path, lines.number(),
                        fmt::format("all rows of an image must have {} numbers as the first, got {}", width, row.size()));
    ++height;
  }
  if (width < 2 || height < 2)
    throw FormatError(path, 0, fmt::format("an image must have two rows and columns or more, got {} x {}", width, height));
  Image image;
  image.label = comments.channel;
  image.pixel_width = pixel(image, comments.width, width), image.pixel_height = pixel(image, comments.height, height);
  add_channel(image, {comments.channel.empty() ? "data" : comments.channel, comments.unit, std::move(values)}, width, height);
  return image;
}

}  // namespace heteroglass::io
