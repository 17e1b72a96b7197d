/// The options of an analysis together with the flags that all analyses of curves, or of images, have.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/analysis.hpp"
#include "run/curve_options.hpp"
#include "run/image_options.hpp"

namespace heteroglass::run {

using OptionTexts = std::vector<std::pair<std::string, std::string>>;

/// The common flags that an analysis has (CurveOptions, ImageOptions or none); its own option of the same name goes first.
std::vector<const Field*> input_fields(const Analysis& analysis);
/// The option of the analysis, or of its inputs, that `name` means. @throws InputError with the nearest name
const Field& any_option(const Analysis& analysis, const std::string& name);
/// Whether any_option(name) is one of the common flags.
bool is_input_option(const Analysis& analysis, const std::string& name);
/// The common flags among `options`, parsed. @throws InputError
CurveOptions curve_options(const Analysis& analysis, const OptionTexts& options);
ImageOptions image_options(const Analysis& analysis, const OptionTexts& options);
/// @throws InputError where a common flag cannot be parsed
void check_input_options(const Analysis& analysis, const OptionTexts& options);
/// The common flags among `options` as part of a cache key: a line for each flag that the analysis has.
std::string input_options_key(const Analysis& analysis, const OptionTexts& options);

}  // namespace heteroglass::run
