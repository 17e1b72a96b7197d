/// The cells of tables: numbers with either decimal sign, gaps, names with units inside, units as instruments spell them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/curve.hpp"

namespace heteroglass::io {

/// A cell that says there is no number: empty, -, nan, n/a, ...
bool is_gap(std::string_view cell);
/// The number of a cell; `decimal` is '.' or ','. The other sign in it, or a sign twice, makes it no number.
std::optional<double> cell_number(std::string_view cell, char decimal);
/// Made of digits, signs and exponents only, whether it is a number or a damaged one.
bool looks_numeric(std::string_view cell);
/// Digits, one comma, digits; and the same with a point.
bool has_decimal(std::string_view cell, char decimal);

/// A unit as this program writes it: brackets gone, "oC" and "deg. C" to degC, "sec" to s, "-" to 1. Unknown ones stay as they are.
std::string file_unit(std::string_view text);
/// Whether file_unit(text) is a unit.
bool is_unit(std::string_view text);
/// "Temperature (°C)", "T [K]", "Storage modulus / MPa", "DSC/(mW/mg)" to name and unit.
CurveColumn named_column(std::string_view header);

/// What a line of a header says of the whole curve: the sample mass, the direction of exotherms.
void read_properties(std::string_view line, std::map<std::string, CurveProperty>& properties);

}  // namespace heteroglass::io
