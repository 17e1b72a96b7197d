#include "io/inspect_grid.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "io/image_file.hpp"
#include "io/volume_file.hpp"

namespace heteroglass::io {
namespace {

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  std::size_t masked = 0;

  template <class Values> void add(const Values& values) {
    for (const double v : values)
      if (std::isfinite(v))
        low = std::min(low, v), high = std::max(high, v);
      else
        ++masked;
  }
};

/// Whether a channel is one of the phase, amplitude, ... by the letters of its name.
bool has_channel(const Image& image, const std::string& what) {
  return std::any_of(image.channels.begin(), image.channels.end(), [&](const ImageChannel& c) {
    std::string name = c.name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char x) { return static_cast<char>(std::tolower(x)); });
    return name.find(what) != std::string::npos;
  });
}

}  // namespace

void inspect_image(Inspection& report, const std::string& file) {
  const Image image = read_image(file);
  const auto add = [&](const char* key, std::string value) { report.rows.push_back({key, std::move(value)}); };
  if (!image.label.empty()) add("label", image.label);
  add("image", fmt::format("{} x {} pixels", image.width, image.height));
  if (image.pixel_width > 0 && image.pixel_height > 0) {
    add("pixel", fmt::format("{:.6g} nm x {:.6g} nm{}", image.pixel_width, image.pixel_height,
                             std::abs(image.pixel_width - image.pixel_height) > 1e-3 * image.pixel_width ? " (oblong)" : ""));
    add("field", fmt::format("{:.6g} nm x {:.6g} nm", image.pixel_width * static_cast<double>(image.width),
                             image.pixel_height * static_cast<double>(image.height)));
  }
  std::string without;
  for (const ImageChannel& c : image.channels) {
    Range range;
    range.add(c.values);
    const std::string masked = range.masked > 0 ? fmt::format(", {} masked pixels", range.masked) : "";
    if (range.masked == c.values.size())
      add("channel", fmt::format("{} [{}]: all pixels masked", c.name, c.unit.empty() ? "?" : c.unit));
    else
      add("channel", fmt::format("{} [{}]: {:.6g} to {:.6g}{}", c.name, c.unit.empty() ? "?" : c.unit, range.low, range.high, masked));
    if (c.unit.empty()) without += (without.empty() ? "" : ", ") + c.name;
  }
  for (const auto& [name, p] : image.properties)
    add("property", fmt::format("{} {:.10g}{}{}", name, p.value, p.unit == "1" ? "" : " ", p.unit == "1" ? "" : p.unit));
  if (!(image.pixel_width > 0 && image.pixel_height > 0)) add("missing", "size of pixels: give --pixel-size, e.g. --pixel-size 10nm");
  if (!without.empty()) add("missing", fmt::format("units of {}: give --channel-units ROLE=UNIT", without));
  if (has_channel(image, "phase") && has_channel(image, "amplitude"))
    for (const char* name : {"spring_constant", "quality", "drive_frequency", "resonance_frequency", "free_amplitude"})
      if (!image.properties.contains(name)) add("missing", fmt::format("{0}: give --property {0}=VALUE", name));
  report.warnings.insert(report.warnings.end(), image.warnings.begin(), image.warnings.end());
}

void inspect_volume(Inspection& report, const std::string& file) {
  const std::unique_ptr<Volume> volume = open_volume(file);
  const auto [nx, ny, nz] = volume->size();
  const auto add = [&](const char* key, std::string value) { report.rows.push_back({key, std::move(value)}); };
  add(nz == 1 ? "image" : "volume", nz == 1 ? fmt::format("{} x {} pixels", nx, ny) : fmt::format("{} x {} x {} voxels", nx, ny, nz));
  add("stored as", volume->stored_as());
  // A few planes tell the range of large volumes.
  constexpr std::size_t most = 64;
  const std::size_t step = (nz + most - 1) / most;
  Range range;
  std::vector<float> grey(nx * ny);
  for (std::size_t z = 0; z < nz; z += step) {
    volume->plane(z, grey);
    range.add(grey);
  }
  add("grey",
      fmt::format("{:.6g} to {:.6g}{}{}", range.low, range.high, range.masked > 0 ? fmt::format(", {} not finite", range.masked) : "",
                  step > 1 ? fmt::format(" (one plane of {})", step) : ""));
  const std::array<double, 3> s = volume->spacing();
  if (s[0] > 0)
    add(nz == 1 ? "pixel" : "voxel", fmt::format("{} {}", fmt::join(s.begin(), s.begin() + (nz == 1 ? 2 : 3), " x "),
                                                 volume->spacing_unit().empty() ? "(the file gives no unit)" : volume->spacing_unit()));
  if (s[0] == 0 || volume->spacing_unit().empty()) add("missing", "size of voxels: give --voxel-size, e.g. --voxel-size 0.065um");
  add("next", fmt::format("heteroglass probes nano-ct '{}'", file));
}

}  // namespace heteroglass::io
