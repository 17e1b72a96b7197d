// Igor binary waves of version 5 as Asylum Research writes them: x runs fastest, rows from the bottom up, layers are channels named by
// the labels of the third dimension, the settings of the instrument stand in the note as `key: value` lines.
//
//     64 bytes   version, checksum, sizes of what follows the data: formula, note, extended units, labels of dimensions
//     320 bytes  wave: type at 16, numbers of points at 68, steps at 84, offsets at 116, units of data at 148 and of dimensions at 152
//
// Source: WaveMetrics technical note 3, "Igor Binary Format".
#include <array>
#include <cctype>
#include <cmath>

#include "core/error.hpp"
#include "io/bytes.hpp"
#include "io/image_format.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

constexpr std::size_t header_bytes = 384;

struct Wave {
  std::array<std::size_t, 4> points{};
  std::array<double, 4> step{};
  std::array<std::string, 4> dimension_unit;
  std::string unit, note, labels;
  Number number = Number::f32;
  std::size_t data_bytes = 0;
};

Number number_of(int type, const std::string& path) {
  if (type & 1) throw FormatError(path, 0, "the wave must be real, got complex numbers");
  const bool is_unsigned = type & 64;
  switch (type & ~64) {
    case 2:
      return Number::f32;
    case 4:
      return Number::f64;
    case 8:
      return is_unsigned ? Number::u8 : Number::i8;
    case 16:
      return is_unsigned ? Number::u16 : Number::i16;
    case 32:
      return is_unsigned ? Number::u32 : Number::i32;
    default:
      throw FormatError(path, 0, fmt::format("the wave must hold numbers, got type {}", type));
  }
}

std::string unit_text(Bytes& in) {
  const std::string_view raw = in.take(4, "the header");
  return std::string(raw.substr(0, raw.find('\0')));
}

Wave header(Bytes& in, const std::string& path) {
  Wave w;
  in.seek(8, "the header");
  const auto size = [&] {
    const auto n = in.get<std::int32_t>("the header");
    if (n < 0) throw FormatError(path, 0, fmt::format("damaged: a size in the header must not be negative, got {}", n));
    return static_cast<std::size_t>(n);
  };
  const std::size_t formula = size(), note = size();
  std::size_t units = size();
  for (int d = 0; d < 4; ++d) units += size();
  std::array<std::size_t, 4> labels{};
  for (std::size_t& l : labels) l = size();
  in.seek(64 + 16, "the header");
  w.number = number_of(in.get<std::int16_t>("the header"), path);
  in.seek(64 + 68, "the header");
  for (std::size_t& n : w.points) n = size();
  for (double& s : w.step) s = in.get<double>("the header");
  in.seek(64 + 148, "the header");
  w.unit = unit_text(in);
  for (std::string& u : w.dimension_unit) u = unit_text(in);
  double values = 1;
  for (const std::size_t n : w.points)
    if (n > 0) values *= static_cast<double>(n);
  const double need = values * static_cast<double>(bytes_of(w.number));
  if (need > 9e15) throw FormatError(path, 0, "damaged: the numbers of points in the header are beyond any file");
  w.data_bytes = static_cast<std::size_t>(need);
  if (w.points[0] == 0 || header_bytes + w.data_bytes > in.position() + in.left()) in.truncated("the pixels", header_bytes + w.data_bytes);
  in.seek(header_bytes + w.data_bytes, "the pixels");
  in.take(formula, "the formula");
  w.note = in.take(note, "the note");
  in.take(units + labels[0] + labels[1], "the units");
  w.labels = in.take(labels[2], "the names of the channels");
  return w;
}

std::vector<std::pair<std::string, std::string>> settings(const std::string& note) {
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t at = 0; at < note.size();) {
    const std::size_t end = std::min(note.find_first_of("\r\n", at), note.size());
    const std::string_view line = std::string_view(note).substr(at, end - at);
    if (const std::size_t colon = line.find(':'); colon != std::string_view::npos)
      out.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    at = end + 1;
  }
  return out;
}

