#include "io/image_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/error.hpp"
#include "core/units.hpp"
#include "io/atomic_file.hpp"
#include "io/format.hpp"
#include "io/image_format.hpp"
#include "io/number.hpp"
#include "io/volume_file.hpp"

namespace heteroglass::io {

void turn_rows(std::vector<double>& values, std::size_t width) {
  const std::size_t rows = width == 0 ? 0 : values.size() / width;
  for (std::size_t y = 0; y < rows / 2; ++y)
    std::swap_ranges(values.begin() + static_cast<std::ptrdiff_t>(y * width), values.begin() + static_cast<std::ptrdiff_t>((y + 1) * width),
                     values.begin() + static_cast<std::ptrdiff_t>((rows - 1 - y) * width));
}

std::size_t pixel_count(const std::string& path, double width, double height, std::size_t bytes) {
  if (!(width >= 1) || !(height >= 1) || width != std::floor(width) || height != std::floor(height))
    throw FormatError(path, 0, fmt::format("an image must have pixels along both sides, got {} x {}", width, height));
  if (width * height > static_cast<double>(bytes))
    throw FormatError(path, 0, fmt::format("is cut off: {} x {} pixels do not fit in {} bytes", width, height, bytes));
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}

double nanometres(Image& image, double value, const std::string& unit, const std::string& what) {
  if (!std::isfinite(value) || value <= 0) return 0;
  try {
    return convert(value, unit.empty() ? "1" : unit, "nm");
  } catch (const InputError&) {
    const std::string text = fmt::format("{} is stated in '{}', which is no length: give --pixel-size", what, unit);
    if (std::find(image.warnings.begin(), image.warnings.end(), text) == image.warnings.end()) image.warnings.push_back(text);
    return 0;
  }
}

void add_channel(Image& image, ImageChannel channel, std::size_t width, std::size_t height) {
  if (image.channels.empty()) image.width = width, image.height = height;
  if (width != image.width || height != image.height) {
    image.warnings.push_back(fmt::format("channel '{}' of {} x {} pixels is left out: the others have {} x {}", channel.name, width, height,
                                         image.width, image.height));
    return;
  }
  const std::string name = channel.name;
  for (int k = 2; image.find(channel.name); ++k) channel.name = fmt::format("{} ({})", name, k);
  image.channels.push_back(std::move(channel));
}

void add_asylum_note(Image& image, const std::vector<std::pair<std::string, std::string>>& note) {
  std::map<std::string, double> value;
  for (const auto& [key, text] : note) {
    double v = 0;
    if (is_real(text, v) && std::isfinite(v)) value.emplace(key, v);  // the first entry is that of this image
  }
  const auto put = [&](const char* name, const char* key, double factor, const char* unit) {
    if (const auto v = value.find(key); v != value.end() && v->second > 0) image.properties[name] = {v->second * factor, unit};
  };
  put("spring_constant", "SpringConstant", 1, "N/m");
  put("quality", "ThermalQ", 1, "1");
  put("drive_frequency", "DriveFrequency", 1, "Hz");
  put("resonance_frequency", "ThermalFrequency", 1, "Hz");
  put("resonance_frequency", "ResFreq1", 1, "Hz");  // the same with more digits
  put("inverse_optical_lever_sensitivity", "InvOLS", 1e9, "nm/V");
  put("amplitude_sensitivity", "AmpInvOLS", 1e9, "nm/V");
  put("amplitude_setpoint", "AmplitudeSetpointVolts", 1, "V");
  put("free_phase", "FreeAirPhase", 1, "deg");
  put("temperature", "ThermalTemperature", 1, "K");
  const auto amplitude = value.find("FreeAirAmplitude"), sensitivity = value.find("AmpInvOLS");
  if (amplitude != value.end() && sensitivity != value.end() && amplitude->second > 0 && sensitivity->second > 0)
    image.properties["free_amplitude"] = {amplitude->second * sensitivity->second * 1e9, "nm"};
}

Image read_plane(const std::string& path) {
  const std::unique_ptr<Volume> volume = open_volume(path);
  const auto [width, height, pages] = volume->size();
  if (pages != 1) throw FormatError(path, 0, fmt::format("an image must have one page, got a stack of {}", pages));
  std::vector<float> grey(width * height);
  volume->plane(0, grey);
  Image image;
  add_channel(image, {"grey", "", {grey.begin(), grey.end()}}, width, height);
  return image;
}

namespace {

Image by_format(const std::string& path) {
  const Format format = format_of_file(path);
  switch (format) {
    case Format::gwyddion:
      return read_gwyddion(path, read_file(path));
    case Format::gwyddion_field:
      return read_gwyddion_field(path, read_file(path));
    case Format::igor_binary:
      return read_igor_wave(path, read_file(path));
    case Format::nanoscope:
      return read_nanoscope(path, read_file(path));
    case Format::nanosurf_image:
    case Format::nanosurf_spectra:
      return read_nanosurf(path, read_file(path));
    case Format::tiff:
    case Format::nrrd:
    case Format::meta_image:
      return read_plane(path);
    case Format::csv:
    case Format::extended_xyz:  // a first line with a single whole number looks like XYZ
      return read_text_matrix(path, read_file(path));
    default:
      throw FormatError(path, 0,
                        fmt::format("an image must be Gwyddion .gwy or .gsf, Asylum .ibw, Nanoscope, Nanosurf .nid, TIFF or a matrix of "
                                    "numbers, got {}",
                                    format == Format::unknown ? "none of them" : name(format)));
  }
}

}  // namespace

Image read_image(const std::string& path) {
  Image image = by_format(path);
  image.source = path;
  if (image.channels.empty()) throw FormatError(path, 0, "must hold an image, and no channel was found in it");
  for (ImageChannel& c : image.channels) {
    std::size_t gone = 0;
    for (double& v : c.values)
      if (std::isinf(v)) v = std::numeric_limits<double>::quiet_NaN(), ++gone;
    if (gone > 0) image.warnings.push_back(fmt::format("channel '{}': {} infinite pixels are masked", c.name, gone));
  }
  return image;
}

}  // namespace heteroglass::io
