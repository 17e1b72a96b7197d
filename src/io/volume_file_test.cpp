#include "io/volume_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
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
  // cut off between two pages: what is left would look like a smaller volume
  const std::string cut = stack<std::uint16_t>(folder, "wl", SAMPLEFORMAT_UINT);
  std::filesystem::resize_file(cut, std::filesystem::file_size(cut) - 20);
  EXPECT_THROW(open_volume(cut), FormatError);
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

TEST(VolumeFile, HeadersTellTheEdgesOfVoxels) {
  const test::Scratch folder;
  const std::string path = (folder.path() / "v").string(), raw = (folder.path() / "v.raw").string();
  std::ofstream(raw, std::ios::binary) << std::string(24, 'a');
  const auto opened = [&](const std::string& lines, bool nrrd = true) {
    std::ofstream(path) << (nrrd ? "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 2 3 4\nencoding: raw\ndata file: v.raw\n" + lines
                                 : "NDims = 3\nDimSize = 2 3 4\nElementType = MET_UCHAR\n" + lines + "ElementDataFile = v.raw\n");
    return open_volume(path);
  };
  using Edges = std::array<double, 3>;
  EXPECT_EQ(opened("")->spacing(), Edges{});
  const auto spacings = opened("spacings: 0.5 0.5 1.5\nspace units: \"um\" \"um\" \"um\"\n");
  EXPECT_EQ(spacings->spacing(), (Edges{0.5, 0.5, 1.5}));
  EXPECT_EQ(spacings->spacing_unit(), "um");
  EXPECT_EQ(opened("space directions: (0,2,0) (2,0,0) (0,0,-3)\n")->spacing(), (Edges{2, 2, 3}));
  EXPECT_EQ(opened("spacings: 1 nan 1\n")->spacing(), Edges{});
  EXPECT_EQ(opened("spacings: 1 1 1\nunits: \"um\" \"um\" \"s\"\n")->spacing_unit(), "");
  EXPECT_EQ(opened("ElementSpacing = 1 2 3\n", false)->spacing(), (Edges{1, 2, 3}));
}

/// Datasets written as the C library does: name, shape, values 0, 1, 2, ... of 16 bits.
void add_dataset(hid_t file, const std::string& name, const std::vector<hsize_t>& shape, bool packed) {
  std::size_t n = 1;
  for (const hsize_t s : shape) n *= s;
  std::vector<std::uint16_t> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(std::uint16_t(i % 5 + i / 5 % 4 * 10 + i / 20 * 100));
  const hid_t space = H5Screate_simple(int(shape.size()), shape.data(), nullptr), how = H5Pcreate(H5P_DATASET_CREATE);
  std::vector<hsize_t> chunk = shape;
  for (hsize_t& c : chunk) c = std::max<hsize_t>(1, c / 2);
  if (packed) H5Pset_chunk(how, int(chunk.size()), chunk.data()), H5Pset_deflate(how, 4);
  const hid_t set = H5Dcreate2(file, name.c_str(), H5T_STD_U16BE, space, H5P_DEFAULT, how, H5P_DEFAULT);
  H5Dwrite(set, H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Dclose(set), H5Pclose(how), H5Sclose(space);
}

TEST(VolumeFile, Hdf5Datasets) {
  const test::Scratch folder;
  const std::string path = (folder.path() / "v.h5").string();
  const auto make = [&](const std::vector<std::pair<std::string, std::vector<hsize_t>>>& sets, bool packed) {
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "entry", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    for (const auto& [name, shape] : sets) add_dataset(file, name, shape, packed);
    H5Fclose(file);
  };
  make({{"entry/data", {3, 4, 5}}, {"entry/angle", {7}}, {"entry/mean", {4, 5}}}, false);
  expect_ramp(*open_volume(path));
  expect_ramp(*open_volume(path, "/entry/data"));
  EXPECT_EQ(open_volume(path)->stored_as(), "16-bit integer");
  EXPECT_EQ(open_volume(path, "entry/mean")->size(), (std::array<std::size_t, 3>{5, 4, 1}));
  EXPECT_THROW(open_volume(path, "entry/dato"), InputError);
  make({{"entry/data", {1, 3, 4, 5}}}, true);
  expect_ramp(*open_volume(path));
  make({{"a", {3, 4, 5}}, {"b", {3, 4, 5}}}, true);
  EXPECT_THROW(open_volume(path), InputError);
  expect_ramp(*open_volume(path, "b"));
  make({}, false);
  EXPECT_THROW(open_volume(path), FormatError);
  make({{"a", {3, 4, 5}}}, false);
  std::filesystem::resize_file(path, 300);
  EXPECT_THROW(open_volume(path), FormatError);
}

}  // namespace
}  // namespace heteroglass::io
