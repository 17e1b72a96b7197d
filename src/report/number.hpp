/// Numbers and units as a person writes them.
///
/// A value with a standard uncertainty is shown with two digits of the uncertainty and the value to match:
/// 7.4916, 0.0132 -> "7.492 ± 0.013"; 1.2346e-4, 3e-6 -> "(1.235 ± 0.030) × 10⁻⁴". Minus is U+2212. Plain text in
/// UTF-8 without markup, for HTML and SVG alike.
#pragma once

#include <string>
#include <string_view>

namespace heteroglass::report {

/// Digits of a value and of its standard uncertainty, for any way of writing them: (value +- error) x 10^power.
struct Digits {
  std::string value, error;
  int power = 0;
  bool apart = false;  ///< the error exceeds the value and hides its digits: value and error are written each by itself
};
/// Two digits of the error, the value to the same place; powers of ten from 10^6 up and below 10^-3. @param error positive
Digits digits_with_error(double value, double error);
/// Whether `digits` significant digits of a number need a power of ten.
bool wants_power(double value, int digits = 5);

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
