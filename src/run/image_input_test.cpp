#include "run/image_input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "io/test_files.hpp"

namespace heteroglass::run {
namespace {

using io::test::message;
using testing::ElementsAre;
using testing::HasSubstr;

const ColumnRoles& roles() {
  static const ColumnRoles list = {{"phase", "deg", "phase lag", true, {"phaselag"}}, {"height", "nm", "topography", false, {"z"}}};
  return list;
}

Image image() {
  Image m;
  m.source = "a.gsf", m.width = 2, m.height = 1;
  m.channels = {{"Phase", "deg", {60, 61}}, {"Z", "um", {0.001, NAN}}, {"Other", "V", {0, 0}}};
  return m;
}

struct Read {
  Image image;
  std::vector<ColumnUse> uses;
  std::vector<std::string> warnings;
};

Read with(const Image& m, const ImageOptions& options = {}, FilePlace place = {}) {
  Read r;
  Context context;
  r.image = with_roles(m, roles(), options, place, r.uses, context);
  r.warnings = context.warnings();
  return r;
}

TEST(ImageInput, ChannelsPlayTheirRolesInTheirUnits) {
  const Read r = with(image());
  ASSERT_EQ(r.image.channels.size(), 2U);
  EXPECT_THAT(r.image.at("phase").values, ElementsAre(60, 61));
  EXPECT_DOUBLE_EQ(r.image.at("height").values[0], 1);
  EXPECT_TRUE(std::isnan(r.image.at("height").values[1]));
  EXPECT_EQ(r.uses[1].column, "Z");
}

TEST(ImageInput, TheUserSaysWhatTheFileDoesNot) {
  ImageOptions options;
  options.channels = "phase=#3", options.channel_units = "phase=rad", options.pixel_size = "2um:10nm", options.property = "quality=400:500";
  const Read r = with(image(), options, {1, 2});
  EXPECT_DOUBLE_EQ(r.image.pixel_width, 2000);
  EXPECT_DOUBLE_EQ(r.image.pixel_height, 10);
  EXPECT_EQ(r.image.property("quality", "1"), 500);
  EXPECT_THAT(r.warnings.at(0), HasSubstr("--channel-units"));
}

TEST(ImageInput, WhatIsMissingIsNamed) {
  Image m = image();
  m.channels.erase(m.channels.begin());
  EXPECT_THAT(message([&] { with(m); }), HasSubstr("a channel must be the phase"));
  ImageOptions options;
  options.pixel_size = "0nm";
  EXPECT_THAT(message([&] { with(image(), options); }), HasSubstr("greater than 0 nm"));
  options = {}, options.property = "quality=1:2:3";
  EXPECT_THAT(message([&] { with(image(), options, {0, 2}); }), HasSubstr("one for each of the 2 images, got 3"));
}

}  // namespace
}  // namespace heteroglass::run
