#include "io/image_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tiffio.h>

#include <cmath>
#include <fstream>

#include "io/curve_file.hpp"
#include "io/inspect.hpp"
#include "io/test_files.hpp"
#include "sample_image.hpp"

namespace heteroglass::io {
namespace {

namespace sample = heteroglass::test;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ImageFile : public test::Folder {
 protected:
  Image image(const std::string& name, const std::string& bytes) { return read_image(file(name, bytes)); }
  std::string refusal(const std::string& name, const std::string& bytes) {
    const std::string path = file(name, bytes);
    return test::message([&] { read_image(path); });
  }
};

void expect_ramp(const Image& i, const std::string& channel, double factor, double offset = 0, double tolerance = 1e-12) {
  ASSERT_EQ(i.width, 4u);
  ASSERT_EQ(i.height, 3u);
  const ImageChannel& c = i.at(channel);
  ASSERT_EQ(c.values.size(), 12u);
  for (std::size_t y = 0; y < 3; ++y)
    for (std::size_t x = 0; x < 4; ++x)
      if (std::isfinite(c.values[4 * y + x]))
        EXPECT_NEAR(c.values[4 * y + x], offset + factor * sample::ramp(x, y), tolerance * factor) << channel << " " << x << " " << y;
}

TEST_F(ImageFile, GwyddionChannelsTitlesMasksAndSettings) {
  const Image i = image("a.gwy", sample::gwyddion_file());
  expect_ramp(i, "Height", 1);
  expect_ramp(i, "Phase", 1);
  EXPECT_EQ(i.at("Height").unit, "m");
  EXPECT_EQ(i.at("Phase").unit, "deg");
  EXPECT_NEAR(i.pixel_width, 5, 1e-12);
  EXPECT_NEAR(i.pixel_height, 10, 1e-12);
  EXPECT_TRUE(std::isnan(i.at("Phase").values[5]));
  EXPECT_FALSE(std::isnan(i.at("Height").values[5]));
  EXPECT_THAT(i.warnings, testing::ElementsAre(HasSubstr("the 1 pixels under its mask are left out")));
  EXPECT_EQ(i.property("spring_constant", "N/m"), 40.5);
  EXPECT_EQ(i.property("quality", "1"), 400);
}

TEST_F(ImageFile, OldGwyddionIsRefused) {
  EXPECT_THAT(refusal("a.gwy", "GWYOGwyContainer" + std::string(50, 'x')),
              HasSubstr("must be a Gwyddion file of version 2 (GWYP), got the old format"));
  EXPECT_THAT(
      refusal("b.gwy", "GWYP" + sample::gwy_object("GwyContainer", sample::gwy_item("/brick", 'o', sample::gwy_object("GwyBrick", "")))),
      HasSubstr("must hold an image, got Brick"));
}

TEST_F(ImageFile, GwyddionChannelsOfAnotherSizeAreLeftOut) {
  const std::string f =
      "GWYP" +
      sample::gwy_object("GwyContainer", sample::gwy_item("/0/data", 'o', sample::gwy_field(sample::ramp_values(), 4, 5e-9, "m")) +
                                             sample::gwy_item("/1/data", 'o', sample::gwy_field(sample::ramp_values(), 4, 6e-9, "m")) +
                                             sample::gwy_item("/2/data", 'o', sample::gwy_field(sample::ramp_values(), 6, 5e-9, "m")));
  const Image i = image("a.gwy", f);
  EXPECT_EQ(i.channels.size(), 1u);
  EXPECT_THAT(i.warnings, UnorderedElementsAre(HasSubstr("its pixels are 6 nm x 12 nm"), HasSubstr("of 6 x 2 pixels is left out")));
}

TEST_F(ImageFile, SimpleField) {
  const Image i = image("a.gsf", sample::gwyddion_field_file());
  expect_ramp(i, "Drive", 1);
  EXPECT_EQ(i.at("Drive").unit, "V");
  EXPECT_NEAR(i.pixel_width, 5, 1e-12);
  EXPECT_NEAR(i.pixel_height, 10, 1e-12);
  EXPECT_THAT(i.warnings, IsEmpty());
  EXPECT_THAT(refusal("b.gsf", sample::gwyddion_field_file("XRes = 4\n")), HasSubstr("the header must have YRes"));
  EXPECT_THAT(refusal("c.gsf", sample::gwyddion_field_file("XRes = 4\nYRes = -3\n")),
              HasSubstr("must have pixels along both sides, got 4 x -3"));
  EXPECT_THAT(refusal("d.gsf", sample::gwyddion_field_file("XRes = 4\nYRes = 4\n")), HasSubstr("is cut off"));
  const Image bare = image("e.gsf", sample::gwyddion_field_file("XRes = 4\nYRes = 3\n"));
  EXPECT_EQ(bare.pixel_width, 0);
  EXPECT_EQ(bare.channels[0].unit, "");
}

TEST_F(ImageFile, AsylumWaveOfEitherByteOrder) {
  for (const bool big : {false, true}) {
    const Image i = image("a.ibw", sample::igor_file(big));
    expect_ramp(i, "HeightRetrace", 1);
    expect_ramp(i, "PhaseRetrace", 2);
    expect_ramp(i, "Odd", 3);
    EXPECT_EQ(i.at("HeightRetrace").unit, "m");
    EXPECT_EQ(i.at("PhaseRetrace").unit, "deg");
    EXPECT_EQ(i.at("Odd").unit, "");
    EXPECT_THAT(i.warnings, testing::ElementsAre(HasSubstr("channel 'Odd' has no unit")));
    EXPECT_NEAR(i.pixel_width, 10, 1e-12);
    EXPECT_NEAR(i.pixel_height, 20, 1e-12);
    EXPECT_EQ(i.property("spring_constant", "N/m"), 27.952);
    EXPECT_EQ(i.property("quality", "1"), 471.15);
    EXPECT_EQ(i.property("drive_frequency", "Hz"), 256976.8);
    EXPECT_EQ(i.property("resonance_frequency", "Hz"), 257190.34);
    EXPECT_NEAR(*i.property("free_amplitude", "nm"), 32, 1e-12);
    EXPECT_NEAR(*i.property("inverse_optical_lever_sensitivity", "nm/V"), 38, 1e-12);
    EXPECT_EQ(i.property("free_phase", "deg"), 70.714);
    EXPECT_FALSE(i.property("temperature", "K").has_value());
  }
}

TEST_F(ImageFile, IgorWavesThatAreNoImages) {
  EXPECT_THAT(refusal("a.ibw", sample::igor_file(false, "", 3, 2)), HasSubstr("must be of version 5, got version 2"));
  EXPECT_THAT(refusal("b.ibw", sample::igor_file(false, "ForceDist: 1e-6\r", 0)),
              HasSubstr("must hold an image, got a wave of 4 x 3 points: a curve"));
}

TEST_F(ImageFile, Nanoscope) {
  const Image i = image("a.spm", sample::nanoscope_file());
  expect_ramp(i, "Height Sensor", 0.1);  // 65.536 V / 2^16 * 100 nm/V, not the 20 nm/V of the like-named entry
  expect_ramp(i, "Phase", 0.5);          // 2^31 / 2^32
  EXPECT_EQ(i.at("Height Sensor").unit, "nm");
  EXPECT_EQ(i.at("Phase").unit, "deg");
  EXPECT_NEAR(i.pixel_width, 10, 1e-12);
  EXPECT_NEAR(i.pixel_height, 20, 1e-12);
  EXPECT_EQ(i.property("spring_constant", "N/m"), 42);
  EXPECT_NEAR(*i.property("inverse_optical_lever_sensitivity", "nm/V"), 55, 1e-12);
  EXPECT_NEAR(image("b.spm", sample::nanoscope_file("\\Scan Size: 0.04 ~m\r\n\\Aspect Ratio: 2:3")).pixel_height, 20, 1e-9);
  const Image missing = image("c.spm", sample::nanoscope_file("", "\\Nothing: 1"));
  EXPECT_EQ(missing.at("Height Sensor").unit, "V");
  EXPECT_EQ(missing.pixel_width, 0);
  EXPECT_THAT(missing.warnings, testing::Contains(HasSubstr("'Height Sensor' is in V: its 'Sens. ZsensSens' is not in the file")));
  EXPECT_THAT(refusal("d.001", "\\*Force file list\r\n\\*Ciao force image list\r\n\\*File list end\r\n\x1a"),
              HasSubstr("got force curves"));
}

TEST_F(ImageFile, Nanosurf) {
  const Image i = image("a.nid", sample::nanosurf_file());
  const double step = 2e-6 / 65536;
  expect_ramp(i, "Z-Axis", step, 0, 1e-9);
  expect_ramp(i, "Z-Axis (backward)", 2 * step, 0, 1e-9);
  EXPECT_EQ(i.at("Z-Axis").unit, "m");
  EXPECT_NEAR(i.pixel_width, 10, 1e-12);
  EXPECT_NEAR(i.pixel_height, 20, 1e-12);
  EXPECT_NEAR(*i.property("drive_frequency", "Hz"), 187396, 1e-9);
  EXPECT_EQ(i.property("spring_constant", "N/m"), 48);
  EXPECT_THAT(i.warnings, testing::ElementsAre(HasSubstr("nominal, of the cantilever type ACL-A")));
}

TEST_F(ImageFile, NanosurfSweepIsACurve) {
  const std::string path = file("a.nid", sample::nanosurf_sweep_file());
  EXPECT_THAT(test::message([&] { read_image(path); }), HasSubstr("must hold an image, got curves: Frequency sweep"));
  const std::vector<Curve> c = read_curves(path);
  ASSERT_EQ(c.size(), 1u);
  EXPECT_EQ(c[0].at("Frequency").values, (std::vector<double>{100, 150, 200}));
  EXPECT_EQ(c[0].at("Amplitude").values, (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(c[0].at("Frequency").unit, "Hz");
}

TEST_F(ImageFile, TextMatrices) {
  for (const char* text :
       {"0 1 2 3\n10 11 12 13\n20 21 22 23\n", "0,1,2,3\n10,11,12,13\n20,21,22,23", "0;1,0;2;3\n10;11;12;13\n20;21;22;23\n",
        "# a note\n0\t1\t2\t3\t\n10\t11\t12\t13\t\n20\t21\t22\t23\t\n", "0,0 1,0 2,0 3,0\n10 11 12 13\n20 21 22 23\n"})
    expect_ramp(image("a.txt", text), "data", 1);
  const Image i = image(
      "b.txt",
      "# Channel: Modulus\n# Width: 4.0 \xC2\xB5m\n# Height: 6.0 \xC2\xB5m\n# Value units: GPa\n0 1 2 3\n10 11 nan 13\n20 21 22 23\n");
  expect_ramp(i, "Modulus", 1);
  EXPECT_EQ(i.at("Modulus").unit, "GPa");
  EXPECT_NEAR(i.pixel_width, 1000, 1e-9);
  EXPECT_NEAR(i.pixel_height, 2000, 1e-9);
  EXPECT_TRUE(std::isnan(i.at("Modulus").values[6]));
  EXPECT_THAT(refusal("c.txt", "0 1 2 3\n10 11 12\n20 21 22 23\n"),
              HasSubstr(":2: all rows of an image must have 4 numbers as the first, got 3"));
  EXPECT_THAT(refusal("d.csv", "a,b\n1,2\n3,4\n"), HasSubstr(":1: an image must be rows of numbers, got 'a'"));
}

TEST_F(ImageFile, TiffOfOnePage) {
  const std::string name = path("a.tif");
  TIFF* t = TIFFOpen(name.c_str(), "wb");
  for (int page = 0; page < 2; ++page) {
    TIFFSetField(t, TIFFTAG_IMAGEWIDTH, std::uint32_t{4});
    TIFFSetField(t, TIFFTAG_IMAGELENGTH, std::uint32_t{3});
    TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, std::uint16_t{16});
    TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, std::uint16_t{1});
    for (std::uint32_t y = 0; y < 3; ++y) {
      std::uint16_t row[4];
      for (std::size_t x = 0; x < 4; ++x) row[x] = static_cast<std::uint16_t>(sample::ramp(x, y));
      TIFFWriteScanline(t, row, y, 0);
    }
    TIFFWriteDirectory(t);
    if (page == 0) {
      TIFFClose(t);
      expect_ramp(read_image(name), "grey", 1);
      t = TIFFOpen(name.c_str(), "ab");
    }
  }
  TIFFClose(t);
  EXPECT_THAT(test::message([&] { read_image(name); }), HasSubstr("an image must have one page, got a stack of 2"));
}

TEST_F(ImageFile, OtherFilesAreRefused) {
  EXPECT_THAT(refusal("a.dump", "ITEM: TIMESTEP\n0\n"), HasSubstr("got LAMMPS text dump"));
  EXPECT_THAT(refusal("b.bin", "\x01\x02\x03 nothing"), HasSubstr("got none of them"));
  EXPECT_THAT(refusal("c.gwy", ""), HasSubstr("got none of them"));
}

// Cut after any number of bytes, or with a byte changed, a file is read or refused in a line.
TEST_F(ImageFile, DamagedFilesAreReadOrRefused) {
  const std::string path = this->path("damaged");
  const auto attempt = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    const std::string m = test::message([&] { read_image(path); });
    EXPECT_EQ(m.find('\n'), std::string::npos) << m;
    return m != "no error";
  };
  for (const std::string& whole : {sample::gwyddion_file(), sample::gwyddion_field_file(), sample::igor_file(), sample::igor_file(true),
                                   sample::nanoscope_file(), sample::nanosurf_file(), sample::nanosurf_sweep_file()}) {
    std::size_t refused = 0;
    for (std::size_t cut = 0; cut < whole.size(); cut += 41) refused += attempt(whole.substr(0, cut));
    EXPECT_GT(refused, 0.5 * static_cast<double>(whole.size()) / 41) << whole.substr(0, 20);
    std::uint64_t random = 5;
    for (int k = 0; k < 40; ++k) {
      std::string bytes = whole;
      for (int m = 0; m < 3; ++m) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        bytes[(random >> 33) % bytes.size()] = static_cast<char>(random >> 20);
      }
      attempt(bytes);
    }
  }
}

