// Bruker (Veeco, Digital Instruments) Nanoscope images, version 4.3 and later: a text header of sections and `\key: value` lines, then
// integers, rows from the bottom up.
//
//     \@2:Z scale: V [Sens. Zsens] (0.0067 V/LSB) 440.0 V      value = integer / 2^(8 bytes) * 440.0 V * (value of \@Sens. Zsens)
//
// Bytes a pixel are the length of the data over the number of pixels: from version 9.2 on the header's own entry is wrong.
// Source: Bruker, NanoScope Software 8.10 User Guide, appendix on file formats (CIAO parameters).
#include <cmath>
#include <map>

#include "core/error.hpp"
#include "core/units.hpp"
#include "io/bytes.hpp"
#include "io/image_format.hpp"
#include "io/number.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

using Keys = std::map<std::string, std::string>;

struct Header {
  Keys all;  ///< of every section but those of images; the first entry of a key
  std::vector<Keys> images;
  bool force = false;
};

/// Latin-1 as the units and names in these files need it.
std::string plain(std::string_view raw) {
  std::string out;
  for (const char c : raw) {
    const auto b = static_cast<unsigned char>(c);
    if (b == 0xB0 || b == 0xBA)
      out += "deg";
    else if (b == 0xB5 || c == '~')
      out += 'u';
    else if (b < 0x80 && b >= 32)
      out += c;
  }
  return out;
}

Header header_of(std::string_view bytes, const std::string& path) {
  Header h;
  Lines lines(bytes.substr(0, std::min(bytes.find('\x1a'), std::size_t{1} << 20)));
  std::string_view line;
  Keys* section = &h.all;
  bool ended = false;
  while (!ended && lines.next(line)) {
    if (line.starts_with("\\*")) {
      const std::string name = plain(line.substr(2));
      ended = name.starts_with("File list end");
      if (name.starts_with("Force file list") || name.starts_with("Ciao force image list")) h.force = true;
      section = name.starts_with("Ciao image list") ? &h.images.emplace_back() : &h.all;
      continue;
    }
    if (!line.starts_with("\\")) continue;
    std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    section->emplace(plain(line.substr(1, colon - 1)), plain(trimmed(line.substr(colon + 1))));
  }
  if (!ended) throw FormatError(path, lines.number(), "is cut off: the header must end with \\*File list end");
  return h;
}

struct Quantity {
  double value = NAN;
  std::string unit, soft;  ///< name of the sensitivity that multiplies it
};

/// "V [Sens. Zsens] (0.0067 V/LSB) 440.0 V"; only the last two parts must be there.
Quantity ciao_value(std::string_view text) {
  Quantity q;
  text = trimmed(text);
  if (text.size() > 1 && (text[0] == 'V' || text[0] == 'C') && text[1] == ' ') text = trimmed(text.substr(2));
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return q;
    q.soft = text.substr(1, end - 1);
    text = trimmed(text.substr(end + 1));
  }
  if (text.starts_with('(')) {
    const std::size_t end = text.find(')');
    if (end == std::string_view::npos) return q;
    text = trimmed(text.substr(end + 1));
  }
  const std::size_t blank = std::min(text.find(' '), text.size());
  if (!is_real(text.substr(0, blank), q.value)) q.value = NAN;
  q.unit = trimmed(text.substr(blank));
  return q;
}

/// Entry whose name is `@2:NAME`, whatever its number.
const std::string* grouped(const Keys& keys, std::string_view name) {
  for (const auto& [key, value] : keys)
    if (key.starts_with('@') && key.size() > 3 && key[2] == ':' && key.substr(3) == name) return &value;
  return nullptr;
}

/// A product of units as one of the usual ones, where it is one.
void simplify(double& factor, std::string& unit) {
  if (unit.empty()) return;
  for (const char* simple : {"nm", "V", "deg", "nN", "GPa", "Hz", "nA", "N/m", "eV", "1"}) {
    try {
      const double f = convert(1, unit, simple);
      factor *= f, unit = simple;
      return;
    } catch (const InputError&) {
    }
  }
}

double whole(const Keys& keys, const char* key, const std::string& path) {
  const auto found = keys.find(key);
  double v = 0;
  if (found == keys.end()) throw FormatError(path, 0, fmt::format("the header of an image must have '{}', and has not", key));
  if (!is_real(std::string_view(found->second).substr(0, found->second.find(' ')), v) || v < 0 || v > 1e12)
    throw FormatError(path, 0, fmt::format("'{}' must be a positive number, got '{}'", key, excerpt(found->second)));
  return std::floor(v);
}

/// "10 5 um" or "2000 nm": width and height of the scan in nm.
std::pair<double, double> scan_size(Image& image, const Keys& keys, const Keys& all, double lines_per_width) {
  for (const Keys* k : {&keys, &all})
    for (const char* name : {"Scan Size", "Scan size"}) {
      const auto found = k->find(name);
      if (found == k->end()) continue;
      const std::vector<std::string_view> w = words(found->second);
      double x = 0, y = 0;
      if (w.size() == 3 && is_real(w[0], x) && is_real(w[1], y))
        return {nanometres(image, x, std::string(w[2]), "the scan size"), nanometres(image, y, std::string(w[2]), "the scan size")};
      if (w.size() == 2 && is_real(w[0], x)) {
        const double width = nanometres(image, x, std::string(w[1]), "the scan size");
        return {width, width * lines_per_width};
      }
    }
  return {0, 0};
}

