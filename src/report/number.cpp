#include "report/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace heteroglass::report {
namespace {

constexpr const char* minus = "\u2212";
constexpr const char* thin_space = "\u202f";

std::string typographic(std::string text) {
  const std::size_t sign = text.find('-');
  if (sign != std::string::npos) text.replace(sign, 1, minus);
  return text;
}

/// Exponent of the leading digit of |x| after rounding to `digits` significant digits.
int exponent_of(double x, int digits) {
  const std::string text = fmt::format("{:.{}e}", std::abs(x), digits - 1);
  return std::atoi(text.c_str() + text.find('e') + 1);
}

bool wants_power(int exponent) { return exponent >= 6 || exponent < -3; }

std::string grouped(std::string text) {  // digits before the point in threes, from 10 000 up
  const std::size_t start = text.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(text.find('.'), text.size());
  if (end - start < 5) return text;
  for (std::size_t at = end; at > start + 3;) text.insert(at -= 3, thin_space);
  return text;
}

/// Counts, and seeds: whole numbers up to seven digits, longer ones when they are not round.
bool written_whole(double value) {
  if (value != std::round(value) || std::abs(value) >= 1e15) return false;
  return std::abs(value) < 1e7 || std::fmod(value, 1e4) != 0;
}

std::string trimmed(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string fixed(double value, int decimals) {
  if (decimals < 0) {
    const double step = std::pow(10.0, -decimals);
    value = std::round(value / step) * step, decimals = 0;
  }
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos && text.starts_with('-')) text.erase(0, 1);
  return text;
}

std::string pretty_symbol(std::string_view symbol) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> table = {{{"angstrom", "Å"},
                                                                                          {"A", "Å"},
                                                                                          {"um", "µm"},
                                                                                          {"us", "µs"},
                                                                                          {"deg", "°"},
                                                                                          {"degC", "°C"},
                                                                                          {"sigma", "σ"},
                                                                                          {"epsilon", "ε"},
                                                                                          {"tau", "τ"}}};
  for (const auto& [plain, pretty] : table)
    if (plain == symbol) return std::string(pretty);
  return std::string(symbol);
}

/// One factor such as "cm^3"; `sign` -1 writes it with the opposite exponent.
std::string pretty_factor(std::string_view factor, int sign) {
  const std::size_t caret = factor.find('^');
  int power = sign;
  if (caret != std::string_view::npos) power *= std::atoi(std::string(factor.substr(caret + 1)).c_str());
  std::string out = pretty_symbol(factor.substr(0, caret));
  return power == 1 ? out : out + superscript(power);
}

}  // namespace

std::string plus_minus(std::string text) {
  for (std::size_t at = 0; (at = text.find(" +- ", at)) != std::string::npos;) text.replace(at, 4, " ± ");
  return text;
}

std::string superscript(int n) {
  static constexpr std::array<const char*, 10> digits = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = n < 0 ? "⁻" : "";
  for (const char c : std::to_string(std::abs(n))) out += digits[static_cast<std::size_t>(c - '0')];
  return out;
}

std::string human(double value, int digits) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : std::string(minus) + "∞";
  if (value == 0) return "0";
  if (written_whole(value)) return typographic(grouped(fmt::format("{:.0f}", value)));
  const int exponent = exponent_of(value, digits);
  if (!wants_power(exponent)) return typographic(grouped(trimmed(fixed(value, std::max(0, digits - 1 - exponent)))));
  const std::string mantissa = typographic(trimmed(fixed(value / std::pow(10.0, exponent), digits - 1)));
  return (mantissa == "1" ? "10" : mantissa + " × 10") + superscript(exponent);
}

bool wants_power(double value, int digits) { return value != 0 && std::isfinite(value) && wants_power(exponent_of(value, digits)); }

Digits digits_with_error(double value, double error) {
  const int last = exponent_of(error, 2) - 1;  // decimal place of the second digit of the error
  if (value != 0 && std::abs(value) < error && exponent_of(value, 2) - 1 < last) return {{}, {}, 0, true};
  const int leading = std::max(value == 0 ? -400 : exponent_of(value, 3), exponent_of(error, 2));
  if (!wants_power(leading)) return {fixed(value, -last), fixed(error, -last), 0, false};
  const double scale = std::pow(10.0, leading);
  return {fixed(value / scale, leading - last), fixed(error / scale, leading - last), leading, false};
}

std::string with_error(double value, double error) {
  if (!std::isfinite(error) || !(error > 0) || !std::isfinite(value)) return human(value);
  const Digits d = digits_with_error(value, error);
  if (d.apart) return fmt::format("{} ± {}", human(value, 3), human(error, 2));
  if (d.power == 0) return fmt::format("{} ± {}", typographic(grouped(d.value)), grouped(d.error));
  return fmt::format("({} ± {}) × 10{}", typographic(d.value), d.error, superscript(d.power));
}

std::string pretty_unit(std::string_view unit) {
  if (unit == "1") return {};
  const bool reciprocal = unit.starts_with("1/") && unit.find_first_of("*()/ ", 2) == std::string_view::npos;
  if (reciprocal) return pretty_factor(unit.substr(2), -1);
  std::string out;
  for (std::size_t i = 0; i < unit.size();) {
    const std::size_t end = std::min(unit.find_first_of("*/() ", i), unit.size());
    if (end > i) out += pretty_factor(unit.substr(i, end - i), 1);
    if (end < unit.size()) out += unit[end] == '*' ? std::string("·") : std::string(1, unit[end]);
    i = end + 1;
  }
  return out;
}

std::string humanised(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string with_unit(std::string_view text, std::string_view unit) {
  const std::string pretty = pretty_unit(unit);
  return pretty.empty() ? std::string(text) : fmt::format("{} ({})", text, pretty);
}

}  // namespace heteroglass::report
