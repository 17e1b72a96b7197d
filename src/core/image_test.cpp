#include "core/image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"

namespace heteroglass {
namespace {

Image image() {
  Image m;
  m.source = "a.ibw", m.width = 2, m.height = 3;
  m.channels = {{"Phase", "deg", {1, 2, 3, 4, 5, 6}}};
  m.properties["drive_frequency"] = {257, "kHz"};
  return m;
}

TEST(Image, GivesChannelsByName) {
  const Image m = image();
  EXPECT_EQ(m.size(), 6U);
  EXPECT_EQ(m.at("Phase").unit, "deg");
  EXPECT_EQ(m.find("Height"), nullptr);
}

TEST(Image, NamesTheChannelsThereAre) {
  try {
    image().at("Phas");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(),
                testing::AllOf(testing::HasSubstr("a.ibw: channel 'Phas' must exist"), testing::HasSubstr("channels are: Phase")));
  }
}

TEST(Image, ConvertsPropertiesOfTheSameDimensionOnly) {
  EXPECT_DOUBLE_EQ(image().property("drive_frequency", "Hz").value_or(0), 257000);
  EXPECT_FALSE(image().property("quality", "1"));
  EXPECT_THROW(static_cast<void>(image().property("drive_frequency", "nm")), InputError);
}

}  // namespace
}  // namespace heteroglass