TEST_F(ImageFile, InspectDescribesImagesAndVolumes) {
  const Inspection i = inspect(file("a.ibw", sample::igor_file()));
  EXPECT_EQ(i.value("format"), "Igor binary wave (.ibw)");
  EXPECT_EQ(i.value("image"), "4 x 3 pixels");
  EXPECT_EQ(i.value("pixel"), "10 nm x 20 nm (oblong)");
  EXPECT_EQ(i.value("channel"), "HeightRetrace [m]: 0 to 23");
  EXPECT_THAT(i.value("missing"), HasSubstr("units of Odd"));
  const Inspection bare = inspect(file("b.gsf", sample::gwyddion_field_file("XRes = 4\nYRes = 3\nZUnits = V\n")));
  EXPECT_THAT(bare.value("missing"), HasSubstr("--pixel-size"));
  file("v.raw", std::string(24, '\1'));
  const Inspection v = inspect(file("v.nhdr", "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 3 4\nencoding: raw\ndata file: v.raw\n\n"));
  EXPECT_EQ(v.value("volume"), "2 x 3 x 4 voxels");
  EXPECT_THAT(v.value("next"), HasSubstr("probes nano-ct"));
}

/// A file that Gwyddion's own library serialised, where it is installed.
TEST_F(ImageFile, GwyddionItself) {
  const std::string script = file("write.py", R"(
import ctypes as C
glib = C.CDLL('libglib-2.0.so.0')
base = C.CDLL('libgwyddion2.so.0', mode=C.RTLD_GLOBAL)
process = C.CDLL('libgwyprocess2.so.0', mode=C.RTLD_GLOBAL)
P, D, I = C.c_void_p, C.c_double, C.c_int
def call(library, name, result, *arguments):
    f = getattr(library, name)
    f.restype, f.argtypes = result, arguments
    return f
call(process, 'gwy_process_type_init', None)()
quark = call(glib, 'g_quark_from_string', C.c_uint32, C.c_char_p)
copy = call(glib, 'g_strdup', P, C.c_char_p)
unit = call(base, 'gwy_si_unit_new', P, C.c_char_p)
def field(values):
    f = call(process, 'gwy_data_field_new', P, I, I, D, D, I)(4, 3, 4e-8, 6e-8, 0)
    data = call(process, 'gwy_data_field_get_data', C.POINTER(D), P)(f)
    for k, v in enumerate(values): data[k] = v
    call(process, 'gwy_data_field_set_si_unit_xy', None, P, P)(f, unit(b'm'))
    call(process, 'gwy_data_field_set_si_unit_z', None, P, P)(f, unit(b'deg'))
    return f
new = call(base, 'gwy_container_new', P)
put = call(base, 'gwy_container_set_object', None, P, C.c_uint32, P)
text = call(base, 'gwy_container_set_string', None, P, C.c_uint32, P)
c, meta = new(), new()
put(c, quark(b'/0/data'), field([x + 10 * y for y in range(3) for x in range(4)]))
put(c, quark(b'/0/mask'), field([k == 5 for k in range(12)]))
text(c, quark(b'/0/data/title'), copy(b'Phase'))
text(c, quark(b'/0/base/palette'), copy(b'Gold'))
text(meta, quark(b'SpringConstant'), copy(b'28.5'))
put(c, quark(b'/0/meta'), meta)
class Bytes(C.Structure): _fields_ = [('data', C.POINTER(C.c_ubyte)), ('length', C.c_uint)]
b = C.cast(call(base, 'gwy_serializable_serialize', P, P, P)(c, None), C.POINTER(Bytes)).contents
open('own.gwy', 'wb').write(b'GWYP' + bytes(b.data[:b.length]))
)");
  if (std::system(("cd '" + path("") + "' && /usr/bin/python3 write.py > out.txt 2>&1").c_str()) != 0)
    GTEST_SKIP() << "no Gwyddion library here";
  const Image i = read_image(path("own.gwy"));
  expect_ramp(i, "Phase", 1);
  EXPECT_TRUE(std::isnan(i.at("Phase").values[5]));
  EXPECT_EQ(i.at("Phase").unit, "deg");
  EXPECT_NEAR(i.pixel_width, 10, 1e-9);
  EXPECT_NEAR(i.pixel_height, 20, 1e-9);
  EXPECT_EQ(i.property("spring_constant", "N/m"), 28.5);
}

