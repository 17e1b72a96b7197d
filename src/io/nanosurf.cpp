// Nanosurf .nid: a text header in sections, then #! and the integers of all channels one after another, group by group.
//
//     [DataSet] GroupCount=2  Gr0-Name=Scan forward  Gr0-Ch1=DataSet-0:1 ...       [DataSet-0:1] Points= Lines= Dim0Range= ...
//     value = Dim2Min + Dim2Range (integer / 2^bits [+ 1/2 when signed])
//
// Frames called Scan are images, rows from the bottom up; others (Spec forward, Frequency sweep) are curves, a line of points each.
#include <algorithm>
#include <cctype>
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

/// One channel with its place in the data.
struct Block {
  std::string frame, name, unit;
  std::string x_name, x_unit, y_unit;
  int group = 0;
  std::size_t points = 0, lines = 0;
  double x_range = 0, x_min = 0, y_range = 0;
  std::vector<double> values;
  bool is_scan() const { return frame.starts_with("Scan"); }
};

struct File {
  std::map<std::string, Keys> sections;
  std::vector<Block> blocks;
};

std::string plain(std::string_view raw) {
  std::string out;
  for (const char c : raw) {
    const auto b = static_cast<unsigned char>(c);
    if (b == 0xB0 || b == 0xBA)
      out += "deg";
    else if (b == 0xB5)
      out += 'u';
    else if (b >= 32 && b < 0x80)
      out += c;
  }
  return out;
}

std::map<std::string, Keys> sections_of(std::string_view header) {
  std::map<std::string, Keys> out;
  Keys* section = &out[""];
  Lines lines(header);
  std::string_view line;
  while (lines.next(line)) {
    line = trimmed(line);
    if (line.starts_with('[') && line.ends_with(']')) {
      section = &out[plain(line.substr(1, line.size() - 2))];
    } else if (const std::size_t equals = line.find('='); equals != std::string_view::npos) {
      section->emplace(plain(line.substr(0, equals)), plain(trimmed(line.substr(equals + 1))));
    }
  }
  return out;
}

class Reader {
 public:
  Reader(const std::string& path, std::string_view bytes) : path_(path), in_(bytes, path) {
    const std::size_t end = bytes.find("#!");
    if (end == std::string_view::npos) throw FormatError(path, 0, "is cut off: the header must end with #!");
    file_.sections = sections_of(bytes.substr(0, end));
    in_.seek(end + 2, "the data");
  }

  File file() {
    const Keys& set = section("DataSet");
    const int groups = integer(set, "GroupCount", 0, 1000);
    for (int g = 0; g < groups; ++g) {
      const int channels = integer(set, fmt::format("Gr{}-Count", g), 0, 10000);
      for (int c = 0; c < channels; ++c)
        if (const auto found = set.find(fmt::format("Gr{}-Ch{}", g, c)); found != set.end()) block(found->second, g);
    }
    return std::move(file_);
  }

 private:
  const Keys& section(const std::string& name) const {
    const auto found = file_.sections.find(name);
    if (found == file_.sections.end()) throw FormatError(path_, 0, fmt::format("the header must have a section [{}], and has none", name));
    return found->second;
  }
  const std::string& text(const Keys& keys, const std::string& key) const {
    const auto found = keys.find(key);
    if (found == keys.end()) throw FormatError(path_, 0, fmt::format("the header must have '{}', and has not", key));
    return found->second;
  }
  double real(const Keys& keys, const std::string& key) const {
    double v = 0;
    if (!is_real(text(keys, key), v))
      throw FormatError(path_, 0, fmt::format("'{}' must be a number, got '{}'", key, excerpt(text(keys, key))));
    return v;
  }
  int integer(const Keys& keys, const std::string& key, int low, int high) const {
    const double v = real(keys, key);
    if (!(v >= low && v <= high)) throw FormatError(path_, 0, fmt::format("'{}' must be from {} to {}, got {}", key, low, high, v));
    return static_cast<int>(v);
  }

  void block(const std::string& name, int group) {
    const Keys& keys = section(name);
    const auto optional = [&](const char* key) { return keys.contains(key) ? keys.at(key) : std::string(); };
    Block b;
    b.group = group, b.frame = optional("Frame"), b.name = text(keys, "Dim2Name"), b.unit = optional("Dim2Unit");
    b.x_name = optional("Dim0Name"), b.x_unit = optional("Dim0Unit"), b.y_unit = optional("Dim1Unit");
    b.points = static_cast<std::size_t>(integer(keys, "Points", 1, 1 << 24));
    b.lines = static_cast<std::size_t>(integer(keys, "Lines", 1, 1 << 24));
    b.x_range = real(keys, "Dim0Range"), b.x_min = keys.contains("Dim0Min") ? real(keys, "Dim0Min") : 0;
    b.y_range = keys.contains("Dim1Range") ? real(keys, "Dim1Range") : 0;
    const int bits = integer(keys, "SaveBits", 8, 32);
    const bool is_signed = optional("SaveSign") != "Unsigned";
    if (bits != 8 && bits != 16 && bits != 32) throw FormatError(path_, 0, fmt::format("'SaveBits' must be 8, 16 or 32, got {}", bits));
    if (optional("SaveMode") == "ASCII" || optional("SaveOrder") == "Motorola")
      throw FormatError(
          path_, 0, fmt::format("data must be stored as Binary in Intel order, got {} {}", optional("SaveMode"), optional("SaveOrder")));
    const Number kind = bits == 8    ? (is_signed ? Number::i8 : Number::u8)
                        : bits == 16 ? (is_signed ? Number::i16 : Number::u16)
                                     : (is_signed ? Number::i32 : Number::u32);
    const double range = real(keys, "Dim2Range"), low = real(keys, "Dim2Min"), full = std::pow(2.0, bits), shift = is_signed ? 0.5 : 0;
    b.values = in_.numbers(kind, b.points * b.lines, "the data");
    for (double& v : b.values) v = low + range * (v / full + shift);
    file_.blocks.push_back(std::move(b));
  }

