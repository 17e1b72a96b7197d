/// Numbers in text, fast: decimal digits that fit a double's mantissa are converted here (exactly, because both the digits
/// and the power of ten are exact doubles: Clinger, doi:10.1145/93542.93557), all others by std::from_chars. Both round
/// correctly, so what was written with 17 digits reads back bit for bit.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

namespace heteroglass::io {

inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

inline const char* skip_blanks(const char* p, const char* end) {
  while (p < end && is_blank(*p)) ++p;
  return p;
}

/// At a blank, a line end or the end of the text.
inline bool at_token_end(const char* p, const char* end) { return p == end || *p == '\n' || is_blank(*p); }

inline const char* token_end(const char* p, const char* end) {
  while (!at_token_end(p, end)) ++p;
  return p;
}

/// Reads a number at p and moves p behind it. False, with p unchanged, when the token is not a number.
inline bool parse_real(const char*& p, const char* end, double& value) {
  static constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const char* s = p;
  const bool negative = s < end && *s == '-';
  if (s < end && (*s == '-' || *s == '+')) ++s;
  const auto digit = [&] { return s < end && static_cast<unsigned char>(*s - '0') < 10; };
  std::uint64_t mantissa = 0;
  const char* start = s;
  for (; digit(); ++s) mantissa = mantissa * 10 + static_cast<std::uint64_t>(*s - '0');
  std::ptrdiff_t digits = s - start;
  int exponent = 0;
  if (s < end && *s == '.') {
    start = ++s;
    for (; digit(); ++s) mantissa = mantissa * 10 + static_cast<std::uint64_t>(*s - '0');
    digits += s - start;
    exponent = -static_cast<int>(s - start);
  }
  bool plain = digits > 0 && digits <= 19;
  if (plain && s < end && (*s == 'e' || *s == 'E')) {
    int written = 0;
    const char* e = s + 1;
    if (e < end && *e == '+') ++e;
    const auto [behind, status] = std::from_chars(e, end, written);
    plain = status == std::errc() && written > -400 && written < 400;
    exponent += plain ? written : 0;
    s = behind;
  }
  if (plain && mantissa <= (std::uint64_t{1} << 53) && exponent >= -22 && exponent <= 22 && at_token_end(s, end)) {
    const auto m = static_cast<double>(mantissa);
    const double v = exponent < 0 ? m / powers[-exponent] : m * powers[exponent];
    value = negative ? -v : v;
    p = s;
    return true;
  }
  const char* from = p < end && *p == '+' ? p + 1 : p;
  const auto [behind, status] = std::from_chars(from, end, value);
  if (status != std::errc() || !at_token_end(behind, end)) return false;
  p = behind;
  return true;
}

template <class Integer> bool parse_integer(const char*& p, const char* end, Integer& value) {
  const char* from = p < end && *p == '+' ? p + 1 : p;
  const auto [behind, status] = std::from_chars(from, end, value);
  if (status != std::errc() || !at_token_end(behind, end)) return false;
  p = behind;
  return true;
}

/// The whole of `text` as a number.
inline bool is_real(std::string_view text, double& value) {
  const char* p = text.data();
  return parse_real(p, text.data() + text.size(), value) && p == text.data() + text.size();
}
template <class Integer> bool is_integer(std::string_view text, Integer& value) {
  const char* p = text.data();
  return parse_integer(p, text.data() + text.size(), value) && p == text.data() + text.size();
}

}  // namespace heteroglass::io
