// Gwyddion's own format: the word GWYP and one serialised object, a GwyContainer of named items.
//
//     object    := name \0  u32 size  component*          (size: bytes of the components)
//     component := name \0  type  value                   type: b c i q d s o, capitals: u32 count and so many of them
//
// Data fields are at /N/data, their titles at /N/data/title, masks at /N/mask, settings of the instrument at /N/meta.
// Source: Gwyddion user guide, "Gwyddion Native Data Files", gwyddion.net/documentation/user-guide-en/gwyfile-format.html.
#include <cmath>
#include <map>
#include <set>

#include "core/error.hpp"
#include "io/bytes.hpp"
#include "io/image_format.hpp"
#include "io/number.hpp"

namespace heteroglass::io {
namespace {

struct Field {
  double width = 0, height = 0, real_width = 0, real_height = 0;
  std::string lateral_unit, unit;
  std::vector<double> values;
};

using Texts = std::vector<std::pair<std::string, std::string>>;

struct Content {
  std::map<int, Field> data, mask;
  std::map<int, std::string> title;
  std::map<int, Texts> meta;
  std::set<std::string> others;  ///< kinds of data that are not images
};

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& path) : in_(bytes, path), path_(path) {}

  Content content() {
    in_.seek(4, "the header");
    const std::string_view kind = in_.text("the name of the container");
    if (kind != "GwyContainer") throw FormatError(path_, 0, "a Gwyddion file must begin with a GwyContainer, and does not");
    components(in_.get<std::uint32_t>("the container"), 0, [&](const std::string& name, char type) { item(name, type); });
    return std::move(found_);
  }

 private:
  static constexpr int deepest = 20;

  /// Calls `each` at the value of every component within the next `size` bytes.
  template <class Each> void components(std::size_t size, int depth, Each each) {
    if (depth > deepest) throw FormatError(path_, 0, fmt::format("objects must not be nested deeper than {}", deepest));
    if (size > in_.left()) in_.truncated("an object", in_.position() + size);
    const std::size_t end = in_.position() + size;
    while (in_.position() < end) {
      const std::string name(in_.text("the name of an item"));
      const char type = in_.get<char>("the type of an item");
      each(name, type);
    }
    if (in_.position() != end) throw FormatError(path_, 0, fmt::format("damaged: an object does not end where it says, at byte {}", end));
  }

  void skip(char type, int depth) {
    switch (type) {
      case 'b':
      case 'c':
        in_.take(1, "a value");
        return;
      case 'i':
        in_.take(4, "a value");
        return;
      case 'q':
      case 'd':
        in_.take(8, "a value");
        return;
      case 's':
        in_.text("a text");
        return;
      case 'o':
        in_.text("the name of an object");
        in_.take(in_.get<std::uint32_t>("an object"), "an object");
        return;
      default:
        break;
    }
    const std::size_t n = in_.get<std::uint32_t>("an array");
    const std::size_t each = type == 'C' ? 1 : type == 'I' ? 4 : type == 'Q' || type == 'D' ? 8 : 0;
    if (each > 0) {
      if (n > in_.left() / each) in_.truncated("an array", in_.position() + n * each);
      in_.take(n * each, "an array");
    } else if (type == 'S' || type == 'O') {
      if (n > in_.left()) in_.truncated("an array", in_.position() + n);
      for (std::size_t k = 0; k < n; ++k) skip(type == 'S' ? 's' : 'o', depth);
    } else {
      throw FormatError(path_, 0, fmt::format("damaged: an item at byte {} has no type that is known", in_.position()));
    }
  }

  /// Number and rest of "/12/data/title"; -1: not of a channel.
  static int number(const std::string& key, std::string& rest) {
    int n = 0;
    if (key.size() < 3 || key[0] != '/') return -1;
    const auto [behind, status] = std::from_chars(key.data() + 1, key.data() + key.size(), n);
    if (status != std::errc() || behind == key.data() + key.size() || *behind != '/') return -1;
    rest.assign(behind + 1, key.data() + key.size());
    return n;
  }

