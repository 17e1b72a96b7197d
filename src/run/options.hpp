/// Option texts to option members and back, driven by `fields()`.
#pragma once

#include <string>

#include "core/field.hpp"

namespace heteroglass::run {

/// r_max -> r-max
std::string hyphenated(std::string name);
/// The field that `name` (hyphens, underscores, or an alias) means. @throws InputError with the nearest name.
const Field& find_option(const Fields& fields, const std::string& name, const std::string& where);
/// Parses `text` in the field's unit (its Lennard-Jones form when `system` is lj), checks range and choices, and stores it.
/// Lists are separated by commas; maps are written Cu=1.28,Zr=1.60. @throws InputError
void set_option(const Field& field, void* options, const std::string& text, UnitSystem system);
/// The text that set_option reads back to the same value, with its unit; empty for an unset optional.
std::string option_text(const Field& field, const void* options, UnitSystem system);
/// Range and choice of the value now stored, for defaults and study files. @throws InputError
void check_option(const Field& field, const void* options, UnitSystem system);

}  // namespace heteroglass::run
