/// Small files of scanning-probe microscopes, made byte by byte: a 4 x 3 image whose pixel at column x, row y from the top is x + 10 y.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace heteroglass::test {

template <class T> std::string raw(T value, bool big_endian = false) {
  std::string b(sizeof(T), '\0');
  std::memcpy(b.data(), &value, sizeof(T));
  return big_endian ? std::string(b.rbegin(), b.rend()) : b;
}

inline double ramp(std::size_t x, std::size_t y) { return static_cast<double>(x) + 10 * static_cast<double>(y); }

// Gwyddion: components of a serialised object
inline std::string gwy_item(const std::string& name, char type, const std::string& value) { return name + '\0' + type + value; }
inline std::string gwy_object(const std::string& name, const std::string& components) {
  return name + '\0' + raw(static_cast<std::uint32_t>(components.size())) + components;
}
inline std::string gwy_text(const std::string& name, const std::string& value) { return gwy_item(name, 's', value + '\0'); }
inline std::string gwy_unit(const std::string& name, const std::string& unit) {
  return gwy_item(name, 'o', gwy_object("GwySIUnit", gwy_text("unitstr", unit)));
}
inline std::string gwy_field(const std::vector<double>& values, std::int32_t width, double pixel, const std::string& unit) {
  const auto height = static_cast<std::int32_t>(values.size()) / width;
  std::string data = raw(static_cast<std::uint32_t>(values.size()));
  for (const double v : values) data += raw(v);
  return gwy_object("GwyDataField", gwy_item("xres", 'i', raw(width)) + gwy_item("yres", 'i', raw(height)) +
                                        gwy_item("xreal", 'd', raw(pixel * width)) + gwy_item("yreal", 'd', raw(2 * pixel * height)) +
                                        gwy_unit("si_unit_xy", "m") + gwy_unit("si_unit_z", unit) + gwy_item("data", 'D', data));
}
inline std::vector<double> ramp_values() {
  std::vector<double> v;
  for (std::size_t y = 0; y < 3; ++y)
    for (std::size_t x = 0; x < 4; ++x) v.push_back(ramp(x, y));
  return v;
}
/// Pixels of 5 nm x 10 nm; the pixel in the middle of the second channel is masked.
inline std::string gwyddion_file() {
  std::vector<double> mask(12, 0);
  mask[5] = 1;
  const std::string meta = gwy_object("GwyContainer", gwy_text("SpringConstant", "40.5") + gwy_text("ThermalQ", "400"));
  return "GWYP" +
         gwy_object("GwyContainer", gwy_item("/0/data", 'o', gwy_field(ramp_values(), 4, 5e-9, "m")) + gwy_text("/0/data/title", "Height") +
                                        gwy_item("/0/show", 'b', std::string(1, '\1')) +
                                        gwy_item("/1/data", 'o', gwy_field(ramp_values(), 4, 5e-9, "deg")) +
                                        gwy_item("/1/mask", 'o', gwy_field(mask, 4, 5e-9, "")) + gwy_text("/1/data/title", "Phase") +
                                        gwy_item("/1/meta", 'o', meta) + gwy_item("/brick", 'o', gwy_object("GwyBrick", "")));
}

inline std::string gwyddion_field_file(
    const std::string& header = "XRes = 4\nYRes = 3\nXReal = 2e-8\nYReal = 3e-8\nXYUnits = m\nZUnits = V\nTitle = Drive\n") {
  std::string f = "Gwyddion Simple Field 1.0\n" + header;
  f.append(4 - f.size() % 4, '\0');
  for (const double v : ramp_values()) f += raw(static_cast<float>(v));
  return f;
}

inline const char* asylum_note =
    "ScanSize: 4e-06\rImagingMode:AC Mode\rInvOLS: 3.8e-08\rSpringConstant: 27.952\rAmpInvOLS: 4e-08\rDriveFrequency:256976.8\r"
    "FreeAirAmplitude: 0.8\rFreeAirPhase: 70.714\rThermalQ: 471.15\rThermalFrequency: 2.5719e+05\rResFreq1:257190.34\rNotANumber: abc\r";

/// Layers HeightRetrace, PhaseRetrace (twice the ramp) and Odd (thrice); pixels of 10 nm x 20 nm.
inline std::string igor_file(bool big = false, const std::string& note = asylum_note, std::int32_t layers = 3, std::int16_t version = 5) {
  const std::int32_t data = 4 * 3 * std::max(layers, 1) * 4;
  std::string h = raw(version, big) + raw(std::int16_t{0}, big) + raw(320 + data, big) + raw(std::int32_t{0}, big) +
                  raw(static_cast<std::int32_t>(note.size()), big);
  for (int k = 0; k < 7; ++k) h += raw(std::int32_t{0}, big);  // extended units, labels of rows and columns
  h += raw(std::int32_t{layers > 0 ? 32 * (layers + 1) : 0}, big);
  h.resize(64, '\0');
  std::string w(320, '\0');
  const auto put = [&](std::size_t at, const std::string& b) { w.replace(at, b.size(), b); };
  put(16, raw(std::int16_t{2}, big));
  const std::int32_t points[4] = {4, 3, layers, 0};
  const double step[4] = {1e-8, 2e-8, 1, 1};
  for (std::size_t d = 0; d < 4; ++d) put(68 + 4 * d, raw(points[d], big)), put(84 + 8 * d, raw(step[d], big));
  put(148, "m"), put(152, "m"), put(156, "m");
  std::string body;
  for (std::int32_t l = 0; l < std::max(layers, 1); ++l)
    for (std::size_t y = 0; y < 3; ++y)
      for (std::size_t x = 0; x < 4; ++x) body += raw(static_cast<float>(ramp(x, 2 - y) * (l + 1)), big);  // rows from the bottom up
  std::string labels;
  const char* names[] = {"", "HeightRetrace", "PhaseRetrace", "Odd"};
  for (std::int32_t l = 0; l <= layers && layers > 0; ++l) {
    std::string label = l < 4 ? names[l] : "";
    label.resize(32, '\0');
    labels += label;
  }
  return h + w + body + note + labels;
}