  std::string path_;
  Bytes in_;
  File file_;
};

/// "Vibration freq.=187.396kHz", of the operating parameters.
void settings(Image& image, const std::map<std::string, Keys>& sections) {
  for (const auto& [name, keys] : sections) {
    const auto frequency = keys.find("Vibration freq.");
    if (name.ends_with("Feedback") && frequency != keys.end()) {
      try {
        image.properties["drive_frequency"] = {parse_quantity(frequency->second, "Hz", "Vibration freq."), "Hz"};
      } catch (const InputError&) {
        image.warnings.push_back(fmt::format("the setting 'Vibration freq.' is not understood: '{}'", excerpt(frequency->second)));
      }
    }
    const auto stiffness = keys.find("Prop0");
    if (!name.ends_with("Cantilever") || stiffness == keys.end()) continue;
    const std::string& text = stiffness->second;  // D[48]*[N/m]
    double k = 0;
    const std::size_t close = text.find(']');
    if (text.starts_with("D[") && close != std::string::npos && text.ends_with("*[N/m]") && is_real(text.substr(2, close - 2), k) &&
        k > 0) {
      image.properties["spring_constant"] = {k, "N/m"};
      image.warnings.push_back(fmt::format("spring_constant {} N/m is nominal, of the cantilever type {}", k,
                                           keys.contains("Name") ? keys.at("Name") : "stated"));
    }
  }
}

}  // namespace

bool is_nanosurf_image(std::string_view head) {
  for (std::size_t at = head.find("-Name=Scan"); at != std::string_view::npos; at = head.find("-Name=Scan", at + 1))
    if (const std::size_t line = head.rfind('\n', at) + 1; head.substr(line, 2) == "Gr") return true;
  return false;
}

Image read_nanosurf(const std::string& path, std::string_view bytes) {
  File file = Reader(path, bytes).file();
  Image image;
  std::string others;
  for (Block& b : file.blocks) {
    if (!b.is_scan()) {
      others = b.frame;
      continue;
    }
    if (image.channels.empty()) {
      image.pixel_width = nanometres(image, b.x_range / static_cast<double>(b.points), b.x_unit, "the size of pixels");
      image.pixel_height = nanometres(image, b.y_range / static_cast<double>(b.lines), b.y_unit, "the size of pixels");
    }
    std::string name = b.name;
    if (b.frame != "Scan forward") {
      std::string direction = b.frame.substr(std::min<std::size_t>(b.frame.size(), 5));
      name = fmt::format("{} ({})", name, direction.empty() ? "scan" : direction);
    }
    turn_rows(b.values, b.points);
    add_channel(image, {name, b.unit, std::move(b.values)}, b.points, b.lines);
  }
  if (image.channels.empty())
    throw FormatError(path, 0, fmt::format("must hold an image, got {}", others.empty() ? "no data" : "curves: " + others));
  settings(image, file.sections);
  return image;
}

std::vector<Curve> read_nanosurf_spectra(const std::string& path, std::string_view bytes) {
  const File file = Reader(path, bytes).file();
  std::vector<Curve> curves;
  std::map<std::pair<int, std::size_t>, std::size_t> place;  // of a group's line
  for (const Block& b : file.blocks) {
    if (b.is_scan()) continue;
    for (std::size_t line = 0; line < b.lines; ++line) {
      const auto [at, is_new] = place.try_emplace({b.group, line}, curves.size());
      if (is_new) {
        Curve c;
        c.source = path, c.label = b.lines > 1 ? fmt::format("{} {}", b.frame, line + 1) : b.frame;
        std::vector<double> x(b.points);
        for (std::size_t k = 0; k < b.points; ++k)
          x[k] = b.x_min + (b.points > 1 ? b.x_range * static_cast<double>(k) / static_cast<double>(b.points - 1) : 0);
        c.columns.push_back({b.x_name.empty() ? "x" : b.x_name, b.x_unit, std::move(x)});
        curves.push_back(std::move(c));
      }
      Curve& c = curves[at->second];
      if (c.size() != b.points)
        throw FormatError(path, 0, fmt::format("all channels of '{}' must have {} points, got {}", b.frame, c.size(), b.points));
      const auto first = b.values.begin() + static_cast<std::ptrdiff_t>(line * b.points);
      c.columns.push_back({b.name, b.unit, {first, first + static_cast<std::ptrdiff_t>(b.points)}});
    }
  }
  if (curves.empty()) throw FormatError(path, 0, "must hold curves, got images");
  return curves;
}

}  // namespace heteroglass::io
