#include "io/volume_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tiffio.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <vector>

#include "core/error.hpp"
#include "program.hpp"

namespace heteroglass::io {
namespace {

/// A stack of 5 x 4 x 3 voxels with value x + 10 y + 100 z.
template <class T>
std::string stack(const test::Scratch& folder, const char* mode, std::uint16_t kind, bool tiled = false, std::uint32_t last_width = 5) {
  const std::string path = (folder.path() / "stack.tif").string();
  TIFF* t = TIFFOpen(path.c_str(), mode);
  for (int z = 0; z < 3; ++z) {
    const std::uint32_t width = z == 2 ? last_width : 5;
    TIFFSetField(t, TIFFTAG_IMAGEWIDTH, width);
    TIFFSetField(t, TIFFTAG_IMAGELENGTH, std::uint32_t{4});
    TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, std::uint16_t(8 * sizeof(T)));
    TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, std::uint16_t{1});
    TIFFSetField(t, TIFFTAG_SAMPLEFORMAT, kind);
    TIFFSetField(t, TIFFTAG_PHOTOMETRIC, std::uint16_t{PHOTOMETRIC_MINISBLACK});
    TIFFSetField(t, TIFFTAG_PLANARCONFIG, std::uint16_t{PLANARCONFIG_CONTIG});
    if (tiled) {
      TIFFSetField(t, TIFFTAG_TILEWIDTH, std::uint32_t{16});
      TIFFSetField(t, TIFFTAG_TILELENGTH, std::uint32_t{16});
      std::vector<T> tile(256, T(0));
      for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 5; ++x) tile[std::size_t(16 * y + x)] = T(x + 10 * y + 100 * z);
      TIFFWriteTile(t, tile.data(), 0, 0, 0, 0);
    } else {
      for (int y = 0; y < 4; ++y) {
        std::vector<T> row;
        for (std::uint32_t x = 0; x < width; ++x) row.push_back(T(int(x) + 10 * y + 100 * z));
        TIFFWriteScanline(t, row.data(), std::uint32_t(y), 0);
      }
    }
    TIFFWriteDirectory(t);
  }
  TIFFClose(t);
  return path;
}

void expect_ramp(const Volume& v) {
  ASSERT_EQ(v.size(), (std::array<std::size_t, 3>{5, 4, 3}));
  std::vector<float> plane(20);
  for (const std::size_t z : {std::size_t{2}, std::size_t{0}, std::size_t{1}}) {  // in any order
    v.plane(z, plane);
    for (std::size_t y = 0; y < 4; ++y)
      for (std::size_t x = 0; x < 5; ++x) EXPECT_EQ(plane[5 * y + x], float(x + 10 * y + 100 * z));
  }
}

TEST(VolumeFile, TiffOfAnyDepthAndByteOrder) {
  const test::Scratch folder;
  expect_ramp(*open_volume(stack<std::uint8_t>(folder, "wl", SAMPLEFORMAT_UINT)));
  expect_ramp(*open_volume(stack<std::uint16_t>(folder, "wb", SAMPLEFORMAT_UINT)));
  expect_ramp(*open_volume(stack<std::int16_t>(folder, "wl", SAMPLEFORMAT_INT)));
  expect_ramp(*open_volume(stack<std::uint32_t>(folder, "wb", SAMPLEFORMAT_UINT)));
  expect_ramp(*open_volume(stack<float>(folder, "wb", SAMPLEFORMAT_IEEEFP)));
  expect_ramp(*open_volume(stack<double>(folder, "wl", SAMPLEFORMAT_IEEEFP)));
  expect_ramp(*open_volume(stack<std::uint16_t>(folder, "wl", SAMPLEFORMAT_UINT, true)));
}

TEST(VolumeFile, DamagedAndMixedStacksAreRefused) {
  const test::Scratch folder;
  EXPECT_THROW(open_volume(stack<std::uint8_t>(folder, "wl", SAMPLEFORMAT_UINT, false, 6)), FormatError);
  const std::string path = stack<std::uint16_t>(folder, "wl", SAMPLEFORMAT_UINT);
  std::filesystem::resize_file(path, 60);
  std::vector<float> plane(20);
  EXPECT_THROW(open_volume(path)->plane(0, plane), FormatError);
  std::ofstream(folder.path() / "text.tif") << "not a picture";
  EXPECT_THROW(open_volume((folder.path() / "text.tif").string()), FormatError);
}

TEST(VolumeFile, RawValuesWithAHeader) {
  const test::Scratch folder;
  const std::string raw = (folder.path() / "v.raw").string(), mhd = (folder.path() / "v.mhd").string(),
                    nrrd = (folder.path() / "v.nrrd").string();
  std::string bytes;
  for (int z = 0; z < 3; ++z)
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 5; ++x) {
        const int v = x + 10 * y + 100 * z;
        bytes += char(v >> 8), bytes += char(v & 255);
      }
  std::ofstream(raw, std::ios::binary) << bytes;
  std::ofstream(mhd)
      << "ObjectType = Image\nNDims = 3\nDimSize = 5 4 3\nElementType = MET_USHORT\nElementByteOrderMSB = True\nElementDataFile = v.raw\n";
  std::ofstream(nrrd, std::ios::binary) << "NRRD0004\ntype: ushort\ndimension: 3\nsizes: 5 4 3\nendian: big\nencoding: raw\n\n" << bytes;
  expect_ramp(*open_volume(mhd));
  expect_ramp(*open_volume(nrrd));
  std::ofstream(nrrd, std::ios::binary) << "NRRD0004\ntype: ushort\ndimension: 3\nsizes: 5 4 4\nendian: big\nencoding: raw\n\n" << bytes;
  EXPECT_THROW(open_volume(nrrd), FormatError);
}

}  // namespace
}  // namespace heteroglass::io
