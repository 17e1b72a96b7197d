#include "run/input_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "run/options.hpp"

namespace heteroglass::run {
namespace {

bool reads_curves(const Analysis& a) { return a.input == InputKind::curves || a.input == InputKind::frames_and_curves; }

bool reads_images(const Analysis& a) { return a.input == InputKind::images; }

template <class T> T parsed(const Analysis& a, const OptionTexts& options, bool has) {
  T values;
  for (const auto& [name, text] : options)
    if (has && is_input_option(a, name)) set_option(any_option(a, name), &values, text, UnitSystem::unknown);
  return values;
}

}  // namespace

std::vector<const Field*> input_fields(const Analysis& a) {
  std::vector<const Field*> shown;
  if (!reads_curves(a) && !reads_images(a)) return shown;
  for (const Field& f : reads_curves(a) ? CurveOptions::fields() : ImageOptions::fields()) {
    const bool taken = std::any_of(a.options->begin(), a.options->end(), [&](const Field& own) {
      return own.name == f.name || std::find(own.aliases.begin(), own.aliases.end(), f.name) != own.aliases.end();
    });
    if (!taken) shown.push_back(&f);
  }
  return shown;
}

const Field& any_option(const Analysis& a, const std::string& name) {
  std::vector<std::string> common;
  for (const Field* f : input_fields(a)) {
    if (hyphenated(f->name) == hyphenated(name)) return *f;
    common.push_back(hyphenated(f->name));
  }
  try {
    return find_option(*a.options, name, a.path());
  } catch (const InputError& e) {
    if (common.empty()) throw;
    throw InputError(fmt::format("{}; of {}: {}{}", e.what(), reads_images(a) ? "images" : "curves", fmt::join(common, ", "),
                                 did_you_mean(hyphenated(name), common)));
  }
}

bool is_input_option(const Analysis& a, const std::string& name) {
  const std::vector<const Field*> known = input_fields(a);
  return std::any_of(known.begin(), known.end(), [&](const Field* f) { return hyphenated(f->name) == hyphenated(name); });
}

CurveOptions curve_options(const Analysis& a, const OptionTexts& options) { return parsed<CurveOptions>(a, options, reads_curves(a)); }

ImageOptions image_options(const Analysis& a, const OptionTexts& options) { return parsed<ImageOptions>(a, options, reads_images(a)); }

void check_input_options(const Analysis& a, const OptionTexts& options) {
  static_cast<void>(curve_options(a, options));
  static_cast<void>(image_options(a, options));
}

std::string input_options_key(const Analysis& a, const OptionTexts& options) {
  const CurveOptions curves = curve_options(a, options);
  const ImageOptions images = image_options(a, options);
  const void* values = reads_images(a) ? static_cast<const void*>(&images) : &curves;
  std::string text;
  for (const Field* f : input_fields(a)) text += f->name + "=" + option_text(*f, values, UnitSystem::unknown) + "\n";
  return text;
}

}  // namespace heteroglass::run