/// The real files of ../shared: what their instruments say.
TEST_F(ImageFile, RealFiles) {
  const std::string folder = HETEROGLASS_SOURCE_DIR "/../shared/data/probes/afm/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no measured data beside the source tree";
  const Image a = read_image(folder + "AR_20211011.ibw");
  EXPECT_EQ(a.width, 128u);
  EXPECT_EQ(a.channels.size(), 4u);
  double amplitude = 0, phase = 0;
  for (const double v : a.at("AmplitudeRetrace").values) amplitude += v * 1e9 / 16384;
  for (const double v : a.at("PhaseRetrace").values) phase += v / 16384;
  EXPECT_NEAR(amplitude, 30.832, 5e-4);  // by an independent reader
  EXPECT_NEAR(phase, 69.8065, 5e-5);
  EXPECT_NEAR(*a.property("free_amplitude", "nm"), 33.272, 5e-4);
  EXPECT_NEAR(a.pixel_width, 4000.0 / 127, 1e-6);
  const Image n = read_image(folder + "NanoSurf_20160301.nid");
  EXPECT_EQ(n.channels.size(), 4u);
  EXPECT_NEAR(n.pixel_width, 1e4 / 128, 1e-9);
  const Curve c = read_curves(folder + "NanoSurf_resonancePeak.nid").at(0);
  const auto& v = c.at("Amplitude").values;
  EXPECT_NEAR(c.at("Frequency").values[static_cast<std::size_t>(std::max_element(v.begin(), v.end()) - v.begin())], 179405, 11);
  EXPECT_EQ(read_image(folder + "scifireaders_chip.gsf").width, 300u);
  EXPECT_THROW(read_image(folder + "scifireaders_chip.gwy"), FormatError);
}

}  // namespace
}  // namespace heteroglass::io
