#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "core/error.hpp"
#include "io/volume_file.hpp"

namespace heteroglass::io {
namespace {

namespace fs = std::filesystem;

enum class Sample { u8, i8, u16, i16, u32, i32, f32, f64 };

struct Layout {
  std::array<std::size_t, 3> size{1, 1, 1};
  std::array<double, 3> spacing{};
  std::string spacing_unit;
  Sample sample = Sample::u8;
  bool big_endian = false;
  fs::path data;
  std::uint64_t offset = 0;
};

std::size_t bytes(Sample s) {
  switch (s) {
    case Sample::u8:
    case Sample::i8:
      return 1;
    case Sample::u16:
    case Sample::i16:
      return 2;
    case Sample::f64:
      return 8;
    default:
      return 4;
  }
}

const std::map<std::string, Sample>& sample_names() {
  static const std::map<std::string, Sample> names = {
      {"unsigned char", Sample::u8}, {"uchar", Sample::u8},           {"uint8", Sample::u8},         {"uint8_t", Sample::u8},
      {"met_uchar", Sample::u8},     {"signed char", Sample::i8},     {"int8", Sample::i8},          {"int8_t", Sample::i8},
      {"met_char", Sample::i8},      {"unsigned short", Sample::u16}, {"ushort", Sample::u16},       {"uint16", Sample::u16},
      {"uint16_t", Sample::u16},     {"met_ushort", Sample::u16},     {"short", Sample::i16},        {"int16", Sample::i16},
      {"int16_t", Sample::i16},      {"met_short", Sample::i16},      {"unsigned int", Sample::u32}, {"uint", Sample::u32},
      {"uint32", Sample::u32},       {"uint32_t", Sample::u32},       {"met_uint", Sample::u32},     {"int", Sample::i32},
      {"int32", Sample::i32},        {"int32_t", Sample::i32},        {"met_int", Sample::i32},      {"float", Sample::f32},
      {"met_float", Sample::f32},    {"double", Sample::f64},         {"met_double", Sample::f64},
  };
  return names;
}

std::string lower(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return char(std::tolower(c)); });
  return s;
}

std::string trimmed(const std::string& s) {
  const auto from = s.find_first_not_of(" \t\r"), to = s.find_last_not_of(" \t\r");
  return from == std::string::npos ? "" : s.substr(from, to - from + 1);
}

/// Of NRRD `spacings: 0.5 0.5 0.5` or `space directions: (0.5,0,0) (0,0.5,0) (0,0,0.5)`, of MetaImage `ElementSpacing = 0.5 0.5 0.5`:
/// as many lengths as there are dimensions, or zeros.
std::array<double, 3> spacing_of(std::map<std::string, std::string>& keys, std::size_t dimension) {
  std::array<double, 3> s{};
  std::string text = keys["space directions"];
  const bool vectors = !text.empty();
  for (const char* key : {"spacings", "elementspacing", "elementsize"})
    if (text.empty()) text = keys[key];
  std::replace(text.begin(), text.end(), ',', ' ');
  std::istringstream in(text);
  for (std::size_t i = 0; i < dimension && in; ++i) {
    double v[3] = {}, square = 0;
    if (vectors) in.ignore(64, '(');
    for (std::size_t k = 0; k < (vectors ? dimension : 1) && in >> v[k]; ++k) square += v[k] * v[k];
    s[i] = std::sqrt(square);
    if (vectors) in.ignore(64, ')');
  }
  if (!in || !std::all_of(s.begin(), s.begin() + std::ptrdiff_t(dimension), [](double v) { return v > 0 && std::isfinite(v); })) return {};
  return s;
}

/// NRRD `space units: "um" "um" "um"` or `units: ...`; empty unless all are the same. MetaImage does not say.
std::string spacing_unit_of(std::map<std::string, std::string>& keys) {
  std::istringstream in(keys["space units"].empty() ? keys["units"] : keys["space units"]);
  std::string first, word;
  while (in >> word) {
    std::erase(word, '"');
    if (first.empty()) first = word;
    if (word != first) return {};
  }
  return first;
}

