#include "report/map.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>

#include "report/png.hpp"

namespace heteroglass::report {
namespace {

PartResult array(const std::string& name, std::vector<double> values) {
  PartResult r;
  r.field.name = name, r.field.unit = "nm", r.shape = Shape::array, r.values = std::move(values);
  return r;
}

Part part_of(std::vector<double> pixels) {
  Part p;
  PartResult m;
  m.field.name = "modulus", m.field.unit = "GPa", m.field.help = "of the surface", m.field.against = "x", m.field.rows = "y";
  m.field.plot = Plot::map, m.shape = Shape::matrix, m.rows = 2, m.columns = 3, m.values = std::move(pixels);
  p.results = {array("x", {0, 10, 20}), array("y", {0, 10}), m};
  return p;
}

TEST(Map, HasAxesColourBarAndPixels) {
  const Part p = part_of({1, 2, 3, 4, std::nan(""), 6});
  const std::vector<Figure> all = figures(p);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].kind, Plot::map);
  EXPECT_DOUBLE_EQ(all[0].x.low, -5);
  EXPECT_DOUBLE_EQ(all[0].x.high, 25);
  const std::string svg = draw_map(all[0]);
  EXPECT_NE(svg.find("modulus (GPa)"), std::string::npos) << svg;
  EXPECT_NE(svg.find(">x (nm)<"), std::string::npos) << svg;
  EXPECT_NE(svg.find("data:image/png;base64,"), std::string::npos);
}

TEST(Map, OfAnotherSizeThanItsAxesIsNotDrawn) {
  Part p = part_of({1, 2, 3, 4, 5, 6});
  p.results[0].values.pop_back();
  EXPECT_TRUE(figures(p).empty());
}

TEST(Map, FarValuesDoNotDecideTheColours) {
  std::vector<double> v(1000, 0);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<double>(i);
  v[17] = 1e6;
  Part p = part_of(v);
  p.results[2].rows = 20, p.results[2].columns = 50;
  p.results[0].values.assign(50, 0), p.results[1].values.assign(20, 0);
  for (std::size_t i = 0; i < 50; ++i) p.results[0].values[i] = static_cast<double>(i);
  for (std::size_t i = 0; i < 20; ++i) p.results[1].values[i] = static_cast<double>(i);
  EXPECT_NE(figures(p).front().caption.find("quantiles"), std::string::npos);
}

/// The chunks of a PNG by name, their checksums verified.
std::map<std::string, std::string> chunks(const std::string& bytes) {
  std::map<std::string, std::string> out;
  const auto number = [&](std::size_t at) {
    std::uint32_t v = 0;
    for (std::size_t k = 0; k < 4; ++k) v = v << 8 | static_cast<unsigned char>(bytes.at(at + k));
    return v;
  };
  for (std::size_t at = 8; at < bytes.size();) {
    const std::uint32_t size = number(at);
    const std::string body = bytes.substr(at + 4, 4 + size);
    EXPECT_EQ(number(at + 8 + size), crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
    out[body.substr(0, 4)] = body.substr(4);
    at += 12 + size;
  }
  return out;
}

TEST(Png, HoldsItsPixels) {
  const std::vector<std::uint8_t> pixels = {0, 1, 2, 2, 1, 0};
  const std::vector<Colour> palette = {{{255, 0, 0}}, {{0, 255, 0}}, {{0, 0, 255}}};
  const auto parts = chunks(png(3, 2, pixels, palette, 2));
  EXPECT_EQ(parts.at("PLTE"), std::string("\xFF\0\0\0\xFF\0\0\0\xFF", 9));
  EXPECT_EQ(parts.at("tRNS"), std::string("\xFF\xFF\0", 3));
  std::string rows(8, '\0');
  uLongf size = rows.size();
  ASSERT_EQ(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size, reinterpret_cast<const Bytef*>(parts.at("IDAT").data()),
                       static_cast<uLong>(parts.at("IDAT").size())),
            Z_OK);
  EXPECT_EQ(rows, std::string("\0\0\1\2\0\2\1\0", 8));
}

}  // namespace
}  // namespace heteroglass::report