/// Units of Asylum's channels by the beginnings of their names; other channels get none.
std::string unit_of(const std::string& channel) {
  static constexpr std::pair<std::string_view, const char*> known[] = {
      {"Height", "m"},      {"ZSensor", "m"},  {"Deflection", "m"},     {"Amplitude", "m"},   {"Amplitude1", "m"},  {"Amplitude2", "m"},
      {"Phase", "deg"},     {"Phase1", "deg"}, {"Phase2", "deg"},       {"Frequency", "Hz"},  {"Frequency1", "Hz"}, {"Current", "A"},
      {"Potential", "V"},   {"Drive", "V"},    {"Lateral", "V"},        {"Indentation", "m"}, {"Dissipation", "W"}, {"LossTangent", "1"},
      {"Stiffness", "N/m"}, {"Young", "Pa"},   {"YoungsModulus", "Pa"}, {"Modulus", "Pa"},    {"Adhesion", "N"},    {"Q", "1"},
  };
  std::string base = channel;
  for (const char* end : {"Retrace", "Trace"})
    if (base.size() > std::string_view(end).size() && base.ends_with(end)) base.resize(base.size() - std::string_view(end).size());
  for (const auto& [name, unit] : known)
    if (base == name) return unit;
  return {};
}

}  // namespace

Image read_igor_wave(const std::string& path, std::string_view bytes) {
  if (bytes.size() < 2) throw FormatError(path, 0, "is cut off: an Igor wave must have a header");
  const int low = static_cast<unsigned char>(bytes[0]), high = static_cast<unsigned char>(bytes[1]);
  const bool big = low == 0;
  if (low + high != 5)
    throw FormatError(path, 0,
                      fmt::format("an Igor wave must be of version 5, got version {}: save it again with Igor 5 or later", low + high));
  Bytes in(bytes, path, big);
  const Wave w = header(in, path);
  const auto note = settings(w.note);
  const bool force = w.note.find("ForceDist") != std::string::npos || w.note.find("ForceNote") != std::string::npos;
  if (w.points[1] < 2 || w.points[0] < 2 || (w.points[2] == 0 && (force || w.points[1] <= 8)))
    throw FormatError(path, 0, fmt::format("must hold an image, got a wave of {} x {} points: a curve", w.points[0], w.points[1]));
  if (w.points[3] > 1) throw FormatError(path, 0, fmt::format("must hold an image, got {} of them", w.points[3]));
  Image image;
  image.pixel_width = nanometres(image, w.step[0], w.dimension_unit[0], "the size of pixels");
  image.pixel_height = nanometres(image, w.step[1], w.dimension_unit[1], "the size of pixels");
  const std::size_t layers = std::max<std::size_t>(w.points[2], 1), pixels = w.points[0] * w.points[1];
  in.seek(header_bytes, "the pixels");
  for (std::size_t k = 0; k < layers; ++k) {
    // 32 bytes a label; the first names the dimension as a whole
    const std::string_view label = std::string_view(w.labels).substr(std::min(32 * (k + 1), w.labels.size())).substr(0, 32);
    ImageChannel c{std::string(label.substr(0, label.find('\0'))), "", in.numbers(w.number, pixels, "the pixels")};
    if (c.name.empty()) c.name = layers == 1 ? "data" : fmt::format("channel {}", k + 1);
    c.unit = layers == 1 && w.labels.empty() ? w.unit : unit_of(c.name);
    if (c.unit.empty()) image.warnings.push_back(fmt::format("channel '{}' has no unit that is known: give --channel-units", c.name));
    turn_rows(c.values, w.points[0]);
    add_channel(image, std::move(c), w.points[0], w.points[1]);
  }
  add_asylum_note(image, note);
  return image;
}

}  // namespace heteroglass::io
