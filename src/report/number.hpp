/// Numbers and units as a person writes them.
///
/// A value with a standard uncertainty is shown with two digits of the uncertainty and the value to match:
/// 7.4916, 0.0132 -> "7.492 ± 0.013"; 1.2346e-4, 3e-6 -> "(1.235 ± 0.030) × 10⁻⁴". Minus is U+2212. Plain text in
/// UTF-8 without markup, for HTML and SVG alike.
#pragma once

#include <string>
#include <string_view>

namespace heteroglass::report {

/// `digits` significant digits without trailing zeros; powers of ten from 10⁶ up and below 10⁻³; "–" for NaN.
std::string human(double value, int digits = 5);
/// An error that is NaN or not positive is left out.
std::string with_error(double value, double error);
/// "angstrom^2" -> "Å²", "1/angstrom" -> "Å⁻¹", "g/cm^3" -> "g/cm³", "1" -> "".
std::string pretty_unit(std::string_view unit);
/// "first_peak" -> "first peak"; known symbols are kept ("g_r" -> "g r").
std::string humanised(std::string_view name);
/// Text and, when there is one, the unit in parentheses: "r (Å)".
std::string with_unit(std::string_view text, std::string_view unit);
/// "1 +- 2" as it stands in plain text to "1 ± 2".
std::string plus_minus(std::string text);
/// 10^n as superscript: "⁻⁴".
std::string superscript(int n);

}  // namespace heteroglass::report
