/// What the user says about measured images: the flags common to every analysis of images.
///
///     --channels dissipation=NAME,height=#2   which channel plays which role: its name, or #2 for the second
///     --channel-units phase=deg               units that the file does not say, by role or by name of the channel
///     --pixel-size 10nm | 10nm:12nm           width, and height where it differs
///     --property spring_constant=28N/m        what belongs to the whole image; one value for each image: 28N/m:30N/m
#pragma once

#include <string>

#include "core/field.hpp"

namespace heteroglass::run {

struct ImageOptions {
  std::string channels, channel_units, pixel_size, property;
  static const Fields& fields();
};

}  // namespace heteroglass::run