/// "Height Sensor" of 16 bits and "Phase" of 32 bits; 1 integer is 0.1 nm and 0.5 deg; 40 nm x 60 nm.
inline std::string nanoscope_file(const std::string& size = "\\Scan Size: 40 60 nm",
                                  const std::string& sensitivity = "\\@Sens. ZsensSens: V 100 nm/V") {
  constexpr std::size_t at = 2048;
  const auto image = [&](const std::string& data, const std::string& scale, std::size_t offset, std::size_t bytes) {
    return "\\*Ciao image list\r\n" + size + "\r\n\\Data offset: " + std::to_string(offset) +
           "\r\n\\Data length: " + std::to_string(bytes) +
           "\r\n\\Bytes/pixel: 2\r\n\\Samps/line: 4\r\n\\Number of lines: 3\r\n\\Line Direction: Trace\r\n\\@2:Image Data: S " + data +
           "\r\n\\@2:Z scale: V " + scale + "\r\n";
  };
  std::string f = "\\*File list\r\n\\Version: 0x09400202\r\n\\*Scanner list\r\n\\@Sens. Zsens: V 20 nm/V\r\n" + sensitivity +
                  "\r\n\\*Ciao scan list\r\n\\Spring Constant: 42\r\n\\@Sens. DeflSens: V 55 nm/V\r\n" +
                  image("[ZSensor] \"Height Sensor\"", "[Sens. ZsensSens] (0.001 V/LSB) 65.536 V", at, 24) +
                  image("[Phase] \"Phase\"", "[Sens. Phase] (0.5 \xBA/LSB) 2147483648 \xBA", at + 24, 48) + "\\*File list end\r\n\x1a";
  f.resize(at, '\0');
  for (std::size_t y = 0; y < 3; ++y)
    for (std::size_t x = 0; x < 4; ++x) f += raw(static_cast<std::int16_t>(ramp(x, 2 - y)));
  for (std::size_t y = 0; y < 3; ++y)
    for (std::size_t x = 0; x < 4; ++x) f += raw(static_cast<std::int32_t>(ramp(x, 2 - y)));
  return f;
}

/// Z-Axis forward and backward, 16 bits: integer n is -1e-6 m + 2e-6 m (n + 32768) / 65536; 40 nm x 60 nm.
inline std::string nanosurf_file() {
  const auto section = [](const std::string& name, const std::string& frame) {
    return "[" + name + "]\r\nVersion=2\r\nPoints=4\r\nLines=3\r\nFrame=" + frame +
           "\r\nDim0Name=X*\r\nDim0Unit=m\r\nDim0Range=4e-008\r\nDim0Min=0\r\nDim1Unit=m\r\nDim1Range=6e-008\r\nDim2Name=Z-"
           "Axis\r\nDim2Unit=m\r\n"
           "Dim2Range=2e-006\r\nDim2Min=-1e-006\r\nSaveMode=Binary\r\nSaveBits=16\r\nSaveSign=Signed\r\nSaveOrder=Intel\r\n";
  };
  std::string f =
      "[DataSet]\r\nVersion=2\r\nGroupCount=2\r\nGr0-Name=Scan forward\r\nGr0-Count=5\r\nGr1-Name=Scan backward\r\nGr1-Count=5\r\n"
      "Gr0-Ch1=DataSet-0:1\r\nGr1-Ch1=DataSet-1:1\r\n[DataSet\\DataSetInfos\\Feedback]\r\nVibration freq.=187.396kHz\r\n"
      "[DataSet\\Calibration\\Cantilever]\r\nName=ACL-A\r\nProp0=D[48]*[N/m]\r\n" +
      section("DataSet-0:1", "Scan forward") + section("DataSet-1:1", "Scan backward") + "\r\n#!";
  for (int k = 0; k < 2; ++k)
    for (std::size_t y = 0; y < 3; ++y)
      for (std::size_t x = 0; x < 4; ++x) f += raw(static_cast<std::int16_t>((k + 1) * ramp(x, 2 - y)));
  return f;
}

/// A frequency sweep of 3 points from 100 Hz by 50 Hz: 0, 1, 2 V.
inline std::string nanosurf_sweep_file() {
  return "[DataSet]\r\nGroupCount=1\r\nGr0-Name=Frequency "
         "sweep\r\nGr0-Count=3\r\nGr0-Ch2=DataSet-0:2\r\n[DataSet-0:2]\r\nPoints=3\r\nLines=1\r\n"
         "Frame=Frequency "
         "sweep\r\nDim0Name=Frequency\r\nDim0Unit=Hz\r\nDim0Range=100\r\nDim0Min=100\r\nDim2Name=Amplitude\r\nDim2Unit=V\r\n"
         "Dim2Range=65536\r\nDim2Min=-32768\r\nSaveMode=Binary\r\nSaveBits=16\r\nSaveSign=Signed\r\nSaveOrder=Intel\r\n#!" +
         raw(std::int16_t{0}) + raw(std::int16_t{1}) + raw(std::int16_t{2});
}

}  // namespace heteroglass::test