  void item(const std::string& key, char type) {
    std::string rest;
    const int n = number(key, rest);
    if (n >= 0 && type == 's' && rest == "data/title") {
      found_.title[n] = in_.text("a title");
      return;
    }
    if (type != 'o') return skip(type, 0);
    const std::string kind(in_.text("the name of an object"));
    const std::size_t size = in_.get<std::uint32_t>("an object");
    if (n >= 0 && rest == "data" && kind == "GwyDataField") {
      found_.data[n] = field(size);
    } else if (n >= 0 && rest == "mask" && kind == "GwyDataField") {
      found_.mask[n] = field(size);
    } else if (n >= 0 && rest == "meta" && kind == "GwyContainer") {
      Texts& texts = found_.meta[n];
      components(size, 1, [&](const std::string& name, char t) {
        if (t == 's') return void(texts.emplace_back(name, std::string(in_.text("a setting"))));
        skip(t, 1);
      });
    } else {
      for (const char* other : {"GwyBrick", "GwySurface", "GwyLawn", "GwyGraphModel", "GwySpectra"})
        if (kind == other) found_.others.insert(kind.substr(3));
      in_.take(size, "an object");
    }
  }

  Field field(std::size_t size) {
    Field f;
    components(size, 1, [&](const std::string& name, char type) {
      if (type == 'i' && name == "xres") {
        f.width = in_.get<std::int32_t>("a size");
      } else if (type == 'i' && name == "yres") {
        f.height = in_.get<std::int32_t>("a size");
      } else if (type == 'd' && name == "xreal") {
        f.real_width = in_.get<double>("a size");
      } else if (type == 'd' && name == "yreal") {
        f.real_height = in_.get<double>("a size");
      } else if (type == 'o' && (name == "si_unit_xy" || name == "si_unit_z")) {
        (name == "si_unit_z" ? f.unit : f.lateral_unit) = unit();
      } else if (type == 'D' && name == "data") {
        const std::size_t n = in_.get<std::uint32_t>("the pixels");
        f.values = in_.numbers(Number::f64, n, "the pixels");
      } else {
        skip(type, 1);
      }
    });
    if (!(f.width >= 1) || !(f.height >= 1) || f.width * f.height != static_cast<double>(f.values.size()))
      throw FormatError(path_, 0,
                        fmt::format("damaged: {} x {} pixels must have so many values, got {}", f.width, f.height, f.values.size()));
    return f;
  }

  std::string unit() {
    in_.text("the name of a unit");
    std::string text;
    components(in_.get<std::uint32_t>("a unit"), 2, [&](const std::string& name, char type) {
      if (type == 's' && name == "unitstr") return void(text = in_.text("a unit"));
      skip(type, 2);
    });
    return text;
  }

  Bytes in_;
  std::string path_;
  Content found_;
};

/// In Gwyddion a mask marks pixels; here marked pixels are left out.
void apply(const Field& mask, ImageChannel& channel, Image& image) {
  if (mask.values.size() != channel.values.size()) return;
  std::size_t marked = 0;
  for (std::size_t i = 0; i < mask.values.size(); ++i)
    if (mask.values[i] >= 0.5) channel.values[i] = NAN, ++marked;
  if (marked > 0) image.warnings.push_back(fmt::format("channel '{}': the {} pixels under its mask are left out", channel.name, marked));
}

}  // namespace

Image read_gwyddion(const std::string& path, std::string_view bytes) {
  if (bytes.starts_with("GWYO"))
    throw FormatError(
        path, 0, "must be a Gwyddion file of version 2 (GWYP), got the old format of Gwyddion 1 (GWYO): save it again with Gwyddion 2");
  Content content = Reader(bytes, path).content();
  if (content.data.empty())
    throw FormatError(
        path, 0,
        fmt::format("must hold an image, got {}", content.others.empty() ? "none" : fmt::format("{}", fmt::join(content.others, ", "))));
  Image image;
  for (auto& [n, f] : content.data) {
    ImageChannel channel{content.title.contains(n) ? content.title[n] : fmt::format("channel {}", n), f.unit, std::move(f.values)};
    if (content.mask.contains(n)) apply(content.mask[n], channel, image);
    const double w = nanometres(image, f.real_width / f.width, f.lateral_unit, "the size of pixels");
    const double h = nanometres(image, f.real_height / f.height, f.lateral_unit, "the size of pixels");
    if (image.channels.empty()) image.pixel_width = w, image.pixel_height = h;
    if (std::abs(w - image.pixel_width) > 1e-6 * w || std::abs(h - image.pixel_height) > 1e-6 * h) {
      image.warnings.push_back(
          fmt::format("channel '{}' is left out: its pixels are {:.6g} nm x {:.6g} nm, the others' {:.6g} nm x {:.6g} nm", channel.name, w,
                      h, image.pixel_width, image.pixel_height));
      continue;
    }
    add_channel(image, std::move(channel), static_cast<std::size_t>(f.width), static_cast<std::size_t>(f.height));
    if (content.meta.contains(n)) add_asylum_note(image, content.meta[n]);
  }
  return image;
}

}  // namespace heteroglass::io