Layout layout_of(const std::string& header) {
  std::ifstream in(header, std::ios::binary);
  if (!in) throw FormatError(header, 0, "cannot be read");
  std::map<std::string, std::string> keys;
  std::string line;
  std::size_t number = 0;
  bool nrrd = false;
  while (std::getline(in, line)) {
    ++number;
    line = trimmed(line);
    if (number == 1) {
      nrrd = line.starts_with("NRRD");
      if (nrrd) continue;
    }
    if (nrrd && line.empty()) break;
    if (line.empty() || line[0] == '#') continue;
    const std::size_t at = line.find(nrrd ? ':' : '=');
    if (at == std::string::npos || number > 500)
      throw FormatError(header, number, "a header line must be KEY: VALUE (NRRD) or KEY = VALUE (MetaImage)");
    const std::string key = lower(trimmed(line.substr(0, at)));
    keys[key] = trimmed(line.substr(at + 1));
    if (!nrrd && key == "elementdatafile") break;
  }
  const auto value = [&](const char* n, const char* m) {
    const std::string key = nrrd ? n : m;
    if (!keys.contains(key)) throw FormatError(header, 0, fmt::format("the header must have '{}', and has not", key));
    return keys[key];
  };
  Layout l;
  const std::string type = lower(value("type", "elementtype"));
  if (!sample_names().contains(type))
    throw FormatError(header, 0, fmt::format("the type of grey values must be an integer or real type, got '{}'", type));
  l.sample = sample_names().at(type);
  std::istringstream sizes(value("sizes", "dimsize"));
  std::size_t dimension = 0;
  for (std::size_t n; sizes >> n; ++dimension) {
    if (dimension > 2) throw FormatError(header, 0, "must have two or three dimensions, got more");
    l.size[dimension] = n;
  }
  if (dimension < 2) throw FormatError(header, 0, fmt::format("must have two or three dimensions, got {}", dimension));
  if (nrrd && lower(value("encoding", "")) != "raw")
    throw FormatError(header, 0, fmt::format("encoding must be raw, got '{}'", keys["encoding"]));
  if (!nrrd && lower(keys["compresseddata"]) == "true")
    throw FormatError(header, 0, "compressed MetaImage data are not read; save them uncompressed");
  l.big_endian = nrrd ? lower(keys["endian"]) == "big"
                      : lower(keys["binarydatabyteordermsb"]) == "true" || lower(keys["elementbyteordermsb"]) == "true";
  if (nrrd && bytes(l.sample) > 1 && !keys.contains("endian")) throw FormatError(header, 0, "the header must have 'endian', and has not");
  l.spacing = spacing_of(keys, dimension), l.spacing_unit = spacing_unit_of(keys);
  const std::string file = nrrd ? (keys.contains("data file") ? keys["data file"] : keys["datafile"]) : value("", "elementdatafile");
  const bool attached = nrrd ? file.empty() : file == "LOCAL";
  l.data = attached ? fs::path(header) : fs::path(header).parent_path() / file;
  l.offset = attached ? std::uint64_t(in.tellg()) : 0;
  return l;
}

class RawVolume : public Volume {
 public:
  explicit RawVolume(const std::string& header) : header_(header), layout_(layout_of(header)), file_(layout_.data, std::ios::binary) {
    if (!file_) throw FormatError(header, 0, fmt::format("its data file {} cannot be read", layout_.data.string()));
    const std::uint64_t need = std::uint64_t{layout_.size[0]} * layout_.size[1] * layout_.size[2] * bytes(layout_.sample);
    const std::uint64_t have = fs::file_size(layout_.data) - layout_.offset;
    if (need == 0) throw FormatError(header, 0, "sizes must be positive");
    if (have != need)
      throw FormatError(layout_.data.string(), 0, fmt::format("must hold {} bytes of grey values by its header, got {}", need, have));
  }
  std::array<std::size_t, 3> size() const override { return layout_.size; }
  std::string source() const override { return header_; }
  std::array<double, 3> spacing() const override { return layout_.spacing; }
  std::string spacing_unit() const override { return layout_.spacing_unit; }
  std::string stored_as() const override {
    const bool real = layout_.sample == Sample::f32 || layout_.sample == Sample::f64;
    return fmt::format("{}-bit {}", 8 * bytes(layout_.sample), real ? "real" : "integer");
  }
  void plane(std::size_t z, std::span<float> out) const override {
    const std::size_t n = layout_.size[0] * layout_.size[1], width = bytes(layout_.sample);
    std::vector<char> raw(n * width);
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(layout_.offset + std::uint64_t{z} * raw.size()));
    if (!file_.read(raw.data(), static_cast<std::streamsize>(raw.size())))
      throw FormatError(layout_.data.string(), 0, fmt::format("plane {} of {} cannot be read", z + 1, layout_.size[2]));
    if (layout_.big_endian != (std::endian::native == std::endian::big))
      for (std::size_t i = 0; i < n; ++i)
        std::reverse(raw.begin() + std::ptrdiff_t(i * width), raw.begin() + std::ptrdiff_t((i + 1) * width));
    switch (layout_.sample) {
      case Sample::u8:
        return copy<std::uint8_t>(raw, out);
      case Sample::i8:
        return copy<std::int8_t>(raw, out);
      case Sample::u16:
        return copy<std::uint16_t>(raw, out);
      case Sample::i16:
        return copy<std::int16_t>(raw, out);
      case Sample::u32:
        return copy<std::uint32_t>(raw, out);
      case Sample::i32:
        return copy<std::int32_t>(raw, out);
      case Sample::f32:
        return copy<float>(raw, out);
      case Sample::f64:
        return copy<double>(raw, out);
    }
  }

 private:
  template <class T> static void copy(const std::vector<char>& raw, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      T v;
      std::memcpy(&v, raw.data() + i * sizeof(T), sizeof(T));
      out[i] = static_cast<float>(v);
    }
  }
  std::string header_;
  Layout layout_;
  mutable std::ifstream file_;
};

}  // namespace

std::unique_ptr<Volume> open_raw_volume(const std::string& header) { return std::make_unique<RawVolume>(header); }

std::unique_ptr<Volume> open_volume(const std::string& path, const std::string& dataset) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw FormatError(path, 0, "cannot be read");
  char head[12] = {};
  in.read(head, sizeof head);
  const std::string_view text(head, sizeof head);
  if (text.starts_with("\x89HDF\r\n")) return open_hdf5_volume(path, dataset);
  if (!dataset.empty()) throw InputError(fmt::format("--dataset: must come with an HDF5 file, got {}", path));
  if (text.starts_with("NRRD") || text.starts_with("ObjectType") || text.starts_with("NDims")) return open_raw_volume(path);
  if (text.starts_with("II") || text.starts_with("MM")) return open_tiff(path);
  throw FormatError(path, 0, "must be a TIFF stack, an HDF5 file, or a NRRD or MetaImage header of raw grey values");
}

}  // namespace heteroglass::io