/// Height over width of the scanned field, from "\Aspect Ratio: 2:1" (width to height).
double aspect(const Keys& keys) {
  const auto found = keys.find("Aspect Ratio");
  if (found == keys.end()) return 1;
  const std::size_t colon = found->second.find(':');
  double a = 0, b = 0;
  if (colon == std::string::npos || !is_real(trimmed(std::string_view(found->second).substr(0, colon)), a) ||
      !is_real(trimmed(std::string_view(found->second).substr(colon + 1)), b) || !(a > 0) || !(b > 0))
    return 1;
  return b / a;
}

/// Full range of the integers in the channel's unit.
Quantity scale_of(const Keys& keys, const Header& h, const std::string& channel, Image& image, const std::string& path) {
  const std::string* text = grouped(keys, "Z scale");
  if (!text)
    throw FormatError(path, 0, fmt::format("channel '{}' must have a '@2:Z scale' (Nanoscope 4.3 and later), and has none", channel));
  Quantity q = ciao_value(*text);
  if (!std::isfinite(q.value))
    throw FormatError(path, 0, fmt::format("'Z scale' of channel '{}' must hold a number, got '{}'", channel, excerpt(*text)));
  if (!q.soft.empty()) {
    const auto sensitivity = h.all.find("@" + q.soft);
    if (sensitivity == h.all.end()) {
      image.warnings.push_back(
          fmt::format("channel '{}' is in {}: its '{}' is not in the file", channel, q.unit.empty() ? "no unit" : q.unit, q.soft));
    } else {
      const Quantity s = ciao_value(sensitivity->second);
      if (!std::isfinite(s.value))
        throw FormatError(path, 0, fmt::format("'{}' must hold a number, got '{}'", q.soft, excerpt(sensitivity->second)));
      q.value *= s.value;
      if (!s.unit.empty()) q.unit = q.unit.empty() ? s.unit : fmt::format("({})*({})", s.unit, q.unit);
    }
  }
  simplify(q.value, q.unit);
  if (q.unit.empty() && channel.starts_with("Phase")) q.unit = "deg";
  if (q.unit.empty()) image.warnings.push_back(fmt::format("channel '{}' has no unit: give --channel-units", channel));
  return q;
}

std::string channel_name(const Keys& keys, const Image& image) {
  const std::string* text = grouped(keys, "Image Data");
  std::string name = text ? *text : "data";
  if (const std::size_t quote = name.find('"'); quote != std::string::npos)
    name = name.substr(quote + 1, name.find('"', quote + 1) - quote - 1);
  else if (const std::size_t bracket = name.find('['); bracket != std::string::npos)
    name = name.substr(bracket + 1, name.find(']', bracket) - bracket - 1);
  const auto direction = keys.find("Line Direction");
  if (image.find(name) && direction != keys.end()) name += fmt::format(" ({})", direction->second);
  return name;
}

void add(Image& image, const Keys& keys, const Header& h, std::string_view bytes, const std::string& path) {
  const std::string name = channel_name(keys, image);
  const double w = whole(keys, "Samps/line", path), rows = whole(keys, "Number of lines", path), offset = whole(keys, "Data offset", path),
               length = whole(keys, "Data length", path);
  const std::size_t n = pixel_count(path, w, rows, bytes.size());
  double each = length / (w * rows);
  if (each != 1 && each != 2 && each != 4) each = keys.contains("Bytes/pixel") ? whole(keys, "Bytes/pixel", path) : 0;
  if (each != 1 && each != 2 && each != 4)
    throw FormatError(path, 0,
                      fmt::format("channel '{}' must have 1, 2 or 4 bytes a pixel, got {} bytes for {} x {}", name, length, w, rows));
  const Quantity q = scale_of(keys, h, name, image, path);
  Bytes in(bytes, path);
  in.seek(static_cast<std::size_t>(offset), "the pixels");
  ImageChannel c{name, q.unit, in.numbers(each == 1 ? Number::i8 : each == 2 ? Number::i16 : Number::i32, n, "the pixels")};
  const double factor = q.value / std::pow(256.0, each);
  for (double& v : c.values) v *= factor;
  turn_rows(c.values, static_cast<std::size_t>(w));
  if (image.channels.empty()) {
    const auto [x, y] = scan_size(image, keys, h.all, aspect(keys.contains("Aspect Ratio") ? keys : h.all));
    image.pixel_width = x / w, image.pixel_height = y / rows;
  }
  add_channel(image, std::move(c), static_cast<std::size_t>(w), static_cast<std::size_t>(rows));
}

void add_settings(Image& image, const Header& h) {
  const auto put = [&](const char* name, const char* key, const char* unit) {
    const Keys& keys = h.images.front().contains(key) ? h.images.front() : h.all;
    const auto found = keys.find(key);
    if (found == keys.end()) return;
    Quantity q = ciao_value(found->second);
    if (!(q.value > 0)) return;
    try {
      image.properties[name] = {q.unit.empty() ? q.value : convert(q.value, q.unit, unit), unit};
    } catch (const InputError&) {
      image.warnings.push_back(fmt::format("the setting '{}' of the file is not understood: '{}'", key, excerpt(found->second)));
    }
  };
  put("spring_constant", "Spring Constant", "N/m");
  put("inverse_optical_lever_sensitivity", "@Sens. DeflSens", "nm/V");
  put("inverse_optical_lever_sensitivity", "@Sens. Deflection", "nm/V");
}

}  // namespace

Image read_nanoscope(const std::string& path, std::string_view bytes) {
  const Header h = header_of(bytes, path);
  if (h.images.empty())
    throw FormatError(path, 0, h.force ? "must hold an image, got force curves" : "must hold an image ('Ciao image list'), got none");
  Image image;
  for (const Keys& keys : h.images) add(image, keys, h, bytes, path);
  add_settings(image, h);
  return image;
}

}  // namespace heteroglass::io
